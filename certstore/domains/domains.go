// Package domains knows the accepted domains of the organisation, and where each came from: the configuration, Postfix,
// Exim, Active Directory or another directory by LDAP.
//
// Its promise: every domain is a lower-case A-label and there once, and none is lost in silence: what a source cannot
// give is a remark with what to do about it. A source is given up after ten seconds.
package domains

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Domain is one accepted domain, and the place that named it. "*.example.org" stands for all below example.org.
type Domain struct {
	Name    string   `json:"name"`
	Source  string   `json:"source"`
	Also    []string `json:"also,omitempty"`    // further places that name it
	Type    string   `json:"type,omitempty"`    // as Exchange has it: authoritative, internal relay, external relay
	Default bool     `json:"default,omitempty"` // it is Exchange's default domain
	Skipped string   `json:"skipped,omitempty"` // why no certificate needs it, or ""
}

// Remark is what a source could not give. Its error has a hint.
type Remark struct {
	Source string
	Err    *fail.Error
	Whole  bool // the source gave nothing: domains are missing
}

// Text is the remark as one sentence, without what to do.
func (r Remark) Text() string { return r.Source + ": " + r.Err.Text }

// Listing is what all sources gave.
type Listing struct {
	Domains []Domain
	Remarks []Remark
	Points  []Point
}

// Point is a host to which a directory sends the clients of its domain (a service connection point of autodiscover).
type Point struct{ Name, Source string }

// Failed is the first source that gave nothing as an error, or nil.
func (l Listing) Failed() error {
	for _, r := range l.Remarks {
		if r.Whole {
			return fail.New(r.Err.Code, r.Err.Hint, "accepted domains cannot be read from %s: %w", r.Source, r.Err)
		}
	}
	return nil
}

// Sources are where the configuration says that the domains are.
type Sources struct {
	Names   []string `toml:"names"`
	Postfix string   `toml:"postfix"` // a Postfix configuration directory
	Exim    string   `toml:"exim"`    // the file that Exim is started with
	LDAP    LDAP     `toml:"ldap"`
}

// Elsewhere says that more than the configuration itself has to be asked.
func (s Sources) Elsewhere() bool { return s.Postfix != "" || s.Exim != "" || s.LDAP.URL != "" }

// Check holds what the configuration says to what can be asked. Errors: InvalidConfig.
func (s Sources) Check() error {
	if _, err := FromConfig(s.Names); err != nil {
		return err
	}
	return s.LDAP.check()
}

// Configured are the domains that the configuration itself names; Check refused what is none.
func (s Sources) Configured() []Domain {
	list, _ := FromConfig(s.Names)
	return list
}

// sourceTime is the longest that a source is waited for; with what surrounds it a finding is there within 10 s.
const sourceTime = 9 * time.Second

// Read asks all sources at once. Their order is that of the configuration; a domain is that of the first that has it.
func (s Sources) Read(ctx context.Context, h daemon.Host) Listing {
	ctx, end := context.WithTimeout(ctx, sourceTime)
	defer end()
	var parts [3]Listing
	var all sync.WaitGroup
	if s.Postfix != "" {
		all.Go(func() { parts[0] = fromPostfix(ctx, h, s.Postfix) })
	}
	if s.Exim != "" {
		all.Go(func() { parts[1] = fromExim(ctx, h, s.Exim) })
	}
	if s.LDAP.URL != "" {
		all.Go(func() { parts[2] = s.LDAP.read(ctx) })
	}
	all.Wait()
	return merge(append([]Listing{{Domains: s.Configured()}}, parts[:]...))
}

// merge has each domain once. One that any source offers is offered.
func merge(parts []Listing) Listing {
	all := Listing{Domains: []Domain{}}
	at := map[string]int{}
	for _, part := range parts {
		all.Remarks = append(all.Remarks, part.Remarks...)
		all.Points = append(all.Points, part.Points...)
		for _, d := range part.Domains {
			i, known := at[d.Name]
			if !known {
				at[d.Name] = len(all.Domains)
				all.Domains = append(all.Domains, d)
				continue
			}
			all.Domains[i].join(d)
		}
	}
	return all
}

// join adds what another source says of the same domain.
func (d *Domain) join(o Domain) {
	if o.Source != d.Source && !slices.Contains(d.Also, o.Source) {
		d.Also = append(d.Also, o.Source)
	}
	if d.Type == "" {
		d.Type = o.Type
	}
	d.Default = d.Default || o.Default
	if o.Skipped == "" {
		d.Skipped = ""
	}
}

// Configuration is the Source of the domains in accepted_domains.names.
const Configuration = "configuration"

// FromConfig gives the domains of accepted_domains.names: normalised, each once, in the file's order.
// Errors: InvalidConfig, with the position in the list, counted from 1.
func FromConfig(list []string) ([]Domain, error) {
	out := make([]Domain, 0, len(list))
	seen := map[string]bool{}
	for i, text := range list {
		n, err := names.Normalize(text)
		if err == nil && (n.Kind != names.DNS || strings.HasPrefix(n.Value, "*")) {
			err = fail.New(fail.InvalidName, "", "%q is not a domain", n.Value)
		}
		if err != nil {
			return nil, fail.New(fail.InvalidConfig, "write a mail domain, such as example.org",
				"entry %d of accepted_domains.names: %w", i+1, err)
		}
		if !seen[n.Value] {
			seen[n.Value] = true
			out = append(out, Domain{Name: n.Value, Source: Configuration})
		}
	}
	return out, nil
}

// noNames is the remark about values of a source that are no domain names, or none where there are none.
func noNames(source string, list []string) []Remark {
	if len(list) == 0 {
		return nil
	}
	shown := printable.Texts(list[:min(len(list), 3)])
	text := strings.Join(shown, ", ")
	if more := len(list) - len(shown); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return []Remark{{Source: source, Err: fail.New(fail.InvalidName, "nothing to do, unless it is mistyped there",
		"left out, since a certificate cannot have it: %s", text)}}
}

// Names are those of the domains that a certificate is expected to serve.
func Names(list []Domain) (out []string) {
	for _, d := range list {
		if d.Skipped == "" {
			out = append(out, d.Name)
		}
	}
	return out
}

package evidence

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

const (
	mostPolicy = 64 << 10        // bytes of a policy
	policyTime = 5 * time.Second // to fetch it
)

// policy is what a domain wants of those who send to it (RFC 8461 3.2).
type policy struct {
	mode   string
	mx     []string
	maxAge time.Duration
}

// strict holds the domain's MX hosts against its MTA-STS policy: a sender that has it delivers to no other, for max_age
// after it was last seen.
func (s *search) strict(d string, hosts []string) {
	id, many := "", 0
	for _, text := range s.texts("_mta-sts." + d) {
		if strings.HasPrefix(text, "v=STSv1;") {
			id, many = text, many+1
		}
	}
	switch {
	case many == 0:
		return
	case many > 1:
		s.say(trust.Warning, "mta-sts-record", "_mta-sts.%s has %d records, and senders then take none", d, many)
		return
	case !strings.Contains(id, "id="):
		s.say(trust.Warning, "mta-sts-record", "_mta-sts.%s has no id, and senders then take no policy", d)
		return
	}
	p, err := s.policy(d)
	if err != nil {
		s.say(trust.Error, "mta-sts-policy", "the MTA-STS policy of %s cannot be had: %s", d, printable.Text(err.Error()))
		return
	}
	s.held(d, p, hosts)
}

func (s *search) held(d string, p policy, hosts []string) {
	s.say(trust.Info, "mta-sts", "MTA-STS of %s: mode %s for %s; max_age %s, before which no MX may be renamed", d,
		p.mode, strings.Join(p.mx, ", "), printable.Count(int(p.maxAge.Hours()/24), "day"))
	severity := trust.Warning
	if p.mode == "enforce" {
		severity = trust.Error
	}
	if p.mode == "none" {
		return
	}
	for _, name := range hosts {
		switch {
		case !p.allows(name):
			s.say(severity, "mta-sts-mx", "the MTA-STS policy of %s does not have its MX %s: senders do not deliver there", d,
				bare(name))
		case !s.covered(name) && s.isHere(name):
			s.say(severity, "mta-sts-name", "the MTA-STS policy of %s wants %s, which leads here and is not in the list", d,
				bare(name))
		}
	}
}

// allows says whether a policy has a host; a star is one label (RFC 8461 4.1).
func (p policy) allows(name string) bool {
	for _, pattern := range p.mx {
		if names.Covers(pattern, name) {
			return true
		}
	}
	return false
}

// fetched is what came of fetching a policy, and until when that holds.
type fetched struct {
	policy
	err   error
	until time.Time
}

// policy is that of a domain; it is fetched once in a while.
func (s *search) policy(d string) (policy, error) {
	s.mu.Lock()
	had := s.policies[d]
	s.mu.Unlock()
	if time.Now().Before(had.until) {
		return had.policy, had.err
	}
	p, err := s.fetch(d)
	s.mu.Lock()
	s.policies[d] = fetched{p, err, time.Now().Add(shortKept)}
	s.mu.Unlock()
	return p, err
}

// fetch gets the policy as senders do: by https with a certificate for that very name, and no redirect is followed.
func (s *search) fetch(d string) (policy, error) {
	ctx, end := context.WithTimeout(s.ctx, policyTime)
	defer end()
	at := "https://mta-sts." + d + "/.well-known/mta-sts.txt"
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, at, nil)
	if err != nil {
		return policy{}, err
	}
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse } // RFC 8461 3.3
	client := http.Client{Transport: s.Web, CheckRedirect: stay}
	got, err := client.Do(r)
	if err != nil {
		return policy{}, plain(err)
	}
	defer got.Body.Close()
	kind, _, _ := mime.ParseMediaType(got.Header.Get("Content-Type"))
	if got.StatusCode != http.StatusOK || kind != "text/plain" {
		return policy{}, fmt.Errorf("%s answers %d with %q, and must answer 200 with text/plain", at, got.StatusCode, kind)
	}
	return read(io.LimitReader(got.Body, mostPolicy))
}

// read understands a policy.
func read(from io.Reader) (p policy, err error) {
	version := ""
	for lines := bufio.NewScanner(from); lines.Scan(); {
		key, value, _ := strings.Cut(lines.Text(), ":")
		switch value = strings.TrimSpace(value); strings.TrimSpace(key) {
		case "version":
			version = value
		case "mode":
			p.mode = value
		case "mx":
			p.mx = append(p.mx, strings.ToLower(value))
		case "max_age":
			seconds, _ := strconv.ParseInt(value, 10, 32)
			p.maxAge = time.Duration(seconds) * time.Second
		}
	}
	known := p.mode == "enforce" || p.mode == "testing" || p.mode == "none"
	switch {
	case version != "STSv1":
		return p, fmt.Errorf("it has no line version: STSv1")
	case !known:
		return p, fmt.Errorf("its mode is %q", p.mode)
	case p.mode != "none" && len(p.mx) == 0:
		return p, fmt.Errorf("it names no mx")
	}
	return p, nil
}

// plain is an error of a request without the address, which was said.
func plain(err error) error {
	text := err.Error()
	if _, why, ok := strings.Cut(text, `": `); ok {
		text = why
	}
	return fmt.Errorf("%s", text)
}

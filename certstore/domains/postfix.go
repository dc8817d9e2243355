package domains

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// parameters of Postfix that say for which domains it takes mail (ADDRESS_CLASS_README).
var parameters = []string{"mydestination", "virtual_mailbox_domains", "virtual_alias_domains", "relay_domains"}

// postfix reads the lists of one configuration directory.
type postfix struct {
	ctx  context.Context
	host daemon.Host
	dir  string
	said map[string]string // parameters as postconf evaluates them

	tables map[string]table // what was asked of
	told   map[string]bool  // remarks, by their text
	out    Listing
}

// fromPostfix gives the domains of a configuration directory, as Postfix itself evaluates it.
func fromPostfix(ctx context.Context, h daemon.Host, dir string) Listing {
	p := &postfix{ctx: ctx, host: h, dir: dir, tables: map[string]table{}, told: map[string]bool{}}
	if err := p.ask(); err != nil {
		e := fail.Of(err)
		if e.Hint == "" {
			e.Hint = "accepted_domains.postfix is the directory with Postfix's main.cf; `postconf -c " + printable.Text(dir) +
				"` shows what is wrong"
		}
		return Listing{Remarks: []Remark{{Source: p.source(""), Err: e, Whole: true}}}
	}
	for _, name := range parameters {
		p.take(name)
	}
	return merge([]Listing{p.out})
}

// ask has postconf evaluate the parameters.
func (p *postfix) ask() error {
	argv := []string{"postconf", "-c", p.dir, "-x"}
	out, err := p.host.Ask(p.ctx, append(argv, append(parameters, "myhostname", "parent_domain_matches_subdomains")...))
	if err != nil {
		return err
	}
	p.said = map[string]string{}
	for line := range strings.SplitSeq(out.Stdout, "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			p.said[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return nil
}

// source is where a parameter, or all of them, were read.
func (p *postfix) source(parameter string) string {
	return strings.TrimSpace("Postfix in " + printable.Text(filepath.Clean(p.dir)) + " " + parameter)
}

// take adds the domains of a parameter.
func (p *postfix) take(parameter string) {
	l := &list{p: p, parameter: parameter, source: p.source(parameter)}
	l.parents = parameter == "relay_domains" &&
		slices.Contains(daemon.List(p.said["parent_domain_matches_subdomains"]), "relay_domains")
	l.parse(p.said[parameter], false, 0)
	var strange []string
	for _, c := range l.candidates() {
		n, err := names.Normalize(c.name)
		if err != nil || n.Kind != names.DNS {
			strange = append(strange, c.name)
			continue
		}
		p.out.Domains = append(p.out.Domains, Domain{Name: n.Value, Source: c.source, Skipped: skip(n.Value, p.said["myhostname"])})
	}
	p.out.Remarks = append(p.out.Remarks, noNames(l.source, strange)...)
}

// skip says why no certificate is expected to have a name that a server takes mail for, or "".
func skip(name, server string) string {
	switch {
	case name == "localhost" || strings.HasPrefix(name, "localhost."):
		return "this host alone"
	case name == strings.ToLower(server):
		return "this server's own name"
	case !strings.Contains(name, "."):
		return "a single label"
	case !names.IsPublic(names.Name{Kind: names.DNS, Value: name}):
		return "an internal name"
	}
	return ""
}

func (p *postfix) remark(source string, err *fail.Error) {
	if !p.told[err.Text] {
		p.told[err.Text] = true
		p.out.Remarks = append(p.out.Remarks, Remark{Source: source, Err: err})
	}
}

// listable are the types of tables that postmap lists. Of any other a domain can be asked for, and no list is to be had
// (measured, 3.7.11: "sequence operation is not supported", after a second).
var listable = []string{"hash", "btree", "cdb", "dbm", "lmdb", "sdbm", "texthash", "inline"}

// table is what postmap said of one.
type table struct {
	keys []string
	err  error
}

// keys lists a table. What cannot be listed is a remark: its domains, or what it excludes, is not known.
func (p *postfix) keys(source, name string, excludes bool) []string {
	name = withoutProxy(name)
	kind, _, _ := strings.Cut(name, ":")
	if !slices.Contains(listable, kind) {
		p.remark(source, onlyAsked(name, excludes))
		return nil
	}
	t, known := p.tables[name]
	if !known {
		t = p.list(name)
		p.tables[name] = t
	}
	if t.err != nil {
		p.remark(source, fail.New(fail.Failed, "correct the table, or name its domains in accepted_domains.names",
			"%s cannot be listed (%s): %s", shortly(name), lastReason(t.err), missing(excludes)))
	}
	return t.keys
}

func (p *postfix) list(name string) (t table) {
	out, err := p.host.Ask(p.ctx, []string{"postmap", "-c", p.dir, "-s", name})
	if err != nil {
		return table{err: err}
	}
	for line := range strings.SplitSeq(out.Stdout, "\n") {
		if key, _, ok := strings.Cut(line, "\t"); ok {
			t.keys = append(t.keys, strings.ToLower(key))
		}
	}
	slices.Sort(t.keys) // an index has them in no order
	return t
}

// withoutProxy is a table without the process that others read it through, which cannot list it.
func withoutProxy(name string) string {
	for _, prefix := range []string{"proxy:", "proxywrite:"} {
		name = strings.TrimPrefix(name, prefix)
	}
	return name
}

// onlyAsked says what it means that a table gives no list.
func onlyAsked(name string, excludes bool) *fail.Error {
	return fail.New(fail.UnsupportedFormat, "name its domains in accepted_domains.names; `postmap -q DOMAIN "+
		shortly(name)+"` tells of one whether it is there", "%s cannot be listed, only asked: %s", shortly(name),
		missing(excludes))
}

func missing(excludes bool) string {
	if excludes {
		return "the domains that it excludes are not known, and may be in the list"
	}
	return "the domains that it alone has are missing"
}

func shortly(text string) string { return printable.Text(daemon.Shorten(text)) }

// lastReason is what postmap said, without the command.
func lastReason(err error) string {
	text := fail.Of(err).Text
	if _, why, ok := strings.Cut(text, "fatal: "); ok {
		return why
	}
	return text
}

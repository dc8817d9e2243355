package evidence

import (
	"context"
	"slices"
	"strings"
	"sync"

	"github.com/miekg/dns"
)

// Host is a name that DNS gives for a service of a mail domain.
type Host struct {
	Use    string // SMTP, IMAP, POP, or autodiscover
	Name   string
	Source string // in words: "the MX of example.org"
}

// mostDomains is of how many domains the services are asked for.
const mostDomains = 50

// services are the records of RFC 6186 and 8314, and that of Outlook, by the service they are about.
var services = []struct{ record, use string }{{"_imaps", "IMAP"}, {"_imap", "IMAP"}, {"_pop3s", "POP"}, {"_pop3", "POP"},
	{"_submissions", "SMTP"}, {"_submission", "SMTP"}, {"_autodiscover", "autodiscover"}}

// Hosts asks who serves mail domains, by MX and SRV. A host outside all of them is somebody else's, and not given.
func (f *Finder) Hosts(ctx context.Context, domains []string) (out []Host) {
	ctx, end := context.WithTimeout(ctx, nameTime)
	defer end()
	domains = domains[:min(len(domains), mostDomains)]
	parts := make([][]Host, len(domains))
	var all sync.WaitGroup
	for i, d := range domains {
		all.Go(func() { parts[i] = f.hosts(ctx, d) })
	}
	all.Wait()
	ours := func(name string) bool {
		return slices.ContainsFunc(domains, func(d string) bool { return name == d || strings.HasSuffix(name, "."+d) })
	}
	for _, h := range slices.Concat(parts...) {
		if ours(h.Name) {
			out = append(out, h)
		}
	}
	return out
}

func (f *Finder) hosts(ctx context.Context, domain string) (out []Host) {
	for _, r := range records[*dns.MX](f.Resolver.ask(ctx, domain, dns.TypeMX)) {
		out = append(out, Host{"SMTP", host(r.Mx), "the MX of " + domain})
	}
	for _, s := range services {
		name := s.record + "._tcp." + domain
		for _, r := range records[*dns.SRV](f.Resolver.ask(ctx, name, dns.TypeSRV)) {
			out = append(out, Host{s.use, host(r.Target), s.record + " of " + domain})
		}
	}
	return out
}

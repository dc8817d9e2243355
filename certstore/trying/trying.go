// Package trying looks, before a setting is saved, at what it names: files of roots, a server's name, a daemon.
//
// Its promise: nothing is changed by a look; each finding is a sentence, and one that is an error is what must not be
// saved.
package trying

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
)

func tried(severity trust.Severity, format string, args ...any) trust.Finding {
	return trust.Finding{Severity: severity, Text: printable.Text(fmt.Sprintf(format, args...))}
}

// Roots reads files of roots and tells what they hold.
func Roots(paths []string, now time.Time) (list []trust.Finding) {
	for _, path := range paths {
		certs, err := trust.ReadRoots(path)
		if err != nil {
			list = append(list, tried(trust.Error, "%s cannot be used: %s", path, fail.Plain(err.Error())))
			continue
		}
		for i, c := range certs {
			if i == mostRoots {
				list = append(list, tried(trust.Info, "and %d more in %s", len(certs)-i, path))
				break
			}
			subject, until := names.FromDER(c.RawSubject), when.Said(c.NotAfter.Local(), now)
			switch {
			case now.After(c.NotAfter):
				list = append(list, tried(trust.Warning, "%s has expired, on %s", subject, until))
			case !c.IsCA:
				list = append(list, tried(trust.Warning,
					"%s is no CA: only it would be trusted, and nothing that it signed", subject))
			default:
				list = append(list, tried(trust.Info, "%s, until %s", subject, until))
			}
		}
	}
	return list
}

// mostRoots are told of one file: a bundle has 150.
const mostRoots = 3

// resolveWait is how long a name is looked up; a resolver that does not answer is told of like a name that is not
// there.
const resolveWait = 3 * time.Second

// Server looks a server's name up, and tells which of the entries has it.
func Server(ctx context.Context, name string, entries []ledger.Entry, now time.Time) (list []trust.Finding) {
	looking, end := context.WithTimeout(ctx, resolveWait)
	defer end()
	addresses, err := net.DefaultResolver.LookupHost(looking, name)
	switch {
	case err != nil:
		list = append(list, tried(trust.Warning, "%s is found in no DNS that this host asks", name))
	case !slices.ContainsFunc(addresses, isOwnAddress):
		list = append(list, tried(trust.Warning, "%s leads to %s, which is no address of this host", name,
			strings.Join(addresses, ", ")))
	default:
		list = append(list, tried(trust.Info, "%s leads to %s, this host", name, strings.Join(addresses, ", ")))
	}
	for _, e := range entries {
		if e.Kind == ledger.Certificate && slices.ContainsFunc(e.Names,
			func(has string) bool { return names.Covers(has, name) }) {
			return append(list, tried(trust.Info, "%s has this name, until %s", e.FriendlyName,
				when.Said(e.NotAfter.Local(), now)))
		}
	}
	return append(list, tried(trust.Warning, "no certificate in the store has this name"))
}

func isOwnAddress(text string) bool {
	all, _ := net.InterfaceAddrs()
	return slices.ContainsFunc(all, func(a net.Addr) bool {
		own, ok := a.(*net.IPNet)
		return ok && own.IP.Equal(net.ParseIP(text))
	})
}

// Service reads the configuration of a daemon of a host and tells what it serves, or why that cannot be told.
func Service(ctx context.Context, host services.Host, in services.Instance) (list []trust.Finding) {
	svc, err := services.New(host, in)
	if err != nil {
		return []trust.Finding{tried(trust.Error, "%s", fail.Of(err).Text)}
	}
	state, err := svc.Look(ctx)
	if err != nil {
		return []trust.Finding{tried(trust.Warning, "%s", fail.Of(err).Text)}
	}
	for _, site := range state.Sites {
		list = append(list, tried(trust.Info, "%s, on %s", siteWords(site), strings.Join(urls(site.Listen), ", ")))
	}
	if len(state.Sites) == 0 {
		list = append(list, tried(trust.Warning, "%s has no port with TLS", ledger.ServiceTitle(svc.Instance())))
	}
	for _, text := range slices.Concat(state.Aside, state.Warnings) {
		list = append(list, tried(trust.Warning, "%s", text))
	}
	return list
}

// siteWords name a slot of a service.
func siteWords(site daemon.Site) string {
	if len(site.Names) == 0 {
		return "the default"
	}
	return strings.Join(site.Names, ", ")
}

func urls(list []daemon.Listener) (texts []string) {
	for _, l := range list {
		texts = append(texts, l.URL())
	}
	return texts
}

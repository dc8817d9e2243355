package challenge

import (
	"context"
	"errors"
	"net"
	"strings"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// lifetime is the TTL of a record of ours, in seconds.
const lifetime = 60

// updater changes a zone at its server by dynamic updates (RFC 2136), signed by TSIG.
type updater struct {
	asker
	server string // host:port
	key    func() (key, error)
}

func newUpdater(d DNS, a asker) (keeper, error) {
	server := d.Server
	if _, _, err := net.SplitHostPort(server); err != nil {
		server = net.JoinHostPort(strings.Trim(server, "[]"), "53")
	}
	u := updater{asker: a, server: server, key: func() (key, error) { return readKey(d.TSIGName, d.TSIGFile) }}
	_, err := u.key()
	return u, err
}

func (u updater) put(ctx context.Context, r record) error {
	return u.change(ctx, r, func(m *dns.Msg, rr dns.RR) { m.Insert([]dns.RR{rr}) })
}

func (u updater) take(ctx context.Context, r record) error {
	return u.change(ctx, r, func(m *dns.Msg, rr dns.RR) { m.Remove([]dns.RR{rr}) })
}

// change sends one update. It adds or deletes one value of the name; twice is as good as once (RFC 2136 section 3.4.2).
func (u updater) change(ctx context.Context, r record, edit func(*dns.Msg, dns.RR)) error {
	k, err := u.key()
	if err != nil {
		return err
	}
	zone, err := u.zone(ctx, r, k)
	if err != nil {
		return err
	}
	m := new(dns.Msg)
	m.SetUpdate(zone)
	edit(m, &dns.TXT{
		Hdr: dns.RR_Header{Name: r.name, Rrtype: dns.TypeTXT, Class: dns.ClassINET, Ttl: lifetime}, Txt: []string{r.value}})
	answer, err := u.exchange(ctx, u.server, m, k)
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	if err != nil || answer.Rcode != dns.RcodeSuccess {
		return u.refused(r, k, answer, err)
	}
	return nil
}

// zone asks the server itself which of its zones holds the record.
func (u updater) zone(ctx context.Context, r record, k key) (string, error) {
	lame := false
	zone, err := zoneOf(r.name, func(name string) (*dns.Msg, error) {
		answer, err := u.exchange(ctx, u.server, question(name, dns.TypeSOA, false), k)
		switch {
		case ctx.Err() != nil:
			return nil, stopped(ctx)
		case err == nil && answer.Rcode == dns.RcodeRefused:
			lame = true
			return new(dns.Msg), nil
		case err != nil || answer.Rcode != dns.RcodeSuccess && answer.Rcode != dns.RcodeNameError:
			return nil, u.refused(r, k, answer, err)
		case !answer.Authoritative:
			lame = true
			return new(dns.Msg), nil
		}
		return answer, nil
	})
	if err == nil && zone == "" {
		what := "holds no zone of"
		if lame {
			what = "is no authority (lame) for"
		}
		err = fail.New(fail.Failed, "name the zone's primary server in [acme.dns]", "the server %s %s %s",
			printable.Text(u.server), what, r)
	}
	return zone, err
}

// refused is the sentence for an update, or the question before it, that the server did not take.
func (u updater) refused(r record, k key, answer *dns.Msg, err error) error {
	server, name := printable.Text(u.server), shown(k.name)
	if tsig := tsigError(answer); tsig != 0 || errors.Is(err, dns.ErrAuth) || errors.Is(err, dns.ErrSig) {
		return u.badKey(name, tsig)
	}
	switch {
	case err == nil && answer.Rcode == dns.RcodeRefused && k.name == "":
		return fail.New(fail.Failed, "give tsig_name and tsig_file in [acme.dns]",
			"the server %s refuses to change %s for somebody without a key", server, r)
	case err == nil && answer.Rcode == dns.RcodeRefused:
		return fail.New(fail.Failed, "grant it in the zone: update-policy { grant "+name+" name "+
			printable.Text(r.name)+" TXT; };",
			"the server %s refuses (REFUSED) that the key %s changes %s", server, name, r)
	case err == nil && answer.Rcode == dns.RcodeNotAuth:
		return fail.New(fail.Failed, "name the zone's primary server in [acme.dns]",
			"the server %s is not the one that takes changes of %s (NOTAUTH)", server, r)
	}
	return fail.New(fail.Failed, "see that it runs and takes dynamic updates",
		"the server %s %s to the change of %s", server,
		reaction(answer, err), r)
}

func tsigError(answer *dns.Msg) uint16 {
	if answer == nil || answer.IsTsig() == nil {
		return 0
	}
	return answer.IsTsig().Error
}

func (u updater) badKey(name string, tsig uint16) error {
	server := printable.Text(u.server)
	switch tsig {
	case dns.RcodeBadKey:
		return fail.New(fail.Failed, "give the key's name and algorithm as they are in the server's configuration",
			"the server %s does not know the TSIG key %s (BADKEY)", server, name)
	case dns.RcodeBadTime:
		return fail.New(fail.Failed, "set both clocks",
			"the server %s refuses the TSIG key %s: its clock and ours differ (BADTIME)",
			server, name)
	}
	return fail.New(fail.Failed, "give the secret that the server has for this key",
		"the server %s refuses the signature of the TSIG key %s: the secret is another (BADSIG)", server, name)
}

package demo

import (
	"os"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// event is one thing an admin of the article's organisation did.
type event struct {
	ago  time.Duration
	play func(*builder) error
}

// chain says what came with a CA's answer.
type chain int

const (
	whole   chain = iota // the intermediate
	missing              // nothing
)

// story ends with one entry in every state certdesk computes.
var story = []event{
	{420 * day, func(b *builder) error { // expired
		return b.buy(bought{name: "webmail 2025", by: b.public, from: -420 * day, to: -22 * day,
			services: ledger.IIS | ledger.IMAP | ledger.POP,
			names:    []string{"webmail.belgianbeers.rock", "autodiscover.belgianbeers.rock"}})
	}},
	{419 * day, func(b *builder) error { return b.enable("webmail 2025", ledger.POP) }},
	{300 * day, func(b *builder) error { // self-signed, valid
		return b.selfSign("Microsoft Exchange", ledger.SMTP, 2048, 365, "ex2007ee", "ex2007ee.proexchange.global")
	}},
	{200 * day, func(b *builder) error { // removed: something to restore
		if err := b.selfSign("old edge server", ledger.SMTP, 1024, 365, "ex2003.proexchange.global"); err != nil {
			return err
		}
		return b.removeLast()
	}},
	{90 * day, func(b *builder) error { // valid, trusted by the system
		return b.buy(bought{name: "webmail 2026", by: b.public, from: -90 * day, to: 109 * day,
			services: ledger.IIS | ledger.IMAP | ledger.POP,
			names: []string{"webmail.belgianbeers.rock", "autodiscover.belgianbeers.rock", "imap.belgianbeers.rock",
				"pop.belgianbeers.rock"}})
	}},
	{89 * day, func(b *builder) error { return b.enable("webmail 2026", ledger.IIS|ledger.IMAP) }},
	{88 * day, func(b *builder) error { return b.enableUnread("webmail 2026", ledger.POP) }},
	{84 * day, func(b *builder) error { // expiring
		return b.buy(bought{name: "secure_smtp", by: b.inside, from: -84 * day, to: 16 * day, services: ledger.SMTP,
			names: []string{"proexchange.global", "belgianbeers.rock"}})
	}},
	{83 * day, func(b *builder) error { return b.enable("secure_smtp", ledger.SMTP) }},
	{40 * day, func(b *builder) error { // untrusted: nobody here trusts that root
		return b.buy(bought{name: "domain security test", by: b.other, from: -40 * day, to: 300 * day, services: ledger.SMTP,
			names: []string{"mail.sunshine.edu"}})
	}},
	{30 * day, func(b *builder) error { // untrusted: the intermediate is missing
		voice, err := b.under(b.inside, "ProExchange Voice CA")
		if err != nil {
			return err
		}
		return b.buy(bought{name: "voice", by: voice, from: -30 * day, to: 335 * day, services: ledger.UM, with: missing,
			names: []string{"um.proexchange.global"}})
	}},
	{20 * day, func(b *builder) error { // invalid: the CA answered with a CA's certificate
		return b.buy(bought{name: "wrong template", by: b.inside, from: -20 * day, to: 345 * day, ca: true,
			names: []string{"legacy.proexchange.global"}})
	}},
	{5 * day, func(b *builder) error { // not yet valid
		return b.buy(bought{name: "secure_smtp 2027", by: b.inside, from: 9 * day, to: 209 * day, services: ledger.SMTP,
			names: []string{"proexchange.global", "belgianbeers.rock", "smtp.proexchange.global"}})
	}},
	{3 * day, unreadable},
	{2 * day, func(b *builder) error { // pending: the article's first request
		_, err := b.request("secure_client", ledger.IIS|ledger.UM, "webmail.proexchange.global", "webmail.belgianbeers.rock",
			"autodiscover.proexchange.global", "autodiscover.belgianbeers.rock", "ex2007ee.proexchange.global", "ex2007ee",
			"ex2007se.proexchange.global", "ex2007se")
		return err
	}},
	{day, func(b *builder) error { // revoked
		return b.buy(bought{name: "web shop", by: b.public, from: -day, to: 89 * day, services: ledger.IIS,
			names: []string{"shop.belgianbeers.rock"}, lists: []string{listed}, revoked: true})
	}},
	{day, func(b *builder) error { // unchecked: its CA's server is gone
		return b.buy(bought{name: "intranet", by: b.inside, from: -day, to: 364 * day, services: ledger.IIS,
			names: []string{"intranet.proexchange.global"}, lists: []string{silent}})
	}},
}

// bought is a certificate a CA issued on a request of ours; from and to count from now.
type bought struct {
	name     string
	by       authority
	from, to time.Duration
	services ledger.Services
	names    []string
	with     chain
	ca       bool
	lists    []string // where the CA says what it has revoked
	revoked  bool     // it has revoked this one since
}

func (b *builder) buy(w bought) error {
	made, err := b.request(w.name, w.services, w.names...)
	if err != nil {
		return err
	}
	cert, err := b.answer(w, made.DER)
	if err != nil {
		return err
	}
	if w.revoked {
		b.revoked = append(b.revoked, cert.SerialNumber)
	}
	file := formats.CertPEM(cert.Raw)
	if w.with == whole {
		file = append(file, formats.CertPEM(w.by.middle.Raw)...)
	}
	_, _, err = b.store.Import(b.ctx, importing.Request{Sources: []importing.Source{{Label: w.name + ".pem", Data: file}}})
	return err
}

func (b *builder) request(name string, services ledger.Services, hosts ...string) (issuing.Made, error) {
	r := requestFor(name, services, 2048, hosts)
	r.Exportable = true
	return b.store.New(b.ctx, r)
}

func (b *builder) selfSign(name string, services ledger.Services, bits, days int, hosts ...string) error {
	r := requestFor(name, services, bits, hosts)
	r.SelfSigned, r.ValidDays = true, days
	_, err := b.store.New(b.ctx, r)
	return err
}

func requestFor(name string, services ledger.Services, bits int, hosts []string) issuing.Request {
	r := issuing.Request{
		FriendlyName: name, Wanted: services, Key: issuing.KeySpec{Algorithm: "rsa", Bits: bits},
		Subject: names.Subject{{Type: "C", Value: "BE"}, {Type: "O", Value: "ProExchange"}, {Type: "CN", Value: hosts[0]}},
	}
	for _, host := range hosts {
		r.Names = append(r.Names, names.Name{Kind: names.DNS, Value: host})
	}
	return r
}

func (b *builder) removeLast() error {
	list, err := b.store.List(b.ctx, false)
	if err != nil {
		return err
	}
	_, err = b.store.Remove(b.ctx, list[len(list)-1:], false)
	return err
}

// unreadable leaves an entry whose chain's end was lost from the disk: nobody can say whether it is trusted.
func unreadable(b *builder) error {
	lost, err := b.under(b.public, "Example CA R4")
	if err != nil {
		return err
	}
	if err := b.buy(bought{name: "list server", by: lost, from: -3 * day, to: 300 * day, services: ledger.SMTP,
		names: []string{"lists.belgianbeers.rock"}}); err != nil {
		return err
	}
	return os.Remove(b.store.CertificatePath(lost.middle))
}

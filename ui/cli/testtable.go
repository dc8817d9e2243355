package cli

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/ui/words"
)

// portColumns are what test tells of a port. When the width is short SERVED shrinks and KEY goes, then ISSUER, UNTIL,
// LEFT and SERVED; the result, the port and the verdicts always stay.
var portColumns = []column{
	{title: "RESULT"}, {title: "LISTEN"}, {title: "SERVED", least: 10, drop: 5}, {title: "KEY", drop: 1}, {title: "UNTIL", drop: 3},
	{title: "LEFT", drop: 4}, {title: "ISSUER", drop: 2}, {title: "NAME"}, {title: "CHAIN"},
}

// printPorts writes a line a port, and below it what is wrong there.
func (a *app) printPorts(answers [][]probe.Report, now time.Time) {
	ports := flatten(answers, now.Unix())
	rows := [][]string{{}}
	for _, c := range portColumns {
		rows[0] = append(rows[0], c.title)
	}
	for _, s := range ports {
		rows = append(rows, s.cells(now))
	}
	widths := fit(portColumns, rows, a.width())
	for i, row := range rows {
		a.print("%s\n", strings.TrimRight(strings.Repeat(" ", margin)+line(row, widths), " "))
		if i > 0 {
			for _, text := range ports[i-1].lines() {
				a.print("%s%s\n", strings.Repeat(" ", 2*margin+2), text)
			}
		}
	}
}

func (s served) cells(now time.Time) []string {
	if !s.Served() {
		return []string{"! " + s.word(), s.Target.String(), "-", cmp.Or(string(s.Key), "-"), "-", "-", "-", "-", "-"}
	}
	e, fits := s.entry, "fits"
	if s.NameFault != "" {
		fits = "wrong"
	}
	subject := cmp.Or(e.Common, namesCell(e))
	key := strings.TrimSuffix(fmt.Sprintf("%s %d", e.KeyAlgorithm, e.KeySize), " 0")
	return printable.Texts([]string{s.sign() + " " + s.word(), s.Target.String(), subject, key, words.DayCell(e.NotAfter, now), words.LeftCell(e, now),
		words.Issuer(e), fits, string(s.Chain.Verdict)})
}

// sign is * where nothing is wrong, ! where clients refuse, ? where it depends on the roots a client knows.
func (s served) sign() string {
	switch {
	case !s.Accepted():
		return "!"
	case s.Chain.Verdict != probe.Complete:
		return "?"
	}
	return "*"
}

// word is the first thing that is wrong with what is served, or how it ended.
func (s served) word() string {
	switch {
	case !s.Served():
		return strings.ReplaceAll(string(s.Result), "-", " ")
	case s.NameFault != "":
		return "wrong name"
	case s.DateFault != "":
		return "out of date"
	case s.Result == probe.Unknown:
		return "unknown"
	case s.StapleFault != "":
		return "no staple"
	case s.UsageFault != "":
		return "wrong usage"
	case s.Chain.Verdict == probe.Broken:
		return "broken"
	}
	return "answers"
}

// jsonPort is one certificate of one port, or why there is none.
type jsonPort struct {
	Listen       string       `json:"listen"`
	Expected     *string      `json:"expected"` // SHA-256; null where nothing is bound to the port
	Served       *string      `json:"served"`   // SHA-256
	Result       probe.Result `json:"result"`
	Accepted     bool         `json:"accepted"` // fits the name, is in date, breaks no rule
	Faults       []string     `json:"faults"`
	Notes        []string     `json:"notes,omitempty"`   // how it was asked, where not as usual
	Stapled      bool         `json:"stapled"`           // an OCSP response came with the certificate
	Proxied      bool         `json:"proxied,omitempty"` // it answers behind a PROXY protocol header alone
	Said         string       `json:"said"`
	Name         string       `json:"name"`
	NameFits     bool         `json:"nameFits"`
	InDate       bool         `json:"inDate"`
	Address      string       `json:"address"`
	Protocol     string       `json:"protocol"`
	Cipher       string       `json:"cipher"`
	Milliseconds int64        `json:"milliseconds"`
	Certificate  *jsonServed  `json:"certificate"`
	Chain        *jsonChain   `json:"chain"`

	Service string  `json:"service,omitempty"` // these where the port of a service was asked
	Slot    string  `json:"slot,omitempty"`    // "default", or the names of one
	Key     string  `json:"key,omitempty"`     // the kind that was asked for; none for a client's free choice
	Good    *bool   `json:"good,omitempty"`    // clients get what they should
	InStore *bool   `json:"inStore,omitempty"`
	OnDisk  *string `json:"onDisk,omitempty"` // SHA-256 of what the configured file holds
}

// jsonServed has the fields of an entry that a certificate has without a store.
type jsonServed struct {
	Thumbprint         string   `json:"thumbprint"`
	Subject            string   `json:"subject"`
	Issuer             string   `json:"issuer"`
	CertificateDomains []string `json:"certificateDomains"`
	NotBefore          *string  `json:"notBefore"`
	NotAfter           *string  `json:"notAfter"`
	DaysLeft           int      `json:"daysLeft"`
	IsSelfSigned       bool     `json:"isSelfSigned"`
	PublicKeyAlgorithm string   `json:"publicKeyAlgorithm"`
	PublicKeySize      int      `json:"publicKeySize"`
	SignatureAlgorithm string   `json:"signatureAlgorithm"`
	SerialNumber       string   `json:"serialNumber"`
	SPKI               string   `json:"spki"`
}

type jsonChain struct {
	Verdict probe.Verdict `json:"verdict"`
	Root    string        `json:"root"`
	InOrder bool          `json:"inOrder"`
	Sent    []jsonLink    `json:"sent"` // as it was sent, the certificate itself first
}

func portsJSON(answers [][]probe.Report, now time.Time) []jsonPort {
	out := []jsonPort{}
	for _, s := range flatten(answers, now.Unix()) {
		out = append(out, portJSON(s))
	}
	return out
}

func portJSON(s served) jsonPort {
	p := jsonPort{Listen: s.Target.String(), Result: s.Result, Accepted: s.Accepted(),
		Faults: printable.Texts(s.Faults()), Notes: printable.Texts(s.Notes), Stapled: s.Staple, Proxied: s.Proxied, Said: s.Said,
		Name: s.Name, NameFits: s.Served() && s.NameFault == "", InDate: s.Served() && s.DateFault == "", Address: s.Address,
		Protocol: s.Protocol, Cipher: s.Cipher, Milliseconds: s.Took.Milliseconds()}
	if s.Served() {
		p.Served, p.Certificate, p.Chain = &s.SHA256, servedJSON(s.entry), chainJSON(s.Report)
	}
	return p
}

func servedJSON(e certstore.Entry) *jsonServed {
	return &jsonServed{Thumbprint: e.Thumbprint, Subject: e.Subject, Issuer: e.Issuer, CertificateDomains: append([]string{}, e.Names...),
		NotBefore: timeJSON(e.NotBefore), NotAfter: timeJSON(e.NotAfter), DaysLeft: e.DaysLeft, IsSelfSigned: e.SelfSigned,
		PublicKeyAlgorithm: e.KeyAlgorithm, PublicKeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		SerialNumber: e.Serial, SPKI: e.SPKI}
}

func chainJSON(r probe.Report) *jsonChain {
	c := &jsonChain{Verdict: r.Chain.Verdict, Root: r.Chain.Root, InOrder: !r.Chain.OutOfOrder, Sent: []jsonLink{}}
	for _, cert := range r.Sent {
		c.Sent = append(c.Sent, jsonLink{names.FromDER(cert.RawSubject), formats.SHA256(cert.Raw)})
	}
	return c
}

package wire

import (
	"math"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

// Port is one certificate of one port, or why there is none.
type Port struct {
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
	Certificate  *Certificate `json:"certificate"`
	Chain        *Chain       `json:"chain"`
	Revocation   *Revocation  `json:"revocation,omitempty"` // what the CA says; not there where nobody asked

	Service string  `json:"service,omitempty"` // these where the port of a service was asked
	Slot    string  `json:"slot,omitempty"`    // "default", or the names of one
	Key     string  `json:"key,omitempty"`     // the kind that was asked for; none for a client's free choice
	Good    *bool   `json:"good,omitempty"`    // clients get what they should
	InStore *bool   `json:"inStore,omitempty"`
	OnDisk  *string `json:"onDisk,omitempty"` // SHA-256 of what the configured file holds
}

// Certificate has the fields of an entry that a certificate has without a store.
type Certificate struct {
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

// Chain is what was sent with a certificate, and how far it leads.
type Chain struct {
	Verdict probe.Verdict `json:"verdict"`
	Root    string        `json:"root"`
	InOrder bool          `json:"inOrder"`
	Sent    []Link        `json:"sent"` // as it was sent, the certificate itself first
}

// AnswersOf is what any ports serve; known says that a store was asked which of it is its own.
func AnswersOf(list []enabling.Answer, known bool, now time.Time) []Port {
	return each(list, func(a enabling.Answer) Port {
		out := portOf(a.Raw, now)
		if ours := a.Ours(); known && a.Raw.Served() {
			out.InStore = &ours
		}
		if well := a.Right(); a.Here() {
			out.Service, out.Slot, out.Good = certstore.ServiceTitle(a.Service), printable.Text(a.Slot), &well
			out.Expected, out.OnDisk = sumOf(a.Expected), sumOf(a.OnDisk)
		}
		return out
	})
}

// ServicePortsOf is what the ports of services serve.
func ServicePortsOf(ports []enabling.Port, now time.Time) []Port {
	return each(ports, func(p enabling.Port) Port {
		out := portOf(p.Report, now)
		well, inStore := p.Right(), p.Served != 0
		out.Listen, out.Service, out.Slot = printable.Text(p.Listen), certstore.ServiceTitle(p.Service),
			printable.Text(p.Slot)
		out.Key, out.Good, out.InStore = string(p.Key), &well, &inStore
		out.Expected, out.OnDisk = sumOf(p.Expected), sumOf(p.OnDisk)
		if fault := p.DiskFault(); fault != "" {
			out.Faults = append(out.Faults, fault)
		}
		return out
	})
}

// notAsked is the result of what a survey of all services could not ask.
const notAsked = "not-asked"

// NotAsked is what a survey says of services, or parts of them, that have no port to ask: faults, and notes that are
// none.
func NotAsked(faults, notes []string) (out []Port) {
	for _, text := range printable.Texts(faults) {
		out = append(out, Port{Result: notAsked, Faults: []string{text}})
	}
	for _, text := range printable.Texts(notes) {
		out = append(out, Port{Result: notAsked, Faults: []string{}, Notes: []string{text}})
	}
	return out
}

func portOf(r probe.Report, now time.Time) Port {
	p := Port{Listen: r.Target.String(), Result: r.Result, Accepted: r.Accepted(),
		Faults: printable.Texts(r.Faults()), Notes: printable.Texts(r.Notes), Stapled: r.Staple != nil, Proxied: r.Proxied,
		Said: r.Said,
		Name: r.Name, NameFits: r.Served() && r.NameFault == "", InDate: r.Served() && r.DateFault == "", Address: r.Address,
		Protocol: r.Protocol, Cipher: r.Cipher, Milliseconds: r.Took.Milliseconds()}
	if r.Served() {
		p.Served, p.Certificate, p.Chain = &r.SHA256, certificateOf(r, now), chainOf(r)
		p.Revocation = revocationOf(r.Revocation)
	}
	return p
}

func certificateOf(r probe.Report, now time.Time) *Certificate {
	e, _ := judging.Describe(r.Leaf, r.Sent[1:]) // a key that made a handshake has a name
	days := int(math.Floor(float64(r.Leaf.NotAfter.Unix()-now.Unix()) / (24 * 60 * 60)))
	return &Certificate{Thumbprint: e.Thumbprint, Subject: e.Subject, Issuer: e.Issuer,
		CertificateDomains: append([]string{}, e.Names...),
		NotBefore:          timeOf(e.NotBefore), NotAfter: timeOf(e.NotAfter), DaysLeft: days, IsSelfSigned: e.SelfSigned,
		PublicKeyAlgorithm: e.KeyAlgorithm, PublicKeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		SerialNumber: e.Serial, SPKI: e.SPKI}
}

func chainOf(r probe.Report) *Chain {
	c := &Chain{Verdict: r.Chain.Verdict, Root: r.Chain.Root, InOrder: !r.Chain.OutOfOrder, Sent: []Link{}}
	for _, cert := range r.Sent {
		c.Sent = append(c.Sent, Link{names.FromDER(cert.RawSubject), formats.SHA256(cert.Raw)})
	}
	return c
}

// sumOf is a sum, or null.
func sumOf(sum string) *string {
	if sum == "" {
		return nil
	}
	return &sum
}

package wire

import (
	"slices"

	"certdesk/certstore"
	"certdesk/certstore/judging"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// Entry is an entry as scripts know it. Fields are added, never renamed; lists are never null; what a pending
// request does not have (dates, days left) is null.
type Entry struct {
	ID                   int64          `json:"id"`
	Thumbprint           string         `json:"thumbprint"`
	SHA256               string         `json:"sha256"`
	Kind                 certstore.Kind `json:"kind"`
	FriendlyName         string         `json:"friendlyName"`
	Subject              string         `json:"subject"`
	Issuer               string         `json:"issuer"`
	CertificateDomains   []string       `json:"certificateDomains"`
	NotBefore            *string        `json:"notBefore"`
	NotAfter             *string        `json:"notAfter"`
	DaysLeft             *int           `json:"daysLeft"`
	IsSelfSigned         bool           `json:"isSelfSigned"`
	RootCAType           trust.RootType `json:"rootCAType"`
	Status               trust.Status   `json:"status"`
	StatusReason         string         `json:"statusReason"`
	Services             []string       `json:"services"`
	ServicesString       string         `json:"servicesString"`
	WantedServices       []string       `json:"wantedServices"`
	HasPrivateKey        bool           `json:"hasPrivateKey"`
	PrivateKeyExportable bool           `json:"privateKeyExportable"`
	PublicKeyAlgorithm   string         `json:"publicKeyAlgorithm"`
	PublicKeySize        int            `json:"publicKeySize"`
	SignatureAlgorithm   string         `json:"signatureAlgorithm"`
	SerialNumber         string         `json:"serialNumber"`
	SPKI                 string         `json:"spki"`
	Chain                []Link         `json:"chain"`
	Findings             []Finding      `json:"findings"`

	StatusWord   string  `json:"statusWord"`             // as the desk has it: on hold, expired, not yet valid
	StatusAdvice string  `json:"statusAdvice,omitempty"` // the one next step
	StatusAsOf   *string `json:"statusAsOf"`             // when it was so

	Revocation *Revocation `json:"revocation,omitempty"` // what its CA says; not there while nobody has asked

	RequestedAt *string `json:"requestedAt,omitempty"` // when a pending request was made

	Removed   *string  `json:"removed,omitempty"`   // when, for an entry in the trash
	RemovedBy string   `json:"removedBy,omitempty"` // who
	Renews    string   `json:"renews,omitempty"`    // the thumbprint of the entry it renews: of a request; show: of any
	RenewedBy []string `json:"renewedBy,omitempty"` // the thumbprints of those that renew it, or take its place
	Settled   bool     `json:"settled,omitempty"`   // its time ends, another took its place, and nothing is bound to it

	Chosen  bool              `json:"chosen,omitempty"`  // list --domain-name: the one that would be used
	Path    string            `json:"path,omitempty"`    // new, renew: where the request was written
	Files   []string          `json:"files,omitempty"`   // new, import, show: where its objects lie in the store
	Gaps    []string          `json:"gaps,omitempty"`    // import, show: what is missing in the chain
	Notes   []string          `json:"notes,omitempty"`   // import: how it was read, and what it completed
	History []certstore.Event `json:"history,omitempty"` // show: the journal's lines that name it

	Acme           *Acme    `json:"acme,omitempty"`           // what its ACME CA does for it
	RenewalFailing *Failing `json:"renewalFailing,omitempty"` // what renews it by itself fails, while it is in use

	Published []string  `json:"published,omitempty"` // show: the directories that hold it
	Bindings  []Binding `json:"bindings,omitempty"`  // show: what is bound to it
	Enabled   []Outcome `json:"enabled,omitempty"`   // new, import: the services it was enabled for at once
}

// Revocation is what a CA says of a certificate, or of a CA above it where that is worse.
type Revocation struct {
	Standing trust.Standing `json:"standing"` // good, revoked, on hold, unchecked, no source
	Text     string         `json:"text"`
	Reason   string         `json:"reason,omitempty"`  // of the CA
	Revoked  *string        `json:"revoked,omitempty"` // when
	AsOf     *string        `json:"asOf"`              // the moment that the last answer speaks of
	Until    *string        `json:"until"`             // when there will be a newer one at the latest
	Source   string         `json:"source,omitempty"`  // the address, or stapled
	CA       string         `json:"ca,omitempty"`      // the subject of the CA above that this is about
}

func revocationOf(r trust.Revocation) *Revocation {
	if r.Now == "" {
		return nil
	}
	return &Revocation{Standing: r.Now, Text: r.Text, Reason: r.Reason, Revoked: timeOf(r.Since),
		AsOf: timeOf(r.AsOf), Until: timeOf(r.Until), Source: r.Source, CA: r.Of}
}

// Link is a certificate of a chain.
type Link struct {
	Subject string `json:"subject"`
	SHA256  string `json:"sha256"`
}

// EntryOf is an entry as a list shows it.
func EntryOf(e certstore.Entry) Entry {
	out := Entry{
		ID: e.ID, Thumbprint: e.Thumbprint, SHA256: e.SHA256, Kind: e.Kind, FriendlyName: e.FriendlyName,
		Subject: e.Subject, Issuer: e.Issuer, CertificateDomains: append([]string{}, e.Names...),
		NotBefore: timeOf(e.NotBefore), NotAfter: timeOf(e.NotAfter),
		IsSelfSigned: e.SelfSigned, RootCAType: e.Verdict.RootType,
		Status: e.Verdict.Status, StatusReason: e.Verdict.Reason, StatusWord: e.Verdict.Word,
		StatusAdvice: certstore.Advice(&e), StatusAsOf: timeOf(e.Verdict.At),
		Services: e.Services.Names(), ServicesString: e.Services.Letters('.'),
		WantedServices: (e.Wanted &^ e.Services).Names(),
		HasPrivateKey:  e.HasKey, PrivateKeyExportable: e.Exportable,
		PublicKeyAlgorithm: e.KeyAlgorithm, PublicKeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		SerialNumber: e.Serial, SPKI: e.SPKI,
		Chain: each(e.Chain, linkOf), Findings: each(e.Verdict.Findings, FindingOf),
		Revocation: revocationOf(e.Verdict.Revocation),
		Removed:    timeOf(e.Removed), RemovedBy: e.RemovedBy, Acme: acmeOf(e.Automatic, e),
	}
	if e.Kind == certstore.Certificate {
		out.DaysLeft = &e.DaysLeft
	} else {
		out.RequestedAt = timeOf(e.Created)
	}
	if e.Renewing != nil {
		out.Renews = e.Renewing.Thumbprint
	}
	out.RenewalFailing = failingOf(e.Failing)
	if e.Successor != nil {
		out.RenewedBy, out.Settled = []string{e.Successor.Thumbprint}, e.Settled()
	}
	return out
}

// EntriesOf are entries as a list shows them.
func EntriesOf(entries []certstore.Entry) []Entry { return each(entries, EntryOf) }

func linkOf(l trust.Link) Link { return Link{l.Subject, l.SHA256} }

// Binding is a service that an entry is bound to, with the handshakes that proved it.
type Binding struct {
	Service string    `json:"service"`
	Slot    string    `json:"slot"` // "default" or its names; "" where it was bound before slots were known
	Use     string    `json:"use"`
	Driver  string    `json:"driver"`
	Key     probe.Key `json:"key"`
	Ports   []Asked   `json:"ports"`
}

func bindingOf(b certstore.Binding) Binding {
	return Binding{certstore.ServiceTitle(b.Service), b.Slot, b.Service.Use, b.Service.Driver, b.Key,
		each(b.Prove, askedOf)}
}

// DetailsOf is everything about an entry, and what is bound to it.
func DetailsOf(d certstore.Details, bound []certstore.Binding) Entry {
	out := EntryOf(d.Entry)
	out.Files, out.Gaps, out.History = printable.Texts(d.Files), Gaps(d.Gaps), d.History
	out.Bindings, out.Published = each(bound, bindingOf), printable.Texts(d.Published)
	if d.Renews != nil {
		out.Renews = d.Renews.Thumbprint
	}
	for _, e := range d.RenewedBy {
		if !slices.Contains(out.RenewedBy, e.Thumbprint) {
			out.RenewedBy = append(out.RenewedBy, e.Thumbprint)
		}
	}
	return out
}

// Gaps are the sentences of what is missing in a chain.
func Gaps(gaps []judging.Gap) (list []string) {
	for _, g := range gaps {
		list = append(list, g.String())
	}
	return list
}

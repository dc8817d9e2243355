package cli

import (
	"bytes"
	"encoding/json"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// jsonEntry is an entry as scripts know it. Fields are added, never renamed; lists are never null; what a pending
// request does not have (dates, days left) is null.
type jsonEntry struct {
	ID                   int64           `json:"id"`
	Thumbprint           string          `json:"thumbprint"`
	SHA256               string          `json:"sha256"`
	Kind                 certstore.Kind  `json:"kind"`
	FriendlyName         string          `json:"friendlyName"`
	Subject              string          `json:"subject"`
	Issuer               string          `json:"issuer"`
	CertificateDomains   []string        `json:"certificateDomains"`
	NotBefore            *string         `json:"notBefore"`
	NotAfter             *string         `json:"notAfter"`
	DaysLeft             *int            `json:"daysLeft"`
	IsSelfSigned         bool            `json:"isSelfSigned"`
	RootCAType           trust.RootType  `json:"rootCAType"`
	Status               trust.Status    `json:"status"`
	StatusReason         string          `json:"statusReason"`
	Services             []string        `json:"services"`
	ServicesString       string          `json:"servicesString"`
	WantedServices       []string        `json:"wantedServices"`
	HasPrivateKey        bool            `json:"hasPrivateKey"`
	PrivateKeyExportable bool            `json:"privateKeyExportable"`
	PublicKeyAlgorithm   string          `json:"publicKeyAlgorithm"`
	PublicKeySize        int             `json:"publicKeySize"`
	SignatureAlgorithm   string          `json:"signatureAlgorithm"`
	SerialNumber         string          `json:"serialNumber"`
	SPKI                 string          `json:"spki"`
	Chain                []jsonLink      `json:"chain"`
	Findings             []trust.Finding `json:"findings"`

	Removed   *string  `json:"removed,omitempty"`   // when, for an entry in the trash
	RemovedBy string   `json:"removedBy,omitempty"` // who
	Renews    string   `json:"renews,omitempty"`    // show: the thumbprint of the entry it renews
	RenewedBy []string `json:"renewedBy,omitempty"` // the thumbprints of those that renew it, or take its place
	Settled   bool     `json:"settled,omitempty"`   // its time ends, another took its place, and nothing is bound to it

	Chosen  bool              `json:"chosen,omitempty"`  // list --domain-name: the one that would be used
	Path    string            `json:"path,omitempty"`    // new, renew: where the request was written
	Files   []string          `json:"files,omitempty"`   // new, import, show: where its objects lie in the store
	Gaps    []string          `json:"gaps,omitempty"`    // import, show: what is missing in the chain
	Notes   []string          `json:"notes,omitempty"`   // import: how it was read, and what it completed
	History []certstore.Event `json:"history,omitempty"` // show: the journal's lines that name it

	Bindings []jsonBinding `json:"bindings,omitempty"` // show: what is bound to it
	Enabled  []jsonOutcome `json:"enabled,omitempty"`  // new, import: the services it was enabled for at once
}

type jsonLink struct {
	Subject string `json:"subject"`
	SHA256  string `json:"sha256"`
}

// wantedOnly is what an entry is wanted for and not enabled for yet.
func wantedOnly(e certstore.Entry) certstore.Services { return e.Wanted &^ e.Services }

func entryJSON(e certstore.Entry) jsonEntry {
	out := jsonEntry{
		ID: e.ID, Thumbprint: e.Thumbprint, SHA256: e.SHA256, Kind: e.Kind, FriendlyName: e.FriendlyName,
		Subject: e.Subject, Issuer: e.Issuer, CertificateDomains: append([]string{}, e.Names...),
		NotBefore: timeJSON(e.NotBefore), NotAfter: timeJSON(e.NotAfter),
		IsSelfSigned: e.SelfSigned, RootCAType: e.Verdict.RootType,
		Status: e.Verdict.Status, StatusReason: e.Verdict.Reason,
		Services: e.Services.Names(), ServicesString: e.Services.Letters('.'), WantedServices: wantedOnly(e).Names(),
		HasPrivateKey: e.HasKey, PrivateKeyExportable: e.Exportable,
		PublicKeyAlgorithm: e.KeyAlgorithm, PublicKeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		SerialNumber: e.Serial, SPKI: e.SPKI,
		Chain: linksJSON(e.Chain), Findings: append([]trust.Finding{}, e.Verdict.Findings...),
		Removed: timeJSON(e.Removed), RemovedBy: e.RemovedBy,
	}
	if e.Kind == certstore.Certificate {
		out.DaysLeft = &e.DaysLeft
	}
	if e.Successor != nil {
		out.RenewedBy, out.Settled = []string{e.Successor.Thumbprint}, e.Settled()
	}
	return out
}

func entriesJSON(entries []certstore.Entry) []jsonEntry {
	out := make([]jsonEntry, len(entries))
	for i, e := range entries {
		out[i] = entryJSON(e)
	}
	return out
}

func linksJSON(chain []trust.Link) []jsonLink {
	out := make([]jsonLink, len(chain))
	for i, l := range chain {
		out[i] = jsonLink{l.Subject, l.SHA256}
	}
	return out
}

// timeJSON is RFC 3339 in UTC, or null for a time that is not there.
func timeJSON(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

// jsonBinding is a service that an entry is bound to, with the handshakes that proved it.
type jsonBinding struct {
	Service string      `json:"service"`
	Slot    string      `json:"slot"` // "default" or its names; "" for all of a service that was enabled before slots were known
	Use     string      `json:"use"`
	Driver  string      `json:"driver"`
	Key     probe.Key   `json:"key"`
	Ports   []jsonAsked `json:"ports"`
}

func bindingsJSON(list []certstore.Binding) (out []jsonBinding) {
	for _, b := range list {
		out = append(out, jsonBinding{certstore.ServiceTitle(b.Service), b.Slot, b.Service.Use, b.Service.Driver, b.Key, askedJSON(b.Prove)})
	}
	return out
}

// jsonResults is what a verb over several entries did.
type jsonResults struct {
	Done    []jsonEntry   `json:"done"`
	Refused []jsonRefusal `json:"refused"`
	Copies  []string      `json:"copies,omitempty"` // purge: the directories of deployed copies of the keys
	Notes   []string      `json:"notes,omitempty"`  // import --served: what could not be looked at
}

type jsonRefusal struct {
	Thumbprint string    `json:"thumbprint"`
	Error      jsonError `json:"error"`
	Files      []string  `json:"files,omitempty"` // import: what it came from
}

func resultsJSON(r certstore.Results) jsonResults {
	out := jsonResults{Done: entriesJSON(r.Done), Refused: []jsonRefusal{}}
	for _, refused := range r.Refused {
		out.Refused = append(out.Refused, jsonRefusal{Thumbprint: refused.Entry.Thumbprint, Error: errorJSON(refused.Err)})
	}
	return out
}

// printJSON writes a value to standard output.
func (a *app) printJSON(v any) error {
	text, err := jsonText(v, "  ")
	if err == nil {
		_, err = a.out.Write(text)
	}
	return err
}

// jsonText is the one place where output becomes JSON. Nothing in it is escaped for HTML: "&" stays "&"; what a
// terminal would obey is, whatever room it came from.
func jsonText(v any, indent string) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", indent)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return printable.JSON(b.Bytes()), nil
}

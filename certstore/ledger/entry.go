package ledger

import (
	"time"

	"certdesk/certstore/trust"
)

// Kind says whether an entry is a certificate or a request that waits for one.
type Kind string

// The kinds of an entry.
const (
	Certificate Kind = "certificate"
	PendingReq  Kind = "request"
)

// Entry is one row: a certificate, or a pending request. The fields with a JSON name are what the journal
// keeps; the others are derived when the journal is read. All text has gone through printable.
type Entry struct {
	// the sequence number of the line that created it; completing a request keeps it
	ID           int64     `json:"id,omitempty"`
	Kind         Kind      `json:"kind"`
	FriendlyName string    `json:"friendlyName"`
	Thumbprint   string    `json:"thumbprint"` // SHA-1 of the DER, upper-case hex
	SHA256       string    `json:"sha256"`     // of the DER, lower-case hex: the object's name
	Created      time.Time `json:"created,omitzero"`
	Subject      string    `json:"subject"`      // RFC 4514
	Common       string    `json:"cn,omitempty"` // the CN of the subject; see CommonName
	Issuer       string    `json:"issuer,omitempty"`
	Names        []string  `json:"names,omitempty"` // the subject alternative names, in the certificate's order
	NotBefore    time.Time `json:"notBefore,omitzero"`
	NotAfter     time.Time `json:"notAfter,omitzero"`
	SelfSigned   bool      `json:"selfSigned,omitempty"`
	CA           bool      `json:"ca,omitempty"`
	Serial       string    `json:"serial,omitempty"` // upper-case hex, as openssl prints it

	KeyAlgorithm       string `json:"keyAlgorithm"` // RSA, ECDSA, Ed25519
	KeySize            int    `json:"keySize"`      // bits
	SignatureAlgorithm string `json:"signatureAlgorithm"`
	SPKI               string `json:"spki"` // SHA-256 of the SubjectPublicKeyInfo, lower-case hex: the key's object name
	KeyKept            bool   `json:"keyKept,omitempty"`
	KeyExportable      bool   `json:"keyExportable,omitempty"` // what the line that brought the key said

	Chain   []trust.Link `json:"chain,omitempty"`   // without the leaf, sorted by signature, edges verified at import
	Request string       `json:"request,omitempty"` // the request's object, also after it was completed
	Defect  string       `json:"defect,omitempty"`  // why it is invalid, found from its bytes at import: one sentence
	// what certdesk cannot judge in it and others may, found likewise: one sentence
	Unread string   `json:"unread,omitempty"`
	Wanted Services `json:"wanted,omitempty"`

	ForClients trust.Known `json:"forClients,omitempty"` // whether it is for client authentication
	NamesCA    trust.Known `json:"namesCA,omitempty"`    // whether it names somebody to ask whether it was revoked
	RenewalOf  int64       `json:"renewalOf,omitempty"`

	Remarks []trust.Finding `json:"remarks,omitempty"` // on its bytes, and on what was requested and was not issued

	LastLine   int64         `json:"-"` // the sequence number of the last line that named it
	Automatic  *Automatic    `json:"-"` // nil where no ACME authority gives it; not to be changed
	Removed    time.Time     `json:"-"` // zero for a live entry
	RemovedBy  string        `json:"-"` // who, as in Event.Who
	Services   Services      `json:"-"` // what it is bound to
	Bound      []Binding     `json:"-"` // and by which slots of which daemons; not to be changed
	HasKey     bool          `json:"-"`
	Exportable bool          `json:"-"` // of the key: set when it entered; see state.noteKey
	Verdict    trust.Verdict `json:"-"`
	DaysLeft   int           `json:"-"` // whole days until NotAfter, negative after it
	Successor  *Successor    `json:"-"` // where its time ends: what takes its place, nil for nothing
	Failing    *Failing      `json:"-"` // what renews it by itself fails; nil while it does not
	Renewing   *Entry        `json:"-"` // of a request: the live certificate that it is to renew, nil for none
	Renewed    bool          `json:"-"` // a certificate that was made to renew it is in force
	Served     bool          `json:"-"` // a port was seen to serve it; see Survey.Judge
}

// Short is the part of the thumbprint that is given in hints.
func (e *Entry) Short() string { return e.Thumbprint[:min(12, len(e.Thumbprint))] }

// Label tells entries of one friendly name apart.
func Label(e *Entry) string { return e.FriendlyName + " (" + e.Short() + ")" }

// CommonName is the CN of the subject, or the first name where there is none.
func (e Entry) CommonName() string {
	if e.Common == "" && len(e.Names) > 0 {
		return e.Names[0]
	}
	return e.Common
}

// Complete gives a certificate what the entry that it completes keeps: a pending request, or itself as it was.
func (e *Entry) Complete(old Entry) {
	e.ID, e.Created, e.Request, e.RenewalOf = old.ID, old.Created, old.Request, old.RenewalOf
	e.FriendlyName, e.Wanted = old.FriendlyName, old.Wanted
}

// DefaultName is the friendly name where nobody gives one: the common name, cut to the 64 characters that it may have.
func (e Entry) DefaultName() string {
	name := []rune(e.CommonName())
	if len(name) == 0 {
		return e.Thumbprint
	}
	return string(name[:min(len(name), 64)])
}

// Reach counts the links of an entry's chain that hold: another CA of the same name brings it no further.
func (e *Entry) Reach() (n int) {
	for n < len(e.Chain) && e.Chain[n].Holds() {
		n++
	}
	return n
}

// above is the issuer at which an entry's chain ends.
func (e *Entry) above() string {
	switch n := e.Reach(); {
	case e.SelfSigned:
		return ""
	case n == 0:
		return e.Issuer
	default:
		return e.Chain[n-1].Issuer
	}
}

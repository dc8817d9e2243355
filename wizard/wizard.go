// Package wizard is what a guided form for a certificate knows: its steps, the answers, the names that follow
// from them and why, what is wrong with them, the request that comes out, and the commands that do elsewhere what
// the desk does with an entry, here and on an Exchange server.
//
// Its promise: pure functions of their input; no terminal, no disk, no network, no clock. What the review
// shows is the request that is made, and the certdesk command makes the same one.
package wizard

import (
	"slices"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/wizard/exchange"
)

// Answers are what a person said so far, on every page. Defaults gives the answers before the first question.
type Answers struct {
	SelfSigned               bool
	CA                       string // the ACME CA of the configuration that it is ordered from; "" for none
	Profile                  string // of that CA; "" for what the configuration says
	FriendlyName             string // "" for the common name
	Typed                    string // names as typed or pasted, separated as names.Split does
	Worksheet                Worksheet
	IncludeAcceptedDomains   bool     // every accepted domain
	IncludeAutodiscover      bool     // autodiscover.<domain>, by the rule of Expand
	IncludeServerFQDN        bool     // the server's full name
	IncludeServerNetBIOSName bool     // the server's short name
	Off                      []string // names switched off in the tick-list; the common name cannot be
	Wanted                   []string // names switched on that are off of themselves
	Order                    []string // names as a person arranged them; others follow, in the order of Expand
	Split                    bool     // more names than a CA takes become several requests
	CommonName               string   // chosen in the tick-list; "" for the subject's, else the first name given

	Organization, Unit, City, State, Country string
	// a whole distinguished name given by command; wins over the five fields
	SubjectDN string

	Algorithm   string // rsa, ecdsa-p256, ecdsa-p384; "" for rsa
	Bits        int    // RSA only: 1024, 2048, 3072, 4096; 0 for 2048
	Exportable  bool
	Services    certstore.Services
	ServicesSet bool   // Services was chosen; otherwise see WantedServices
	Path        string // requests only: where the file goes; "" keeps it in the store alone
	Binary      bool   // DER instead of PEM
	Overwrite   bool
	ValidDays   int   // self-signed only; 0 for 365
	RenewalOf   int64 // the entry this renews, or 0
	ReuseKey    bool  // renewals only
	Renewal     Renewal
}

// Renewal is what the commands must know of the entry that is renewed.
type Renewal struct {
	Thumbprint string
	Plain      issuing.Request // what renewing it gives where nothing is changed
	Already    string          // a sentence: what renews it already, or ""
}

// Env is what the form knows of the world around it.
type Env struct {
	ServerFQDN, NetBIOSName string
	AcceptedDomains         []domains.Domain
	DomainRemarks           []domains.Remark           // what their sources could not give
	DomainsAwaited          bool                       // the sources are still being asked
	FriendlyNames           []string                   // in use
	Known                   []Known                    // by which names services are reached already
	Present                 []Present                  // certificates that services have now
	Found                   map[string]evidence.Result // what DNS says of names, as far as it was asked
	Exchange                exchange.Version           // whose shell's commands are shown
	Flags                   []string                   // what a command must name to mean this store, such as --store

	Authorities []config.ACME // from which a certificate can be ordered
}

// lacksDomains says that a source of accepted domains failed.
func (e Env) lacksDomains() bool {
	return slices.ContainsFunc(e.DomainRemarks, func(r domains.Remark) bool { return r.Whole })
}

// The keys there are, and their default.
const (
	RSA       = "rsa"
	ECDSAP256 = "ecdsa-p256"
	ECDSAP384 = "ecdsa-p384"

	DefaultBits = 2048
	DefaultDays = 365 // of a self-signed certificate
)

// Algorithms are the values of Answers.Algorithm, the default first.
var Algorithms = []string{RSA, ECDSAP256, ECDSAP384}

// KeySizes are the values of Answers.Bits.
var KeySizes = []int{1024, 2048, 3072, 4096}

// Defaults are the answers before the first question: a request, RSA 2048, not exportable, nothing included.
func Defaults() Answers {
	return Answers{Algorithm: RSA, Bits: DefaultBits, ValidDays: DefaultDays}
}

// WantedServices are the services chosen, or Exchange's default: SMTP for self-signed, none for a request.
func (a Answers) WantedServices() certstore.Services {
	switch {
	case a.ServicesSet:
		return a.Services
	case a.SelfSigned:
		return certstore.SMTP
	}
	return 0
}

// Key is the key to make, defaults filled in.
func (a Answers) Key() issuing.KeySpec {
	switch {
	case a.Algorithm != "" && a.Algorithm != RSA:
		return issuing.KeySpec{Algorithm: a.Algorithm}
	case a.Bits == 0:
		return issuing.KeySpec{Algorithm: RSA, Bits: DefaultBits}
	}
	return issuing.KeySpec{Algorithm: RSA, Bits: a.Bits}
}

// subject is the distinguished name as it stands, its common name being the one of the names.
func (a Answers) subject(cn string) (names.Subject, error) {
	if a.SubjectDN != "" {
		s, err := names.ParseSubject(a.SubjectDN)
		return s.With("CN", cn), err
	}
	var s names.Subject
	for _, f := range a.subjectFields() {

		s = s.With(f.typ, f.value)
	}
	return s.With("CN", cn), nil
}

// subjectField is one field of the subject page, by the name it has in Answers.
type subjectField struct{ typ, field, value string }

// subjectFields are those of the subject's page; what is ordered has none: its CA takes the names alone.
func (a Answers) subjectFields() []subjectField {
	if a.CA != "" {
		return nil
	}
	return []subjectField{
		{"O", "Organization", trim(a.Organization)},
		{"OU", "Unit", trim(a.Unit)},
		{"L", "City", trim(a.City)},
		{"ST", "State", trim(a.State)},
		{"C", "Country", upper(a.Country)},
	}
}

// Package trust says what a certificate is worth at one moment: its status in Exchange's words, the reason in
// one sentence, the type of its root, and findings.
//
// Judge is a pure function of facts, roots and time. Nothing is fetched from the network: what a CA says of a
// revocation is among the facts. What could not be found out is Unknown, never Valid.
package trust

import "time"

// Status is Exchange's certificate status; of several that apply, Judge gives the first.
type Status string

// The statuses, in Exchange's words.
const (
	PendingRequest         Status = "PendingRequest"
	Invalid                Status = "Invalid"
	Revoked                Status = "Revoked"
	DateInvalid            Status = "DateInvalid"
	Untrusted              Status = "Untrusted"
	RevocationCheckFailure Status = "RevocationCheckFailure" // it names whom to ask, and no answer counts
	Expiring               Status = "Expiring"
	Valid                  Status = "Valid"
	Unknown                Status = "Unknown"
)

// What the ports say of a row, in place of its own verdict: clients are being served the wrong thing now. They stand
// before all other statuses.
const (
	NotServed  Status = "NotServed"  // a port should serve it and does not
	NotInStore Status = "NotInStore" // a port serves it and no entry is it
)

// Works says whether clients accept what has this status, as far as is known here.
func (s Status) Works() bool { return s == Valid || s == Expiring || s == RevocationCheckFailure }

// RootType is Exchange's RootCAType.
type RootType string

// The root types; GroupPolicy never occurs here.
const (
	RootNone       RootType = "None"       // self-signed
	RootThirdParty RootType = "ThirdParty" // the system's
	RootEnterprise RootType = "Enterprise" // the configuration's trust
	RootRegistry   RootType = "Registry"   // added to the system by the admin
	RootUnknown    RootType = "Unknown"
)

// Words is the type with what it means, for a person: "ThirdParty: one of the system's".
func (t RootType) Words() string {
	switch t {
	case RootNone:
		return "None: the certificate itself"
	case RootThirdParty:
		return "ThirdParty: one of the system's"
	case RootEnterprise:
		return "Enterprise: named under trust in the configuration"
	case RootRegistry:
		return "Registry: added to the system by its administrator"
	}
	return string(RootUnknown)
}

// Severity orders findings.
type Severity string

// The severities.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Error   Severity = "error"
)

// Finding is one remark on a certificate: a stable code, and a sentence for a person.
type Finding struct {
	Code     string   `json:"code"`
	Severity Severity `json:"severity"`
	Text     string   `json:"text"`
}

// Link is one certificate of a chain above the leaf. Signed says that its key was seen to have signed the
// certificate before it (the leaf, for the first).
type Link struct {
	Subject    string    `json:"subject"`
	Issuer     string    `json:"issuer"`
	SHA256     string    `json:"sha256"`
	NotBefore  time.Time `json:"notBefore"`
	NotAfter   time.Time `json:"notAfter"`
	Signed     bool      `json:"signed,omitempty"`
	Unchecked  string    `json:"unchecked,omitempty"` // why nobody here can tell whether it signed: one sentence
	Unread     string    `json:"unread,omitempty"`    // what certdesk cannot judge in it, and others may: likewise
	Doubt      string    `json:"doubt,omitempty"`     // why some clients refuse it, see Doubtful: likewise
	SelfSigned bool      `json:"selfSigned,omitempty"`
	// the rule for certificates that it breaks by itself, see formats.BrokenRule
	Rule string `json:"rule,omitempty"`
	// the rule it breaks with what is below it, see Breaks; after its subject
	Fault string `json:"fault,omitempty"`
}

// Verdict is what the desk says of a certificate at one moment.
type Verdict struct {
	Status   Status
	Word     string // as shown and filtered: pending, invalid, revoked, expired, untrusted, unchecked, expiring, valid ...
	Reason   string // one sentence
	RootType RootType
	Root     string // the subject of the trusted root that the chain ends at, or ""
	Fault    string // why clients refuse its chain, where that is not its end or a root that is missing; one sentence
	Findings []Finding
	At       time.Time // as of when: the moment of judging, or that at which the ports were asked

	Revocation Revocation // what is known of it, or of a CA in its chain where that weighs more
}

// Doubted is Doubt in a sentence about the certificate below; "" where no client need read the link.
func (l Link) Doubted() string {
	if l.Doubt == "" || !l.Signed || l.SelfSigned {
		return ""
	}
	return "of its issuer " + l.Subject + ": " + l.Doubt
}

// Holds says whether nothing here speaks against a link: its key was seen to have signed the certificate before it, or
// nobody here can tell.
func (l Link) Holds() bool { return l.Signed || l.Unchecked != "" }

package trust

// Kind is what is the same for all findings of a code.
type Kind struct {
	Code  string
	Means string // what it tells, for a list of all codes
	Next  string // the one next step; "" where nothing can be done, or nothing need be
	Ahead bool   // it tells of what comes, or of what only some clients mind: the store's health lists it
}

// The steps that several kinds have in common.
const (
	newKey   = "`certdesk renew` makes a new key and asks for another certificate"
	askAgain = "ask the CA for another certificate with the same request; or `certdesk renew` makes another request"
)

// Kinds are all findings on certificates and requests. A code is never given another meaning.
var Kinds = []Kind{
	{"expires-soon", "under a tenth of its life is left, or a week", "`certdesk renew` asks for another one now", false},
	{"short-lived", "it lives for less than a month", "see that something renews it by itself", false},
	{"lifetime-too-long", "it lives longer than CAs in browsers may issue, by the day of issue: 398 days, 200 from " +
		"15 March 2026 on, 100 from 2027, 47 from 15 March 2029 on", "ask the CA for one of the length that is allowed",
		true},
	{"renewals-shorten", "what replaces it may live for a shorter time by those rules",
		"have it renewed by a CA that speaks ACME before then", true},
	{"weak-key", "an RSA key of less than 2048 bits", newKey, true},
	{"weak-signature", "signed with MD5 or SHA-1", "ask the CA for one that is signed with SHA-256", true},
	{"no-names", "it has no subject alternative names", newKey, true},
	{"cn-not-in-names", "the common name is none of the names", "`certdesk renew` asks for one that has it", true},
	{"internal-names", "names that public CAs may not certify", "keep internal names for a CA of your own", true},
	{"names-dropped", "the CA left out names that were requested", askAgain, true},
	{"names-added", "the CA added names", "", false},
	{"usage-dropped", "the CA left out a usage that was requested", askAgain, true},
	{"shorter-than-asked", "it lives for less long than what it renews", "see that it is renewed in time", false},
	{"client-auth-missing", "it cannot prove this mail server to another that wants mutual TLS",
		"where a partner asks for it, use a certificate of a CA of your own there", true},
	{"client-auth-going", "its renewal will be so", "see whether a partner asks for it (mutual TLS) before that", true},
	{"must-staple", "clients want an OCSP response in each handshake, and none can or will come",
		"ask the CA for one without must-staple", true},
	{"wildcard-mail", "a wildcard name in use for POP or IMAP",
		"set mail programs up with a whole name below it; on Exchange `Set-ImapSettings -X509CertificateName NAME`", true},
	{"superseded", "another certificate here has all its names and lasts longer",
		"`certdesk enable` enables the other one where this one is in use; then `certdesk remove` removes this one", true},
	{"root-is-young", "a root that clients without updates of the last five years lack",
		"ask the CA for its certificate that an older root signed too; `certdesk import` takes it", true},
	{"issuer-ends-first", "a CA above it ends before it",
		"ask the CA for its current intermediate certificate; `certdesk import` takes it", true},
	{"ca-flag", "it signed itself and says that it is a CA", newKey, true},
	{"any-usage", "its usage is spelled so that some clients refuse it", askAgain, true},
	{"usage-too-narrow", "its key usage lacks signatures", askAgain, true},
	{"breaks-rule", "it, or a CA above it, breaks a rule that some programs insist on", askAgain, true},
	{"no-revocation-source", "it names nobody to ask whether it was revoked", "", false},
	{"crl-rolled-back", "its CA published an older list than before", "tell the CA", true},
	{"revocation-overdue", "its CA could not be asked again; the last answer still counts",
		"look whether this server may reach that address", false},
	{"chain-unreadable", "a certificate of its chain cannot be read", "run `certdesk doctor`", false},
	{"not-served", "a port that should serve it does not",
		"`certdesk enable` reloads the service and asks every port again", false},
}

// KindOf is the kind of a code; its zero value for what is no finding on a certificate.
func KindOf(code string) Kind {
	for _, k := range Kinds {
		if k.Code == code {
			return k
		}
	}
	return Kind{}
}

// Next is the one next step, as a command names it; "" where there is none.
func (f Finding) Next() string {
	if f.Code == "usage-dropped" && f.Severity == Info {
		return "" // only clients of old would miss it
	}
	return KindOf(f.Code).Next
}

// Worst is the first of the gravest findings; false where none is more than information.
func (v Verdict) Worst() (worst Finding, found bool) {
	for _, f := range v.Findings {
		if f.Severity == Error {
			return f, true
		}
		if f.Severity == Warning && !found {
			worst, found = f, true
		}
	}
	return worst, found
}

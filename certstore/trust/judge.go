package trust

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/names"
	"certdesk/certstore/when"
)

// Facts are what a verdict is made of. They come from the journal; nothing here reads a file.
type Facts struct {
	Pending             bool
	Created             time.Time // of a pending request
	Defect              string    // a sentence, when the bytes are known to be wrong
	Unread              string    // a sentence, when certdesk cannot judge the bytes and other programs may
	Remarks             []Finding // what the bytes give, and their comparison with the request
	CA, SelfSigned      bool
	NotBefore, NotAfter time.Time
	Issuer              string
	Chain               []Link // up to the certificate that Anchor signed, or all there is
	KeyAlgorithm        string
	KeySize             int
	SignatureAlgorithm  string
	CommonName          string
	Names               []string

	Anchor       Anchor // the root the chain ends at; zero for none
	AnchorFault  string // a sentence, when clients refuse the chain although they trust that root
	RootsUnknown string // a sentence, when the roots could not be read or the chain's end could not

	Revocation Revocation // of it, or of a CA in its chain where that weighs more

	SMTP, POPOrIMAP bool  // what it is used or wanted for
	ForClients      Known // whether it is for client authentication
	NamesCA         Known // whether it names somebody to ask whether it was revoked
	Renewing        bool  // it is renewed without anybody
	OlderRoot       bool  // its chain goes on from Anchor to another root
}

// Judge gives the verdict at a moment; where several statuses apply, the one that function status comes to first.
func Judge(f Facts, now time.Time) Verdict {
	v := Verdict{RootType: rootType(f), Fault: faultOf(f, now), Revocation: f.Revocation.Judged(now), At: now}
	if f.AnchorFault == "" {
		v.Root = f.Anchor.Subject
	}
	v.Status, v.Word, v.Reason = status(f, now)
	v.Findings = findings(f, now)
	if worst, found := v.Worst(); found && v.Status == Valid {
		v.Reason += "; but " + worst.Text
	}
	return v
}

func rootType(f Facts) RootType {
	switch {
	case f.SelfSigned && !f.Pending:
		return RootNone
	case f.Anchor.Type != "":
		return f.Anchor.Type
	}
	return RootUnknown
}

func status(f Facts, now time.Time) (Status, string, string) {
	if f.Pending {
		return PendingRequest, "pending", waits(f.Created, now)
	}
	if reason := invalid(f); reason != "" {
		return Invalid, "invalid", reason
	}
	recalled, word := revocationStatus(f.Revocation, now)
	if recalled == Revoked {
		return Revoked, word, f.Revocation.Sentence(now)
	}
	if now.Before(f.NotBefore) {
		return DateInvalid, "not yet valid", notYet(f.NotBefore, now)
	}
	if now.After(f.NotAfter) {
		return DateInvalid, "expired", "expired on " + when.Said(f.NotAfter, now) + ", " + ago(now.Sub(f.NotAfter))
	}
	if reason := unread(f); reason != "" {
		return Unknown, "unknown", reason
	}
	if reason := untrusted(f, now); reason != "" {
		return Untrusted, "untrusted", reason
	}
	if recalled != "" {
		return recalled, word, f.Revocation.Sentence(now)
	}
	if left := f.NotAfter.Sub(now); left < ExpiringBelow(f.NotBefore, f.NotAfter) {
		return Expiring, "expiring", "expires " + in(left) + ", on " + when.Said(f.NotAfter, now)
	}
	if f.RootsUnknown != "" && f.Anchor == (Anchor{}) && !f.SelfSigned {
		return Unknown, "unknown", f.RootsUnknown
	}
	if f.SelfSigned {
		return Valid, "valid", "self-signed; valid until " + when.Said(f.NotAfter, now)
	}
	return Valid, "valid", "valid until " + when.Said(f.NotAfter, now) + notRevoked(f.Revocation, now)
}

// waits says since when a request does, and for how long.
func waits(since, now time.Time) string {
	if since.IsZero() {
		return "waits for the CA's answer"
	}
	text := "waits for the CA's answer since " + when.Said(since, now)
	if waited := now.Sub(since); waited >= time.Hour {
		text += ", for " + span(waited)
	}
	return text
}

// notRevoked follows the end of a life.
func notRevoked(r Revocation, now time.Time) string {
	if !r.Good(now) {
		return ""
	}
	return "; " + r.Sentence(now)
}

// notYet says when a certificate begins, and what the clock here says: which of the two is wrong, nobody here knows.
func notYet(from, now time.Time) string {
	return "not valid before " + when.Said(from, now) + ", " + in(from.Sub(now)) +
		"; this server's clock says " + when.Minute(now)
}

// unread says what certdesk cannot judge in a certificate, or in its chain below the trusted root.
func unread(f Facts) string {
	if f.Unread != "" {
		return f.Unread
	}
	for _, link := range f.Chain {
		switch {
		case link.Unchecked != "":
			return "whether " + link.Subject + " signed it is not known: " + link.Unchecked
		case !link.Signed:
			return ""
		case link.Unread != "" && !link.SelfSigned:
			return "of its issuer " + link.Subject + ": " + link.Unread
		}
	}
	return ""
}

func invalid(f Facts) string {
	switch {
	case f.Defect != "":
		return f.Defect
	case f.CA && !f.SelfSigned:
		return "this is a CA's certificate, not a server's"
	}
	return ""
}

// untrusted gives the reason why the chain does not hold, the nearest to the leaf first.
func untrusted(f Facts, now time.Time) string {
	fault := faultOf(f, now)
	if fault != "" || f.SelfSigned {
		return fault
	}
	for _, link := range f.Chain {
		if !link.Signed {
			return "a certificate is missing between this one and " + link.Subject
		}
	}
	if f.Anchor != (Anchor{}) || f.RootsUnknown != "" {
		return ""
	}
	return endOf(f.Issuer, f.Chain, now)
}

// faultOf gives what no certificate that is missing could mend in a chain.
func faultOf(f Facts, now time.Time) string {
	if f.SelfSigned {
		return ""
	}
	for _, link := range f.Chain {
		if !link.Signed {
			return ""
		}
		fault := link.Refused(now)
		if fault != "" {
			return fault
		}
	}
	return f.AnchorFault
}

// Refused says why clients refuse all that stands below a link; "" if they do not.
func (l Link) Refused(now time.Time) string {
	switch {
	case l.Fault != "" && l.SelfSigned:
		return "its root " + l.Subject + " " + l.Fault
	case l.Fault != "":
		return "the intermediate " + l.Subject + " " + l.Fault
	case now.After(l.NotAfter) && !l.SelfSigned:
		return "the intermediate " + l.Subject + " expired on " + when.Said(l.NotAfter, now)
	case now.Before(l.NotBefore) && !l.SelfSigned:
		return "the intermediate " + l.Subject + " is not valid before " + when.Said(l.NotBefore, now)
	}
	return ""
}

// endOf says in words where a chain that reaches no trusted root ends.
func endOf(issuer string, chain []Link, now time.Time) string {
	if len(chain) == 0 {
		return "the certificate of its CA is missing here: " + issuer
	}
	top := chain[len(chain)-1]
	if top.SelfSigned && now.After(top.NotAfter) {
		return "its root expired on " + when.Said(top.NotAfter, now) + ": " + top.Subject
	}
	if top.SelfSigned {
		return "its root is trusted neither by the system nor by the configuration: " + top.Subject
	}
	return "its chain ends at an issuer who is neither here nor trusted: " + top.Issuer
}

// ExpiringBelow is the time left under which a certificate is expiring: a third of its lifetime, 30 days at most.
// A fixed threshold would always be on for a 47-day certificate.
func ExpiringBelow(from, to time.Time) time.Duration { return min(to.Sub(from)/3, 30*24*time.Hour) }

// UrgentBelow is the time left under which it is urgent: a tenth of the lifetime, 7 days at most.
func UrgentBelow(from, to time.Time) time.Duration { return min(to.Sub(from)/10, 7*24*time.Hour) }

// shortLife is the lifetime below which a certificate that is not expiring yet may have fewer days left than one that
// is.
const shortLife = 30 * 24 * time.Hour

func findings(f Facts, now time.Time) []Finding {
	found := []Finding{}
	add := func(holds bool, code string, severity Severity, format string, args ...any) {
		if holds {
			found = append(found, Finding{code, severity, fmt.Sprintf(format, args...)})
		}
	}
	left := f.NotAfter.Sub(now)
	dated := !f.Pending && !f.NotAfter.IsZero()
	add(dated && left > 0 && left < UrgentBelow(f.NotBefore, f.NotAfter), "expires-soon", Error,
		"only %s left: renew it now", span(left))
	life := f.NotAfter.Sub(f.NotBefore)
	add(dated && life > 0 && life < shortLife, "short-lived", Info,
		"it is valid for %s in all and has %s left: only automatic renewal will be in time", span(life), span(max(left, 0)))
	add(WeakKey(f.KeyAlgorithm, f.KeySize) != "", WeakKeyCode, Warning, "%s", WeakKey(f.KeyAlgorithm, f.KeySize))
	add(weakSignature(f.SignatureAlgorithm), "weak-signature", Warning, "signed with %s, which current clients refuse",
		f.SignatureAlgorithm)
	add(dated && len(f.Names) == 0, "no-names", Warning,
		"no subject alternative names: current clients do not look at the common name")
	add(len(f.Names) > 0 && f.CommonName != "" && !covered(f.Names, f.CommonName), "cn-not-in-names", Warning,
		"the common name %s is not among the subject alternative names, which are all that current clients look at",
		f.CommonName)
	add(f.CA && f.SelfSigned, "ca-flag", Warning,
		"it says it is a CA, as `openssl req -x509` makes them: servers can use it, and whoever trusts it trusts all that "+
			"its key signs")
	for _, link := range f.Chain {
		add(link.Doubted() != "", "any-usage", Warning, "%s", link.Doubted())
	}
	return slices.Concat(found, foresight(f, now), f.Remarks, remarksAbove(f.Chain), revocationFindings(f, now))
}

func weakSignature(algorithm string) bool {
	for _, weak := range []string{"MD2", "MD5", "SHA1"} {
		if strings.HasPrefix(algorithm, weak) || strings.HasSuffix(algorithm, weak) {
			return true
		}
	}
	return false
}

// WeakKeyCode is the code of the finding that WeakKey words.
const WeakKeyCode = "weak-key"

// WeakKey says in a sentence why a key that is there, or is to be made, is too weak; "" if it is not.
func WeakKey(algorithm string, bits int) string {
	if !strings.EqualFold(algorithm, "RSA") || bits >= 2048 {
		return ""
	}
	return fmt.Sprintf("RSA %d is too short: public CAs and current clients refuse less than 2048", bits)
}

// covered says whether clients that ask for a common name find it among the alternative names, as itself or through a
// wildcard (RFC 6125, 6.4.3).
func covered(list []string, commonName string) bool {
	want, err := names.Normalize(commonName)
	return slices.ContainsFunc(list, func(have string) bool {
		return strings.EqualFold(have, commonName) || err == nil && want.CoveredBy(have)
	})
}

func in(d time.Duration) string  { return "in " + span(d) }
func ago(d time.Duration) string { return span(d) + " ago" }

func span(d time.Duration) string {
	if days := int(d / (24 * time.Hour)); days >= 2 {
		return fmt.Sprintf("%d days", days)
	}
	if hours := int(d / time.Hour); hours >= 2 {
		return fmt.Sprintf("%d hours", hours)
	}
	minutes := int(d / time.Minute)
	switch minutes {
	case 0:
		return "less than a minute"
	case 1:
		return "1 minute"
	}
	return fmt.Sprintf("%d minutes", minutes)
}

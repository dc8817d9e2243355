// Package words says what an entry, a port, an error or a command is, for the desk and the commands alike: one thing
// has one name in every door. It draws lines and blocks, knows no screen and reads nothing.
//
// Its promise: what is foreign in a text, whatever certificate, file or server it comes from, is printable; a command
// that is broken into lines is the same command when it is pasted.
package words

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/wizard"
)

// The facts of an entry, each told once, in the words that the desk and `certdesk show` share. What is foreign in them
// is printable.

// IdentityFacts are who a certificate is for and who says so.
func IdentityFacts(e certstore.Entry) []wizard.Fact {
	facts := []wizard.Fact{
		{Label: "Friendly name", Value: kit.Printable(e.FriendlyName)},
		{Label: "Subject", Value: kit.Printable(names.ShownIn(e.Subject))},
	}
	if e.Kind == certstore.Certificate {
		facts = append(facts, wizard.Fact{Label: "Issuer", Value: IssuerFact(e)},
			wizard.Fact{Label: "Root", Value: e.Verdict.RootType.Words()})
	}
	return facts
}

// IssuerFact is who signed a certificate, whole.
func IssuerFact(e certstore.Entry) string {
	if e.SelfSigned {
		return "itself (self-signed)"
	}
	return kit.Printable(e.Issuer)
}

// ServiceFacts are what an entry is used for, or wanted for.
func ServiceFacts(e certstore.Entry) []wizard.Fact {
	return []wizard.Fact{{Label: "Services", Value: UseWords(e)}}
}

// RelativeFacts are what an entry renews, and what renews it.
func RelativeFacts(d certstore.Details, now time.Time) []wizard.Fact {
	var facts []wizard.Fact
	switch {
	case d.Renews != nil:
		facts = append(facts, wizard.Fact{Label: "Renews", Value: relative(*d.Renews, now)})
	case d.Entry.RenewalOf != 0:
		facts = append(facts, wizard.Fact{Label: "Renews", Value: "a certificate that was purged"})
	}
	for _, e := range d.RenewedBy {
		facts = append(facts, wizard.Fact{Label: "Renewed by", Value: relative(e, now)})
	}
	for _, e := range d.Supersedes {
		facts = append(facts, wizard.Fact{Label: "Supersedes", Value: relative(e, now)})
	}
	if by := d.Entry.Successor; by != nil && !by.Renews {
		facts = append(facts, wizard.Fact{Label: "Superseded by", Value: kit.Printable(by.Name) + ", " +
			kit.Cut(kit.Printable(by.Thumbprint), 12, "")})
	}
	return facts
}

// relative names another entry so that it can be found: its name, its state, and how its thumbprint begins.
func relative(e certstore.Entry, now time.Time) string {
	state := "valid until " + Day(e.NotAfter, now)
	switch {
	case !e.Removed.IsZero():
		state = "removed"
	case e.Kind == certstore.PendingReq:
		state = "pending"
	}
	return Title(e) + ", " + state + ", " + Short(e)
}

// KeyFacts are the key, and whether it may leave.
func KeyFacts(e certstore.Entry) []wizard.Fact {
	return []wizard.Fact{
		{Label: "Key", Value: keyKind(e)},
		{Label: "Private key", Value: PrivateKey(e)},
		{Label: "Exportable", Value: exportable(e)},
		{Label: "Signature", Value: kit.Printable(e.SignatureAlgorithm)},
	}
}

// keyKind is the kind of a key and its size, where certdesk can tell it.
func keyKind(e certstore.Entry) string {
	kind := kit.Printable(e.KeyAlgorithm)
	if e.KeySize == 0 {
		return kind
	}
	return fmt.Sprintf("%s %d bits", kind, e.KeySize)
}

// PrivateKey says where an entry's private key is.
func PrivateKey(e certstore.Entry) string {
	if e.HasKey {
		return "in this store"
	}
	return "not in this store"
}

// exportable names who enforces the answer, since root can always copy a file.
func exportable(e certstore.Entry) string {
	switch {
	case !e.HasKey:
		return "no: there is no key"
	case e.Exportable:
		return "yes"
	}
	return wizard.NotExportable
}

// LifeFacts are the life of a certificate, or how long a request has waited.
func LifeFacts(e certstore.Entry, now time.Time) []wizard.Fact {
	if e.Kind == certstore.PendingReq {
		return waitingFacts(e, now)
	}
	return []wizard.Fact{
		{Label: "Valid from", Value: Moment(e.NotBefore)},
		{Label: "Valid until", Value: Moment(e.NotAfter)},
		{Label: "Time left", Value: TimeLeft(e, now)},
	}
}

// RevocationFacts are what a CA says of its certificate, and who said so.
func RevocationFacts(e certstore.Entry) []wizard.Fact {
	if e.Kind != certstore.Certificate || e.SelfSigned {
		return nil
	}
	r := e.Verdict.Revocation
	text := kit.Printable(cmp.Or(r.Text, "not asked yet"))
	if r.Source != "" && r.Trouble == "" {
		text += "\n" + kit.Printable(r.Source)
	}
	return []wizard.Fact{{Label: "Revocation", Value: text}}
}

// PrintFacts are what identifies the object.
func PrintFacts(e certstore.Entry) []wizard.Fact {
	facts := []wizard.Fact{{Label: "Thumbprint", Value: kit.Printable(e.Thumbprint)},
		{Label: "SHA-256", Value: kit.Printable(e.SHA256)}}
	if e.Serial != "" {
		facts = append(facts, wizard.Fact{Label: "Serial number", Value: kit.Printable(e.Serial)})
	}
	return append(facts, wizard.Fact{Label: "Key (SPKI)", Value: kit.Printable(e.SPKI)})
}

// hoursBelow is the time under which hours are told: of two days it matters which part is left.
const hoursBelow = 48

// UntilEnd is how far away the end of an entry's life is, in whole days or, near it, in whole hours; what has begun
// does not count. over says that it has passed. Seconds are counted, since a Duration ends after 292 years.
func UntilEnd(e certstore.Entry, now time.Time) (n int, unit string, over bool) {
	seconds := e.NotAfter.Unix() - now.Unix()
	if over = now.After(e.NotAfter); seconds < 0 {
		seconds = -seconds
	}
	if hours := int(seconds / 3600); hours < hoursBelow {
		return hours, "hour", over
	}
	return int(seconds / (24 * 3600)), "day", over
}

// Left says how much of an entry's life is left, or how long ago it ended.
func Left(e certstore.Entry, now time.Time) string {
	n, unit, over := UntilEnd(e, now)
	text := Count(n, unit)
	if n == 0 {
		text = "less than an hour"
	}
	if over {
		return text + " ago"
	}
	return text + " left"
}

// notYet stands where days would be read as those until the end.
const notYet = "not yet"

// LeftCell is Left for a column: "345 d", "23 h", "<1 h", after the end "-21 d", and "not yet" before its begin: whole
// days, as the sentence says them. What has no end is "-".
func LeftCell(e certstore.Entry, now time.Time) string {
	if e.NotAfter.IsZero() {
		return "-"
	}
	n, unit, over := UntilEnd(e, now)
	sign := ""
	switch {
	case over:
		sign = "-"
	case now.Before(e.NotBefore):
		return notYet
	}
	if n == 0 {
		return sign + "<1 h"
	}
	return fmt.Sprintf("%s%d %.1s", sign, n, unit)
}

// TimeLeft is Left as the value of a field.
func TimeLeft(e certstore.Entry, now time.Time) string {
	if now.After(e.NotAfter) {
		return "expired " + Left(e, now)
	}
	return strings.TrimSuffix(Left(e, now), " left")
}

// LabelColumn is the width of the widest label of the details page, PaneColumn of the pane.
const (
	LabelColumn = len("Serial number")
	PaneColumn  = len("Valid until")
)

// FactLines sets facts in two columns, the first of column cells, values wrapped to w cells in all.
func FactLines(s theme.Styles, facts []wizard.Fact, column, w int) []string {
	var lines []string
	for _, f := range facts {
		label := f.Label
		for _, part := range strings.Split(f.Value, "\n") {
			for _, line := range kit.Wrap(part, w-column-3) {
				lines = append(lines, " "+s.Label.Render(kit.Pad(label, column))+"  "+line)
				label = ""
			}
		}
	}
	return lines
}

// MaxNames is how many names a page lists; a hostile certificate holds a hundred thousand.
const MaxNames = 500

// NameLines lists an entry's names, at most so many.
func NameLines(e certstore.Entry, most int) []string {
	var lines []string
	for i, name := range e.Names {
		if i == most {
			return append(lines, fmt.Sprintf("  and %d more", len(e.Names)-most))
		}
		lines = append(lines, "  "+kit.Printable(names.Shown(name)))
	}
	if len(lines) == 0 {
		return []string{"  none"}
	}
	return lines
}

// FindingLines lists remarks, the word of their severity first; steps puts the one next step below each.
func FindingLines(s theme.Styles, findings []trust.Finding, w int, steps bool) []string {
	var lines []string
	for _, f := range findings {
		style := s.Muted
		switch f.Severity {
		case trust.Error:
			style = s.Bad
		case trust.Warning:
			style = s.Warn
		}
		word := kit.Pad(string(f.Severity), 9)
		for i, line := range kit.Wrap(kit.Printable(f.Text), w-13) {
			if i > 0 {
				word = strings.Repeat(" ", 9)
			}
			lines = append(lines, "  "+style.Render(word)+line)
		}
		if next := f.Next(); next != "" && steps {
			for _, line := range NextLines(s, "Next: "+Stop(InDesk(next)), w-13, 3) {
				lines = append(lines, strings.Repeat(" ", 11)+line)
			}
		}
	}
	return lines
}

package words

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Compared is one fact of two entries.
type Compared struct{ Label, Old, New string }

// Same says that there is nothing to tell apart.
func (f Compared) Same() bool { return f.Old == f.New }

// ComparedFacts are the facts of two entries, each as it is told of one.
func ComparedFacts(c certstore.Comparison, now time.Time) []Compared {
	both := func(label string, of func(certstore.Entry) string) Compared {
		return Compared{label, of(c.Old), of(c.New)}
	}
	return []Compared{
		both("Status", func(e certstore.Entry) string { return e.Verdict.Word }),
		marked(both("Names", NamesCount), len(c.Lost)+len(c.Gained) == 0, "not the same"),
		marked(both("Key", keyKind), c.SameKey, "another key"),
		both("Exportable", exportable),
		marked(both("Issuer", issuerOf), c.SameIssuer, "another of that name"),
		marked(both("Chain", chainNames), c.SameChain, "other certificates"),
		both("Valid from", func(e certstore.Entry) string { return Day(e.NotBefore, now) }),
		both("Valid until", func(e certstore.Entry) string { return Day(e.NotAfter, now) }),
		both("Services", UseWords),
		both("Signature", func(e certstore.Entry) string { return kit.Printable(e.SignatureAlgorithm) }),
		both("Thumbprint", func(e certstore.Entry) string { return kit.Printable(e.Thumbprint) }),
	}
}

// marked says of a fact that reads the same and is not what tells them apart.
func marked(f Compared, same bool, otherwise string) Compared {
	if !same && f.Old == f.New {
		f.New += ", " + otherwise
	}
	return f
}

func issuerOf(e certstore.Entry) string {
	if e.Kind == certstore.PendingReq {
		return "nobody yet"
	}
	return IssuerFact(e)
}

// chainNames are the owners of a chain, the issuer first.
func chainNames(e certstore.Entry) string {
	var list []string
	for _, link := range e.Chain {
		list = append(list, ownerOf(link.Subject))
	}
	return cmp.Or(strings.Join(list, ", "), "none")
}

// mostCompared is how many names a sentence on lost or gained names lists.
const mostCompared = 12

// Loss says in a sentence what the new one of two entries lacks.
func Loss(c certstore.Comparison, l ledger.Loss) string {
	switch l {
	case ledger.LostNames:
		return Count(len(c.Lost), "name") + ": " + listedNames(c.Lost)
	case ledger.LostTrust:
		return "clients accept the old one, and not the new one: " + whyNot(c.New)
	case ledger.LostKey:
		return "its private key is not in this store"
	case ledger.LostServices:
		return c.Services.String() + ": " + wasFor(c)
	case ledger.LostTime:
		return "it ends " + Lasting(c.Old.NotAfter.Sub(c.New.NotAfter)) + " sooner"
	case ledger.LostStrength:
		return fmt.Sprintf("its key is shorter: %s, and was %d", keyKind(c.New), c.Old.KeySize)
	}
	return "its key may not be exported"
}

func whyNot(e certstore.Entry) string {
	if e.SelfSigned {
		return "it is self-signed"
	}
	return cmp.Or(kit.Printable(e.Verdict.Reason), e.Verdict.Word)
}

func wasFor(c certstore.Comparison) string {
	if c.Old.Services&c.Services != 0 {
		return "the old one is in use for that, and the new one is not even wanted for it"
	}
	return "the old one is wanted for that, and the new one is not"
}

func listedNames(list []string) string {
	shown := make([]string, 0, mostCompared)
	for _, name := range list[:min(len(list), mostCompared)] {
		shown = append(shown, kit.Printable(name))
	}
	if more := len(list) - len(shown); more > 0 {
		return fmt.Sprintf("%s and %d more", strings.Join(shown, ", "), more)
	}
	return strings.Join(shown, ", ")
}

// RenewalLines say under a renewal what it lacks that the old one has, and which key tells more.
func RenewalLines(st theme.Styles, c certstore.Comparison, w int) []string {
	if len(c.Losses) == 0 {
		text := "It has all that " + Title(c.Old) + " has, which it renews; c compares the two."
		return Signed(st.Good, st.Glyphs.Good, text, w)
	}
	text := "It lacks what " + Title(c.Old) + " has, which it renews; c compares the two:"
	lines := Signed(st.Warn, st.Glyphs.Warn, text, w)
	for _, l := range c.Losses {
		lines = append(lines, Indented(st.Text, Loss(c, l), "  - ", "    ", w)...)
	}
	return lines
}

// sideBySide is the width from which two entries stand beside each other.
const sideBySide = 76

// ComparedLines tell two entries apart in w cells: first what is lost, then what is won, then fact by fact.
func ComparedLines(st theme.Styles, c certstore.Comparison, now time.Time, w int) []string {
	lines := []string{" " + headOfEntry("Old", c.Old), " " + headOfEntry("New", c.New), ""}
	lines = append(lines, lossLines(st, c, w)...)
	if len(c.Gained) > 0 {
		lines = append(lines, "", " "+st.Title.Render("Only the new one has"))
		text := Count(len(c.Gained), "name") + ": " + listedNames(c.Gained)
		lines = append(lines, Indented(st.Text, text, "  "+st.Good.Render("+")+" ", "    ", w)...)
	}
	lines = append(lines, "", factsTitle(st, w))
	for _, f := range ComparedFacts(c, now) {
		lines = append(lines, factBeside(st, f, w)...)
	}
	return lines
}

// factsTitle is the heading of the facts, above two columns with what each is.
func factsTitle(st theme.Styles, w int) string {
	const title = "Fact by fact"
	if w < sideBySide {
		return " " + st.Title.Render(title)
	}
	lead := " " + st.Title.Render(title) + kit.Pad("", LabelColumn+1-len(title))
	return lead + st.Muted.Render(kit.Pad("old", factColumn(w))+"new")
}

// factColumn is the width of a column of two.
func factColumn(w int) int { return (w - LabelColumn - 3) / 2 }

func headOfEntry(side string, e certstore.Entry) string {
	return side + "  " + kit.Printable(ledger.Label(&e))
}

func lossLines(st theme.Styles, c certstore.Comparison, w int) []string {
	if len(c.Losses) == 0 {
		return []string{" Nothing is lost with the new one."}
	}
	lines := []string{" " + st.Title.Render("Lost with the new one")}
	for _, l := range c.Losses {
		lines = append(lines, Indented(st.Text, Loss(c, l), "  "+st.Bad.Render("-")+" ", "    ", w)...)
	}
	return lines
}

// factBeside is one fact: in one column where it is the same, in two where there is room, else one above the other.
func factBeside(st theme.Styles, f Compared, w int) []string {
	label := "  " + st.Label.Render(kit.Pad(f.Label, LabelColumn-2)) + "  "
	room := w - LabelColumn - 3
	switch {
	case f.Same():
		return hanging(label, st.Muted.Render("both")+"  ", kit.Wrap(f.Old, room-6))
	case w < sideBySide:
		lines := hanging(label, st.Muted.Render("old")+"   ", kit.Wrap(f.Old, room-6))
		return append(lines, hanging(kit.Pad("", LabelColumn+2), st.Muted.Render("new")+"   ", kit.Wrap(f.New, room-6))...)
	}
	column := factColumn(w)
	return beside(label, kit.Wrap(f.Old, column-2), kit.Wrap(f.New, column), column)
}

// hanging puts lines behind a label and a lead; the later ones stand below the first.
func hanging(label, lead string, lines []string) (out []string) {
	for i, line := range lines {
		if i > 0 {
			label, lead = kit.Pad("", kit.Width(label)), kit.Pad("", kit.Width(lead))
		}
		out = append(out, label+lead+line)
	}
	return out
}

func beside(label string, left, right []string, column int) (out []string) {
	for i := range max(len(left), len(right)) {
		at := func(list []string) string {
			if i < len(list) {
				return list[i]
			}
			return ""
		}
		if i > 0 {
			label = kit.Pad("", kit.Width(label))
		}
		out = append(out, strings.TrimRight(label+kit.Pad(at(left), column)+at(right), " "))
	}
	return out
}

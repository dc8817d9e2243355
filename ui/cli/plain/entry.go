package plain

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// Details is everything about an entry, and what is bound to it.
func Details(d certstore.Details, bound []certstore.Binding, now time.Time) string {
	return Fields(entryFacts(d, now)) + Section(fmt.Sprintf("Names (%d)", len(d.Entry.Names)), shownNames(d.Entry)) +
		Section("Ports", boundLines(bound)) + Section("Findings", Findings(d.Entry.Verdict.Findings)) +
		Section("Chain", append(chainLines(d.Entry, now), missingLines(d)...)) +
		Section("Published", d.Published) + Section("Files", d.Files) + Section("History", History(d.History))
}

func shownNames(e certstore.Entry) []string {
	list := make([]string, len(e.Names))
	for i, name := range e.Names {
		list[i] = names.Shown(name)
	}
	return list
}

// Fields are a line a field, the values below each other.
func Fields(facts []wizard.Fact) string {
	wide := 0
	for _, f := range facts {
		wide = max(wide, len(f.Label))
	}
	var b strings.Builder
	for _, f := range facts {
		fmt.Fprintf(&b, "%-*s  %s\n", wide, f.Label, printable.Text(f.Value))
	}
	return b.String()
}

// Section is lines below a title, or nothing if there are none.
func Section(title string, lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s\n", title)
	for _, l := range lines {
		fmt.Fprintf(&b, "  %s\n", printable.Text(l))
	}
	return b.String()
}

// boundLines name each port an entry is bound to.
func boundLines(list []certstore.Binding) (lines []string) {
	for _, b := range list {
		title := b.Title()
		for _, p := range b.Prove {
			lines = append(lines, words.Asked(p.URL, p.Name)+"  "+title)
		}
		if len(b.Prove) == 0 {
			lines = append(lines, "none is known  "+title)
		}
	}
	return lines
}

// missingLines say where what is missing could be had, and what would fetch it.
func missingLines(d certstore.Details) (lines []string) {
	for _, g := range d.Gaps {
		lines = append(lines, "The certificate of "+g.Issuer+": "+g.Where())
		if len(g.Fetchable()) > 0 && len(d.Files) > 0 {
			lines = append(lines, "To fetch it: certdesk import "+d.Files[0]+" --fetch-issuers --yes")
		}
	}
	return lines
}

// entryFacts is every field of an entry, for a person, in the words of the desk's page.
func entryFacts(d certstore.Details, now time.Time) []wizard.Fact {
	e := d.Entry
	return slices.Concat(verdictFacts(e), words.IdentityFacts(e), words.ServiceFacts(e),
		words.AutomaticFacts(e, d.Account, now), words.RelativeFacts(d, now),
		words.KeyFacts(e), words.LifeFacts(e, now), oneLine(words.RevocationFacts(e)), words.ToldFacts(d.History),
		words.PrintFacts(e))
}

// verdictFacts are how an entry stands, as of when, and the one next step.
func verdictFacts(e certstore.Entry) []wizard.Fact {
	facts := []wizard.Fact{{Label: "Status", Value: Status(e)}}
	if advice := certstore.Advice(&e); advice != "" {
		facts = append(facts, wizard.Fact{Label: "Next", Value: advice})
	}
	return append(facts, wizard.Fact{Label: "As of", Value: when.Minute(e.Verdict.At.Local())})
}

// oneLine are facts whose values have no line ends.
func oneLine(facts []wizard.Fact) []wizard.Fact {
	for i := range facts {
		facts[i].Value = strings.ReplaceAll(facts[i].Value, "\n", ", by ")
	}
	return facts
}

// Status is the status and its reason, without saying the word twice.
func Status(e certstore.Entry) string {
	switch {
	case e.Verdict.Reason == "":
		return e.Verdict.Word
	case strings.HasPrefix(e.Verdict.Reason, e.Verdict.Word), strings.Contains(e.Verdict.Reason, "; "+e.Verdict.Word):
		return e.Verdict.Reason
	}
	return e.Verdict.Word + ": " + e.Verdict.Reason
}

// chainLines draws the chain as the desk does: from its root down, each link with what is wrong with it.
func chainLines(e certstore.Entry, now time.Time) (lines []string) {
	for _, b := range words.ChainTree(e, now) {
		indent := ""
		if b.Depth > 0 {
			indent = strings.Repeat("   ", b.Depth-1) + "`- "
		}
		lines = append(lines, indent+b.Words(now))
		if b.Fault != "" {
			lines = append(lines, strings.Repeat("   ", b.Depth+1)+"! "+b.Fault)
		}
	}
	return lines
}

// Findings are a line each, the severity first and the next step last.
func Findings(findings []trust.Finding) []string {
	var lines []string
	for _, f := range findings {
		line := fmt.Sprintf("%s: %s", f.Severity, f.Text)
		if next := f.Next(); next != "" {
			line += ". Next: " + next
		}
		lines = append(lines, line)
	}
	return lines
}

// History is the journal for a person: number, when, who, what.
func History(events []certstore.Event) []string {
	var lines []string
	for _, e := range events {
		lines = append(lines, fmt.Sprintf("%5d  %24s  %-12s  %s", e.Seq, when.Exactly(e.Time.Local()), e.Who, e.Text))
	}
	return lines
}

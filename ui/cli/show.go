package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
	"certdesk/wizard"
)

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show THUMBPRINT",
		Short:   "show everything about one certificate, verified again",
		Example: "  certdesk show 9A3F51\n  certdesk show 9A3F51 --json",
		Args:    argsBetween(1, 1, "the thumbprint"),
		RunE:    a.run(a.show),

		ValidArgsFunction: a.thumbprints(false),
	}
}

func (a *app) show(ctx context.Context, s *session, args []string) error {
	e, err := s.store.Find(ctx, args[0], false)
	if err != nil {
		return err
	}
	d, err := s.store.Show(ctx, e.ID)
	if err != nil {
		return err
	}
	bound, err := s.boundTo(ctx, e)
	if err != nil {
		return err
	}
	d.Entry = s.found(ctx, d.Entry)
	if a.flags.json {
		return a.printJSON(wire.DetailsOf(d, bound))
	}
	a.fields(entryFacts(d, s.now()))
	a.section(fmt.Sprintf("Names (%d)", len(d.Entry.Names)), d.Entry.Names)
	a.section("Ports", boundLines(bound))
	a.section("Findings", findingLines(d.Entry.Verdict.Findings))
	a.section("Chain", append(chainLines(d.Entry, s.now()), missingLines(d)...))
	a.section("Files", d.Files)
	a.section("History", historyLines(d.History))
	a.section("Another like it, with a new key", sameAgain(d.Entry, s))
	return nil
}

// boundTo are the bindings of an entry.
func (s *session) boundTo(ctx context.Context, e certstore.Entry) ([]certstore.Binding, error) {
	all, err := s.store.Bindings(ctx)
	return slices.DeleteFunc(all, func(b certstore.Binding) bool { return b.Entry != e.ID }), err
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

// fields writes one line a field, the values below each other.
func (a *app) fields(lines []wizard.Fact) {
	wide := 0
	for _, l := range lines {
		wide = max(wide, len(l.Label))
	}
	for _, l := range lines {
		a.print("%-*s  %s\n", wide, l.Label, printable.Text(l.Value))
	}
}

// section writes lines below a title, or nothing if there are none.
func (a *app) section(title string, lines []string) {
	if len(lines) == 0 {
		return
	}
	a.print("\n%s\n", title)
	for _, l := range lines {
		a.print("  %s\n", printable.Text(l))
	}
}

// entryFacts is every field of an entry, for a person, in the words of the desk's page.
func entryFacts(d certstore.Details, now time.Time) []wizard.Fact {
	e := d.Entry
	return slices.Concat([]wizard.Fact{{Label: "Status", Value: statusText(e)}}, words.IdentityFacts(e), words.ServiceFacts(e), words.RelativeFacts(d, now),
		words.KeyFacts(e), words.LifeFacts(e, now), words.PrintFacts(e))
}

// statusText is the status and its reason, without saying the word twice.
func statusText(e certstore.Entry) string {
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

// sameAgain are the commands that make an entry's like, here and in the Exchange Management Shell.
func sameAgain(e certstore.Entry, s *session) (lines []string) {
	for _, c := range wizard.SameAgain(e, s.env()) {
		lines = append(lines, strings.Split(c.Command, "\n")...)
	}
	return lines
}

func findingLines(findings []trust.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s: %s", f.Severity, f.Text))
	}
	return lines
}

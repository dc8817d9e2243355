package cli

import (
	"context"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/wizard"
)

func (a *app) showCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "show THUMBPRINT",
		Short:   "tell all of one certificate, re-verified from its bytes",
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
	if a.flags.json {
		return a.printJSON(detailsJSON(d))
	}
	a.fields(entryLines(d.Entry))
	a.section("Chain", chainLines(d))
	a.section("Findings", findingLines(d.Entry.Verdict.Findings))
	a.section("Files", d.Files)
	a.section("History", historyLines(d.History))
	a.section("The same again", equivalents(d.Entry, s))
	return nil
}

func detailsJSON(d certstore.Details) jsonEntry {
	out := entryJSON(d.Entry)
	out.Files, out.Gaps, out.History = printable.Texts(d.Files), d.Gaps, d.History
	return out
}

// fields writes one line a field, the values below each other.
func (a *app) fields(lines []wizard.Line) {
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

// entryLines is every field of an entry, for a person.
func entryLines(e certstore.Entry) []wizard.Line {
	lines := []wizard.Line{
		{Label: "Friendly name", Value: e.FriendlyName},
		{Label: "Status", Value: statusText(e)},
		{Label: "Kind", Value: string(e.Kind)},
		{Label: "Thumbprint", Value: e.Thumbprint},
		{Label: "SHA-256", Value: e.SHA256},
		{Label: "Subject", Value: e.Subject},
		{Label: "Names", Value: orDash(strings.Join(e.Names, ", "))},
	}
	if e.Kind == certstore.Certificate {
		lines = append(lines, certificateLines(e)...)
	}
	return append(lines, keyLines(e)...)
}

func certificateLines(e certstore.Entry) []wizard.Line {
	return []wizard.Line{
		{Label: "Issuer", Value: e.Issuer},
		{Label: "Self-signed", Value: yesNo(e.SelfSigned)},
		{Label: "Root CA type", Value: string(e.Verdict.RootType)},
		{Label: "Valid from", Value: moment(e.NotBefore)},
		{Label: "Valid to", Value: fmt.Sprintf("%s (%s)", moment(e.NotAfter), days(e.DaysLeft))},
		{Label: "Serial number", Value: e.Serial},
	}
}

func keyLines(e certstore.Entry) []wizard.Line {
	return []wizard.Line{
		{Label: "Services", Value: inUse.String()},
		{Label: "Wanted services", Value: e.Wanted.String()},
		{Label: "Private key", Value: yesNo(e.HasKey)},
		{Label: "Key exportable", Value: exportable(e)},
		{Label: "Public key", Value: fmt.Sprintf("%s %d", e.KeyAlgorithm, e.KeySize)},
		{Label: "Signature", Value: e.SignatureAlgorithm},
		{Label: "SPKI SHA-256", Value: e.SPKI},
	}
}

func statusText(e certstore.Entry) string {
	switch {
	case e.Verdict.Reason == "":
		return e.Verdict.Word
	case strings.HasPrefix(e.Verdict.Reason, e.Verdict.Word):
		return e.Verdict.Reason
	}
	return e.Verdict.Word + ": " + e.Verdict.Reason
}

// exportable names who enforces the answer, since root can always copy a file.
func exportable(e certstore.Entry) string {
	switch {
	case !e.HasKey:
		return "-"
	case e.Exportable:
		return "yes"
	}
	return "no: policy only, root can copy the file"
}

// chainLines is the chain as a tree, the leaf on top, each fault in words below the link it breaks.
func chainLines(d certstore.Details) []string {
	if d.Entry.Kind != certstore.Certificate {
		return nil
	}
	lines := []string{d.Entry.Subject}
	for i, link := range d.Entry.Chain {
		lines = append(lines, strings.Repeat("   ", i)+"`- "+linkText(link))
	}
	return append(lines, d.Gaps...)
}

func linkText(l trust.Link) string {
	text := l.Subject + ", until " + moment(l.NotAfter)
	if !l.Signed {
		text += " (did not sign the certificate above)"
	}
	if l.SelfSigned {
		text += " (root)"
	}
	return text
}

func findingLines(findings []trust.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s: %s", f.Severity, f.Text))
	}
	return lines
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

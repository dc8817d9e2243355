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
	a.fields(entryLines(d, s.now()))
	a.section(fmt.Sprintf("Names (%d)", len(d.Entry.Names)), d.Entry.Names)
	a.section("Findings", findingLines(d.Entry.Verdict.Findings))
	a.section("Chain", chainLines(d, s.now()))
	a.section("Files", d.Files)
	a.section("History", historyLines(d.History))
	a.section("The same again", equivalents(d.Entry, s))
	return nil
}

func detailsJSON(d certstore.Details) jsonEntry {
	out := entryJSON(d.Entry)
	out.Files, out.Gaps, out.History = printable.Texts(d.Files), d.Gaps, d.History
	if d.Renews != nil {
		out.Renews = d.Renews.Thumbprint
	}
	for _, e := range d.RenewedBy {
		out.RenewedBy = append(out.RenewedBy, e.Thumbprint)
	}
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

// entryLines is every field of an entry, for a person, in the words and the order of the desk's page.
func entryLines(d certstore.Details, now time.Time) []wizard.Line {
	e := d.Entry
	lines := []wizard.Line{
		{Label: "Status", Value: statusText(e)},
		{Label: "Friendly name", Value: e.FriendlyName},
		{Label: "Subject", Value: e.Subject},
	}
	if e.Kind == certstore.Certificate {
		lines = append(lines, wizard.Line{Label: "Issuer", Value: issuerText(e)}, wizard.Line{Label: "Root", Value: e.Verdict.RootType.Words()})
	}
	lines = append(lines, wizard.Line{Label: "Services", Value: servicesText(e)})
	lines = append(lines, renewalLines(d)...)
	lines = append(lines, keyLines(e)...)
	if e.Kind == certstore.Certificate {
		lines = append(lines, wizard.Line{Label: "Valid from", Value: moment(e.NotBefore)}, wizard.Line{Label: "Valid until", Value: moment(e.NotAfter)},
			wizard.Line{Label: "Time left", Value: timeLeft(e, now)})
	}
	return append(lines, prints(e)...)
}

func issuerText(e certstore.Entry) string {
	if e.SelfSigned {
		return "itself (self-signed)"
	}
	return e.Issuer
}

func servicesText(e certstore.Entry) string {
	if e.Wanted == 0 {
		return "none"
	}
	return e.Wanted.String() + " (wanted; not in use yet)"
}

// renewalLines are the entries before and after this one.
func renewalLines(d certstore.Details) (lines []wizard.Line) {
	switch {
	case d.Renews != nil:
		lines = append(lines, wizard.Line{Label: "Renews", Value: relative(*d.Renews)})
	case d.Entry.RenewalOf != 0:
		lines = append(lines, wizard.Line{Label: "Renews", Value: "a certificate that was purged"})
	}
	for _, e := range d.RenewedBy {
		lines = append(lines, wizard.Line{Label: "Renewed by", Value: relative(e)})
	}
	return lines
}

// relative names another entry so that it can be found: its name, its state, and how its thumbprint begins.
func relative(e certstore.Entry) string {
	state := "valid until " + dayOf(e.NotAfter)
	switch {
	case !e.Removed.IsZero():
		state = "removed"
	case e.Kind == certstore.PendingReq:
		state = "pending"
	}
	return e.FriendlyName + ", " + state + ", " + short(e.Thumbprint)
}

func keyLines(e certstore.Entry) []wizard.Line {
	where := "not in this store"
	if e.HasKey {
		where = "in this store"
	}
	return []wizard.Line{
		{Label: "Key", Value: fmt.Sprintf("%s %d bits", e.KeyAlgorithm, e.KeySize)},
		{Label: "Private key", Value: where},
		{Label: "Exportable", Value: exportable(e)},
		{Label: "Signature", Value: e.SignatureAlgorithm},
	}
}

// prints are what identifies the entry.
func prints(e certstore.Entry) []wizard.Line {
	lines := []wizard.Line{{Label: "Thumbprint", Value: e.Thumbprint}, {Label: "SHA-256", Value: e.SHA256}}
	if e.Serial != "" {
		lines = append(lines, wizard.Line{Label: "Serial number", Value: e.Serial})
	}
	return append(lines, wizard.Line{Label: "Key (SPKI)", Value: e.SPKI})
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

// exportable names who enforces the answer, since root can always copy a file.
func exportable(e certstore.Entry) string {
	switch {
	case !e.HasKey:
		return "no: there is no key"
	case e.Exportable:
		return "yes"
	}
	return "no: policy only, root can copy the file"
}

// chainLines draws the chain as the desk does: from its root down, each link with what is wrong with it.
func chainLines(d certstore.Details, now time.Time) (lines []string) {
	e := d.Entry
	if e.Kind != certstore.Certificate || e.SelfSigned {
		return nil
	}
	indent := ""
	add := func(text, fault string) {
		lines = append(lines, indent+text)
		if indent = strings.Replace(indent, "`- ", "   ", 1); fault != "" {
			lines = append(lines, indent+"   ! "+fault)
		}
		indent += "`- "
	}
	for _, link := range slices.Backward(e.Chain) {
		add(commonName(link.Subject)+"  until "+dayOf(link.NotAfter), linkFault(link, now))
	}
	add(e.FriendlyName, "")
	for _, gap := range d.Gaps {
		lines = append(lines, "! "+gap)
	}
	return lines
}

func linkFault(l trust.Link, now time.Time) string {
	switch {
	case !l.Signed:
		return "did not sign the certificate below it"
	case now.After(l.NotAfter):
		return "expired " + dayOf(l.NotAfter)
	case now.Before(l.NotBefore):
		return "not valid before " + dayOf(l.NotBefore)
	}
	return ""
}

func findingLines(findings []trust.Finding) []string {
	var lines []string
	for _, f := range findings {
		lines = append(lines, fmt.Sprintf("%s: %s", f.Severity, f.Text))
	}
	return lines
}

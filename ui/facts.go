package ui

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// fact is one label and its value; a value may hold several lines.
type fact struct{ label, value string }

// labelColumn is the width of the widest label of the details page, paneColumn of the pane.
const (
	labelColumn = len("Serial number")
	paneColumn  = len("Valid until")
)

// factLines sets facts in two columns, the first of column cells, values wrapped to w cells in all.
func factLines(s theme.Styles, facts []fact, column, w int) []string {
	var lines []string
	for _, f := range facts {
		label := f.label
		for _, part := range strings.Split(f.value, "\n") {
			for _, line := range kit.Wrap(part, w-column-3) {
				lines = append(lines, " "+s.Label.Render(kit.Pad(label, column))+"  "+line)
				label = ""
			}
		}
	}
	return lines
}

// identity is who a certificate is for and who says so.
func identity(e certstore.Entry) []fact {
	facts := []fact{
		{"Friendly name", kit.Printable(e.FriendlyName)},
		{"Subject", kit.Printable(e.Subject)},
	}
	if e.Kind == certstore.Certificate {
		facts = append(facts, fact{"Issuer", issuerFact(e)}, fact{"Root", e.Verdict.RootType.Words()})
	}
	return append(facts, fact{"Services", servicesFact(e)})
}

func issuerFact(e certstore.Entry) string {
	if e.SelfSigned {
		return "itself (self-signed)"
	}
	return kit.Printable(e.Issuer)
}

func servicesFact(e certstore.Entry) string {
	if e.Wanted == 0 {
		return "none"
	}
	return e.Wanted.String() + " (wanted; not in use yet)"
}

// validity is the life of a certificate.
func validity(e certstore.Entry, now time.Time) []fact {
	if e.Kind == certstore.PendingReq {
		return nil
	}
	return []fact{
		{"Valid from", moment(e.NotBefore)},
		{"Valid until", moment(e.NotAfter)},
		{"Time left", strings.TrimSuffix(lifeWords(e, now), " left")},
	}
}

// keyFacts is the key, and whether it may leave.
func keyFacts(e certstore.Entry) []fact {
	return []fact{
		{"Key", fmt.Sprintf("%s %d bits", kit.Printable(e.KeyAlgorithm), e.KeySize)},
		{"Private key", privateKey(e)},
		{"Exportable", exportable(e)},
		{"Signature", kit.Printable(e.SignatureAlgorithm)},
	}
}

func privateKey(e certstore.Entry) string {
	if e.HasKey {
		return "in this store"
	}
	return "not in this store"
}

// exportable names who enforces the answer.
func exportable(e certstore.Entry) string {
	switch {
	case !e.HasKey:
		return "no: there is no key"
	case e.Exportable:
		return "yes"
	}
	return "no: policy only, root can copy the file"
}

// prints are what identifies the object.
func prints(e certstore.Entry) []fact {
	facts := []fact{{"Thumbprint", kit.Printable(e.Thumbprint)}, {"SHA-256", kit.Printable(e.SHA256)}}
	if e.Serial != "" {
		facts = append(facts, fact{"Serial number", kit.Printable(e.Serial)})
	}
	return append(facts, fact{"Key (SPKI)", kit.Printable(e.SPKI)})
}

// maxNames is how many names a page lists; a hostile certificate holds a hundred thousand.
const maxNames = 500

func nameLines(e certstore.Entry, most int) []string {
	var lines []string
	for i, name := range e.Names {
		if i == most {
			return append(lines, fmt.Sprintf("  and %d more", len(e.Names)-most))
		}
		lines = append(lines, "  "+kit.Printable(name))
	}
	if len(lines) == 0 {
		return []string{"  none"}
	}
	return lines
}

// chainLines draws the chain from its root down, each link with what is wrong with it.
func chainLines(s theme.Styles, e certstore.Entry, gaps []string, now time.Time, w int) []string {
	var lines []string
	depth := 0
	add := func(text, fault string) {
		indent := "  "
		if depth > 0 {
			indent += strings.Repeat("  ", depth-1) + s.Glyphs.Branch + " "
		}
		lines = append(lines, kit.Cut(indent+text, w, s.Glyphs.Ellipsis))
		if fault != "" {
			lines = append(lines, strings.Repeat(" ", len(indent)+2)+s.Bad.Render(s.Glyphs.Bad+" "+fault))
		}
		depth++
	}
	for i := len(e.Chain) - 1; i >= 0; i-- {
		link := e.Chain[i]
		add(fmt.Sprintf("%s  %s", kit.Printable(commonNameOf(link.Subject)), s.Muted.Render("until "+day(link.NotAfter))), linkFault(link, now))
	}
	add(title(e), "")
	for _, gap := range gaps {
		for _, line := range kit.Wrap(kit.Printable(gap), w-4) {
			lines = append(lines, "  "+s.Warn.Render(s.Glyphs.Warn)+" "+line)
		}
	}
	return lines
}

func linkFault(l trust.Link, now time.Time) string {
	switch {
	case !l.Signed:
		return "did not sign the certificate below it"
	case now.After(l.NotAfter):
		return "expired " + day(l.NotAfter)
	case now.Before(l.NotBefore):
		return "not valid before " + day(l.NotBefore)
	}
	return ""
}

// findingLines lists remarks, the word of their severity first.
func findingLines(s theme.Styles, findings []trust.Finding, w int) []string {
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
	}
	return lines
}

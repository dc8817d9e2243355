package words

import (
	"fmt"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/wizard"
)

// Signed is a sentence of the desk, with its keys for commands, behind a sign, wrapped and hanging.
func Signed(style theme.Style, glyph, text string, w int) []string {
	var out []string
	for i, line := range wrapWords(kit.Printable(InDesk(text)), w-2) {
		lead := "  "
		if i == 0 {
			lead = glyph + " "
		}
		out = append(out, style.Render(lead+line))
	}
	return out
}

// ProblemLines is an error as one sentence and one hint; nothing for nil.
func ProblemLines(st theme.Styles, err error, w int) []string {
	if err == nil {
		return nil
	}
	text, hint := Failure(err)
	out := Signed(st.Error, st.Glyphs.Bad, text, w)
	if hint != "" {
		out = append(out, Signed(st.Text, " ", hint, w)...)
	}
	return append(out, "")
}

// Labelled are lines with their labels in a column; a long value goes on below itself.
func Labelled(st theme.Styles, list []wizard.Fact, w int) []string {
	column := 0
	for _, l := range list {
		column = max(column, kit.Width(l.Label))
	}
	var out []string
	for _, l := range list {
		for i, part := range wrapWords(kit.Printable(l.Value), w-column-2) {
			label := kit.Pad("", column)
			if i == 0 {
				label = kit.Pad(l.Label, column)
			}
			out = append(out, st.Label.Render(label)+"  "+st.Text.Render(part))
		}
	}
	return out
}

// CommandLines shows a command that can be pasted as it stands, or says how wide a terminal it takes: broken
// within a word it would be another command.
func CommandLines(st theme.Styles, title, command string, sh Shell, w int) []string {
	out := []string{"", st.Label.Render(title)}
	lines, need := WrapCommand(command, w-2, sh)
	if need > w-2 {
		text := fmt.Sprintf("One of its words is too long for this terminal. At %d columns it can be shown, and copied.", need+5)
		return append(out, Signed(st.Muted, " ", text, w)...)
	}
	for _, line := range lines {
		out = append(out, "  "+st.Text.Render(line))
	}
	return out
}

// ManagementShell is what PowerShell on an Exchange server is called.
const ManagementShell = "Exchange Management Shell"

// ExchangeNote says whose Management Shell's commands are shown, and the key that shows another's.
func ExchangeNote(env wizard.Env) string {
	return "Exchange " + env.Exchange.String() + " (v: others)"
}

// Indented wraps a text of the desk, with its keys for commands, behind a first and the later leads.
func Indented(style theme.Style, text, first, later string, w int) []string {
	if text == "" {
		return nil
	}
	lines := kit.Wrap(InDesk(text), w-kit.Width(later)-2)
	for i := range lines {
		lead := later
		if i == 0 {
			lead = first
		}
		lines[i] = lead + style.Render(lines[i])
	}
	return lines
}

// Indent is a text wrapped two cells from the edge.
func Indent(text string, w int) string {
	return "  " + strings.Join(kit.Wrap(text, w-4), "\n  ")
}

// Failure is an error as a person at the desk reads it: what failed, and what to do, by its keys.
func Failure(err error) (text, hint string) {
	e := fail.Of(err)
	return kit.Printable(InDesk(e.Text)), kit.Printable(InDesk(e.Hint))
}

// Failed is what failed alone.
func Failed(err error) string {
	text, _ := Failure(err)
	return text
}

// MutedLines is a text beside the matter, wrapped; nothing for "".
func MutedLines(st theme.Styles, text string, w int) []string {
	if text == "" {
		return nil
	}
	var out []string
	for _, line := range kit.Wrap(kit.Printable(InDesk(text)), w) {
		out = append(out, st.Muted.Render(line))
	}
	return out
}

// SeverityGlyph is the sign of a finding that needs somebody.
func SeverityGlyph(st theme.Styles, s trust.Severity) string {
	if s == trust.Error {
		return st.Glyphs.Bad
	}
	return st.Glyphs.Warn
}

// SeverityStyle is the style of such a finding.
func SeverityStyle(st theme.Styles, s trust.Severity) theme.Style {
	if s == trust.Error {
		return st.Error
	}
	return st.Warn
}

// DiffLines colour a unified difference; no line is cut, since its end is what differs.
func DiffLines(st theme.Styles, diff string, w int) (lines []string) {
	for _, line := range Diff(diff) {
		style := st.Muted
		switch {
		case strings.HasPrefix(line, "+"):
			style = st.Good
		case strings.HasPrefix(line, "-"):
			style = st.Bad
		}
		lines = append(lines, Indented(style, line, "", "    ", w)...)
	}
	return lines
}

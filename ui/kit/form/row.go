package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Row is a few things that are on or off, side by side: left and right move, space turns.
type Row struct {
	base
	texts []string
	on    []bool
	at    int
}

// NewRow makes a row; each text is on as on says, which has as many.
func NewRow(id, label, hint string, texts []string, on []bool) *Row {
	return &Row{base: base{id: id, label: label, hint: hint}, texts: texts, on: on}
}

// On says how the i-th stands.
func (f *Row) On(i int) bool { return f.on[i] }

// Takes space, and what moves within the row.
func (f *Row) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case " ", "left", "right", "h", "l":
		return true
	}
	return false
}

// Shape of a row: its mark stands before one of its things.
func (f *Row) Shape() Shape { return Shape{Points: true} }

// Verbs of a row.
func (f *Row) Verbs() []kit.Verb { return []kit.Verb{KeyToggle, KeyAside} }

// Update moves or turns.
func (f *Row) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch k.String() {
	case " ":
		f.on[f.at] = !f.on[f.at]
	case "left", "h":
		f.at = max(0, f.at-1)
	case "right", "l":
		f.at = min(len(f.texts)-1, f.at+1)
	}
	return nil
}

// View is the boxes, the one under the cursor pointed at.
func (f *Row) View(s theme.Styles, w, _ int) ([]string, int) {
	line := ""
	for i, text := range f.texts {
		lead, style := " ", s.Text
		if f.focused && i == f.at {
			lead, style = s.Accent.Render(s.Glyphs.Cursor), s.Accent
		}
		if i == 0 && lead == " " {
			lead = ""
		}
		line += lead + style.Render(box(f.on[i])+text) + " "
	}
	return []string{kit.Cut(line, w, s.Glyphs.Ellipsis)}, 0
}

// Prompt asks for all that is to be on.
func (f *Row) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: f.label, How: "all that are wanted, by name or number, or none", Now: "none"}
	var on []string
	for i, text := range f.texts {
		p.Lines = append(p.Lines, kit.Numbered(i, text))
		if f.on[i] {
			on = append(on, text)
		}
	}
	if len(on) > 0 {
		p.Now = strings.Join(on, ", ")
	}
	return p
}

// Answer turns on what is named and off what is not.
func (f *Row) Answer(line string) ([]tea.KeyMsg, string) {
	want := make([]bool, len(f.texts))
	if !strings.EqualFold(line, "none") && line != Nothing {
		for _, word := range words(line) {
			i := kit.Which(word, f.texts)
			if i < 0 {
				return nil, kit.Quoted(kit.Printable(word)) + " is not one of " + strings.Join(f.texts, ", ")
			}
			want[i] = true
		}
	}
	keys := kit.Times(f.at, "left")
	for i := range f.texts {
		if i > 0 {
			keys = append(keys, kit.PressKey("right"))
		}
		if want[i] != f.on[i] {
			keys = append(keys, kit.PressKey(" "))
		}
	}
	return keys, ""
}

// words are those of an answer, with commas or blanks between them.
func words(line string) []string {
	return strings.FieldsFunc(line, func(r rune) bool { return r == ' ' || r == ',' })
}

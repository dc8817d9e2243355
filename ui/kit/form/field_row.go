package form

import (
	"github.com/charmbracelet/bubbles/key"
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

// Keys of a row.
func (f *Row) Keys() []key.Binding { return []key.Binding{KeyToggle, KeyAside} }

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

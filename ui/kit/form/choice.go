package form

import (
	"fmt"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Option is one answer of a Choice.
type Option struct {
	Value string // what the program reads
	Text  string // what a person reads
	Note  string // beside it, muted
	Hint  string // the hint while it is chosen; "": the field's
}

// Choice is one of a few answers, all of them visible; of many, the chosen one alone while the cursor is elsewhere.
// Arrows move, space chooses, enter chooses and goes on.
type Choice struct {
	base
	options []Option
	at      int // where the cursor is
	chosen  int
	changed func(value string)
	hints   func(value string) string // nil: each option has its own
}

// NewChoice makes a choice; value is chosen, or the first option if no option has it.
func NewChoice(id, label, value string, options ...Option) *Choice {
	c := &Choice{base: base{id: id, label: label}, options: options}
	for i, o := range options {
		if o.Value == value {
			c.at, c.chosen = i, i
		}
	}
	return c
}

// With sets the hint, and what to do when another option was chosen; either may be empty.
func (f *Choice) With(hint string, changed func(value string)) *Choice {
	f.hint, f.changed = hint, changed
	return f
}

// Hint is that of the chosen option, else the field's; while the cursor is on another one it is what that would do.
func (f *Choice) Hint() string {
	own := ""
	if len(f.options) > 0 {
		own = f.options[f.at].Hint
	}
	if f.hints != nil {
		own = f.hints(f.options[f.at].Value)
	}
	switch {
	case own == "":
		return f.hint
	case f.at != f.chosen:
		return "If chosen: " + own
	}
	return own
}

// Hinting sets where the options' hints come from, where they follow other answers.
func (f *Choice) Hinting(hints func(value string) string) *Choice { f.hints = hints; return f }

// Value is the chosen option's.
func (f *Choice) Value() string {
	if len(f.options) == 0 {
		return ""
	}
	return f.options[f.chosen].Value
}

// Focus puts the cursor on what is chosen.
func (f *Choice) Focus() tea.Cmd {
	f.at = f.chosen
	return f.base.Focus()
}

// Blur takes the cursor back to what is chosen.
func (f *Choice) Blur() {
	f.at = f.chosen
	f.base.Blur()
}

// Reached puts the cursor on the end that it came from.
func (f *Choice) Reached(by int) {
	if f.at = 0; by < 0 {
		f.at = max(0, len(f.options)-1)
	}
}

// Takes up and down while there is an option to go to, and space.
func (f *Choice) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up", "k":
		return f.at > 0
	case "down", "j":
		return f.at < len(f.options)-1
	}
	return kit.Pressed(k, KeyChoose)
}

// Verbs of a choice. That space chooses is said before the cursor has moved: an arrow alone chooses nothing.
func (f *Choice) Verbs() []kit.Verb {
	return []kit.Verb{KeyChoose, KeyMove}
}

// Why says that space has nothing to choose.
func (f *Choice) Why(k tea.KeyMsg) string {
	if kit.Pressed(k, KeyChoose) && !k.Paste {
		return "this one is chosen: " + KeyMove.Shown + " go to another"
	}
	return ""
}

// Update moves the cursor, or chooses what it is on.
func (f *Choice) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok || k.Paste {
		return nil
	}
	if kit.Pressed(k, KeyChoose) {
		f.Choose()
		return nil
	}
	f.at = moved(k.String(), f.at, len(f.options))
	return nil
}

// Choose makes what the cursor is on the answer.
func (f *Choice) Choose() {
	if f.at == f.chosen {
		return
	}
	f.chosen = f.at
	if f.changed != nil {
		f.changed(f.Value())
	}
}

// View is a line an option.
func (f *Choice) View(s theme.Styles, w, _ int) ([]string, int) {
	text := 0
	for _, o := range f.options {
		text = max(text, kit.Width(o.Text))
	}
	var lines []string
	for i, o := range f.options {
		if f.folded() && i != f.chosen {
			continue
		}
		mark := "( ) "
		if i == f.chosen {
			mark = "(o) "
		}
		if text+4+2+12 <= w {
			o.Text = kit.Pad(o.Text, text)
		}
		line := boxed(s, mark, o.Text, o.Note, w, f.focused && i == f.at)
		lines = append(lines, pressable(f.id, o.Value, line))
	}
	if f.folded() {
		return append(lines, s.Muted.Render(shorten(fmt.Sprintf("    and %d more", len(f.options)-1), w, s))), 0
	}
	return lines, f.at
}

// folded says that only the answer is shown: a page of 24 lines has no room for more than this and the other fields.
func (f *Choice) folded() bool { return !f.focused && len(f.options) > 10 }

// Prompt lists the options.
func (f *Choice) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: f.label, How: "a number"}
	for i, o := range f.options {
		text := o.Text
		if o.Note != "" {
			text += ": " + o.Note
		}
		p.Lines = append(p.Lines, kit.Numbered(i, text))
	}
	if len(f.options) > 0 {
		p.Now = kit.Numbered(f.chosen, f.options[f.chosen].Text)
	}
	return p
}

// Answer moves to an option and chooses it.
func (f *Choice) Answer(line string) ([]tea.KeyMsg, string) {
	var texts, values []string
	for _, o := range f.options {
		texts, values = append(texts, o.Text), append(values, o.Value)
	}
	i := kit.Which(line, texts)
	for j, value := range values {
		if strings.EqualFold(line, value) {
			i = j
		}
	}
	if i < 0 {
		return nil, "answer with a number from 1 to " + strconv.Itoa(len(texts))
	}
	keys := kit.Way(f.at, i, "up", "down")
	if i != f.chosen {
		keys = append(keys, kit.PressKey(KeyChoose.Keys[0]))
	}
	return keys, ""
}

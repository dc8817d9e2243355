package form

import (
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

// Choice is one of a few answers, all of them visible; moving chooses.
type Choice struct {
	base
	options []Option
	at      int
	changed func(value string)
}

// NewChoice makes a choice; value is chosen, or the first option if no option has it.
func NewChoice(id, label, value string, options ...Option) *Choice {
	c := &Choice{base: base{id: id, label: label}, options: options}
	for i, o := range options {
		if o.Value == value {
			c.at = i
		}
	}
	return c
}

// With sets the hint, and what to do when another option was chosen; either may be empty.
func (f *Choice) With(hint string, changed func(value string)) *Choice {
	f.hint, f.changed = hint, changed
	return f
}

// Hint is the chosen option's, else the field's.
func (f *Choice) Hint() string {
	if len(f.options) > 0 && f.options[f.at].Hint != "" {
		return f.options[f.at].Hint
	}
	return f.hint
}

// Value is the chosen option's.
func (f *Choice) Value() string {
	if len(f.options) == 0 {
		return ""
	}
	return f.options[f.at].Value
}

// Takes up and down while there is an option to go to, and space.
func (f *Choice) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up":
		return f.at > 0
	case "down":
		return f.at < len(f.options)-1
	}
	return k.String() == " "
}

// Verbs of a choice.
func (f *Choice) Verbs() []kit.Verb { return []kit.Verb{KeyChoose} }

// Update moves.
func (f *Choice) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok || len(f.options) == 0 {
		return nil
	}
	before := f.at
	switch k.String() {
	case "up", "k", "left":
		f.at = max(0, f.at-1)
	case "down", "j", "right":
		f.at = min(len(f.options)-1, f.at+1)
	case " ":
		f.at = (f.at + 1) % len(f.options)
	}
	if f.at != before && f.changed != nil {
		f.changed(f.Value())
	}
	return nil
}

// View is a line an option.
func (f *Choice) View(s theme.Styles, w, _ int) ([]string, int) {
	text := 0
	for _, o := range f.options {
		text = max(text, kit.Width(o.Text))
	}
	var lines []string
	for i, o := range f.options {
		mark := "( ) "
		if i == f.at {
			mark = "(o) "
		}
		if text+4+2+12 <= w {
			o.Text = kit.Pad(o.Text, text)
		}
		lines = append(lines, boxed(s, mark, o.Text, o.Note, w, f.focused && i == f.at))
	}
	return lines, f.at
}

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
		p.Now = kit.Numbered(f.at, f.options[f.at].Text)
	}
	return p
}

// Answer moves to an option.
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
	return kit.Way(f.at, i, "up", "down"), ""
}

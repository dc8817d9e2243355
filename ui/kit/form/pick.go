package form

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Pick is one of many answers, found by typing: a country among all. Nothing chosen is an answer too.
type Pick struct {
	Text
	options []Option
	value   string
	at      int    // in what matches
	code    string // what an option's value is called
}

// NewPick makes a picker; value is chosen, "" is nothing.
func NewPick(id, label, value string, options []Option) *Pick {
	p := &Pick{Text: *NewText(id, label, ""), options: options, code: "its two letters"}
	p.choose(value)
	return p
}

// With sets the hint, and what is shown while nothing is chosen.
func (p *Pick) With(hint, empty string) *Pick {
	p.hint, p.empty = hint, empty
	p.choose(p.value)
	return p
}

// Coded sets what the short form of an answer is called.
func (p *Pick) Coded(code string) *Pick { p.code = code; return p }

// Value is what was chosen; what is being typed counts if it finds something, wherever the cursor is in the list.
func (p *Pick) Value() string {
	if found := p.matches(); p.Text.Value() != "" && len(found) > 0 {
		return found[0].Value
	}
	return p.value
}

func (p *Pick) choose(value string) {
	p.value, p.at = value, 0
	p.SetValue("")
	p.in.Placeholder = p.empty
	for _, o := range p.options {
		if o.Value == value {
			p.in.Placeholder = o.Text + " (" + o.Value + ")"
		}
	}
}

// matches are the options of that code, then those whose name begins with what was typed, then those that hold it.
func (p *Pick) matches() []Option {
	typed := strings.ToLower(strings.TrimSpace(p.Text.Value()))
	var code, begins, holds []Option
	for _, o := range p.options {
		name := strings.ToLower(o.Text)
		switch {
		case strings.EqualFold(o.Value, typed):
			code = append(code, o)
		case strings.HasPrefix(name, typed):
			begins = append(begins, o)
		case strings.Contains(name, typed):
			holds = append(holds, o)
		}
	}
	return append(append(code, begins...), holds...)
}

// open says whether the list is shown.
func (p *Pick) open() bool { return p.focused && p.Text.Value() != "" }

// Takes up and down while the list is open and there is a line to go to.
func (p *Pick) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up":
		return p.open() && p.at > 0
	case "down":
		return p.open() && p.at < len(p.matches())-1
	}
	return false
}

// Shape of a pick: that of a text whose list opens and closes.
func (p *Pick) Shape() Shape {
	shape := p.Text.Shape()
	shape.Folds, shape.Points = true, p.open() && len(p.matches()) > 0
	return shape
}

// Verbs of a picker.
func (p *Pick) Verbs() []kit.Verb {
	if p.open() && len(p.matches()) > 1 {
		return []kit.Verb{KeyMove}
	}
	return nil
}

// Choose takes what the cursor is on.
func (p *Pick) Choose() {
	if found := p.matches(); p.Text.Value() != "" && len(found) > 0 {
		p.choose(found[min(p.at, len(found)-1)].Value)
	}
}

// Blur takes what the cursor is on: whoever leaves has seen it.
func (p *Pick) Blur() {
	p.Choose()
	p.Text.Blur()
}

// Update types, or moves in the list; backspace on the empty line chooses nothing.
func (p *Pick) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
		return nil
	case k.String() == "up":
		p.at = max(0, p.at-1)
	case k.String() == "down":
		p.at = max(0, min(p.at+1, len(p.matches())-1))
	case k.String() == "backspace" && p.Text.Value() == "":
		p.choose("")
	default:
		p.at = 0
		return p.Text.Update(msg)
	}
	return nil
}

// Validate refuses what finds nothing.
func (p *Pick) Validate() string {
	if typed := p.Text.Value(); typed != "" && len(p.matches()) == 0 {
		return "nothing is called " + kit.Quoted(typed) + ": type the beginning of its name or " + p.code
	}
	return p.base.Validate()
}

// View is the line, and below it what was found, at most five.
func (p *Pick) View(s theme.Styles, w, h int) ([]string, int) {
	if !p.focused {
		if p.value == "" && p.Text.Value() == "" {
			return []string{s.Muted.Render(shorten(p.empty, w, s))}, 0
		}
		return []string{s.Text.Render(shorten(p.in.Placeholder+p.Text.Value(), w, s))}, 0
	}
	lines := []string{lineWithCursor(s, p.Text.Value(), p.in.Position(), w, p.in.Placeholder)}
	if !p.open() {
		return lines, 0
	}
	found := p.matches()
	from, to := kit.Window(p.at, len(found), min(5, max(1, h-1)))
	for i := from; i < to; i++ {
		lines = append(lines, p.row(s, found[i], i == p.at, w))
	}
	return lines, p.at - from + 1
}

func (p *Pick) row(s theme.Styles, o Option, here bool, w int) string {
	if here {
		return s.Accent.Render(shorten(s.Glyphs.Cursor+" "+o.Text+" ("+o.Value+")", w, s))
	}
	return s.Muted.Render(shorten("  "+o.Text+" ("+o.Value+")", w, s))
}

// Prompt asks for a choice by name or code.
func (p *Pick) Prompt() kit.Prompt {
	for _, o := range p.options {
		if o.Value == p.Value() {
			return kit.Prompt{Ask: p.label, Now: o.Text + " (" + o.Value + ")"}
		}
	}
	return kit.Prompt{Ask: p.label, How: p.empty}
}

// Answer types what finds one option, and no more than one: a person sees no list here.
func (p *Pick) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return append(instead(""), kit.PressKey("backspace")), ""
	}
	typed := literal(line)
	found := (&Pick{Text: *NewText("", "", typed), options: p.options}).matches()
	switch {
	case len(found) == 0:
		return nil, "nothing is called " + kit.Quoted(kit.Printable(typed)) +
			": answer with the beginning of its name or " + p.code
	case len(found) > 1 && !strings.EqualFold(found[0].Value, typed) && !strings.EqualFold(found[0].Text, typed):
		return nil, "several are called so: " + someOf(found)
	}
	return instead(found[0].Value), ""
}

// someOf names a few options.
func someOf(list []Option) string {
	var names []string
	for _, o := range list[:min(len(list), 8)] {
		names = append(names, o.Text+" ("+o.Value+")")
	}
	if more := len(list) - len(names); more > 0 {
		names = append(names, "and "+strconv.Itoa(more)+" more")
	}
	return strings.Join(names, ", ")
}

package form

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
)

// Prompt asks for the line.
func (t *Text) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: t.label, Now: kit.Printable(t.Value())}
	if p.Now == "" {
		p.How = t.empty
	}
	return p
}

// Answer replaces the line.
func (t *Text) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	return instead(literal(line)), ""
}

// Prompt asks for the password, unseen.
func (p *Password) Prompt() kit.Prompt { return kit.Prompt{Ask: p.label, Secret: true} }

// Answer takes a line as it is: any text may be a password.
func (p *Password) Answer(line string) ([]tea.KeyMsg, string) { return instead(line), "" }

// Prompt asks for the next text to add.
func (a *Adder) Prompt() kit.Prompt {
	return kit.Prompt{Ask: a.label, How: "such as " + a.empty +
		"; several at once with commas; an empty line when done", Again: true}
}

// Answer pastes the line into an emptied one: it is added at once.
func (a *Adder) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	return instead(literal(line)), ""
}

// Prompt asks for the text.
func (a *Area) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: a.label, How: "as many lines as it takes, then one with a dot alone", Many: true}
	if n := strings.Count(a.Value(), "\n"); n > 0 {
		p.Now = printable.Count(n, "line")
	}
	return p
}

// Answer replaces the text.
func (a *Area) Answer(text string) ([]tea.KeyMsg, string) {
	keys := []tea.KeyMsg{kit.PressKey("ctrl+u")}
	if text == Nothing {
		return keys, ""
	}
	return append(keys, paste(text)), ""
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
			": answer with the beginning of its name or its two letters"
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

// maxOffered is how many names of a folder are listed.
const maxOffered = 100

// Prompt asks for a path; in a folder it lists what is there.
func (p *Path) Prompt() kit.Prompt {
	ask := kit.Prompt{Ask: p.label, Now: kit.Printable(p.Text.Value()), Again: p.chosen != nil}
	if ask.Again {
		ask.How = "a path; a folder's path lists what is in it; an empty line when done"
	} else if ask.Now == "" {
		ask.How = p.empty
	}
	if !p.offers() {
		return ask
	}
	for i, at := range p.found {
		if i == maxOffered {
			ask.Lines = append(ask.Lines, "and "+strconv.Itoa(len(p.found)-i)+" more: type a path")
			break
		}
		ask.Lines = append(ask.Lines, kit.Numbered(i, entryName(p.listed.Entries[at])))
	}
	ask.How = "a number of this list, or a path"
	return ask
}

// offers says that a folder stands in the line and what is in it is known.
func (p *Path) offers() bool {
	return strings.HasSuffix(p.Text.Value(), "/") && len(p.found) > 0
}

func entryName(e PathEntry) string {
	if e.Dir {
		return kit.Printable(e.Name) + "/"
	}
	return kit.Printable(e.Name)
}

// Answer types the path, or picks from the folder that was listed; where several files are wanted it hands the path
// over.
func (p *Path) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	if i, ok := kit.Number(line, min(maxOffered, len(p.found))); ok && p.offers() {
		return append(append(kit.Times(p.at+1, "up"), kit.Times(i+1, "down")...), kit.PressKey("enter")), ""
	}
	keys := instead(literal(line))
	if p.chosen != nil && !strings.HasSuffix(line, "/") {
		keys = append(keys, kit.PressKey("enter"))
	}
	return keys, ""
}

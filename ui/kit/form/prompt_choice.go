package form

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

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

// Prompt asks yes or no.
func (f *Switch) Prompt() kit.Prompt {
	ask := besides(f.text, f.note)
	if f.label != "" {
		ask = f.label + ": " + ask
	}
	return kit.Prompt{Ask: ask, How: "yes or no", Now: yesNo(f.on)}
}

// Answer turns the switch where it stands otherwise.
func (f *Switch) Answer(line string) ([]tea.KeyMsg, string) {
	on, known := kit.YesNo(line)
	if line == Nothing {
		on, known = false, true
	}
	if !known {
		return nil, "answer yes or no"
	}
	if on == f.on {
		return nil, ""
	}
	return []tea.KeyMsg{kit.PressKey(" ")}, ""
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

// Prompt lists the lines and how each stands.
func (f *Ticks) Prompt() kit.Prompt {
	if len(f.items) == 0 {
		return kit.Prompt{Ask: f.Label(), Now: f.empty, Idle: true}
	}
	p := kit.Prompt{Ask: f.Label(), Again: true}
	loose := false
	for i, t := range f.items {
		state := "off: "
		if t.On {
			state = "on: "
		}
		p.Lines = append(p.Lines, kit.Numbered(i, state+besides(kit.Printable(t.Text), t.Note)))
		loose = loose || t.Loose
	}
	p.How = "off 1 or on 1 by number or name"
	if f.mark != nil {
		p.How += "; " + f.markWord() + " 1 makes it the " + f.markKey.Help().Desc
	}
	if f.drop != nil && loose {
		p.How += "; out 1 takes it out"
	}
	if f.move != nil {
		p.How += "; up 3 or down 3 moves it"
	}
	p.How += "; an empty line goes on"
	return p
}

// markWord is how marking is called in an answer: the first letters of what it makes, such as cn.
func (f *Ticks) markWord() string {
	initials := ""
	for _, word := range strings.Fields(f.markKey.Help().Desc) {
		initials += word[:1]
	}
	return initials
}

// Answer is a word for what to do and the lines to do it to.
func (f *Ticks) Answer(line string) ([]tea.KeyMsg, string) {
	list := words(line)
	act := f.action(list[0])
	if act == nil || len(list) < 2 {
		return nil, "answer " + f.Prompt().How
	}
	var lines []int
	for _, word := range list[1:] {
		i := f.line(word)
		if i < 0 {
			return nil, kit.Quoted(kit.Printable(word)) + " is not in the list: answer with its number or its text"
		}
		lines = append(lines, i)
	}
	slices.Sort(lines)
	var keys []tea.KeyMsg
	for _, i := range slices.Backward(slices.Compact(lines)) { // what is taken out moves only what was dealt with
		if press := act(f.items[i]); press != "" {
			keys = slices.Concat(keys, kit.Times(1, "home"), kit.Times(i, "down"), kit.Times(1, press))
		}
	}
	return keys, ""
}

func (f *Ticks) line(word string) int {
	var texts []string
	for _, t := range f.items {
		texts = append(texts, t.Text)
	}
	return kit.Which(word, texts)
}

// action gives the key that a word stands for on a line, "" where the line is so already; nil for no such word.
func (f *Ticks) action(word string) func(t Tick) string {
	word = strings.ToLower(word)
	turn := func(on bool) func(t Tick) string {
		return func(t Tick) string {
			if t.On == on {
				return ""
			}
			return " "
		}
	}
	switch {
	case word == "on" || word == "off":
		return turn(word == "on")
	case f.mark != nil && (word == f.markWord() || key.Matches(kit.PressKey(word), f.markKey)):
		return func(Tick) string { return f.markKey.Keys()[0] }
	case f.drop != nil && (word == "out" || word == "del"):
		return func(Tick) string { return "delete" }
	case f.move != nil && word == "up":
		return func(Tick) string { return KeyEarlier.Keys()[0] }
	case f.move != nil && word == "down":
		return func(Tick) string { return KeyLater.Keys()[0] }
	}
	return nil
}

// Prompt asks whether to do it.
func (b *Button) Prompt() kit.Prompt { return kit.Prompt{Ask: b.Label() + "?", How: "y or N"} }

// Answer presses the button for a yes.
func (b *Button) Answer(line string) ([]tea.KeyMsg, string) {
	switch yes, known := kit.YesNo(line); {
	case yes:
		return []tea.KeyMsg{kit.PressKey("enter")}, ""
	case !known:
		return nil, "answer y to do it, n to do nothing"
	}
	return nil, ""
}

// Tell is the whole text.
func (n *Note) Tell(s theme.Styles, w int) []string { return n.text(s, w) }

package kit

import (
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// Prompt asks the dialog's question: for its word, or for the number of a button.
func (d Dialog) Prompt() Prompt {
	p := Prompt{Ask: d.Title, Lines: d.Lines}
	switch {
	case len(d.Buttons) < 2:
		p.Idle = true
	case d.Word != "":
		p.How = "Type " + Quoted(d.Word) + " to go on, or an empty line for " + d.Buttons[0]
	default:
		var list []string
		for i, label := range d.Buttons {
			list = append(list, Numbered(i, label))
		}
		p.How = strings.Join(list, ", ") + "; an empty line for " + d.Buttons[0]
	}
	return p
}

// Answer gives the keys for a line; an empty one presses the first button, which is the safe one.
func (d Dialog) Answer(line string) ([]tea.KeyMsg, string) {
	enter := PressKey("enter")
	switch {
	case line == "" && d.Word != "":
		return []tea.KeyMsg{PressKey("esc")}, ""
	case line == "":
		return append(Way(d.focus, 0, "left", "right"), enter), ""
	case d.Word != "":
		return d.word(line)
	}
	i := Which(line, d.Buttons)
	if yes, known := YesNo(line); known && len(d.Buttons) == 2 && d.Danger {
		i = 0
		if yes {
			i = 1
		}
	}
	if i < 0 {
		return nil, "answer with a number from 1 to " + strconv.Itoa(len(d.Buttons))
	}
	return append(Way(d.focus, i, "left", "right"), enter), ""
}

// word types the word, which brings to the button, and presses that.
func (d Dialog) word(line string) ([]tea.KeyMsg, string) {
	if strings.TrimSpace(line) != d.Word {
		return nil, "that is not " + Quoted(d.Word) + ": type these words, or an empty line for " + d.Buttons[0]
	}
	keys := append([]tea.KeyMsg{PressKey("ctrl+u")}, Letters(d.Word)...)
	keys = append(keys, PressKey("enter"))
	if d.focus == 0 {
		keys = append(keys, PressKey("enter"))
	}
	return keys, ""
}

package form

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Asked is a field that can be asked for by a line. An answer is turned into the keys that a person at the desk
// would press for it, so that saving, judging and all that follows is the same code for both.
type Asked interface {
	Prompt() kit.Prompt
	// Answer is for a line that is not empty. A problem says what to answer instead; no key is then to be pressed.
	Answer(line string) (keys []tea.KeyMsg, problem string)
}

// pressable is a line of a field that answers when the mouse presses it, as that answer would.
func pressable(id, answer, line string) string { return kit.Zone("answer:"+id+":"+answer, line) }

// Teller is a field that is only read.
type Teller interface {
	Tell(s theme.Styles, w int) []string
}

// Nothing is the answer that empties a field.
const Nothing = "-"

// reserved are the answers that mean something in every field; behind a backslash they are themselves.
var reserved = []string{Nothing, "?", "<", "<<", ".", "esc"}

// literal is what an answer stands for as text.
func literal(line string) string {
	if text, ok := strings.CutPrefix(line, `\`); ok && slices.Contains(reserved, text) {
		return text
	}
	return line
}

// instead are the keys that put a text in a line's place.
func instead(text string) []tea.KeyMsg {
	keys := []tea.KeyMsg{kit.PressKey("end"), kit.PressKey("ctrl+u")}
	if text == "" {
		return keys
	}
	return append(keys, paste(text))
}

func paste(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}

// besides is a text and what stands beside it.
func besides(text, note string) string {
	text, note = strings.TrimSpace(text), strings.TrimSpace(note)
	if text == "" || note == "" {
		return text + note
	}
	return text + ", " + note
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

package kit

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// Prompt is how a field is asked for where nothing is drawn: by a line that is printed and a line that is read.
type Prompt struct {
	Ask    string   // what is asked
	How    string   // how it is answered, or what an empty answer means; may be ""
	Now    string   // what the field holds, "" for nothing
	Lines  []string // what there is to choose from
	Secret bool     // the answer must not show
	Many   bool     // the answer is many lines, up to one with a dot alone
	Again  bool     // asked until the answer is empty
	Idle   bool     // there is nothing to answer
}

// Asked is a field that can be asked for by a line. An answer is turned into the keys that a person at the desk
// would press for it, so that saving, judging and all that follows is the same code for both.
type Asked interface {
	Prompt() Prompt
	// Answer is for a line that is not empty. A problem says what to answer instead; no key is then to be pressed.
	Answer(line string) (keys []tea.KeyMsg, problem string)
}

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
	keys := []tea.KeyMsg{PressKey("end"), PressKey("ctrl+u")}
	if text == "" {
		return keys
	}
	return append(keys, paste(text))
}

func paste(text string) tea.KeyMsg {
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(text), Paste: true}
}

// times is a key pressed n times.
func times(n int, name string) []tea.KeyMsg {
	return slices.Repeat([]tea.KeyMsg{PressKey(name)}, max(0, n))
}

// way are the keys that go from one place of a list to another.
func way(from, to int, back, on string) []tea.KeyMsg {
	return append(times(from-to, back), times(to-from, on)...)
}

// number is the index that a number of a list of n stands for.
func number(word string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(word))
	return i - 1, err == nil && i >= 1 && i <= n
}

// which finds one of several texts by its number, as a whole or by its beginning; -1 where none or several fit.
func which(answer string, texts []string) int {
	if i, ok := number(answer, len(texts)); ok {
		return i
	}
	answer = strings.ToLower(strings.TrimSpace(answer))
	found := -1
	for i, text := range texts {
		text = strings.ToLower(strings.TrimSpace(text))
		switch {
		case text == answer:
			return i
		case answer != "" && strings.HasPrefix(text, answer) && found >= 0:
			return -1
		case answer != "" && strings.HasPrefix(text, answer):
			found = i
		}
	}
	return found
}

// numbered is a line of a list.
func numbered(i int, text string) string { return strconv.Itoa(i+1) + " " + text }

// besides is a text and what stands beside it.
func besides(text, note string) string {
	text, note = strings.TrimSpace(text), strings.TrimSpace(note)
	if text == "" || note == "" {
		return text + note
	}
	return text + ", " + note
}

// YesNo reads a word that agrees or refuses.
func YesNo(word string) (yes, known bool) {
	switch strings.ToLower(strings.TrimSpace(word)) {
	case "y", "yes", "on":
		return true, true
	case "n", "no", "off":
		return false, true
	}
	return false, false
}

func yesNo(on bool) string {
	if on {
		return "yes"
	}
	return "no"
}

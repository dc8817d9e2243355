package kit

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
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

// Times is a key pressed n times.
func Times(n int, name string) []tea.KeyMsg {
	return slices.Repeat([]tea.KeyMsg{PressKey(name)}, max(0, n))
}

// Way are the keys that go from one place of a list to another.
func Way(from, to int, back, on string) []tea.KeyMsg {
	return append(Times(from-to, back), Times(to-from, on)...)
}

// Number is the index that a number of a list of n stands for.
func Number(word string, n int) (int, bool) {
	i, err := strconv.Atoi(strings.TrimSpace(word))
	return i - 1, err == nil && i >= 1 && i <= n
}

// Which finds one of several texts by its number, as a whole or by its beginning; -1 where none or several fit.
func Which(answer string, texts []string) int {
	if i, ok := Number(answer, len(texts)); ok {
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

// Numbered is a line of a list.
func Numbered(i int, text string) string { return strconv.Itoa(i+1) + " " + text }

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

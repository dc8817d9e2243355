package kit

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"
)

// VerbID tells a verb from the others of its screen, whatever it is called and whichever keys it has.
type VerbID string

// Verb is something that a person can do now. Footer, help, palette and the desk in lines are made from the verbs of a
// screen.
type Verb struct {
	ID    VerbID
	Word  string         // the footer's
	More  string         // what help and palette say beside it, or ""
	Keys  []string       // as the terminal names them, the one to press first
	Shown string         // as the footer names them
	Group Group          // with which others the footer shows it
	Out   bool           // it leads away from here: the footer shows it last
	Run   func() tea.Cmd // nil where the screen reads the keys itself
}

// Group is what verbs are about; the footer shows them by it.
type Group int

// The groups in the footer's order: what is done to certificates and in forms, what changes what is seen, and what is
// of the desk as a whole.
const (
	Acts Group = iota
	Views
	Desks
)

// NewVerb is a verb by its word in the footer and its keys, as the terminal names them.
func NewVerb(id VerbID, word string, keys ...string) Verb {
	v := Verb{ID: id, Word: word, Keys: keys, Shown: keys[0]}
	if v.Shown == " " {
		v.Shown = "space"
	}
	return v
}

// About adds what help and palette say beside the word.
func (v Verb) About(more string) Verb { v.More = more; return v }

// Show sets how the footer names the keys.
func (v Verb) Show(keys string) Verb { v.Shown = keys; return v }

// On is the verb on other keys.
func (v Verb) On(keys ...string) Verb { v.Keys, v.Shown = keys, keys[0]; return v }

// Called is the verb by another word, with nothing beside it.
func (v Verb) Called(word string) Verb { v.Word, v.More = word, ""; return v }

// Leaving marks a verb that leads away from a screen.
func (v Verb) Leaving() Verb { v.Out = true; return v }

// Does sets what the verb does.
func (v Verb) Does(run func() tea.Cmd) Verb { v.Run = run; return v }

// In says whether a sentence that says what to do next names one of the verb's keys, as in "Next: i imports a good one,
// D removes this one.": there a key begins what is said of it.
func (v Verb) In(next string) bool {
	before := ""
	for _, word := range strings.Fields(strings.TrimPrefix(next, "Next: ")) {
		begins := before == "" || strings.ContainsAny(before[len(before)-1:], ",;:.") || slices.Contains(leads, before)
		if begins && slices.Contains(v.Keys, strings.TrimRight(word, ",;:.")) {
			return true
		}
		before = word
	}
	return false
}

// leads are the words that a key may follow.
var leads = []string{"and", "or", "then", "press", "with", "by"}

// Says is the word and what is said beside it.
func (v Verb) Says() string {
	if v.More == "" {
		return v.Word
	}
	return v.Word + ": " + v.More
}

// Is says whether a verb is one of others.
func (v Verb) Is(others ...Verb) bool {
	return slices.ContainsFunc(others, func(o Verb) bool { return o.ID == v.ID })
}

// Pressed says whether a key is one of these verbs'.
func Pressed(k tea.KeyMsg, verbs ...Verb) bool {
	name := k.String()
	return slices.ContainsFunc(verbs, func(v Verb) bool { return slices.Contains(v.Keys, name) })
}

// Do carries out the first verb that a key is for and that does something; false where there is none.
func Do(verbs []Verb, k tea.KeyMsg) (tea.Cmd, bool) {
	for _, v := range verbs {
		if v.Run != nil && Pressed(k, v) {
			return v.Run(), true
		}
	}
	return nil, false
}

// Press is the message of a verb's first key, as if a person had pressed it; that of no key for a verb without.
func Press(v Verb) tea.KeyMsg {
	if len(v.Keys) == 0 {
		return tea.KeyMsg{}
	}
	return PressKey(v.Keys[0])
}

package kit

import (
	tea "github.com/charmbracelet/bubbletea"
)

// named are the keys that are no letters, by the names that verbs give them.
var named = map[string]tea.KeyType{
	"enter": tea.KeyEnter, "esc": tea.KeyEsc, "tab": tea.KeyTab, "shift+tab": tea.KeyShiftTab,
	"backspace": tea.KeyBackspace,
	"delete":    tea.KeyDelete, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
	"home": tea.KeyHome, "end": tea.KeyEnd, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "f1": tea.KeyF1,
	"f2": tea.KeyF2, "f9": tea.KeyF9,
	"shift+up": tea.KeyShiftUp, "shift+down": tea.KeyShiftDown,
	"ctrl+\\": tea.KeyCtrlBackslash, "ctrl+c": tea.KeyCtrlC, "ctrl+d": tea.KeyCtrlD, "ctrl+f": tea.KeyCtrlF,
	"ctrl+n": tea.KeyCtrlN, "ctrl+r": tea.KeyCtrlR,
	"ctrl+p": tea.KeyCtrlP, "ctrl+u": tea.KeyCtrlU, "ctrl+z": tea.KeyCtrlZ,
}

// PressKey is the message of a key, by the name that a verb gives it.
func PressKey(name string) tea.KeyMsg {
	switch t, ok := named[name]; {
	case ok:
		return tea.KeyMsg{Type: t}
	case name == " ":
		return tea.KeyMsg{Type: tea.KeySpace, Runes: []rune{' '}}
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(name)}
}

// Spell are the presses of a word: of one key where it names one, else letter by letter.
func Spell(word string) []tea.KeyMsg {
	if _, ok := named[word]; ok {
		return []tea.KeyMsg{PressKey(word)}
	}
	if word == "space" {
		return []tea.KeyMsg{PressKey(" ")}
	}
	return Letters(word)
}

// Letters are the presses that type a text, letter by letter: a paste is not heard everywhere.
func Letters(text string) []tea.KeyMsg {
	var keys []tea.KeyMsg
	for _, r := range text {
		keys = append(keys, PressKey(string(r)))
	}
	return keys
}

package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// move moves the cursor of a table; false for a key that moves nothing.
func move(t kit.Table, msg tea.KeyMsg, page int) (kit.Table, bool) {
	switch {
	case key.Matches(msg, keys.Up):
		return t.Move(-1), true
	case key.Matches(msg, keys.Down):
		return t.Move(1), true
	case key.Matches(msg, keys.PageUp):
		return t.Move(-page), true
	case key.Matches(msg, keys.PageDown):
		return t.Move(page), true
	case key.Matches(msg, keys.Home):
		return t.To(0), true
	case key.Matches(msg, keys.End):
		return t.To(t.Len() - 1), true
	}
	return t, false
}

// scrolled moves a scroller by the keys of every text; h is how many lines are seen.
func scrolled(sc kit.Scroll, msg tea.KeyMsg, total, h int) kit.Scroll {
	switch {
	case key.Matches(msg, keys.Up):
		return sc.Move(-1, total, h)
	case key.Matches(msg, keys.Down):
		return sc.Move(1, total, h)
	case key.Matches(msg, keys.PageUp):
		return sc.Move(-h/2, total, h)
	case key.Matches(msg, keys.PageDown):
		return sc.Move(h/2, total, h)
	case key.Matches(msg, keys.Home):
		return sc.Home()
	case key.Matches(msg, keys.End):
		return sc.Move(total, total, h)
	}
	return sc
}

// become puts a screen in this one's place.
func become(next screen) (screen, tea.Cmd) { return next, next.Init() }

// edited is a line after a key that types or deletes; false for a key that does neither.
func edited(text string, k tea.KeyMsg) (string, bool) {
	switch k.Type {
	case tea.KeyBackspace:
		return withoutLast(text), true
	case tea.KeyCtrlU:
		return "", true
	case tea.KeyRunes, tea.KeySpace:
		if len(text) < maxFilter {
			text += kit.Printable(string(k.Runes))
		}
		return text, true
	}
	return text, false
}

func withoutLast(s string) string {
	r := []rune(s)
	return string(r[:max(0, len(r)-1)])
}

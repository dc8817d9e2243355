package screen

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// Move moves the cursor of a table; false for a key that moves nothing.
func Move(t kit.Table, msg tea.KeyMsg, page int) (kit.Table, bool) {
	switch {
	case kit.Pressed(msg, Keys.Up):
		return t.Move(-1), true
	case kit.Pressed(msg, Keys.Down):
		return t.Move(1), true
	case kit.Pressed(msg, Keys.PageUp):
		return t.Move(-page), true
	case kit.Pressed(msg, Keys.PageDown):
		return t.Move(page), true
	case kit.Pressed(msg, Keys.Home):
		return t.To(0), true
	case kit.Pressed(msg, Keys.End):
		return t.To(t.Len() - 1), true
	}
	return t, false
}

// Scrolled moves a scroller by the keys of every text; h is how many lines are seen.
func Scrolled(sc kit.Scroll, msg tea.KeyMsg, total, h int) kit.Scroll {
	switch {
	case kit.Pressed(msg, Keys.Up):
		return sc.Move(-1, total, h)
	case kit.Pressed(msg, Keys.Down):
		return sc.Move(1, total, h)
	case kit.Pressed(msg, Keys.PageUp):
		return sc.Move(-h/2, total, h)
	case kit.Pressed(msg, Keys.PageDown):
		return sc.Move(h/2, total, h)
	case kit.Pressed(msg, Keys.Home):
		return sc.Home()
	case kit.Pressed(msg, Keys.End):
		return sc.Move(total, total, h)
	}
	return sc
}

// Become puts a screen in this one's place.
func Become(next Screen) (Screen, tea.Cmd) { return next, next.Init() }

// Edited is a line after a key that types or deletes; false for a key that does neither.
func Edited(text string, k tea.KeyMsg) (string, bool) {
	switch k.Type {
	case tea.KeyBackspace:
		return withoutLast(text), true
	case tea.KeyCtrlU:
		return "", true
	case tea.KeyRunes, tea.KeySpace:
		if len(text) < MaxFilter {
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

// ShownIDs are the rows of a table, nil while there is no list.
func ShownIDs(loaded bool, t kit.Table) []int64 {
	if !loaded {
		return nil
	}
	return append([]int64{}, t.IDs()...)
}

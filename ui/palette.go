package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// paletteScreen lists every action of the screen below by name, with its key. Choosing one closes the palette and
// presses that key: what the palette can do is what the keys can do, and nothing else.
type paletteScreen struct {
	d      *screen.Desk
	choose func(kit.Verb) // for the screen below
	all    []kit.Verb
	typed  string
	at     int // in found
}

var _ screen.Floating = (*paletteScreen)(nil)

func newPalette(d *screen.Desk, of screen.Screen, choose func(kit.Verb)) *paletteScreen {
	itself := func(v kit.Verb) bool { return v.Is(screen.Keys.Palette) }
	return &paletteScreen{d: d, choose: choose, all: slices.DeleteFunc(actionsOf(of), itself)}
}

func (a *App) palette(d *screen.Desk) screen.Screen {
	return newPalette(d, a.Top(), func(v kit.Verb) { a.chosen = &v })
}

// press does what a verb of the screen on top does, by its key where it has one.
func (a *App) press(v kit.Verb) tea.Cmd {
	if len(v.Keys) > 0 {
		return a.key(kit.Press(v))
	}
	a.leaving = false
	a.clearNotice()
	return a.toTop(kit.VerbMsg{ID: v.ID})
}

// actionsOf are the keys that do something on a screen, those that work everywhere last: footer, help and palette are
// made from this list. The palette leaves itself out.
func actionsOf(s screen.Screen) []kit.Verb {
	return slices.Concat(screen.VerbsOf(s.Verbs()), screen.Globals())
}

func (s *paletteScreen) Init() tea.Cmd { return nil }

func (s *paletteScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if click, is := msg.(kit.ClickMsg); is {
		return s, s.click(click)
	}
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return s, nil
	}
	cmd, done := kit.Do(s.Verbs(), k)
	switch {
	case done, k.Paste:
	case k.Type == tea.KeyUp:
		s.at = max(0, s.at-1)
	case k.Type == tea.KeyDown:
		s.at = max(0, min(s.at+1, len(s.found())-1))
	default:
		s.edit(k)
	}
	return s, cmd
}

// click chooses the action that was pressed.
func (s *paletteScreen) click(msg kit.ClickMsg) tea.Cmd {
	i, is := msg.Number("item")
	if !is || int(i) >= len(s.found()) {
		return nil
	}
	s.at = int(i)
	return s.press()
}

func (s *paletteScreen) edit(k tea.KeyMsg) {
	typed, ok := screen.Edited(s.typed, k)
	if ok {
		s.typed, s.at = typed, 0
	}
}

// press has the key pressed on the screen below before any other message comes: it is judged as that screen is now.
func (s *paletteScreen) press() tea.Cmd {
	if found := s.found(); len(found) > 0 {
		s.choose(found[s.at])
	}
	return nil
}

// found are the actions that hold every typed word, those whose name begins with it first.
func (s *paletteScreen) found() []kit.Verb {
	words := strings.Fields(strings.ToLower(s.typed))
	var begins, holds []kit.Verb
	for _, v := range s.all {
		text := strings.ToLower(v.Says())
		switch {
		case len(words) > 0 && strings.HasPrefix(text, words[0]) && containsAll(text, words):
			begins = append(begins, v)
		case containsAll(text, words):
			holds = append(holds, v)
		}
	}
	return append(begins, holds...)
}

func containsAll(text string, words []string) bool {
	for _, word := range words {
		if !strings.Contains(text, word) {
			return false
		}
	}
	return true
}

// Box is the line that is typed and the actions it finds.
func (s *paletteScreen) Box(w, h int) string {
	st, inner := s.d.Styles, min(w-8, 72)
	lines := []string{st.Key.Render(":") + " " + s.typed + st.Selected.Render(" "), ""}
	found, rows := s.found(), max(3, min(len(s.all), h-6))
	shown := kit.ActionLines(st, found, s.at, inner, rows)
	if len(found) == 0 {
		shown = []string{st.Muted.Render("No action is called that. Backspace takes letters away.")}
	}
	lines = append(lines, shown...)
	for len(lines) < rows+2 {
		lines = append(lines, "")
	}
	return kit.Box(st, "What can be done here", lines, inner)
}

func (s *paletteScreen) View(w, h int) string { return kit.Overlay("", s.Box(w, h), w, h) }
func (s *paletteScreen) Verbs() []kit.Verb {
	return []kit.Verb{screen.Keys.Choose.Does(s.press), screen.Keys.Pick,
		screen.Keys.Back.Does(func() tea.Cmd { return screen.Pop })}
}
func (s *paletteScreen) Typing() bool  { return true }
func (s *paletteScreen) Title() string { return "" }

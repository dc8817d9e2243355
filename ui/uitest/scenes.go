package uitest

import (
	"errors"
	"fmt"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/theme"
)

// looks are how a desk may look: by theme, by NO_COLOR, by locale.
var looks = []struct {
	name  string
	theme string
	env   map[string]string
}{
	{"dark", "dark", map[string]string{"LANG": "C.UTF-8"}},
	{"256 dark", "dark", map[string]string{"LANG": "C.UTF-8", "TERM": "xterm-256color"}},
	{"256 light", "light", map[string]string{"LANG": "C.UTF-8", "TERM": "xterm-256color"}},
	{"256 auto", "auto", map[string]string{"LANG": "C.UTF-8", "TERM": "tmux-256color"}},
	{"light", "light", map[string]string{"LANG": "C.UTF-8"}},
	{"mono", "mono", map[string]string{"LANG": "C.UTF-8"}},
	{"ascii", "dark", map[string]string{"LANG": "C", "NO_COLOR": "1"}},
}

func (r *Driver) wellDrawn(look string, w, h int, points bool) error {
	rows, err := Sized(r.App.View(), w, h)
	if err != nil {
		return err
	}
	plain, pointed := look == "mono" || look == "ascii", false
	g := &r.Desk.Styles.Glyphs
	for i, row := range rows {
		for _, c := range row {
			switch {
			case plain && (c.Ink.Colour >= 0 || c.Ink.Back > 0):
				return fmt.Errorf("line %d has a colour", i+1)
			case look == "ascii" && c.Text >= "\x7f":
				return fmt.Errorf("line %d holds %q", i+1, c.Text)
			}
			pointed = pointed || c.Ink.Reverse || c.Ink.Back > 0 ||
				c.Ink.Bold && (c.Text == g.Cursor || c.Text == g.Bar)
		}
	}
	if points && !pointed {
		return errors.New("nothing shows where the cursor is")
	}
	return nil
}

// InEveryLook draws the frame in each look, at three sizes: exactly so many cells, each line's style ended with it, no
// colour where none is wanted, nothing but ASCII where the locale has no more, and a cursor that shows without colour
// where points says that there is one.
func (r *Driver) InEveryLook(points bool) {
	r.T.Helper()
	for _, look := range looks {
		r.Desk.Styles = theme.New(look.theme, func(name string) string { return look.env[name] })
		for _, size := range [][2]int{{60, 18}, {80, 24}, {140, 45}} {
			r.Send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
			if err := r.wellDrawn(look.name, size[0], size[1], points); err != nil {
				r.T.Errorf("%s %s: %v\n%s", look.name, SizeName(size), err, r.Screen())
			}
		}
	}
}

// Scene is a screen of the article's desk, and how to get there.
type Scene struct {
	Name string
	Open func(r *Driver)
}

// Check holds scenes: every frame is exactly the terminal's size and the golden one, and no key and no paste vanishes.
func Check(t *testing.T, scenes []Scene) {
	for _, scene := range scenes {
		t.Run(scene.Name, func(t *testing.T) {
			r := ArticleDesk(t, 80, 24)
			scene.Open(r)
			r.ExactEverywhere(false)
			for _, size := range [][2]int{{80, 24}, {140, 45}} {
				r := ArticleDesk(t, size[0], size[1])
				scene.Open(r)
				r.Golden(scene.Name+"-"+SizeName(size), false)
			}
			nothingVanishes(t, scene)
		})
	}
}

// nothingVanishes wants an effect of every key and every paste, or a word why not: a paste and a key that means nothing
// there change the frame, if only its last line.
func nothingVanishes(t *testing.T, scene Scene) {
	for name, send := range map[string]func(r *Driver){
		"a paste":          func(r *Driver) { r.Paste("-----BEGIN CERTIFICATE-----\nMIIB\n") },
		"an unbound key":   func(r *Driver) { r.Send(tea.KeyMsg{Type: tea.KeyF8}) },
		"an unbound chord": func(r *Driver) { r.Send(tea.KeyMsg{Type: tea.KeyCtrlG}) },
	} {
		r := ArticleDesk(t, 100, 30)
		scene.Open(r)
		before := r.App.View()
		if send(r); r.App.View() == before {
			t.Errorf("%s vanishes:\n%s", name, r.Screen())
		}
	}
}

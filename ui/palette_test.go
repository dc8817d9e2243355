package ui

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"certdesk/ui/screen"
)

func descriptions(list []key.Binding) []string {
	var out []string
	for _, b := range list {
		out = append(out, b.Help().Key+" "+b.Help().Desc)
	}
	return out
}

// Footer, help and palette list the same actions on every screen, made from one table; help says how to move too, and
// the palette leaves itself out.
func TestFooterHelpAndPaletteAgree(t *testing.T) {
	ways := [][]string{{"n"}, {"n", "ctrl+n"}, {"i"}, {"x"}, {"s"}, {"/"}, {"enter", "x"}, {"q"}}
	for _, scene := range scenes {
		r := articleDesk(t, 80, 24)
		scene.open(r)
		agree(t, scene.name, r)
	}
	for _, way := range ways {
		r := articleDesk(t, 80, 24)
		r.keys(way...)
		agree(t, strings.Join(way, " "), r)
	}
}

func agree(t *testing.T, name string, r *driver) {
	t.Run(name, func(t *testing.T) {
		top := r.app.top()
		footer := descriptions(screen.VerbsOf(top.Keys()))
		help, palette := newHelp(r.app.d, top, len(r.app.frames) == 1), newPalette(r.app.d, top)
		actions := descriptions(slices.DeleteFunc(screen.Globals(), func(b key.Binding) bool { return b.Help() == screen.Keys.Palette.Help() }))
		if got, want := descriptions(palette.all), append(slices.Clone(footer), actions...); !slices.Equal(got, want) {
			t.Errorf("the palette has\n%q\nfooter and globals\n%q", got, want)
		}
		if got := descriptions(screen.VerbsOf(help.keys)); !slices.Equal(got, footer) {
			t.Errorf("help has\n%q\nthe footer\n%q", got, footer)
		}
		for _, b := range top.Keys() {
			if word := b.Help().Desc; word == "" || b.Help().Key == "" {
				t.Errorf("a key without a word: %q", b.Keys())
			}
		}
	})
}

// The palette presses the key of what is chosen, on the screen it was opened from; esc does nothing.
func TestThePalettePressesTheKey(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys(":")
	r.sees("What can be done here", "faults", "only what needs attention")
	r.typing("expo")
	r.keys("enter")
	r.sees("Who will open this?")
	r.keys("esc", "ctrl+p")
	r.typing("no such thing")
	r.sees("No action is called that")
	r.keys("enter", "esc")
	r.sees("STATUS")
	r.keys("n", "ctrl+p")
	r.typing("next page")
	r.keys("enter")
	r.sees("Which names")
}

// On a store that is only read the palette offers no verb that writes.
func TestThePaletteOfAReadOnlyDesk(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.d.ReadOnly = true
	for _, b := range newPalette(r.app.d, r.app.top()).all {
		for _, writes := range []key.Binding{screen.Keys.New, screen.Keys.Import, screen.Keys.Export, screen.Keys.Renew, screen.Keys.Remove, screen.Keys.Mark} {
			if b.Help() == writes.Help() {
				t.Errorf("the palette offers %s", b.Help().Desc)
			}
		}
	}
}

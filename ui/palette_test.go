package ui_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/bubbles/key"

	"certdesk/ui"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
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
	ways := [][]string{{"n"}, {"n", "ctrl+n"}, {"i"}, {"x"}, {"s"}, {"/"}, {"enter", "x"}, {"q"}, {"L"}, {"T"}, {"H"}, {"y"}, {"D"}}
	for _, scene := range scenes {
		r := uitest.ArticleDesk(t, 80, 24)
		scene.Open(r)
		agree(t, scene.Name, r)
	}
	for _, scene := range everyScene {
		r := demoDesk(t, 80, 24, "dark")
		scene.open(r)
		agree(t, scene.name, r)
	}
	for _, way := range ways {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Keys(way...)
		agree(t, strings.Join(way, " "), r)
	}
}

func agree(t *testing.T, name string, r *uitest.Driver) {
	t.Run(name, func(t *testing.T) {
		top := r.App.Top()
		footer := descriptions(screen.VerbsOf(top.Keys()))
		help, palette := ui.NewHelp(r.Desk, top, r.Depth() == 1), ui.NewPalette(r.Desk, top)
		actions := descriptions(slices.DeleteFunc(screen.Globals(), func(b key.Binding) bool { return b.Help() == screen.Keys.Palette.Help() }))
		if got, want := descriptions(palette.All()), append(slices.Clone(footer), actions...); !slices.Equal(got, want) {
			t.Errorf("the palette has\n%q\nfooter and globals\n%q", got, want)
		}
		if got := descriptions(screen.VerbsOf(help.Explained())); !slices.Equal(got, footer) {
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
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys(":")
	r.Sees("What can be done here", "faults", "only what needs attention")
	r.Typing("expo")
	r.Keys("enter")
	r.Sees("Who will open this?")
	r.Keys("esc", "ctrl+p")
	r.Typing("no such thing")
	r.Sees("No action is called that")
	r.Keys("enter", "esc")
	r.Sees("STATUS")
	r.Keys("n", "ctrl+p")
	r.Typing("next page")
	r.Keys("enter")
	r.Sees("Which names")
}

// On a store that is only read the palette offers no verb that writes.
func TestThePaletteOfAReadOnlyDesk(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Desk.ReadOnly = true
	for _, b := range ui.NewPalette(r.Desk, r.App.Top()).All() {
		for _, writes := range []key.Binding{screen.Keys.New, screen.Keys.Import, screen.Keys.Export, screen.Keys.Renew, screen.Keys.Remove, screen.Keys.Mark} {
			if b.Help() == writes.Help() {
				t.Errorf("the palette offers %s", b.Help().Desc)
			}
		}
	}
}

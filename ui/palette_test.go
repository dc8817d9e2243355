package ui_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"certdesk/ui"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

func descriptions(list []kit.Verb) []string {
	var out []string
	for _, b := range list {
		out = append(out, b.Shown+" "+b.Says())
	}
	return out
}

// Footer, help and palette list the same actions on every screen, made from one table; help says how to move too, and
// the palette leaves itself out.
func TestFooterHelpAndPaletteAgree(t *testing.T) {
	ways := [][]string{{"n"}, {"n", "ctrl+n"}, {"i"}, {"x"}, {"s"}, {"/"}, {"enter", "x"}, {"q"}, {"L"}, {"T"}, {"H"}, {"y"}, {"D"},
		{"*"}, {":"}, {"?"}, {"L", "/", "n", "e", "w", "enter"}, {"/", "n", "enter"}}
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
		footer := descriptions(screen.VerbsOf(top.Verbs()))
		help, palette := ui.NewHelp(r.Desk, top, r.Depth() == 1), ui.NewPalette(r.Desk, top)
		actions := descriptions([]kit.Verb{screen.Keys.Help, screen.Keys.Mouse, screen.Keys.Interrupt, screen.Keys.Suspend})
		if got, want := descriptions(palette.All()), append(slices.Clone(footer), actions...); !slices.Equal(got, want) {
			t.Errorf("the palette has\n%q\nfooter and globals\n%q", got, want)
		}
		if got := descriptions(screen.VerbsOf(help.Explained())); !slices.Equal(got, footer) {
			t.Errorf("help has\n%q\nthe footer\n%q", got, footer)
		}
		if problem := tangled(top.Verbs()); problem != "" {
			t.Error(problem)
		}
	})
}

// tangled says of a screen's verbs, and of those that work everywhere, which two cannot be told apart: by what they are,
// or by a key.
func tangled(verbs []kit.Verb) string {
	ids, keys := map[kit.VerbID]bool{}, map[string]kit.VerbID{}
	for _, v := range append(slices.Clone(verbs), screen.Keys.Interrupt, screen.Keys.Suspend) {
		if v.ID == "" || v.Word == "" || len(v.Keys) > 0 && v.Shown == "" || ids[v.ID] {
			return fmt.Sprintf("%q is no verb of its own: %q", v.ID, v.Says())
		}
		ids[v.ID] = true
		for _, name := range v.Keys {
			if keys[name] != "" {
				return fmt.Sprintf("%s is a key of %s and of %s", name, keys[name], v.ID)
			}
			keys[name] = v.ID
		}
	}
	return ""
}

// The palette presses the key of what is chosen, on the screen it was opened from; esc does nothing.
func TestThePalettePressesTheKey(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys(":")
	r.Sees("What can be done here", "attention", "only what needs attention")
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
		for _, writes := range []kit.Verb{screen.Keys.New, screen.Keys.Import, screen.Keys.Renew, screen.Keys.Remove, screen.Keys.Rename} {
			if b.Is(writes) {
				t.Errorf("the palette offers %s", b.Says())
			}
		}
	}
}

//go:build linux

package e2e

import (
	"slices"
	"strings"
	"testing"
	"time"
)

// effects are what a key that acts leads to, by the word that help has for it; of any other key the screen changes. A
// word that begins with "-" goes.
var effects = map[string]string{
	"new": "What do you need?", "import": "What do you want to import?", "export": "Who will open", "renew": "Renew ",
	"remove": "Remove ", "rename": "Rename ", "compare": "Compare ", "undo": "is restored", "copy": "Copy of", "history": "WHEN", "removed": "Removed entries", "health": "The store's health",
	"filter": "keep the filter", "faults": "needs:attention", "sort": "Sort by which column?", "reverse": "reversed", "mark": "1 marked",
	"mark all": " marked", "clear marks": "-marked", "clear the filter": "-clear the filter", "actions": "What can be done here",
	"enable": "Enable ", "test ports": "Ports", "ask a port": "Which port is to be asked?", "adopt": "into the store?",
	"help": "Help", "interrupt": "again to quit", "restore": "is restored", "purge": "Purge ",
}

// moreScreens are states of the table that have keys of their own.
var moreScreens = []deskScreen{
	{name: "table with marks", word: "2 marked", open: func(p *pane, _ *site) {
		p.does("1 marked", "Space")
		p.goTo("first", "Up")
		p.does("2 marked", "Space")
	}},
	{name: "table with a filter", word: "1 of 3", open: func(p *pane, _ *site) {
		p.does("keep the filter", "/")
		p.typed("second")
		p.shows("1 of 3")
		p.does("q quit", "Enter")
	}},
	{name: "table while sorting", word: "Sort by which column?", open: func(p *pane, _ *site) { p.keys("s") }},
	{name: "ports without a service", word: "No service is known", open: func(p *pane, _ *site) { p.keys("t") }},
	{name: "enable without a service", word: "cannot be enabled yet", open: func(p *pane, _ *site) { p.keys("e") }},
	{name: "palette", word: "What can be done here", open: func(p *pane, _ *site) { p.keys(":") }},
	{name: "worksheet", word: "By which names", open: func(p *pane, s *site) { wizardPage(2)(p, s); p.goTo("worksheet", "Tab"); p.keys("Space") }},
	{name: "remove several", word: "Remove these 2?", open: func(p *pane, _ *site) { twoMarked(p); p.keys("D") }},
	{name: "rename", word: "Friendly name", open: func(p *pane, _ *site) { p.keys("N") }},
	{name: "compare", word: "Fact by fact", open: func(p *pane, _ *site) { twoMarked(p); p.keys("c") }},
	{name: "compare with", word: "Next: enter compares the two", open: func(p *pane, _ *site) { p.keys("c") }},
	{name: "table after a remove", word: "u takes it back", open: func(p *pane, _ *site) {
		p.does("keep the filter", "/")
		p.typed("self-signed")
		p.does("2 of 3", "Enter")
		p.does("Remove ", "D")
		p.awake()
		p.keys("Tab")
		p.does("is removed", "Enter")
	}},
	{name: "export several", word: "Who will open these 2?", open: func(p *pane, _ *site) { twoMarked(p); p.keys("x") }},
	{name: "renew several", word: "Renew these 2?", open: func(p *pane, _ *site) { twoMarked(p); p.keys("R") }},
}

func twoMarked(p *pane) {
	p.Helper()
	p.does("keep the filter", "/")
	p.typed("self-signed")
	p.shows("2 of 3")
	p.does("q quit", "Enter")
	p.does("2 marked", "*")
}

// still are keys that do nothing where there is nowhere to go: there and back they are pressed together. ctrl+z needs a
// shell and has a test of its own.
var still = map[string]bool{"suspend": true, "scroll": true, "one up": true, "one down": true, "first": true, "last": true, "page up": true, "page down": true}

// same are keys whose effect looks like what was there: a file refused again in the same words, the only country that is
// found, a store that is as sound, ports that serve what they served, a second ago, and a list that stands on its first.
var same = []string{"palette: choose", "copy: choose", "import of a wrong file: next page", "health: look again", "ports: ask again"}

// TestEveryKeyOfEveryScreen reads from each screen's help which keys work there, presses each of them on that screen, and
// sees its effect.
func TestEveryKeyOfEveryScreen(t *testing.T) {
	need(t, "tmux")
	found := screensSite(t)
	for i, screen := range slices.Concat(deskScreens, moreScreens, servedScreens) {
		if !all && i%64 != 7 || strings.HasPrefix(screen.name, "help") {
			continue
		}
		t.Run(screen.name, func(t *testing.T) {
			t.Parallel()
			offered := offeredOn(t, found, screen)
			if len(offered) < 4 {
				t.Fatalf("help lists %d keys: %q", len(offered), offered)
			}
			moves := 0
			for _, k := range offered {
				if !still[k.does] && !slices.Contains(same, screen.name+": "+k.does) {
					pressedOn(t, found, screen, k)
				} else if k.does == "one up" || k.does == "one down" {
					moves++
				}
			}
			if moves == 2 {
				moved(t, found, screen)
			}
			t.Logf("%d keys", len(offered))
		})
	}
}

// offer is a key as help lists it, by the name that tmux has for it.
type offer struct{ key, does string }

// opened is a desk of its own on a copy of the site, showing a screen.
func opened(t *testing.T, found *site, screen deskScreen) *pane {
	t.Helper()
	s := found.copied(t)
	if screen.serves {
		serving(t, s)
	}
	p := newTmux(t).desk(s, "admin")
	if screen.serves {
		p.shows("waiting", "not in the store", "ports 1/1")
	} else {
		p.shows("waiting", "2 valid")
	}
	p.goTo("second", "j")
	screen.open(p, s)
	if text := p.shows(screen.word); strings.Contains(text, "┌") || strings.Contains(text, "Is this right?") {
		p.awake()
	}
	return p
}

// offeredOn reads the help of a screen on a terminal where it fits.
func offeredOn(t *testing.T, found *site, screen deskScreen) []offer {
	t.Helper()
	p := opened(t, found, screen)
	p.resize("120", "110", screen.word)
	p.does("Everywhere", "F1")
	lines := strings.Split(p.screen(), "\n")
	at := 0
	for lines[at] != " Everywhere" {
		at++
	}
	from := at - 1
	for from > 0 && (strings.HasPrefix(lines[from], "  ") || lines[from] == "") {
		from--
	}
	var list []offer
	for _, line := range lines[from+1:] {
		if line == " Signs" {
			break
		}
		if key, does, ok := strings.Cut(strings.TrimPrefix(line, "  "), "  "); ok && strings.HasPrefix(line, "  ") {
			does, _, _ = strings.Cut(strings.TrimSpace(does), "  ")
			list = append(list, offer{tmuxKey(key), does})
		}
	}
	return list
}

// tmuxKey is the first of the keys that help names.
func tmuxKey(shown string) string {
	name, _, _ := strings.Cut(shown, " ")
	if head, _, ok := strings.Cut(name, "/"); ok && head != "" {
		name = head
	}
	if letter, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return "C-" + letter
	}
	if name == "?" || name == ":" || name == "!" || name == "*" || name == "/" {
		return name
	}
	if tmux, ok := map[string]string{"enter": "Enter", "esc": "Escape", "tab": "Tab", "shift+tab": "BTab", "space": "Space", "up": "Up", "down": "Down",
		"left": "Left", "right": "Right", "home": "Home", "end": "End", "pgup": "PPage", "pgdown": "NPage", "del": "DC", "f1": "F1", "backspace": "BSpace"}[name]; ok {
		return tmux
	}
	return name
}

// pressedOn presses a key on a screen and waits for what it does.
func pressedOn(t *testing.T, found *site, screen deskScreen, k offer) {
	t.Helper()
	p := opened(t, found, screen)
	if k.does == "move" || k.does == "line" {
		k.key = "Down" // up is where one is
	}
	before := settled(p)
	if k.key == "?" && screenTypes(before) {
		k.key = "F1"
	}
	if k.key == ":" && screenTypes(before) {
		k.key = "C-p"
	}
	p.keys(k.key)
	want, known := effects[k.does]
	for deadline := time.Now().Add(deskPatience); ; time.Sleep(40 * time.Millisecond) {
		if p.ask("#{pane_dead}") == "1" {
			if k.does != "quit" && k.does != "press the button" {
				t.Errorf("%s (%s) ended the desk", k.key, k.does)
			}
			return
		}
		now := p.screen()
		gone, goes := strings.CutPrefix(want, "-")
		switch {
		case !known && now != before, known && goes && !strings.Contains(now, gone), known && !goes && strings.Contains(squeezed(now), want):
			return
		case time.Now().After(deadline):
			t.Errorf("%s (%s) on %s: no effect; wanted %q\n%s", k.key, k.does, screen.name, want, now)
			return
		}
	}
}

// moved moves the cursor of a list to both ends, by each pair of keys.
func moved(t *testing.T, found *site, screen deskScreen) {
	t.Helper()
	p := opened(t, found, screen)
	for _, pair := range [][2]string{{"g", "G"}, {"Home", "End"}, {"PPage", "NPage"}, {"k", "j"}, {"Up", "Down"}, {"C-u", "C-d"}} {
		p.keys(pair[0])
		top := settled(p)
		p.keys(pair[1])
		p.until(pair[1]+" moving", func(screen string) bool { return screen != top })
		p.keys(pair[0])
		p.until(pair[0]+" moving back", func(screen string) bool { return screen == top })
	}
}

// screenTypes says that letters belong to a field: help is then f1 in the footer.
func screenTypes(screen string) bool { return strings.Contains(lastLine(screen), "f1 help") }

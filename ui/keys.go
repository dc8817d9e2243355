package ui

import "github.com/charmbracelet/bubbles/key"

// keys is the one table of keys: footers and help are made from it, and show only what works now.
var keys = struct {
	Help, Quit, Leave, Back, Interrupt, Suspend    key.Binding
	Up, Down, Home, End, PageUp, PageDown, Move    key.Binding
	New, Import, Export, Renew, Remove             key.Binding
	Open, Filter, Keep, Clear, Scroll, Turn, Press key.Binding
	// wizard and forms
	Done, CancelRun key.Binding
}{
	Help:      bind("?", "help", "?", "f1"),
	Quit:      bind("q", "quit", "q"),
	Leave:     bind("q", "leave", "q", "esc"),
	Back:      bind("esc", "back", "esc"),
	Interrupt: bind("ctrl+c", "cancel what runs; twice quits", "ctrl+c"),
	Suspend:   bind("ctrl+z", "suspend", "ctrl+z"),

	Up:       bind("up k", "one up", "up", "k"),
	Down:     bind("down j", "one down", "down", "j"),
	Home:     bind("g home", "first", "g", "home"),
	End:      bind("G end", "last", "G", "end"),
	PageUp:   bind("pgup ctrl+u", "page up", "pgup", "ctrl+u"),
	PageDown: bind("pgdown ctrl+d", "page down", "pgdown", "ctrl+d"),
	Move:     bind("up/down", "move", "up", "down", "j", "k"),

	New:    bind("n", "new", "n"),
	Import: bind("i", "import", "i"),
	Export: bind("x", "export", "x"),
	Renew:  bind("R", "renew", "R"),
	Remove: bind("D", "remove", "D", "delete"),

	Open:   bind("enter", "details", "enter"),
	Filter: bind("/", "filter", "/"),
	Keep:   bind("enter", "keep the filter", "enter"),
	Clear:  bind("esc", "clear the filter", "esc"),
	Scroll: bind("up/down", "scroll", "up", "down", "j", "k"),
	Turn:   bind("tab", "next button", "tab", "shift+tab", "left", "right"),
	Press:  bind("enter", "press the button", "enter"),

	// wizard and forms; what fields answer to stands in kit
	Done:      bind("enter", "to the table", "enter", "esc"),
	CancelRun: bind("esc", "cancel", "esc"),
}

func bind(shown, does string, names ...string) key.Binding {
	return key.NewBinding(key.WithKeys(names...), key.WithHelp(shown, does))
}

// moves are the keys every list and every text answers to.
func moves() []key.Binding {
	return []key.Binding{keys.Up, keys.Down, keys.Home, keys.End, keys.PageUp, keys.PageDown}
}

// globals are the keys that work on every screen.
func globals() []key.Binding { return []key.Binding{keys.Help, keys.Interrupt, keys.Suspend} }

package ui

import "github.com/charmbracelet/bubbles/key"

// keys is the one table of keys: footers, help and the palette are made from it, and show only what works now. What a
// key does begins with the footer's word; behind the colon stands what help and palette say beside it.
var keys = struct {
	Help, Palette, Quit, Leave, Back, Interrupt, Suspend key.Binding
	Up, Down, Home, End, PageUp, PageDown                key.Binding
	New, Import, Export, Renew, Remove, Copy             key.Binding
	Enable, Ports, Adopt, AskAgain                       key.Binding
	History, Removed, Doctor                             key.Binding
	Open, Filter, Keep, Clear, Scroll, Turn, Press       key.Binding
	Choose, Pick                                         key.Binding
	Sort, Reverse, Attention, Mark, MarkAll, Unmark      key.Binding
	NextFilter                                           key.Binding
	Sift, Line, Visit, Restore, Purge, Again, Repair     key.Binding
	Close                                                key.Binding
	// wizard and forms
	Done, Another, CancelRun key.Binding
}{
	Help:      bind("?", "help: every key of this screen, and the signs", "?", "f1"),
	Palette:   bind(":", "actions: all that can be done here, by name", ":", "ctrl+p"),
	Quit:      bind("q", "quit", "q"),
	Leave:     bind("q", "leave", "q", "esc"),
	Back:      bind("esc", "back", "esc"),
	Interrupt: bind("ctrl+c", "cancel what runs; twice quits", "ctrl+c"),
	Suspend:   bind("ctrl+z", "suspend: back to the shell, fg returns", "ctrl+z"),

	Up:       bind("up k", "one up", "up", "k"),
	Down:     bind("down j", "one down", "down", "j"),
	Home:     bind("g home", "first", "g", "home"),
	End:      bind("G end", "last", "G", "end"),
	PageUp:   bind("pgup ctrl+u", "page up", "pgup", "ctrl+u"),
	PageDown: bind("pgdown ctrl+d", "page down", "pgdown", "ctrl+d"),

	New:     bind("n", "new: a request for a CA, or a self-signed certificate", "n"),
	Import:  bind("i", "import: a CA's answer, or a certificate with its key", "i"),
	Enable:  bind("e", "enable: a service is given it, and every port proves it", "e"),
	Ports:   bind("t", "test ports: what every port serves, asked now", "t"),
	Adopt:   bind("a", "adopt: what a service serves comes into the store, with its key", "a"),
	Export:  bind("x", "export: a file for another program or server, or the CA", "x"),
	Renew:   bind("R", "renew: the same names, a new certificate", "R"),
	Remove:  bind("D", "remove: to the removed entries, where it can be restored", "D", "delete"),
	Copy:    bind("y", "copy: PEM, request, thumbprint, names or command", "y"),
	History: bind("L", "history: who did what, and when", "L"),
	Removed: bind("T", "removed: what was removed, by whom, and how it comes back", "T"),
	Doctor:  bind("H", "health: is every key, file and line of the store sound?", "H"),

	Open:       bind("enter", "details: everything about this one", "enter"),
	Filter:     bind("/", "filter: words, !word, status: svc: issuer: name: days<30", "/"),
	Sort:       bind("s", "sort: then the letter of a column", "s"),
	Reverse:    bind("S", "reverse: sort the other way round", "S"),
	Attention:  bind("!", "faults: only what needs attention, and back", "!"),
	Mark:       bind("space", "mark: for acting on several at once", " "),
	MarkAll:    bind("*", "mark all: every row that is shown", "*"),
	Unmark:     bind("ctrl+\\", "clear marks", "ctrl+\\"),
	NextFilter: bind("tab", "next named filter", "tab"),

	Keep:   bind("enter", "keep the filter", "enter"),
	Clear:  bind("esc", "clear the filter", "esc"),
	Scroll: bind("up/down", "scroll", "up", "down", "j", "k"),
	Turn:   bind("tab", "next button", "tab", "shift+tab", "left", "right"),
	Press:  bind("enter", "press the button", "enter"),

	Choose: bind("enter", "do it", "enter"),
	Pick:   bind("up/down", "choose", "up", "down"),

	// history, removed entries, health
	Sift:     bind("/", "filter: words, and !word for what must not occur", "/"),
	Line:     bind("enter", "whole line: all it says, and what became of its entries", "enter"),
	Visit:    bind("enter", "go there: to the entry, or to where it can be restored", "enter"),
	Restore:  bind("r", "restore: back to the table, as it was", "r"),
	Purge:    bind("P", "purge: destroy it for good, its key too", "P"),
	Again:    bind("r", "look again", "r"),
	AskAgain: bind("r", "ask again: every port, now", "r", "t"),
	Repair:   bind("f", "repair: only ever adds to the journal, deletes nothing", "f"),

	Close: bind("enter", "close", "enter", "esc", "q"),

	// wizard and forms; what fields answer to stands in kit
	Done:      bind("enter", "to the table", "enter", "esc"),
	Another:   bind("n", "another: a new form, with the same organisation, key and directory", "n"),
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
func globals() []key.Binding {
	return []key.Binding{keys.Palette, keys.Help, keys.Interrupt, keys.Suspend}
}

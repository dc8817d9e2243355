package screen

import (
	"slices"

	"github.com/charmbracelet/bubbles/key"
)

// Keys is the one table of keys: footers, help and the palette are made from it, and show only what works now. What a
// key does begins with the footer's word; behind the colon stands what help and palette say beside it.
var Keys = struct {
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
	Help:      Bind("?", "help: every key of this screen, and the signs", "?", "f1"),
	Palette:   Bind(":", "actions: all that can be done here, by name", ":", "ctrl+p"),
	Quit:      Bind("q", "quit", "q"),
	Leave:     Bind("q", "leave", "q", "esc"),
	Back:      Bind("esc", "back", "esc"),
	Interrupt: Bind("ctrl+c", "cancel what runs; twice quits", "ctrl+c"),
	Suspend:   Bind("ctrl+z", "suspend: back to the shell, fg returns", "ctrl+z"),

	Up:       Bind("up k", "one up", "up", "k"),
	Down:     Bind("down j", "one down", "down", "j"),
	Home:     Bind("g home", "first", "g", "home"),
	End:      Bind("G end", "last", "G", "end"),
	PageUp:   Bind("pgup ctrl+u", "page up", "pgup", "ctrl+u"),
	PageDown: Bind("pgdown ctrl+d", "page down", "pgdown", "ctrl+d"),

	New:     Bind("n", "new: a request for a CA, or a self-signed certificate", "n"),
	Import:  Bind("i", "import: a CA's answer, or a certificate with its key", "i"),
	Enable:  Bind("e", "enable: a service is given it, and every port proves it", "e"),
	Ports:   Bind("t", "test ports: what every port serves, asked now", "t"),
	Adopt:   Bind("a", "adopt: what a service serves comes into the store, with its key", "a"),
	Export:  Bind("x", "export: a file for another program or server, or the CA", "x"),
	Renew:   Bind("R", "renew: the same names, a new certificate", "R"),
	Remove:  Bind("D", "remove: to the removed entries, where it can be restored", "D", "delete"),
	Copy:    Bind("y", "copy: PEM, request, thumbprint, names or command", "y"),
	History: Bind("L", "history: who did what, and when", "L"),
	Removed: Bind("T", "removed: what was removed, by whom, and how it comes back", "T"),
	Doctor:  Bind("H", "health: is every key, file and line of the store sound?", "H"),

	Open:       Bind("enter", "details: everything about this one", "enter"),
	Filter:     Bind("/", "filter: words, !word, status: svc: issuer: name: days<30", "/"),
	Sort:       Bind("s", "sort: then the letter of a column", "s"),
	Reverse:    Bind("S", "reverse: sort the other way round", "S"),
	Attention:  Bind("!", "faults: only what needs attention, and back", "!"),
	Mark:       Bind("space", "mark: for acting on several at once", " "),
	MarkAll:    Bind("*", "mark all: every row that is shown", "*"),
	Unmark:     Bind("ctrl+\\", "clear marks", "ctrl+\\"),
	NextFilter: Bind("tab", "next named filter", "tab"),

	Keep:   Bind("enter", "keep the filter", "enter"),
	Clear:  Bind("esc", "clear the filter", "esc"),
	Scroll: Bind("up/down", "scroll", "up", "down", "j", "k"),
	Turn:   Bind("tab", "next button", "tab", "shift+tab", "left", "right"),
	Press:  Bind("enter", "press the button", "enter"),

	Choose: Bind("enter", "do it", "enter"),
	Pick:   Bind("up/down", "choose", "up", "down"),

	// history, removed entries, health
	Sift:     Bind("/", "filter: words, and !word for what must not occur", "/"),
	Line:     Bind("enter", "whole line: all it says, and what became of its entries", "enter"),
	Visit:    Bind("enter", "go there: to the entry, or to where it can be restored", "enter"),
	Restore:  Bind("r", "restore: back to the table, as it was", "r"),
	Purge:    Bind("P", "purge: destroy it for good, its key too", "P"),
	Again:    Bind("r", "look again", "r"),
	AskAgain: Bind("r", "ask again: every port, now", "r", "t"),
	Repair:   Bind("f", "repair: only ever adds to the journal, deletes nothing", "f"),

	Close: Bind("enter", "close", "enter", "esc", "q"),

	// wizard and forms; what fields answer to stands in kit
	Done:      Bind("enter", "to the table", "enter", "esc"),
	Another:   Bind("n", "another: a new form, with the same organisation, key and directory", "n"),
	CancelRun: Bind("esc", "cancel", "esc"),
}

// Bind is a key as it is shown, what it does, and how the terminal names it.
func Bind(shown, does string, names ...string) key.Binding {
	return key.NewBinding(key.WithKeys(names...), key.WithHelp(shown, does))
}

// Moves are the keys every list and every text answers to.
func Moves() []key.Binding {
	return []key.Binding{Keys.Up, Keys.Down, Keys.Home, Keys.End, Keys.PageUp, Keys.PageDown}
}

// Globals are the keys that work on every screen.
func Globals() []key.Binding {
	return []key.Binding{Keys.Palette, Keys.Help, Keys.Interrupt, Keys.Suspend}
}

// IsOne says whether a key is one of others, whatever the terminal calls it: what it says of itself tells it from them.
func IsOne(b key.Binding, of ...key.Binding) bool {
	return slices.ContainsFunc(of, func(o key.Binding) bool { return o.Help() == b.Help() })
}

// Offers says whether a key works on a screen now.
func Offers(s Screen, b key.Binding) bool {
	return slices.ContainsFunc(s.Keys(), func(k key.Binding) bool { return IsOne(k, b) })
}

package screen

import (
	"reflect"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// Keys is the one table of the desk's verbs: footers, help and the palette are made from it, and show only what works
// now.
var Keys = struct {
	Help, Palette, Quit, Leave, Back, Interrupt, Suspend kit.Verb
	Mouse                                                kit.Verb
	Up, Down, Home, End, PageUp, PageDown                kit.Verb
	New, Import, Export, Renew, Remove, Copy             kit.Verb
	Enable, Ports, AskPort, Adopt, AskAgain, Why         kit.Verb
	Rename, Compare, Swap, Undo                          kit.Verb
	History, Removed, Doctor, Settings                   kit.Verb
	Edit, Unset                                          kit.Verb
	Open, Filter, Keep, Clear, Scroll, Turn, Press       kit.Verb
	Choose, Pick                                         kit.Verb
	Sort, Reverse, Attention, Mark, MarkAll, Unmark      kit.Verb
	Complete, Write                                      kit.Verb
	Sift, Line, Visit, Restore, Purge, Again, Repair     kit.Verb
	Exchange, Close                                      kit.Verb
	// wizard and forms
	Done, Another, CancelRun kit.Verb
	GoOn, Revoke             kit.Verb
}{
	Help:      kit.NewVerb("help", "help", "?", "f1").About("every key of this screen, and the signs"),
	Palette:   kit.NewVerb("palette", "actions", ":", "ctrl+p").About("all that can be done here, by name"),
	Quit:      kit.NewVerb("quit", "quit", "q").Leaving().Does(func() tea.Cmd { return quit }),
	Leave:     kit.NewVerb("leave", "leave", "q", "esc").Leaving().Does(func() tea.Cmd { return Pop }),
	Back:      kit.NewVerb("back", "back", "esc").Leaving(),
	Interrupt: kit.NewVerb("interrupt", "interrupt", "ctrl+c").About("cancels what runs; pressed twice it quits"),
	Suspend:   kit.NewVerb("suspend", "suspend", "ctrl+z").About("back to the shell, fg returns"),

	Mouse: kit.NewVerb("mouse", "mouse", "M", "f9").About("on or off; when off the terminal selects text"),

	Up:       kit.NewVerb("up", "one up", "up", "k").Show("up k"),
	Down:     kit.NewVerb("down", "one down", "down", "j").Show("down j"),
	Home:     kit.NewVerb("home", "first", "g", "home").Show("g home"),
	End:      kit.NewVerb("end", "last", "G", "end").Show("G end"),
	PageUp:   kit.NewVerb("page-up", "page up", "pgup", "ctrl+u").Show("pgup ctrl+u"),
	PageDown: kit.NewVerb("page-down", "page down", "pgdown", "ctrl+d").Show("pgdown ctrl+d"),

	New:     kit.NewVerb("new", "new", words.KeyNew).About("a request for a CA, or a self-signed certificate"),
	Import:  kit.NewVerb("import", "import", words.KeyImport).About("a CA's answer, or a certificate with its key"),
	Enable:  kit.NewVerb("enable", "enable", words.KeyEnable).About("give it to a service, and check every port"),
	Ports:   kit.NewVerb("ports", "test ports", words.KeyPorts).About("ask every port now what it serves"),
	AskPort: kit.NewVerb("ask-port", "ask a port", words.KeyAskPort).About("what does any port serve, and is it ours?"),
	Why:     kit.NewVerb("why", "wrong?", words.KeyWhy).About("for a caller: is it the certificate?"),
	Adopt:   kit.NewVerb("adopt", "adopt", words.KeyAdopt).About("bring what a service serves into the store, with its key"),
	Export:  kit.NewVerb("export", "export", words.KeyExport).About("a file for another program or server, or the CA"),
	Renew:   kit.NewVerb("renew", "renew", words.KeyRenew).About("the same names, a new certificate"),
	Remove:  kit.NewVerb("remove", "remove", words.KeyRemove, "delete").About("to the removed entries, to restore or purge"),
	Copy:    kit.NewVerb("copy", "copy", "y").About("PEM, request, thumbprint, names or command"),
	Rename:  kit.NewVerb("rename", "rename", words.KeyRename, "f2").About("another friendly name; history keeps the old"),
	Compare: kit.NewVerb("compare", "compare", "c").About("what would be lost if one replaced another"),
	Swap:    kit.NewVerb("swap", "swap", "s").About("compare them the other way round"),
	Undo:    kit.NewVerb("undo", "undo", "u").About("takes back the last remove since the desk was opened"),
	History: kit.NewVerb("history", "history", words.KeyHistory).About("who did what, and when"),
	Removed: kit.NewVerb("removed", "removed", words.KeyRemoved).About("what was removed, by whom, and how it comes back"),
	Doctor:  kit.NewVerb("doctor", "health", words.KeyHealth).About("checks every key, file and line of the store"),
	Settings: kit.NewVerb("settings", "settings", words.KeySettings).
		About("domains, server name, roots, services, filters"),

	Open:      kit.NewVerb("open", "details", words.KeyShow).About("everything about this one"),
	Filter:    kit.NewVerb("filter", "filter", "/").About("words, !word, is: before: service: ca: and more"),
	Sort:      kit.NewVerb("sort", "sort", "s").About("then the letter of a column"),
	Reverse:   kit.NewVerb("reverse", "reverse", "S").About("sort the other way round"),
	Attention: kit.NewVerb("attention", "attention", "!").About("only what needs attention, and back"),
	Mark:      kit.NewVerb("mark", "mark", " ").About("for acting on several at once"),
	MarkAll:   kit.NewVerb("mark-all", "mark all", "*").About("every row that is shown"),
	Unmark:    kit.NewVerb("unmark", "clear marks", "ctrl+\\"),
	Complete:  kit.NewVerb("complete", "complete", "tab").About("what is offered below the line; again takes the next"),
	Write:     kit.NewVerb("write", "write rows", "W").About("those that are shown, as CSV, Markdown or JSON"),

	Keep:   kit.NewVerb("keep", "keep the filter", "enter"),
	Clear:  kit.NewVerb("clear", "clear the filter", "esc").Leaving(),
	Scroll: kit.NewVerb("scroll", "scroll", "up", "down", "j", "k").Show("up/down"),
	Turn:   kit.NewVerb("turn", "next button", "tab", "shift+tab", "left", "right"),
	Press:  kit.NewVerb("press", "press the button", "enter"),

	Choose: kit.NewVerb("choose", "do it", "enter"),
	Pick:   kit.NewVerb("pick", "choose", "up", "down").Show("up/down"),

	// history, removed entries, health
	Sift:     kit.NewVerb("sift", "filter", "/").About("words, and !word for what must not occur"),
	Line:     kit.NewVerb("line", "whole line", "enter").About("all it says, and what became of its entries"),
	Visit:    kit.NewVerb("visit", "go there", "enter").About("to the entry, or to where it can be restored"),
	Restore:  kit.NewVerb("restore", "restore", words.KeyRestore).About("back to the table, as it was"),
	Purge:    kit.NewVerb("purge", "purge", "P").About("destroy it for good, its key too"),
	Again:    kit.NewVerb("again", "look again", "r"),
	AskAgain: kit.NewVerb("ask-again", "ask again", "r", "t").About("every port, now"),
	Repair:   kit.NewVerb("repair", "repair", words.KeyRepair).About("only ever adds to the journal, deletes nothing"),

	// settings
	Edit:  kit.NewVerb("edit", "change", "enter").About("asked, tried, shown, then saved"),
	Unset: kit.NewVerb("unset", "take out", "D", "delete").About("the file no longer says it"),

	Exchange: kit.NewVerb("exchange", "Exchange version", "v").About("whose shell's commands are shown"),

	Close: kit.NewVerb("close", "close", "enter", "esc", "q").Does(func() tea.Cmd { return Pop }),

	// wizard and forms; what fields answer to stands in kit
	Done:      kit.NewVerb("done", "to the table", "enter", "esc"),
	Another:   kit.NewVerb("another", "another", "n").About("a new form, with the same organisation, key and directory"),
	Revoke:    kit.NewVerb("revoke", "revoke", "V").About("by its CA, for good: clients refuse it from then on"),
	GoOn:      kit.NewVerb("go-on", "go on", "enter").About("with the order, where it stands"),
	CancelRun: kit.NewVerb("cancel-run", "cancel", "esc").Leaving(),
}

// AllVerbs are those of all screens.
func AllVerbs() (list []kit.Verb) {
	all := reflect.ValueOf(Keys)
	for i := range all.NumField() {
		list = append(list, all.Field(i).Interface().(kit.Verb))
	}
	return list
}

// Moves are the keys every list and every text answers to.
func Moves() []kit.Verb {
	return []kit.Verb{Keys.Up, Keys.Down, Keys.Home, Keys.End, Keys.PageUp, Keys.PageDown}
}

// Globals are the keys that work on every screen.
func Globals() []kit.Verb {
	return []kit.Verb{Keys.Palette, Keys.Help, Keys.Mouse, Keys.Interrupt, Keys.Suspend}
}

// Offers says whether a verb can be done on a screen now.
func Offers(s Screen, v kit.Verb) bool {
	return slices.ContainsFunc(s.Verbs(), func(o kit.Verb) bool { return o.Is(v) })
}

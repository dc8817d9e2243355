package words

import "strings"

// deskWays are what a command that a sentence names is in the desk: the key that does it.
var deskWays = []struct{ command, key string }{
	{"run `certdesk doctor --repair`", "press H, then f to repair"},
	{"run `certdesk doctor`", "press H for the store's health"},
	{"run certdesk doctor", "press H for the store's health"},
	{"`certdesk doctor --repair`", "a repair (H, then f)"},
	{"see with `certdesk history`", "see in the history (L)"},
	{"compare with `certdesk history`", "compare with the history (L)"},
	{"`certdesk history`", "the history (L)"},
	{"`certdesk list --removed`", "T"},
	{"`certdesk list`", "the table"},
	{"with `certdesk enable --finish`", "with e"},
	{"with `certdesk enable --roll-back`", "with e"},
	{"run `certdesk enable --roll-back`", "press e"},
	{"`certdesk test`", "t"},
	{"give --password-file FILE, or run on a terminal", "type one, or leave it empty and certdesk generates one"},
	{", or overwrite it with --force", ""},
}

// InDesk is a sentence whose commands are said as the keys of the desk.
func InDesk(text string) string {
	for _, way := range deskWays {
		text = strings.ReplaceAll(text, way.command, way.key)
	}
	return text
}

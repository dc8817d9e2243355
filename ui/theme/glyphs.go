package theme

import "strings"

// Glyphs are the signs the desk draws with, each one cell wide, so that no meaning is carried by colour alone.
type Glyphs struct {
	Cursor   string // before the selected row
	Bar      string // the cursor where the selected row has a background
	Changed  string // before a row that has just changed
	Good     string // valid
	Warn     string // expiring
	Bad      string // expired, invalid, untrusted
	Waiting  string // pending
	Unknown  string
	Mark     string // before a marked row
	Full     string // the part of a lifetime that is left
	Empty    string
	Ellipsis string // where text was cut
	Dot      string // between words of the header
	HLine    string
	VLine    string
	Corners  [4]string // top left, top right, bottom left, bottom right
	Joints   [5]string // where an edge goes off: down, up, to the right, to the left, both ways
	Branch   string    // before a member of a tree
	On       string    // a ticked box: "[x]" is On between brackets
	Up       string    // more above
	Down     string    // more below
}

var ascii = Glyphs{
	Cursor: ">", Bar: ">", Changed: "~", Good: "*", Warn: "!", Bad: "x", Waiting: ".", Unknown: "?", Mark: "+",
	Full: "#", Empty: "-", Ellipsis: "~", Dot: "-", HLine: "-", VLine: "|",
	Corners: [4]string{"+", "+", "+", "+"}, Joints: [5]string{"+", "+", "+", "+", "+"},
	Branch: "`", On: "x", Up: "^", Down: "v",
}

// Only signs that every console font of the last thirty years holds: no emoji, no braille, no private use.
var unicode = Glyphs{
	Cursor: "►", Bar: "▌", Changed: "~", Good: "●", Warn: "▲", Bad: "■", Waiting: "○", Unknown: "?", Mark: "+",
	Full: "━", Empty: "─", Ellipsis: "…", Dot: "·", HLine: "─", VLine: "│",
	Corners: [4]string{"┌", "┐", "└", "┘"}, Joints: [5]string{"┬", "┴", "├", "┤", "┼"},
	Branch: "└", On: "x", Up: "↑", Down: "↓",
}

// glyphsFor gives ASCII unless the locale is UTF-8. The Linux console has 256 glyphs of an unknown font, and
// a Chinese, Japanese or Korean terminal may draw these signs two cells wide: ASCII for both.
func glyphsFor(env func(string) string) Glyphs {
	locale := strings.ToLower(firstSet(env, "LC_ALL", "LC_CTYPE", "LANG"))
	utf8 := strings.Contains(locale, "utf-8") || strings.Contains(locale, "utf8")
	if !utf8 || env("TERM") == "linux" || wide(locale) {
		return ascii
	}
	return unicode
}

func wide(locale string) bool {
	return strings.HasPrefix(locale, "zh") || strings.HasPrefix(locale, "ja") || strings.HasPrefix(locale, "ko")
}

func firstSet(env func(string) string, names ...string) string {
	for _, name := range names {
		if v := env(name); v != "" {
			return v
		}
	}
	return ""
}

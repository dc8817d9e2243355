// Package kit holds the widgets of the desk that are no fields: the window table, dialogs, boxes, footers, scrollers.
//
// A widget knows nothing of certificates, reads no clock and touches no disk. It is drawn for a width and a
// height it is given and keeps to them exactly: every line has that many cells, however wide the characters.
package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore/printable"
)

// Printable makes foreign text safe to show; every string that did not come from certdesk itself passes it.
func Printable(s string) string { return printable.Text(s) }

// Width is how many cells a line takes; its colour codes take none.
func Width(s string) int {
	if plainASCII(s) {
		return len(s)
	}
	return ansi.StringWidth(s)
}

// Cut shortens a line to at most w cells, ending it in tail where something was lost.
func Cut(s string, w int, tail string) string {
	switch {
	case w <= 0:
		return ""
	case Width(s) <= w:
		return s
	case Width(tail) >= w:
		return ansi.Truncate(s, w, "")
	}
	return ansi.Truncate(s, w, tail)
}

// CutLeft shortens plain text to at most w cells at its beginning, where tail then stands: of a path the end matters.
func CutLeft(s string, w int, tail string) string {
	n := Width(s)
	switch {
	case n <= w:
		return s
	case w <= Width(tail):
		return Cut(s, w, "")
	}
	return ansi.TruncateLeft(s, n-w+Width(tail), tail)
}

// CutAt shortens plain text to at most w cells so that a place in it is seen, at its end where it is not among the
// first cells, and says where it is then. What was lost at either side ends in tail.
func CutAt(s string, w int, place [2]int, tail string) (text string, at [2]int) {
	from, to := place[0], place[1]
	switch {
	case Width(s) <= w, Width(s[:to])+Width(tail) <= w:
		return Cut(s, w, tail), place
	case w <= 2*Width(tail):
		return Cut(s, w, ""), [2]int{}
	case Width(s[from:])+Width(tail) <= w:
		text = CutLeft(s, w, tail)
		return text, [2]int{len(text) - len(s) + from, len(text) - len(s) + to}
	}
	lead := tail
	if from == 0 {
		lead = ""
	}
	rest := Cut(s[from:], w-Width(lead), tail)
	shown := min(to-from, len(strings.TrimSuffix(rest, tail)))
	return lead + rest, [2]int{len(lead), len(lead) + shown}
}

// Pad makes a line exactly w cells wide: longer ones are cut, shorter ones filled with blanks.
func Pad(s string, w int) string {
	n := Width(s)
	if n > w {
		s = Cut(s, w, "")
		n = Width(s) // a wide character may have left one cell
	}
	if n >= w {
		return s
	}
	return s + strings.Repeat(" ", w-n)
}

// PadLeft is Pad with the blanks in front, for numbers.
func PadLeft(s string, w int) string {
	if n := Width(s); n < w {
		return strings.Repeat(" ", w-n) + s
	}
	return Pad(s, w)
}

// Sides puts left and right at the two ends of a line of w cells; where both do not fit, right is kept.
func Sides(left, right string, w int, tail string) string {
	room := w - Width(right)
	if right != "" {
		room--
	}
	if room < 0 {
		return Pad(right, w)
	}
	return Pad(Pad(Cut(left, room, tail), w-Width(right))+right, w)
}

// Fit makes text exactly w×h cells: each line padded or cut, missing lines added, surplus ones dropped.
func Fit(text string, w, h int) string {
	var b strings.Builder
	b.Grow((w + 1) * h)
	for i := range h {
		line, rest, _ := strings.Cut(text, "\n")
		text = rest
		if i > 0 {
			b.WriteByte('\n')
		}
		b.WriteString(Pad(line, w))
	}
	return b.String()
}

func plainASCII(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < 0x20 || s[i] > 0x7e {
			return false
		}
	}
	return true
}

// Quoted is a text in double quotes.
func Quoted(s string) string { return `"` + s + `"` }

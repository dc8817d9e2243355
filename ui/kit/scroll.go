package kit

import (
	"strconv"
	"strings"

	"certdesk/ui/theme"
)

// Scroll is a place in a text that may be longer than its window.
type Scroll struct{ Top int }

// Move moves the window by a number of lines over a text of total lines; h is the height View is given.
func (sc Scroll) Move(by, total, h int) Scroll {
	sc.Top = max(0, min(sc.Top+by, total-Room(total, h)))
	return sc
}

// Room is how many lines of a text are seen in h lines: one goes to the remark that there is more.
func Room(total, h int) int {
	if total > h && h > 1 {
		return h - 1
	}
	return h
}

// Home shows the text's beginning.
func (sc Scroll) Home() Scroll { return Scroll{} }

// View shows what of lines fits into w×h cells; where there is more, the last line's end says how much.
func (sc Scroll) View(s theme.Styles, lines []string, w, h int) string {
	seen := Room(len(lines), h)
	top := max(0, min(sc.Top, len(lines)-seen))
	text := Fit(strings.Join(lines[top:min(top+seen, len(lines))], "\n"), w, seen)
	if seen == h {
		return text
	}
	return text + "\n" + More(s, top, len(lines)-top-seen, w)
}

// More says how many lines are not seen above and below.
func More(s theme.Styles, above, below, w int) string {
	text := ""
	if above > 0 {
		text += s.Glyphs.Up + " " + strconv.Itoa(above) + " above  "
	}
	if below > 0 {
		text += s.Glyphs.Down + " " + strconv.Itoa(below) + " more"
	}
	return s.Muted.Render(PadLeft(text+" ", w))
}

// Window gives the part [from,to) of n lines that shows line at in h lines.
func Window(at, n, h int) (from, to int) {
	h = min(max(1, h), n)
	from = max(0, min(at-h/2, n-h))
	return from, from + h
}

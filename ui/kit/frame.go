package kit

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"certdesk/ui/theme"
)

// The smallest terminal the desk draws itself on, in cells.
const (
	MinWidth  = 60
	MinHeight = 18
)

// TooSmall is the frame of a terminal that is too small: it says the size the desk needs, and which this is.
// ok is false where the terminal is big enough.
func TooSmall(w, h int) (frame string, ok bool) {
	if w >= MinWidth && h >= MinHeight {
		return "", false
	}
	text := fmt.Sprintf("certdesk needs %dx%d cells; this terminal has %dx%d", MinWidth, MinHeight, w, h)
	lines := Wrap(text, max(w, 1))
	above := max(0, (h-len(lines))/2)
	return Fit(strings.Repeat("\n", above)+strings.Join(lines, "\n"), w, h), true
}

// Box draws the frame of a dialog around lines; inner is the width between the margins.
func Box(s theme.Styles, title string, lines []string, inner int) string {
	p := Pane{Title: title, Body: strings.Join(lines, "\n"), Focus: true}
	return p.View(s, inner+PaneCells, len(lines)+PaneLines)
}

// Unlit takes the reverse and the background off the rows and buttons of a frame that lies below another.
func Unlit(s theme.Styles, frame string) string {
	if s.Row.On != "" {
		frame = strings.NewReplacer(s.Row.On, "", s.Row.Back, theme.StyleEnd).Replace(frame)
	}
	return strings.NewReplacer("\x1b[7m", "\x1b[0m", "\x1b[1;7m", "\x1b[1m", ";7m", "m").Replace(frame)
}

// minMargin is the narrowest margin beside a box in which something of the frame below can still be read.
const minMargin = 8

// Overlay lays box in the middle of a frame of w×h cells. Margins too narrow to read in are blank.
func Overlay(frame, box string, w, h int) string {
	over := strings.Split(box, "\n")
	under := strings.Split(Fit(frame, w, h), "\n")
	bw := 0
	for _, line := range over {
		bw = max(bw, Width(line))
	}
	x, y := max(0, (w-bw)/2), max(0, (h-len(over))/2)
	for i, line := range over[:min(len(over), h-y)] {
		if x < minMargin {
			under[y+i] = ""
		}
		under[y+i] = splice(under[y+i], Pad(line, bw), x, bw, w)
	}
	return strings.Join(under, "\n")
}

// splice replaces the cells x to x+bw of a line of w cells. A wide character that the edge cuts leaves a blank.
func splice(under, over string, x, bw, w int) string {
	left := Pad(unstyled(ansi.Truncate(under, x, "")), x)
	right := unstyled(ansi.TruncateLeft(under, min(x+bw, w), ""))
	return Pad(left+over, x+bw) + PadLeft(right, w-x-bw)
}

// style is a sequence that begins or ends a style.
var style = regexp.MustCompile(`\x1b\[[0-9;]*m`)

// unstyled is a cut line without the styles of what is no longer in it. One that begins within another ends with it.
func unstyled(line string) string {
	var out strings.Builder
	begun, lit, at := "", false, 0
	for _, seq := range append(style.FindAllStringIndex(line, -1), []int{len(line), len(line)}) {
		if text := line[at:seq[0]]; text != "" {
			out.WriteString(begun + text)
			lit, begun = lit || begun != "", ""
		}
		switch what := line[seq[0]:seq[1]]; {
		case what == theme.StyleEnd || what == "":
			if lit {
				out.WriteString(theme.StyleEnd)
			}
			begun, lit = "", false
		default:
			begun += what
		}
		at = seq[1]
	}
	return out.String()
}

// Headline is a horizontal line of w cells with a title in it: the upper edge of a page that has no room for others.
func Headline(s theme.Styles, title string, w int) string {
	title = " " + s.Accent.Render(Cut(title, w-8, s.Glyphs.Ellipsis)) + " "
	return s.Focus.Render(strings.Repeat(s.Glyphs.HLine, 2)) + title +
		s.Focus.Render(strings.Repeat(s.Glyphs.HLine, max(0, w-2-Width(title))))
}

// Rule is a horizontal line of w cells.
func Rule(s theme.Styles, w int) string {
	return s.Border.Render(strings.Repeat(s.Glyphs.HLine, max(w, 0)))
}

// Package theme holds the desk's styles, named by what they mean and never by how they look.
//
// It promises that the terminal is never asked anything: its init runs before Bubble Tea's (the module's path
// sorts first, and it imports lipgloss alone) and pins what Bubble Tea would otherwise query for up to five
// seconds. What is written has the sixteen ANSI colours alone, which follow the person's own palette. There is one
// background, behind the row under the cursor, on a terminal of 256 colours: so the row keeps its own.
package theme

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/lipgloss"
	"github.com/muesli/termenv"
)

func init() {
	lipgloss.SetHasDarkBackground(true)
	lipgloss.SetColorProfile(termenv.ANSI)
}

// Styles says how each meaning looks, and with which signs.
type Styles struct {
	Title    Style // the name of a screen or a section
	Text     Style // what is read
	Muted    Style // what may be overlooked
	Accent   Style // the one thing to look at
	Good     Style
	Warn     Style
	Bad      Style
	Selected Style // the button under the cursor, and the row where Row is ""
	Row      Row   // the row under the cursor that keeps its colours
	Key      Style // a key to press
	Border   Style
	Focus    Style // the border of what has the keys
	Error    Style // a sentence that says what to type instead
	Label    Style // what stands before a value
	Glyphs   Glyphs
}

// Row is a quiet background, as SGR: On begins it, Back goes on with it where a style has ended. Where On is "" there
// is none, and a row is reversed.
type Row struct{ On, Back string }

// New gives the styles of a theme by name; an unknown name is auto. env reads the environment (os.Getenv):
// NO_COLOR makes every theme mono, COLORFGBG decides auto, the locale decides the signs.
func New(name string, env func(string) string) Styles {
	s := Styles{Glyphs: glyphsFor(env)}
	if env("NO_COLOR") != "" {
		name = "mono"
	}
	p := paletteOf(name, env("COLORFGBG"))
	if manyColours(env) {
		s.Row = p.row
	}
	return s.paint(p)
}

func paletteOf(name, fgbg string) palette {
	switch name {
	case "mono":
		return palette{}
	case "light":
		return onLight
	case "dark":
		return onDark
	}
	return backgroundOf(fgbg)
}

// manyColours says that a terminal knows 256 colours, by what it says of itself: it is not asked.
func manyColours(env func(string) string) bool {
	if env("COLORTERM") == "truecolor" || env("COLORTERM") == "24bit" || env("WT_SESSION") != "" {
		return true
	}
	term := env("TERM")
	for _, word := range []string{"256color", "direct", "kitty", "alacritty", "ghostty", "foot", "wezterm"} {
		if strings.Contains(term, word) {
			return true
		}
	}
	return false
}

// palette holds colours as SGR; an empty one paints nothing, so that weight and reverse alone speak.
// row lays the background behind the row under the cursor; where nobody knows what the terminal's own is, the colour
// of its text too.
type palette struct {
	accent, good, warn, bad string
	row                     Row
}

var (
	onDark  = palette{accent: "96", good: "92", warn: "93", bad: "91", row: Row{"\x1b[48;5;236m", "\x1b[22;24;39m"}}
	onLight = palette{accent: "34", good: "32", warn: "35", bad: "31", // no yellow: it vanishes on white
		row: Row{"\x1b[48;5;254m", "\x1b[22;24;39m"}}
	onBoth = palette{accent: "36", good: "32", warn: "33", bad: "31", row: Row{"\x1b[97;48;5;236m", "\x1b[22;24;97m"}}
)

// backgroundOf reads COLORFGBG, "foreground;background" or with a middle word, as rxvt and Konsole set it.
func backgroundOf(fgbg string) palette {
	fields := strings.Split(fgbg, ";")
	n, err := strconv.Atoi(fields[len(fields)-1])
	switch {
	case err != nil || len(fields) < 2:
		return onBoth
	case n == 7 || n > 8:
		return onLight
	}
	return onDark
}

func (s Styles) paint(p palette) Styles {
	faint, strong := Style{faint: true}.made(), Style{bold: true}.made()
	s.Label, s.Border, s.Muted = faint, faint, faint
	s.Title = strong
	s.Selected = Style{reverse: true}.made()
	s.Accent = Style{colour: p.accent, bold: true}.made()
	s.Key = Style{colour: p.accent, bold: p.accent == ""}.made()
	s.Focus = s.Key
	s.Good = Style{colour: p.good}.made()
	s.Warn = Style{colour: p.warn, bold: true}.made()
	s.Bad = Style{colour: p.bad, bold: true}.made()
	s.Error = s.Bad
	return s
}

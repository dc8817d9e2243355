package uitest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Ink is how a cell is drawn: what a terminal keeps of the SGR sequences before it.
type Ink struct {
	Colour                          int // 0 to 15, or -1 for the terminal's own
	Back                            int // of the 256 colours, 0 for the terminal's own
	Bold, Faint, Underline, Reverse bool
}

var noInk = Ink{Colour: -1}

// backgrounds are the ways in which the row under the cursor begins.
var backgrounds = map[string]int{"48;5;236": 236, "48;5;254": 254, "97;48;5;236": 236}

// Cell is one character of a frame; a wide one is followed by a cell without text.
type Cell struct {
	Text string
	Ink  Ink
}

// Cells reads a frame as a terminal does. It is an error where a frame holds a sequence other than SGR, a raw control,
// bytes that are no UTF-8, or a style that is not ended with its line.
func Cells(frame string) ([][]Cell, error) {
	if !utf8.ValidString(frame) {
		return nil, fmt.Errorf("the frame is not UTF-8")
	}
	var rows [][]Cell
	for i, line := range strings.Split(frame, "\n") {
		row, err := cellsOf(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w: %q", i+1, err, line)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func cellsOf(line string) ([]Cell, error) {
	var row []Cell
	now := noInk
	for state := byte(0); line != ""; {
		text, width, n, next := ansi.DecodeSequence(line, state, nil)
		switch {
		case width > 0:
			row = append(row, Cell{text, now})
			for range width - 1 {
				row = append(row, Cell{"", now})
			}
		case strings.HasPrefix(text, "\x1b[") && strings.HasSuffix(text, "m"):
			if err := now.set(text[2 : len(text)-1]); err != nil {
				return nil, err
			}
		default:
			return nil, fmt.Errorf("the control %q", text)
		}
		state, line = next, line[n:]
	}
	if now != noInk {
		return nil, fmt.Errorf("a style runs over the end: %+v", now)
	}
	return row, nil
}

// set obeys the parameters of an SGR sequence; those that the desk has no use for are errors.
func (k *Ink) set(parameters string) error {
	if back, ok := backgrounds[parameters]; ok {
		k.Back = back
		if strings.HasPrefix(parameters, "97") {
			k.Colour = 15
		}
		return nil
	}
	for word := range strings.SplitSeq(parameters, ";") {
		n, err := strconv.Atoi(word)
		switch {
		case word == "" || n == 0 && err == nil:
			*k = noInk
		case n == 1:
			k.Bold = true
		case n == 2:
			k.Faint = true
		case n == 4:
			k.Underline = true
		case n == 22:
			k.Bold, k.Faint = false, false
		case n == 24:
			k.Underline = false
		case n == 39:
			k.Colour = -1
		case n == 7:
			k.Reverse = true
		case n >= 30 && n <= 37:
			k.Colour = n - 30
		case n >= 90 && n <= 97:
			k.Colour = n - 90 + 8
		default:
			return fmt.Errorf("SGR %q", parameters)
		}
	}
	return nil
}

// Sized is cells of a frame that must have exactly w×h of them.
func Sized(frame string, w, h int) ([][]Cell, error) {
	rows, err := Cells(frame)
	if err != nil {
		return nil, err
	}
	if len(rows) != h {
		return nil, fmt.Errorf("%dx%d: the frame has %d lines", w, h, len(rows))
	}
	if i := slices.IndexFunc(rows, func(row []Cell) bool { return len(row) != w }); i >= 0 {
		return nil, fmt.Errorf("%dx%d: line %d has %d cells", w, h, i+1, len(rows[i]))
	}
	return rows, nil
}

// TextOf is the text of a row.
func TextOf(row []Cell) string {
	var b strings.Builder
	for _, c := range row {
		b.WriteString(c.Text)
	}
	return b.String()
}

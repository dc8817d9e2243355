package wizard

import (
	"certdesk/certstore/names"
)

// Worksheet is by which names clients reach each service: a line for each of WorksheetRows, a cell for each of
// WorksheetColumns. A cell may be blank, or hold several names, separated as names.Split does.
type Worksheet [len(WorksheetRows)][len(WorksheetColumns)]string

// WorksheetRows are the services a client may ask for by a name of their own.
var WorksheetRows = [...]string{"web site", "autodiscover", "SMTP", "IMAP", "POP", "voice"}

// WorksheetColumns are where a client may stand.
var WorksheetColumns = [...]string{"from the internet", "inside"}

const (
	rowAutodiscover = 1
	fromInternet    = 0
	inside          = 1
)

// CellText names a cell, as the reason of the names in it does: "web site from the internet".
func CellText(row, column int) string { return WorksheetRows[row] + " " + WorksheetColumns[column] }

// Suggest is a worksheet filled in with what is known: inside, every service by the server's full name; from the
// internet, autodiscover of every accepted domain; and by what the services are called already. It is an offer: only
// what a person takes over gives names.
func Suggest(env Env) Worksheet {
	var w Worksheet
	for row := range w {
		for column := range w[row] {
			for _, r := range suggestions(env, row, column) {
				w[row][column] = spaced(w[row][column], r.name.Value)
			}
		}
	}
	return w
}

func spaced(text, word string) string {
	if text == "" {
		return word
	}
	return text + " " + word
}

// given are the names of the worksheet, line by line.
func (w Worksheet) given() []reasoned {
	var out []reasoned
	w.each(func(row, column int, word string) {
		if n, err := names.Normalize(word); err == nil {
			out = append(out, reasoned{n, CellText(row, column)})
		}
	})
	return out
}

// Count is how many different names the worksheet gives.
func (w Worksheet) Count() int {
	seen := map[names.Name]bool{}
	for _, g := range w.given() {
		seen[g.name.Key()] = true
	}
	return len(seen)
}

func (w Worksheet) each(visit func(row, column int, word string)) {
	for row, cells := range w {
		for column, text := range cells {
			for _, word := range names.Split(text) {
				visit(row, column, word)
			}
		}
	}
}

// Blank says that nothing is written anywhere.
func (w Worksheet) Blank() bool {
	blank := true
	w.each(func(int, int, string) { blank = false })
	return blank
}

// without is the worksheet with a name taken out of every cell.
func (w Worksheet) without(n names.Name) Worksheet {
	var out Worksheet
	w.each(func(row, column int, word string) {
		if is, err := names.Normalize(word); err != nil || is.Key() != n.Key() {
			out[row][column] = spaced(out[row][column], word)
		}
	})
	return out
}

// CheckCell is what is wrong with the text of a cell: the fault of its first word that is no name.
func CheckCell(text string) error {
	for _, word := range names.Split(text) {
		if _, err := names.Normalize(word); err != nil {
			return err
		}
	}
	return nil
}

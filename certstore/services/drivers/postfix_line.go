package drivers

import "strings"

// postfixBlanks are what Postfix takes for blank space within a line.
const postfixBlanks = " \t\r"

// word is a word of a text and where it stands; one in braces is given without them.
type word struct {
	text     string
	from, to int
	braces   bool
}

// logicalLine is one line as Postfix reads it: lines that begin with blank space continue the one before, and empty
// lines and comments in between do not end it. All that Postfix finds in it may be spread over its lines.
type logicalLine struct {
	text   string // of all its lines, comments left out
	pieces []word // its lines as they stand in the file
}

func logicalLines(text string) []logicalLine {
	var all []logicalLine
	for at := 0; at < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[at:], '\n'); i >= 0 {
			end = at + i
		}
		s := text[at:end]
		switch trimmed := strings.TrimSpace(s); {
		case trimmed == "" || trimmed[0] == '#':
		case (s[0] == ' ' || s[0] == '\t') && len(all) > 0:
			l := &all[len(all)-1]
			l.text, l.pieces = l.text+s, append(l.pieces, word{text: s, from: at, to: end})
		default:
			all = append(all, logicalLine{s, []word{{text: s, from: at, to: end}}})
		}
		at = end + 1
	}
	return all
}

// end is where its last line ends in the file, without blank space.
func (l logicalLine) end() int {
	last := l.pieces[len(l.pieces)-1]
	return last.from + len(strings.TrimRight(last.text, postfixBlanks))
}

// replace makes the value that begins behind a place be another one, on the line of that place.
func (l logicalLine) replace(file string, from int, value string) []edit {
	to := max(from, len(strings.TrimRight(l.text, postfixBlanks)))
	piece, start := l.pieceAt(from)
	line := piece.text[from-start:]
	if strings.Trim(line, postfixBlanks) == "" {
		return l.replaceSpan(file, from, to, " "+value)
	}
	return l.replaceSpan(file, from+len(line)-len(strings.TrimLeft(line, postfixBlanks)), to, value)
}

// pieceAt is the line that holds a place, the one before where it is the end of that, and where it begins in the text.
func (l logicalLine) pieceAt(at int) (piece word, start int) {
	for _, piece = range l.pieces {
		if at <= start+len(piece.text) {
			break
		}
		start += len(piece.text)
	}
	return piece, start
}

// replaceSpan writes value where a part of the text begins. What the part has on further lines is taken out there; a
// line that held nothing else goes.
func (l logicalLine) replaceSpan(file string, from, to int, value string) (all []edit) {
	start := 0
	for _, piece := range l.pieces {
		lo, hi := max(from-start, 0), min(to-start, len(piece.text))
		begins := len(all) == 0 && from <= start+len(piece.text)
		rest := ""
		if lo < hi {
			rest = strings.Trim(piece.text[:lo]+piece.text[hi:], postfixBlanks)
		}
		switch {
		case begins:
			all = append(all, edit{piece.from + lo, piece.from + max(lo, hi), value})
		case lo < hi && rest == "":
			all = append(all, dropLines(file, []word{piece})...)
		case lo < hi:
			blanks := hi - len(strings.TrimLeft(piece.text[:hi], postfixBlanks))
			all = append(all, edit{piece.from + max(lo, blanks), piece.from + hi, ""})
		}
		start += len(piece.text)
	}
	return all
}

// dropLines takes whole lines out.
func dropLines(text string, pieces []word) (all []edit) {
	for _, piece := range pieces {
		to := len(text)
		if i := strings.IndexByte(text[piece.to:], '\n'); i >= 0 {
			to = piece.to + i + 1
		}
		all = append(all, edit{strings.LastIndexByte(text[:piece.from], '\n') + 1, to, ""})
	}
	return all
}

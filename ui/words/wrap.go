package words

import (
	"strings"

	"certdesk/ui/kit"
)

// wrapWords breaks a text into lines of at most w cells, at blanks only; a word longer than a line is broken
// where kit.Wrap breaks it.
func wrapWords(text string, w int) []string {
	var out []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && kit.Width(line)+1+kit.Width(word) > w {
			out = append(out, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		if kit.Width(line) > w {
			parts := kit.Wrap(line, w)
			out = append(out, parts[:len(parts)-1]...)
			line = parts[len(parts)-1]
		}
	}
	return append(out, line)
}

// Shell is how a command goes on in the next line: a line ends in more, and escape makes the sign after it an
// ordinary one. parts cuts a word of more than w cells, the one after before, into lines that the shell reads as
// that very word, each with what must stand at its end; where it cannot, it gives the word.
type Shell struct {
	more, escape string
	parts        func(before, word string, w int) []string
}

// The shells whose commands are shown.
var (
	PosixShell = Shell{more: ` \`, escape: `\`, parts: subjectParts}
	PowerShell = Shell{more: " `", escape: "`", parts: stringParts}
)

// WrapCommand breaks a command of any shell so that it can be copied from the screen and pasted: at blanks, with
// the sign that tells the shell that the command goes on, and never within a name or a path. need is the width
// that the command takes, more than w where a word is too long to be shown whole.
func WrapCommand(command string, w int, sh Shell) (lines []string, need int) {
	for line := range strings.SplitSeq(strings.TrimRight(command, "\n"), "\n") {
		line = kit.Printable(line)
		if !strings.HasPrefix(line, "#") {
			lines = append(lines, sh.lines(line, w)...)
			continue
		}
		for _, part := range wrapWords(strings.TrimSpace(line[1:]), w-2) {
			lines = append(lines, "# "+part) // a comment's second line is a comment too
		}
	}
	for _, line := range lines {
		need = max(need, kit.Width(line))
	}
	return lines, need
}

// minCommand is narrower than any command is shown: every loop below gets on by at least a sign a line.
const minCommand = 20

// lines puts as many words on a line of w cells as fit.
func (sh Shell) lines(command string, w int) []string {
	room := max(w-kit.Width(sh.more), minCommand)
	var out []string
	line, before := "", ""
	for _, word := range splitQuoted(command, sh.escape) {
		if line != "" && kit.Width(line)+1+kit.Width(word) > room {
			out = append(out, line+sh.more)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
		if kit.Width(line) > room {
			parts := sh.parts(before, line, room)
			out = append(out, parts[:len(parts)-1]...)
			line = parts[len(parts)-1]
		}
		before = word
	}
	return append(out, line)
}

// subjectParts breaks a subject in single quotes after the commas between its attributes: certdesk takes any
// blank there, a new line too. Nothing else within single quotes can be broken.
func subjectParts(before, word string, w int) []string {
	if before != "--subject-name" {
		return []string{word}
	}
	var out []string
	line := ""
	for _, part := range attributes(word) {
		if line != "" && kit.Width(line)+1+kit.Width(part) > w {
			out, line = append(out, line), ""
		}
		line = strings.TrimLeft(line+" "+part, " ")
	}
	return append(out, line)
}

// attributes splits a subject behind the commas that stand in no double quotes and not behind a backslash.
func attributes(subject string) []string {
	var out []string
	start, quoted, escaped := 0, false, false
	for i, r := range subject {
		switch {
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted && strings.HasSuffix(subject[:i], ","):
			out = append(out, subject[start:i])
			start = i + 1
		}
	}
	return append(out, subject[start:])
}

// stringParts makes of a long string a sum in brackets, which goes on after a plus, and breaks a list of words after
// a comma, where a list goes on. Brackets that a string closes stay behind it.
func stringParts(_, word string, w int) []string {
	if !strings.HasPrefix(word, "'") || len(splitList(strings.TrimRight(word, "),"))) > 1 {
		return listParts(word, w)
	}
	end := strings.LastIndexByte(word, '\'')
	text, behind := word[1:end], word[end+1:]
	var out []string
	for lead := "('"; ; lead = "'" {
		if kit.Width(lead+text+"')"+behind) <= w {
			return append(out, lead+text+"')"+behind)
		}
		at := cutString(text, w-len(lead)-len("' +"))
		out = append(out, lead+text[:at]+"' +")
		text = text[at:]
	}
}

// cutString is where a string may be cut so that at most w cells come before, never within a quotation mark that is
// doubled; at least one sign comes before.
func cutString(text string, w int) int {
	at, blank, half := 0, 0, false
	for i, r := range text {
		if i > 0 && !half {
			at = i
		}
		if at == i && strings.HasSuffix(text[:i], " ") {
			blank = i
		}
		if kit.Width(text[:i])+kit.Width(string(r)) > w && at > 0 {
			if blank > w/2 { // a blank is the better place, unless most of the line would be empty
				return blank
			}
			return at
		}
		half = strings.ContainsRune("'\u2018\u2019\u201a\u201b", r) && !half
	}
	return len(text)
}

func listParts(word string, w int) []string {
	var out []string
	line := ""
	for _, part := range splitList(word) {
		if line != "" && kit.Width(line)+kit.Width(part) > w {
			out, line = append(out, line), ""
		}
		line += part
	}
	return append(out, line)
}

// splitList splits behind the commas that stand in no quotes.
func splitList(word string) []string {
	var out []string
	start, quoted := 0, false
	for i, r := range word {
		switch {
		case r == '\'':
			quoted = !quoted
		case r == ',' && !quoted:
			out = append(out, word[start:i+1])
			start = i + 1
		}
	}
	return append(out, word[start:])
}

// splitQuoted splits a command at the blanks outside quotes; escape makes the sign after it an ordinary one,
// but not within single quotes.
func splitQuoted(line, escape string) []string {
	var words []string
	start, quote, escaped := 0, rune(0), false
	for i, r := range line {
		switch {
		case escaped:
			escaped = false
		case string(r) == escape && quote != '\'':
			escaped = true
		case quote != 0:
			if r == quote {
				quote = 0
			}
		case r == '\'' || r == '"':
			quote = r
		case r == ' ':
			words = append(words, line[start:i])
			start = i + 1
		}
	}
	return append(words, line[start:])
}

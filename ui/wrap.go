package ui

import (
	"strings"

	"certdesk/ui/kit"
)

// wrapWords breaks a text into lines of at most w cells, at blanks only; a word longer than a line is broken
// where kit.Wrap breaks it.
func wrapWords(text string, w int) []string { return joinWords(strings.Fields(text), w, "") }

// wrapCommand breaks a command so that it can be copied: never within quotes, and each line but the last ends
// in more, a blank and the shell's escape sign, which tells the shell that the command goes on.
func wrapCommand(command string, w int, more string) []string {
	var out []string
	for line := range strings.SplitSeq(strings.TrimRight(command, "\n"), "\n") {
		line = kit.Printable(line)
		if strings.HasPrefix(line, "#") {
			for _, part := range wrapWords(strings.TrimSpace(line[1:]), w-2) {
				out = append(out, "# "+part) // a comment's second line is a comment too
			}
			continue
		}
		out = append(out, joinWords(splitQuoted(line, more[len(more)-1:]), w-kit.Width(more), more)...)
	}
	return out
}

// joinWords puts as many words on a line of w cells as fit, and more behind each but the last.
func joinWords(words []string, w int, more string) []string {
	var out []string
	line := ""
	for _, word := range words {
		if line != "" && kit.Width(line)+1+kit.Width(word) > w {
			out = append(out, line+more)
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

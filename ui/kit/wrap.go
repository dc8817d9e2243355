package kit

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Wrap breaks a text into lines of at most w cells and loses nothing but the blanks it breaks at. It breaks at
// a blank; where that would leave a line more than half empty, after a dot, comma, hyphen or slash, as names
// and paths have; and only in a word without any of these anywhere. The text is plain, without colours.
func Wrap(s string, w int) []string {
	w = max(w, 1)
	var lines []string
	for _, paragraph := range strings.Split(s, "\n") {
		lines = append(lines, wrapLine(paragraph, w)...)
	}
	return lines
}

func wrapLine(s string, w int) []string {
	var lines []string
	for {
		head := headOf(s, w)
		if head == s {
			return append(lines, s)
		}
		at := breakAt(s, head)
		lines = append(lines, strings.TrimRight(s[:at], " "))
		s = strings.TrimLeft(s[at:], " ")
	}
}

// headOf is as much of s as w cells take. It looks no further, so that a long text costs no more than its length.
func headOf(s string, w int) string {
	at := 0
	for at < len(s) {
		cluster, cells := ansi.FirstGraphemeCluster(s[at:], ansi.GraphemeWidth)
		if w -= cells; w < 0 {
			break
		}
		at += len(cluster)
	}
	return s[:at]
}

// breakAt gives where the first line ends, in bytes, of which head is all that fits; at least one character goes into
// it.
func breakAt(s, head string) int {
	if head == "" {
		_, size := utf8.DecodeRuneInString(s)
		return size
	}
	if s[len(head)] == ' ' {
		return len(head)
	}
	blank := strings.LastIndexByte(head, ' ')
	mark := strings.LastIndexAny(head, ".,-/") + 1
	switch {
	case blank >= len(head)/2 || blank > mark:
		return blank
	case mark > 0:
		return mark
	case blank > 0:
		return blank
	}
	return len(head)
}

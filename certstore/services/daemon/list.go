package daemon

import "strings"

// List splits a list of Postfix's at commas and blanks, but not within braces, which are an inline table's own.
func List(text string) (list []string) {
	depth, from := 0, 0
	for i, r := range text + " " {
		switch {
		case r == '{':
			depth++
		case r == '}':
			depth--
		case depth <= 0 && strings.ContainsRune(", \t\r\n", r):
			if from < i {
				list = append(list, text[from:i])
			}
			from = i + 1
		}
	}
	return list
}

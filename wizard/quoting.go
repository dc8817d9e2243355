package wizard

import "strings"

// bareInShell are the characters a POSIX shell takes as they are, wherever they stand.
const bareInShell = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_"

// posix quotes one word for a POSIX shell (2.2.2: nothing is special between single quotes).
func posix(s string) string {
	if s != "" && strings.Trim(s, bareInShell) == "" {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

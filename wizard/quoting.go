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

// powershell writes an expandable string; its typographic quotes end a string like plain ones.
var powershellEscapes = strings.NewReplacer("`", "``", "$", "`$", `"`, "`\"", "\u201c", "`\u201c", "\u201d", "`\u201d",
	"\u201e", "`\u201e")

func powershell(s string) string { return `"` + powershellEscapes.Replace(s) + `"` }

// bareInPowerShell are the characters of a name that needs no quotes there if it begins with a letter.
const bareInPowerShell = "abcdefghijklmnopqrstuvwxyz0123456789.-"

func powershellName(s string) string {
	if strings.Trim(s, bareInPowerShell) == "" && s != "" && s[0] >= 'a' {
		return s
	}
	return powershell(s)
}

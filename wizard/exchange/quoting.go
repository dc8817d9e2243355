package exchange

import "strings"

// doubled is how a verbatim string holds the signs that end one: PowerShell takes all five quotation marks for the
// same (about_Quoting_Rules), and nothing else is special there, $ and the backtick neither.
var doubled = strings.NewReplacer("'", "''", "\u2018", "\u2018\u2018", "\u2019", "\u2019\u2019",
	"\u201a", "\u201a\u201a", "\u201b", "\u201b\u201b")

// Quote writes a text as a verbatim string.
func Quote(s string) string { return "'" + doubled.Replace(s) + "'" }

// bare are the characters of a name that needs no quotes if it begins with a letter; one that begins with a digit may
// be taken for a number.
const bare = "abcdefghijklmnopqrstuvwxyz0123456789.-"

func quoteName(s string) string {
	if strings.Trim(s, bare) == "" && s != "" && s[0] >= 'a' {
		return s
	}
	return Quote(s)
}

func quoteNames(list []string) string {
	out := make([]string, len(list))
	for i, n := range list {
		out[i] = quoteName(n)
	}
	return strings.Join(out, ",")
}

// here is a file of the directory that the shell is in: .NET and the cmdlets know another one.
func here(file string) string { return "(Join-Path $PWD " + Quote(FileName(file)) + ")" }

// FileName is a name of a file that Windows takes.
func FileName(name string) string {
	return strings.TrimRight(strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`<>:"/\|?*`, r) {
			return '_'
		}
		return r
	}, name), ". ")
}

// writeBytes writes what an expression gives to a file.
func writeBytes(file, content string) string {
	return "[System.IO.File]::WriteAllBytes(" + here(file) + ", " + content + ")"
}

// password asks for one: it never stands in a command.
const password = "(Read-Host 'Password of the file' -AsSecureString)"

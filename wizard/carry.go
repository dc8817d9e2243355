package wizard

import (
	"path/filepath"
	"strings"
	"unicode"

	"certdesk/certstore/names"
)

// Carry is how the next form of a sitting begins: who the certificate is for, its key and where its file goes are as
// in the one before; the names, the friendly name and the services are its own.
func Carry(a Answers) Answers {
	next := Defaults()
	next.SelfSigned, next.ValidDays, next.CA = a.SelfSigned, a.ValidDays, a.CA
	next.Organization, next.Unit, next.City, next.State, next.Country = a.Organization, a.Unit, a.City, a.State, a.Country
	next.SubjectDN = withoutCN(a.SubjectDN)
	next.Algorithm, next.Bits, next.Exportable = a.Algorithm, a.Bits, a.Exportable
	next.Binary = a.Binary
	if a.Path != "" && !a.SelfSigned {
		next.Path = directory(a.Path)
	}
	return next
}

func withoutCN(dn string) string {
	s, err := names.ParseSubject(dn)
	if dn == "" || err != nil {
		return dn
	}
	return s.With("CN", "").String()
}

// directory is that of a file, with its slash.
func directory(path string) string {
	if dir, _ := filepath.Split(path); dir != "" {
		return dir
	}
	return "./"
}

// Carried says in words what Carry takes over.
func Carried(a Answers) string {
	next := Carry(a)
	parts := []string{subjectWords(next), keyName(next.Key())}
	if next.Exportable {
		parts[1] += ", exportable"
	}
	if next.Path != "" {
		parts = append(parts, "files in "+next.Path)
	}
	if parts[0] == "" {
		parts = parts[1:]
	}
	return strings.Join(parts, "; ")
}

func subjectWords(a Answers) string {
	if a.SubjectDN != "" {
		return a.SubjectDN
	}
	var values []string
	for _, f := range a.subjectFields() {
		if f.value != "" {
			values = append(values, f.value)
		}
	}
	return strings.Join(values, ", ")
}

// FilePath is a path completed: a directory gets a file for the request, called as the certificate will be.
func FilePath(a Answers, env Env) string {
	name := a.friendlyName(env)
	if !strings.HasSuffix(a.Path, "/") || name == "" {
		return a.Path
	}
	return a.Path + fileName(name) + ".req"
}

// fileName is a text with nothing in it that a shell or a mail would stumble over.
func fileName(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, strings.Replace(text, "*", "wildcard", 1))
}

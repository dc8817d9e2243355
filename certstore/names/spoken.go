package names

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Shown is a name as people write it and as it is stored, where the two differ, such as
// "münchen.example (xn--mnchen-3ya.example)".
// One that would not come back to itself, or that Normalize refuses for its mixed letters, stays as it is stored.
func Shown(name string) string {
	if written := unicodeOf(name); written != name {
		return written + " (" + name + ")"
	}
	return name
}

// ShownIn is a text, such as a distinguished name, whose names are Shown.
func ShownIn(text string) string {
	if !strings.Contains(text, "xn--") {
		return text
	}
	return stored.ReplaceAllStringFunc(text, Shown)
}

// stored is a name with an A-label in a text.
var stored = regexp.MustCompile(`(?:\*\.)?[a-z0-9._-]*xn--[a-z0-9._-]*[a-z0-9]`)

// Written is a name as people write it, to stand alone where there is no room for Shown. A name whose letters could be
// taken for others stays as it is stored: nothing beside it would tell.
func Written(name string) string {
	written := unicodeOf(name)
	if written == name || strings.ContainsFunc(written, mistakable) {
		return name
	}
	return written
}

// unicodeOf is a stored name in Unicode, or as it is where there is no such form, or none that comes back to it.
func unicodeOf(name string) string {
	if !strings.Contains(name, "xn--") {
		return name
	}
	written, err := toASCII.ToUnicode(name)
	if err != nil {
		return name
	}
	if back, err := Normalize(written); err != nil || back.Value != name {
		return name
	}
	return written
}

// mistakable says that a letter can be taken for another one. Latin letters with their marks cannot, but for those that
// look like plain ones (dotless i, kra, the n after an apostrophe, the l with a dot); nor can the letters of scripts
// without small letters, since none of theirs looks like a Latin one to whom such a name is written for. Greek and
// Cyrillic ones can.
func mistakable(r rune) bool {
	switch {
	case r < utf8.RuneSelf:
		return false
	case strings.ContainsRune("ıĸŀŉ", r):
		return true
	case r >= 'ß' && r <= 'ž', r >= '\u1e00' && r <= '\u1eff':
		return false
	}
	return !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Arabic,
		unicode.Hebrew, unicode.Thai, unicode.Devanagari)
}

package words

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
)

// SubjectOrName is an entry's subject, else what it is called.
func SubjectOrName(e certstore.Entry) string {
	if e.Subject != "" {
		return kit.Printable(names.ShownIn(e.Subject))
	}
	return Title(e)
}

// NamesCount is how many names an entry has.
func NamesCount(e certstore.Entry) string {
	if len(e.Names) == 1 {
		return "1 name"
	}
	return fmt.Sprintf("%d names", len(e.Names))
}

// LifeWords says how long a certificate still works, or since when it does not.
func LifeWords(e certstore.Entry, now time.Time) string {
	if now.After(e.NotAfter) {
		return TimeLeft(e, now)
	}
	return Left(e, now)
}

// Count is a number of things in words: "1 port", "2 ports".
func Count(n int, what string) string { return printable.Count(n, what) }

// Few lists names, at most so many of them.
func Few(names []string, most int) string {
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// SentenceCase begins a sentence.
func SentenceCase(text string) string {
	if text == "" {
		return text
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// Canceled says whether an error means that somebody cancelled.
func Canceled(err error) bool {
	return errors.Is(err, context.Canceled) || fail.Is(err, fail.Canceled)
}

// FileName is a name for a file of this entry that needs no quoting anywhere.
func FileName(e certstore.Entry) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '.', r == '-', r == '_':
			return r
		}
		return '_'
	}, Title(e))
	return strings.TrimLeft(clean, ".-")
}

// Absolute is the path as it is from anywhere; one that cannot be said stays as typed.
func Absolute(path string) string {
	if abs, err := filepath.Abs(path); err == nil {
		return abs
	}
	return path
}

// Needed is what to say where something is missing; "" where it is not.
func Needed(ok bool, otherwise string) string {
	if ok {
		return ""
	}
	return otherwise
}

// NotEmpty leaves out what is empty.
func NotEmpty(texts ...string) []string {
	return slices.DeleteFunc(texts, func(text string) bool { return text == "" })
}

// PlainWords are those of the words that are not empty, printable.
func PlainWords(words ...string) []string {
	var kept []string
	for _, word := range words {
		if word != "" {
			kept = append(kept, kit.Printable(word))
		}
	}
	return kept
}

// MinuteOf is when a line was written, as a list shows it, in local time.
func MinuteOf(e *certstore.Event) string { return when.Row(e.Time.Local()) }

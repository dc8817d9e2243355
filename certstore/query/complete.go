package query

import (
	"strings"
	"unicode/utf8"
)

// Values are what rows have, to be offered.
type Values struct{ Issuers, Servers []string }

// Offer is a way to go on with a query that is being typed.
type Offer struct {
	Text string // the query with it
	Word string // what is offered: "before:", "expired"
	Does string // what that does, or ""
	Key  bool   // a value is to follow
}

// Complete gives the ways to go on at the end of a text: the keys that begin with its last word, or the values of the
// key that this has. Where nothing was begun, only keys that are no other name of one.
func Complete(text string, v Values) []Offer {
	from := len(text)
	if places := wordsOf(text); len(places) > 0 && places[len(places)-1][1] == len(text) {
		from = places[len(places)-1][0]
	}
	if strings.HasPrefix(text[from:], "!") {
		from++
	}
	word := text[from:]
	k, sign, value := splitKey(word)
	switch {
	case k != nil:
		return k.complete(text[:len(text)-len(value)], value, v)
	case sign == "" && !strings.Contains(word, `"`):
		return completeKey(text[:from], strings.ToLower(word))
	}
	return nil
}

func completeKey(before, begun string) (list []Offer) {
	for i, k := range keys {
		for n, name := range k.names() {
			if strings.HasPrefix(name, begun) && (begun != "" || i < mainKeys && n == 0) {
				word := name + k.signs[:1]
				list = append(list, Offer{Text: before + word, Word: word, Does: k.does, Key: true})
			}
		}
	}
	return list
}

// complete offers the values that go on with the last of a list, first those that begin with it.
func (k *key) complete(before, value string, v Values) (list []Offer) {
	if k.values == nil {
		return nil
	}
	last := strings.LastIndexByte(value, ',') + 1
	if strings.Count(value[:last], `"`)%2 == 1 {
		return nil // a comma within quotes
	}
	begun := strings.ReplaceAll(strings.ToLower(unquoted(value[last:])), "-", " ")
	var later []Offer
	for _, one := range k.values(v) {
		o := Offer{Text: before + value[:last] + Quote(one), Word: one}
		plain := strings.ReplaceAll(strings.ToLower(one), "-", " ")
		switch place := strings.Index(plain, begun); {
		case plain == begun:
		case place == 0:
			list = append(list, o)
		case place > 0 && utf8.RuneCountInString(begun) > 1:
			later = append(later, o)
		}
	}
	return append(list, later...)
}

// Taking says what the last word of a query takes as its value, "" for a word without a key, and where all that it
// takes is offered.
func Taking(text string) string {
	places := wordsOf(text)
	if len(places) == 0 || places[len(places)-1][1] != len(text) {
		return ""
	}
	word := strings.TrimPrefix(text[places[len(places)-1][0]:], "!")
	k, _, value := splitKey(word)
	if k == nil || k.whole {
		return ""
	}
	return strings.ToLower(word[:len(word)-len(value)]) + " takes " + k.takes
}

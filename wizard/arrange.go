package wizard

import (
	"slices"
	"strings"

	"certdesk/certstore/names"
)

// What a person does to the tick-list, as answers: each function gives the answers afterwards and changes nothing.

// SwitchedOff takes a name out of the request and leaves it in the list.
func (a Answers) SwitchedOff(name string) Answers {
	a.Off = append(slices.Clone(a.Off), name)
	a.Wanted = without(a.Wanted, name)
	return a
}

// SwitchedOn takes a name back in.
func (a Answers) SwitchedOn(name string) Answers {
	a.Off = without(a.Off, name)
	if !slices.Contains(a.Wanted, name) {
		a.Wanted = append(slices.Clone(a.Wanted), name)
	}
	return a
}

func without(list []string, name string) []string {
	return slices.DeleteFunc(slices.Clone(list), func(has string) bool { return sameName(has, name) })
}

// Crowned makes a name the common name.
func (a Answers) Crowned(name string) Answers {
	a = a.SwitchedOn(name)
	a.CommonName = name
	return a
}

// Without takes out a name that was given by hand: typed, or written into the worksheet.
func (a Answers) Without(name string) Answers {
	n, err := names.Normalize(name)
	if err != nil {
		return a
	}
	words := slices.DeleteFunc(names.Split(a.Typed), func(word string) bool { return sameName(word, name) })
	a.Typed = strings.Join(words, ", ")
	a.Worksheet = a.Worksheet.without(n)
	a.Wanted = without(a.Wanted, name)
	if sameName(a.CommonName, name) {
		a.CommonName = ""
	}
	return a
}

// Moved moves a name of the tick-list one place up (by -1) or down (by 1). The common name stays where it is, at
// the head, and nothing passes it: false says that nothing moved.
func (a Answers) Moved(env Env, name string, by int) (Answers, bool) {
	var order []string
	for _, c := range Expand(a, env) {
		order = append(order, c.Name.Value)
	}
	from := slices.Index(order, name)
	to := from + by
	if from < 1 || to < 1 || to >= len(order) {
		return a, false
	}
	order[from], order[to] = order[to], order[from]
	a.Order = order
	return a, true
}

func sameName(a, b string) bool {
	x, err := names.Normalize(a)
	if err != nil {
		return false
	}
	y, err := names.Normalize(b)
	return err == nil && x.Key() == y.Key()
}

// ranks are the places a person gave to names, by their keys. A name that has none comes after all that have one.
func (a Answers) ranks() func(n names.Name) int {
	at := map[names.Name]int{}
	for i, s := range a.Order {
		if n, err := names.Normalize(s); err == nil {
			at[n.Key()] = i
		}
	}
	return func(n names.Name) int {
		if i, ok := at[n.Key()]; ok {
			return i
		}
		return len(a.Order)
	}
}

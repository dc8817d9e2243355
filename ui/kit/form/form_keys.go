package form

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Verbs are those of the focused field, then those of the form.
func (f *Form) Verbs() []kit.Verb {
	enter, next, field := KeyEnter, KeyNextPage.Called(f.leadsTo()), f.Field()
	if f.last() {
		enter = KeyEnter.Called(f.leadsTo())
	}
	own := field.Verbs()
	if len(own) > 0 && own[0].Is(KeyChoose) {
		enter = enter.Called("choose, " + enter.Word)
	}
	first := min(1, len(own))
	keys := append([]kit.Verb{}, own[:first]...)
	button := field.Shape().Button
	enters := !button && !field.Takes(tea.KeyMsg{Type: tea.KeyEnter})
	if !button && (!f.last() || !enters) {
		keys = append(keys, next)
	}
	keys = append(keys, KeyBack)
	if enters {
		keys = append(keys, enter)
	}
	return append(append(keys, own[first:]...), f.moves(enters)...)
}

// leadsTo says what Next leads to: of a form that ends in a button it is that one, which is then to be pressed.
func (f *Form) leadsTo() string {
	last := f.step(0, -1)
	switch {
	case f.leads != "":
		return f.leads
	case f.fields[last].Shape().Button:
		return "the button"
	}
	return "next page"
}

// moves are the keys that go to another field, where there is one; enters says that enter does so too.
func (f *Form) moves(enters bool) []kit.Verb {
	switch {
	case f.step(f.at, 1) == f.at:
		return nil
	case f.Field().Takes(tea.KeyMsg{Type: tea.KeyTab}), enters && !f.last():
		return []kit.Verb{KeyPrevField}
	}
	return []kit.Verb{KeyNextField, KeyPrevField}
}

// First says whether the focused field is the first one shown.
func (f *Form) First() bool { return f.first() }

// Last says whether the focused field is the last one shown.
func (f *Form) Last() bool { return f.last() }

// Above are the fields before the focused one that are only read: a page may open at another.
func (f *Form) Above() (list []Teller) {
	for i, field := range f.fields[:f.at] {
		if told, ok := field.(Teller); ok && f.shown(i) {
			list = append(list, told)
		}
	}
	return list
}

// FromTheTop says whether a talk by lines begins at the first field: the form begins with what is to be read, or the
// eye passes over an answer that stands there.
func (f *Form) FromTheTop() bool {
	first := 0
	if !f.shown(first) {
		first = f.step(first, 1)
	}
	_, reads := f.fields[first].(Teller)
	return reads || f.opensLater
}

// Said is all that is said of the answers as they stand: what is wrong first.
func (f *Form) Said() []Remark { return f.remarks() }

// Under is what stands below the fields.
func (f *Form) Under(s theme.Styles, w int) []string {
	if f.below == nil {
		return nil
	}
	return f.below(s, w)
}

// Leave is the key that leaves the focused field forwards as it stands: tab, or enter where tab would complete.
func (f *Form) Leave() tea.KeyMsg {
	tab, enter := kit.PressKey("tab"), kit.PressKey("enter")
	if f.Field().Takes(tab) && !f.Field().Takes(enter) {
		return enter
	}
	return tab
}

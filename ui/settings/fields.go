package settings

import (
	"slices"
	"strings"

	"certdesk/certstore/config"
	"certdesk/ui/kit/form"
)

// entryField is a field of the form with the key that it is for, and what stood in it when it was opened.
type entryField struct {
	field  form.Field
	asked  asked
	text   func() string
	before string
}

func newField(f config.File, s setting, a asked, shown func(asked, string)) *entryField {
	now := typed(f.Value(s.change(a.key)), a.shape)
	if a.stands != nil {
		now = a.stands(func(key string) bool { return f.Value(s.change(key)) != nil })
	}
	if given, ok := s.given[a.key].(string); ok {
		now = given
	}
	if a.shape == asSecret {
		return secretField(a, now != "")
	}
	if len(a.options) == 0 {
		text := form.NewText(a.key, a.label, now).With(a.hint, a.empty)
		return &entryField{text, a, text.Value, text.Value()}
	}
	list := a.options
	if !slices.ContainsFunc(list, func(o form.Option) bool { return o.Value == now }) && s.several() && now != "" {
		list = append(slices.Clone(list), form.Option{Value: now, Text: now})
	}
	choice := form.NewChoice(a.key, a.label, now, list...).With(a.hint, func(value string) { shown(a, value) })
	return &entryField{choice, a, choice.Value, choice.Value()}
}

// secretField begins empty, whatever the file says.
func secretField(a asked, known bool) *entryField {
	empty := a.empty
	if known {
		empty = "as it is, and not shown"
	}
	secret := form.NewPassword(a.key, a.label).With(a.hint, empty)
	return &entryField{secret, a, secret.Value, ""}
}

func (s *editScreen) value(key string) string {
	for _, f := range s.fields {
		if f.asked.key == key {
			return f.text()
		}
	}
	return ""
}

// holds is value, or what the file says where that is not shown.
func (s *editScreen) holds(key string) string {
	for _, f := range s.fields {
		if f.asked.key == key && f.asked.shape == asSecret && f.text() == "" {
			return typed(s.file.Value(s.setting.change(key)), line)
		}
	}
	return s.value(key)
}

func (s *editScreen) hides(id string) bool {
	for _, f := range s.fields {
		if f.asked.key == id {
			return f.asked.only != nil && !f.asked.only(s.holds)
		}
	}
	return false
}

// changes are those of the fields that were changed.
func (s *editScreen) changes() (list []config.Change) {
	if s.form == nil {
		return s.withoutIt()
	}
	for _, f := range s.fields {
		c := s.setting.change(f.asked.key)
		switch {
		case f.asked.stands != nil:
			continue
		case s.hides(f.asked.key):
			if s.file.Value(c) == nil {
				continue
			}
		case !s.setting.adds && f.text() == f.before, s.setting.adds && strings.TrimSpace(f.text()) == "":
			continue
		default:
			c.Value = valueOf(f.text(), f.asked)
		}
		list = append(list, c)
	}
	return list
}

func (s *editScreen) withoutIt() (list []config.Change) {
	if s.setting.several() {
		return []config.Change{s.setting.change("")}
	}
	for _, a := range s.setting.asks {
		list = append(list, s.setting.change(a.key))
	}
	return list
}

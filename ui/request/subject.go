package request

import (
	"strings"

	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/wizard"
)

// subjectPage asks who the certificate is for, and shows the distinguished name as it forms.
func subjectPage(s *wizardScreen) *wizardPage {
	a := s.draft.answers
	org := form.NewText("Organization", "Organisation",
		a.Organization).With("The legal name, as the CA knows it. Up to 64 characters.", "may be left out")
	unit := form.NewText("Unit", "Unit", a.Unit).With("A department. Public CAs ignore or refuse it.", "may be left out")
	city := form.NewText("City", "City", a.City).With("The city or locality of the organisation.", "may be left out")
	state := form.NewText("State", "State", a.State).With("The state or province, in full.", "may be left out")
	country := form.NewPick("Country", "Country", a.Country, countryOptions()).
		With("Type the beginning of the country's name, or its two letters; backspace empties it.", "may be left out")
	whole := form.NewText("SubjectDN", "Subject", a.SubjectDN).
		With("The whole subject as one name: C=BE, O=Sunshine, CN=mail.example.org. Empty it to fill in fields instead.", "")
	hasWhole := a.SubjectDN != ""
	return &wizardPage{
		question: "Whose certificate is it?",
		form: form.New(whole, org, unit, city, state, country).
			Hide(func(id string) bool { return hidePart(id, hasWhole, whole.Value()) }).
			Below(func(st theme.Styles, w int) []string { return s.subjectLines(st, w) }),
		save: func(a *wizard.Answers) {
			a.SubjectDN = strings.TrimSpace(whole.Value())
			a.Organization, a.Unit = strings.TrimSpace(org.Value()), strings.TrimSpace(unit.Value())
			a.City, a.State = strings.TrimSpace(city.Value()), strings.TrimSpace(state.Value())
			a.Country = country.Value()
		},
	}
}

// hidePart hides the single fields while a whole subject stands, and the whole one where none was given.
func hidePart(id string, hasWhole bool, whole string) bool {
	if id == "SubjectDN" {
		return !hasWhole
	}
	return hasWhole && strings.TrimSpace(whole) != ""
}

// subjectLines is the distinguished name as it forms.
func (s *wizardScreen) subjectLines(st theme.Styles, w int) []string {
	lines := []string{st.Label.Render("The subject will be")}
	for _, line := range kit.Wrap(wizard.SubjectText(s.draft.answers, s.env), w) {
		lines = append(lines, st.Text.Render(line))
	}
	return lines
}

func countryOptions() []form.Option {
	var out []form.Option
	for _, c := range names.Countries {
		out = append(out, form.Option{Value: c.Code, Text: c.Name})
	}
	return out
}

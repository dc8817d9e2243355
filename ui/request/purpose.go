package request

import (
	"strconv"
	"strings"

	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// purposePage asks what is wanted, and what to call it.
func purposePage(s *wizardScreen) *wizardPage {
	a := s.draft.answers
	kind := form.NewChoice("SelfSigned", "What", strconv.FormatBool(a.SelfSigned),
		form.Option{Value: "false", Text: "A request for a CA", Note: "every client trusts it"},
		form.Option{Value: "true", Text: "A self-signed certificate", Note: "at once; clients warn",
			Hint: "It is made at once and its key stays here; nobody but this server vouches for it."}).
		With("Makes a key, which stays here, and a file for the CA.", nil)
	name := form.NewText("FriendlyName", "Friendly name", a.FriendlyName).
		With("How you will find it in the table, for example secure_smtp. 1 to 64 characters.", "the common name")
	days := form.NewText("ValidDays", "Valid for days", daysText(a.ValidDays)).
		With("How long the self-signed certificate is valid, in days.", "365").Checked(checkDays)
	return &wizardPage{
		question: "What do you need?",
		form: form.New(kind, name, days).Hide(func(id string) bool { return id == "ValidDays" && kind.Value() != "true" }).
			Below(func(st theme.Styles, w int) []string { return words.MutedLines(st, s.draft.carried, w) }),
		save: func(a *wizard.Answers) {
			a.SelfSigned = kind.Value() == "true"
			a.FriendlyName = strings.TrimSpace(name.Value())
			a.ValidDays = parseDays(days.Value())
		},
	}
}

func daysText(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// parseDays is the number typed; what is no number is 0, and checkDays says so.
func parseDays(text string) int {
	n, _ := strconv.Atoi(strings.TrimSpace(text))
	return n
}

func checkDays(text string) string {
	text = strings.TrimSpace(text)
	if n, err := strconv.Atoi(text); text != "" && (err != nil || n < 1) {
		return "type a number of days, such as 365"
	}
	return ""
}

package request

import (
	"strconv"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// The values of the first question; behind byOrder stands what the CA is called.
const (
	byFile  = "false"
	bySelf  = "true"
	byOrder = "order "
)

func kindOf(a wizard.Answers) string {
	if a.CA != "" {
		return byOrder + a.CA
	}
	return strconv.FormatBool(a.SelfSigned)
}

// orders are the CAs of the configuration that a certificate can be ordered from.
func orders(env wizard.Env) (list []form.Option) {
	for _, ca := range env.Authorities {
		list = append(list, form.Option{Value: byOrder + ca.Name, Text: kit.Printable(words.CAName(ca)),
			Note: "renewed for you", Hint: "Ordered, proven and renewed for you. Names are proven by " +
				kit.Printable(wizard.ProvenBy(ca)) + "."})
	}
	return list
}

// purposePage asks what is wanted, and what to call it.
func purposePage(s *wizardScreen) *wizardPage {
	a := s.draft.answers
	hint := "Makes a key, which stays here, and a file for the CA."
	if len(s.env.Authorities) == 0 && s.d.Reopen != nil {
		hint += " A CA that issues and renews by itself is set up in the settings first (" + words.KeySettings + ")."
	}
	kind := form.NewChoice("SelfSigned", "What", kindOf(a), append(orders(s.env),
		form.Option{Value: byFile, Text: "A request for a CA", Note: "every client trusts it"},
		form.Option{Value: bySelf, Text: "A self-signed certificate", Note: "at once; clients warn",
			Hint: "It is made at once and its key stays here; nobody but this server vouches for it."})...).
		With(hint, nil)
	name := form.NewText("FriendlyName", "Friendly name", a.FriendlyName).
		With("How you will find it in the table, for example secure_smtp. 1 to 64 characters.", "the common name")
	days := form.NewText("ValidDays", "Valid for days", daysText(a.ValidDays)).
		With("How long the self-signed certificate is valid, in days.", "365").Checked(checkDays)
	return &wizardPage{
		question: "What do you need?",
		form: form.New(kind, name, days).Hide(func(id string) bool { return id == "ValidDays" && kind.Value() != bySelf }).
			Below(func(st theme.Styles, w int) []string { return words.MutedLines(st, s.draft.carried, w) }),
		save: func(a *wizard.Answers) {
			a.SelfSigned = kind.Value() == bySelf
			a.CA, _ = strings.CutPrefix(kind.Value(), byOrder)
			if a.SelfSigned || kind.Value() == byFile {
				a.CA = ""
			}
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

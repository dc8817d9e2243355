package plain

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/acme"
	"certdesk/certstore/ordering"
	"certdesk/certstore/printable"
	"certdesk/wizard"
)

// Authorities are the configured ACME CAs, a line each.
func Authorities(list []ordering.Authority) string {
	var b strings.Builder
	for _, a := range list {
		account := "no account yet"
		if a.Account != nil && a.Account.URL != "" {
			account = "account " + a.Account.URL
		}
		fmt.Fprintf(&b, "%s  %s  %s  %s\n", printable.Text(a.Name), a.Proves(), printable.Count(a.Entries, "certificate"),
			printable.Text(account))
	}
	return b.String()
}

// Authority is one of them, with what it answers now.
func Authority(a ordering.Authority, d acme.Directory) string {
	facts := []wizard.Fact{{Label: "CA", Value: a.Name}, {Label: "Directory", Value: a.Directory}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, wizard.Fact{Label: label, Value: value})
		}
	}
	add("Staging", a.Staging)
	add("Names are proven by", a.Proves())
	add("Profile", a.ACME.Profile)
	if a.Account == nil || a.Account.URL == "" {
		add("Account", "none yet: the first order registers one")
	} else {
		add("Account", a.Account.URL)
		add("Account key", a.Account.SPKI)
		add("Contact", a.Account.Contact)
		add("Terms accepted", a.Account.Terms)
	}
	add("Terms", d.Terms)
	add("Website", d.Website)
	text := Fields(facts) + Section("Profiles", profileLines(d.Profiles))
	return text + Section("A CAA record that allows this account alone", caaLines(a, d))
}

func profileLines(profiles map[string]string) (lines []string) {
	for name, what := range profiles {
		lines = append(lines, name+"  "+what)
	}
	slices.Sort(lines)
	return lines
}

// caaLines are the record by which a domain lets no other account have certificates (RFC 8657).
func caaLines(a ordering.Authority, d acme.Directory) (lines []string) {
	if a.Account == nil || a.Account.URL == "" {
		return nil
	}
	for _, id := range d.CAAIdentities {
		lines = append(lines, fmt.Sprintf("CAA 0 issue \"%s; accounturi=%s\"", id, a.Account.URL))
	}
	return lines
}

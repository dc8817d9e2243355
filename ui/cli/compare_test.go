package cli

import (
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

func TestCompare(t *testing.T) {
	o := newOffice(t)
	old := o.valid("mail.example.org", "--domain-name", "imap.example.org", "--friendly-name", "old", "--services", "SMTP")
	next := o.selfSigned("mail.example.org", "--domain-name", "pop.example.org", "--friendly-name", "next", "--services", "IMAP")
	before := o.snapshot()
	r := o.must("compare", "old", next.Thumbprint)
	contains(t, r.out, "Lost with the new one", "1 name: imap.example.org", "it is self-signed", "SMTP: the old one is wanted for that",
		"Only the new one has", "pop.example.org")
	var got wire.Comparison
	o.decode(o.must("compare", "old", "next", "--json").out, &got)
	var codes []string
	for _, l := range got.Losses {
		codes = append(codes, string(l.Code))
	}
	if got.Old.ID != old.ID || got.New.ID != next.ID || !slices.Equal(got.LostNames, []string{"imap.example.org"}) ||
		!slices.Equal(got.NewNames, []string{"pop.example.org"}) || !slices.Equal(got.LostServices, []string{"SMTP"}) || got.SameKey {
		t.Errorf("%+v", got)
	}
	if want := []string{"names", "trust", "services"}; !slices.Equal(codes, want) {
		t.Errorf("losses %q, want %q", codes, want)
	}
	for _, c := range []struct {
		args string
		code int
	}{{"old old", 2}, {"old " + old.Thumbprint, 2}, {"old ABCDEF999999", 4}} {
		if r := o.run(append([]string{"compare"}, strings.Fields(c.args)...)...); r.code != c.code || r.out != "" {
			t.Errorf("%s: exit %d, want %d: %s", c.args, r.code, c.code, r.out+r.err)
		}
	}
	o.unchanged(before)
}

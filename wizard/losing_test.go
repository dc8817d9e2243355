package wizard

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// saidOf are the findings of the names page with one of some codes.
func saidOf(a Answers, env Env, codes string) (out []string) {
	for _, f := range Findings(a, env, StepNames) {
		if strings.Contains(codes, string(f.Code)) {
			out = append(out, string(f.Severity)+" "+f.Text)
		}
	}
	return out
}

// renewing are the answers that renew a certificate of some names.
func renewing(list string) Answers {
	a := Answers{Typed: list, Country: "BE", RenewalOf: 7}
	for _, word := range names.Split(list) {
		n, _ := names.Normalize(word)
		a.Renewal.Plain.Names = append(a.Renewal.Plain.Names, n)
	}
	return a
}

// Names that the present certificate has are lost in silence nowhere; what a wildcard takes over is said as such.
func TestNamesThatWouldBeLostAreSaid(t *testing.T) {
	old := renewing("a.example.org b.example.org c.example.com")
	env := Env{Present: PresentOf([]certstore.Entry{{FriendlyName: "smtp 2025", Kind: certstore.Certificate, Services: certstore.SMTP,
		Names: []string{"mail.example.org", "mx.example.org"}}, {FriendlyName: "web", Kind: certstore.Certificate, Names: []string{"mail.example.org", "www.example.org"}}})}
	for _, c := range []struct {
		name string
		a    Answers
		want []string
	}{
		{"the same", old, nil},
		{"one switched off", old.SwitchedOff("b.example.org"), []string{"warning clients lose b.example.org: the certificate that it renews has what this one lacks"}},
		{"one taken out", old.Without("c.example.com"), []string{"lose c.example.com"}},
		{"a wildcard takes over", Answers{Typed: "*.example.org example.org", RenewalOf: 7, Renewal: old.Renewal}, []string{"lose c.example.com", "has a.example.org, b.example.org; here a wildcard"}},
		{"what SMTP has", Answers{Typed: "mail.example.org", Services: certstore.SMTP, ServicesSet: true}, []string{"lose mx.example.org: smtp 2025, which SMTP has now,"}},
		{"for a service that has none", Answers{Typed: "mail.example.org", Services: certstore.IIS, ServicesSet: true}, nil},
		{"beside it, for other names", Answers{Typed: "other.example.org", Services: certstore.SMTP, ServicesSet: true}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := saidOf(c.a, env, "names-lost names-under-wildcard")
			if len(got) != len(c.want) {
				t.Fatalf("%q", got)
			}
			for i, want := range c.want {
				if !strings.Contains(got[i], want) {
					t.Errorf("%q, want %q", got[i], want)
				}
			}
		})
	}
}

// A renewal says what is otherwise in the world than when its certificate was made.
func TestARenewalSaysWhatHasChanged(t *testing.T) {
	found := map[string]evidence.Result{}
	for name, code := range map[string]string{"a.example.org": "not-in-dns", "b.example.org": "elsewhere", "c.example.org": "here", "d.example.org": "no-address"} {
		found[name] = evidence.Result{Name: name, Facts: []trust.Finding{{Code: code}}}
	}
	env := Env{Found: found, AcceptedDomains: []domains.Domain{{Name: "example.org"}, {Name: "new.example.net"}, {Name: "out.example.net", Skipped: "outbound only"}}}
	env.Known = []Known{{Row: 2, Name: "mx9.example.org", Source: "SMTP greets with it", Own: true}, {Row: 2, Name: "a.example.org", Own: true},
		{Row: 3, Name: "imap9.example.org", Own: true}, {Row: 2, Name: "other.example.org"}}
	const codes = "domains-since names-gone names-moved service-name-missing"
	a := renewing("a.example.org b.example.org c.example.org d.example.org")
	a.Services, a.ServicesSet = certstore.SMTP, true
	got := fmt.Sprint(saidOf(a, env, codes))
	for _, want := range []string{"warning new.example.net is accepted now", "warning a.example.org, d.example.org are not in DNS any more", "info b.example.org leads to another host",
		"warning mx9.example.org (SMTP greets with it) is not among the names"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %s", want, got)
		}
	}
	if a.RenewalOf = 0; len(saidOf(a, env, codes)) != 0 {
		t.Error("of a new one nothing has changed")
	}
	a = renewing("a.example.org").SwitchedOff("a.example.org")
	a.IncludeAcceptedDomains = true
	a.CommonName = "new.example.net"
	if got := saidOf(a, env, codes); len(got) != 0 {
		t.Error(got)
	}
	if got := saidOf(renewing("c.inside.test"), env, codes); len(got) != 0 {
		t.Error("a certificate of no accepted domain is not held to them:", got)
	}
}

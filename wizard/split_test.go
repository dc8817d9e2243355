package wizard

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore/names"
)

// numbered are so many names of a domain.
func numbered(n int, domain string) string {
	var list []string
	for i := range n {
		list = append(list, fmt.Sprintf("h%d.%s", i, domain))
	}
	return strings.Join(list, " ")
}

func TestTooManyNamesAreSplitByDomain(t *testing.T) {
	for _, c := range []struct{ name, typed, want string }{
		{"as many as go into one", numbered(100, "a.org"), "100"},
		{"one more", numbered(101, "a.org"), "51 50"},
		{"of one domain", numbered(260, "a.org"), "87 87 86"},
		{"domains stay together", numbered(59, "a.org") + " " + numbered(40, "b.org") + " " + numbered(95, "c.org") + " h60.a.org", "100 95"},
		{"a domain that is too large is torn", numbered(150, "a.org") + " " + numbered(50, "b.org"), "100 100"},
		{"many domains", strings.ReplaceAll(numbered(260, "org"), "h", "a.h"), "87 87 86"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := BuildRequests(Answers{Typed: c.typed, Split: true, Path: "/a/big.req", FriendlyName: "big", Country: "BE"}, article)
			if err != nil {
				t.Fatal(err)
			}
			var counts []string
			var all []names.Name
			for i, r := range list {
				counts = append(counts, fmt.Sprint(len(r.Names)))
				all = append(all, r.Names...)
				if len(list) > 1 && (r.Path != fmt.Sprintf("/a/big-%d.req", i+1) || r.FriendlyName != fmt.Sprintf("big (%d of %d)", i+1, len(list))) {
					t.Error(r.Path, r.FriendlyName)
				}
				if r.Subject.Get("CN") != r.Names[0].Value || r.Subject.Get("C") != "BE" {
					t.Error(r.Subject)
				}
			}
			if got := strings.Join(counts, " "); got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
			if n := len(names.Dedupe(all)); n != len(names.Split(c.typed)) || n != len(all) {
				t.Errorf("%d names became %d", len(names.Split(c.typed)), len(all))
			}
		})
	}
}

// A family keeps what one request would have: the first is the renewal, and each is a command of its own at Exchange.
func TestAFamilyOfRequests(t *testing.T) {
	long := strings.Repeat("x", 61) + ".b.org"
	a := Answers{Typed: numbered(100, "a.org") + " *.b.org " + long + " mail.b.org " + numbered(20, "b.org"), Country: "BE", RenewalOf: 7, Split: true}
	list, err := BuildRequests(a, article)
	if err != nil || len(list) != 2 {
		t.Fatal(len(list), err)
	}
	if list[0].RenewalOf != 7 || list[1].RenewalOf != 0 || list[1].Names[0].Value != "mail.b.org" || list[1].FriendlyName != "mail.b.org" {
		t.Error(list[1].Names[0], list[1].FriendlyName)
	}
	if script := ShellCommand(a, article); strings.Count(script, "New-ExchangeCertificate") != 2 {
		t.Error(script)
	}
	if command := CertdeskCommand(a, article); !strings.Contains(command, " --split") {
		t.Error(command)
	}
	if said := fmt.Sprint(Findings(a, article, StepNames)); !strings.Contains(said, "2 requests, of 100 and 23 names") {
		t.Error(said)
	}
	if a.ReuseKey = true; !strings.Contains(fmt.Sprint(Findings(a, article, StepNames)), "cannot have the one key") {
		t.Error("two requests with one key")
	}
	a.Split = false
	if said := fmt.Sprint(Findings(a, article, StepNames)); !strings.Contains(said, "split them into 2 requests") {
		t.Error(said)
	}
	if list, err := BuildRequests(a, article); err != nil || len(list) != 1 {
		t.Error(len(list), err)
	}
}

package words_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// twoEntries are a certificate and what could take its place, of the same name and the same issuer.
func twoEntries() (old, next certstore.Entry) {
	old = certstore.Entry{ID: 1, Kind: certstore.Certificate, FriendlyName: "web", Thumbprint: strings.Repeat("A", 40), SPKI: "one",
		Names: []string{"mail.a.test", "imap.a.test"}, Issuer: "CN=CA", KeyAlgorithm: "RSA", KeySize: 4096, HasKey: true,
		NotBefore: noon, NotAfter: noon.AddDate(0, 0, 90), Verdict: trust.Verdict{Status: trust.Valid, Word: "valid"}}
	next = old
	next.ID, next.Thumbprint, next.SPKI = 2, strings.Repeat("B", 40), "two"
	next.Names, next.KeySize, next.NotAfter = []string{"mail.a.test", "pop.a.test"}, 2048, noon.AddDate(0, 0, 80)
	return old, next
}

// What is lost is said before anything else, and no line is wider than there is room for.
func TestAComparisonSaysFirstWhatIsLost(t *testing.T) {
	c := certstore.Compare(twoEntries())
	for _, w := range []int{40, 60, 75, 76, 100, 200} {
		lines := words.ComparedLines(theme.Plain(), c, noon, w)
		for _, line := range lines {
			if n := ansi.StringWidth(line); n > w {
				t.Errorf("%d cells of %d: %q", n, w, line)
			}
		}
		text := strings.Join(lines, "\n")
		at := -1
		for _, want := range []string{"web (AAAAAAAAAAAA)", "web (BBBBBBBBBBBB)", "- 1 name: imap.a.test", "- it ends 10 days sooner",
			"- its key is shorter", "+ 1 name: pop.a.test", "Key", "Issuer       both  CN=CA", "Thumbprint"} {
			next := strings.Index(text, want)
			if next <= at {
				t.Fatalf("%d cells: %q does not come next in\n%s", w, want, text)
			}
			at = next
		}
	}
}

func TestFactsThatReadTheSameAndAreNotSaySo(t *testing.T) {
	old, next := twoEntries()
	next.KeySize, next.Names = old.KeySize, []string{"mail.a.test", "pop.a.test"}
	next.Chain = []trust.Link{{Subject: "CN=CA", SHA256: "another"}}
	old.Chain = []trust.Link{{Subject: "CN=CA", SHA256: "one"}}
	facts := words.ComparedFacts(certstore.Compare(old, next), noon)
	for label, want := range map[string]string{"Key": "RSA 4096 bits, another key", "Names": "2 names, not the same",
		"Chain": "CA, other certificates", "Issuer": "CN=CA"} {
		at := slices.IndexFunc(facts, func(f words.Compared) bool { return f.Label == label })
		if facts[at].New != want {
			t.Errorf("%s: %q, want %q", label, facts[at].New, want)
		}
	}
}

func TestNothingLostIsSaid(t *testing.T) {
	old, _ := twoEntries()
	text := strings.Join(words.ComparedLines(theme.Plain(), certstore.Compare(old, old), noon, 80), "\n")
	if !strings.Contains(text, "Nothing is lost") || strings.Contains(text, "- ") {
		t.Error(text)
	}
}

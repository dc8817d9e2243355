package domains

import (
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

func TestDomainsAreNormalisedAndThereOnce(t *testing.T) {
	got, err := FromConfig([]string{"ProExchange.Global", "belgianbeers.rock.", "proexchange.global", "bücher.example", "corp"})
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, d := range got {
		list = append(list, d.Name)
		if d.Source != Configuration {
			t.Error(d)
		}
	}
	if want := []string{"proexchange.global", "belgianbeers.rock", "xn--bcher-kva.example", "corp"}; !slices.Equal(list, want) {
		t.Error(list)
	}
	if got, err := FromConfig(nil); err != nil || got == nil || len(got) != 0 {
		t.Error(got, err)
	}
}

func TestAWrongDomainIsNamedWithItsPosition(t *testing.T) {
	for _, in := range []string{"a_b.org", "", "*.example.org", "10.0.0.1", "admin@example.org", "a\x1b.org"} {
		_, err := FromConfig([]string{"ok.org", in})
		if !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), "entry 2 of accepted_domains.names") || strings.Contains(err.Error(), "\x1b") {
			t.Errorf("%q: %v", in, err)
		}
	}
}

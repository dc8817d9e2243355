package request_test

import (
	"strings"
	"testing"

	"certdesk/ui/words"
	"certdesk/wizard"
)

// A switch that adds nothing, since no accepted domain is known, names in the desk the key that adds one.
func TestASwitchWithoutDomainsNamesTheSettings(t *testing.T) {
	said := 0
	a := wizard.Answers{Typed: "mail", IncludeAutodiscover: true, IncludeAcceptedDomains: true}
	for _, f := range wizard.Findings(a, wizard.Env{}, wizard.StepNames) {
		if f.Code != "nothing-included" {
			continue
		}
		if said++; !strings.Contains(words.InDesk(f.Text), "settings ("+words.KeySettings+" ") {
			t.Errorf("%s", words.InDesk(f.Text))
		}
	}
	if said != 2 {
		t.Errorf("%d switches say so", said)
	}
}

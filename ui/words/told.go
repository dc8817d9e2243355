package words

import (
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// mostTold are the messages about an entry that its facts name; its history has all of them.
const mostTold = 3

// ToldFacts are who was told of an entry last, when, and of what.
func ToldFacts(history []certstore.Event) (facts []wizard.Fact) {
	for _, ev := range slices.Backward(history) {
		if ev.Op != ledger.OpTold || len(facts) == mostTold {
			continue
		}
		label, text := "Told", strings.TrimPrefix(ev.Text, "told ")
		if rest, failed := strings.CutPrefix(ev.Text, "could not tell "); failed {
			label, text = "Not told", rest
		} else if strings.HasPrefix(ev.Text, "has no more to tell ") {
			continue
		}
		facts = append(facts, wizard.Fact{Label: label, Value: Moment(ev.Time) + ", " + kit.Printable(text)})
	}
	return facts
}

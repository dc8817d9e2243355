package cli

import (
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// wholeError is the error for what is enabled, and is not all that clients need: a slot that still serves the old one,
// something that clients mind in what is served, or nobody could prove it. What was enabled stays.
func wholeError(outcomes []enabling.Outcome) error {
	var texts []string
	hint := ""
	for _, o := range outcomes {
		title := certstore.ServiceTitle(o.Service) + ": "
		for _, m := range o.Missed {
			texts = append(texts, title+"enabled, but "+m.Text())
			hint = "change it there by hand; `certdesk test` then asks it"
			if m.Site.Offered {
				hint = "--slot " + printable.Text(m.Site.Slot()) + " gives it to that slot anyway"
			}
		}
		for _, text := range o.Flaws() {
			texts = append(texts, title+"enabled, but "+text)
		}
		if o.NotProven != "" {
			texts = append(texts, title+"enabled, not proven: "+o.NotProven)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return fail.New(fail.Failed, hint, "%s", strings.Join(texts, "; "))
}

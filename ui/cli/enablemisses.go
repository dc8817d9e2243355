package cli

import (
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// jsonMisses is what of a service does not serve the certificate though it was enabled.
type jsonMisses struct {
	Missed    []jsonMissed `json:"missed,omitempty"`    // slots that bear its names and serve another one
	NotProven string       `json:"notProven,omitempty"` // why nobody could prove it
	Left      []jsonLeft   `json:"left,omitempty"`      // what was not changed
	Aside     []string     `json:"aside,omitempty"`     // parts of the configuration that cannot be followed
}

// jsonMissed is a slot that still serves the old one.
type jsonMissed struct {
	Slot  string     `json:"slot"`
	Where string     `json:"where"`
	Text  string     `json:"text"`
	Ports []jsonPort `json:"ports"`
}

func (a *app) missesJSON(o enabling.Outcome) (out jsonMisses) {
	for _, m := range o.Missed {
		out.Missed = append(out.Missed, jsonMissed{printable.Text(m.Site.Slot()), printable.Text(m.Site.Where), m.Text(),
			a.servedPortsJSON(m.Ports)})
	}
	out.NotProven, out.Aside = printable.Text(o.NotProven), printable.Texts(o.Aside)
	if len(o.Left) > 0 {
		out.Left = leftJSON(o.Left)
	}
	return out
}

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

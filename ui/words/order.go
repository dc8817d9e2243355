package words

import (
	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/ordering"
	"certdesk/ui/kit"
)

// CAName is what people call a CA of the configuration.
func CAName(ca config.ACME) string {
	if ca.Directory == config.LetsEncrypt.Directory {
		return "Let's Encrypt"
	}
	return ca.Name
}

// OrderedFrom is the CA that an entry is ordered from, or was; "" for none.
func OrderedFrom(e certstore.Entry) string {
	if e.Automatic == nil {
		return ""
	}
	return kit.Printable(e.Automatic.Order.CA)
}

// OrderStep is a step of an order, and how it failed if it did.
func OrderStep(p ordering.Progress) string {
	text := string(p.Step)
	if p.Name != "" {
		text += ": " + p.Name
	}
	if p.Trial {
		text = "on trial: " + text
	}
	if p.Err != nil {
		text += " failed: " + Failed(p.Err)
	}
	return text
}

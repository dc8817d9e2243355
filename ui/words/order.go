package words

import "certdesk/certstore/ordering"

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

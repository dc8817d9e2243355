package request

import (
	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// servicesPage asks what the certificate is for. What was not touched stays the default.
func servicesPage(s *wizardScreen) *wizardPage {
	switches := serviceSwitches(s.draft.answers.WantedServices())
	before := s.draft.answers.WantedServices()
	return &wizardPage{
		question: "Which services will use it?",
		form:     form.New(serviceFields(switches)...),
		save: func(a *wizard.Answers) {
			if now := chosenServices(switches); now != before {
				a.Services, a.ServicesSet, before = now, true, now
			}
		},
	}
}

func serviceSwitches(on certstore.Services) []*form.Switch {
	var out []*form.Switch
	for i, svc := range words.ServiceOrder {
		id, label := "Services-"+svc.String(), ""
		if i == 0 {
			id, label = "Services", "Services"
		}
		text := kit.Pad(svc.String(), 4)
		out = append(out, form.NewSwitch(id, label, text, words.ServiceWords[svc], on.Has(svc)).
			With("Recorded as wanted, and shown in brackets until the certificate is enabled for it.", nil))
	}
	return out
}

func serviceFields(switches []*form.Switch) []form.Field {
	var out []form.Field
	for _, sw := range switches {
		out = append(out, sw)
	}
	return out
}

func chosenServices(switches []*form.Switch) certstore.Services {
	return words.ServicesOf(func(i int) bool { return switches[i].On() })
}

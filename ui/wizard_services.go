package ui

import (
	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// servicesPage asks what the certificate is for. What was not touched stays the default.
func servicesPage(s *wizardScreen) *wizardPage {
	switches := serviceSwitches(s.draft.answers.WantedServices())
	before := s.draft.answers.WantedServices()
	return &wizardPage{
		question: "Which services will use it?",
		form:     kit.NewForm(serviceFields(switches)...),
		save: func(a *wizard.Answers) {
			if now := chosenServices(switches); now != before {
				a.Services, a.ServicesSet, before = now, true, now
			}
		},
	}
}

// serviceWords says what each service is to a person.
var serviceWords = map[certstore.Services]string{
	certstore.IIS:  "the web site: webmail, phones, autodiscover",
	certstore.SMTP: "mail between servers, and mail programs that send",
	certstore.POP:  "mail programs that fetch by POP",
	certstore.IMAP: "mail programs that read by IMAP",
	certstore.UM:   "voice",
}

// serviceOrder is the order a person thinks of them.
var serviceOrder = []certstore.Services{certstore.IIS, certstore.SMTP, certstore.IMAP, certstore.POP, certstore.UM}

func serviceSwitches(on certstore.Services) []*kit.Switch {
	var out []*kit.Switch
	for i, svc := range serviceOrder {
		id, label := "Services-"+svc.String(), ""
		if i == 0 {
			id, label = "Services", "Services"
		}
		text := kit.Pad(svc.String(), 4)
		out = append(out, kit.NewSwitch(id, label, text, serviceWords[svc], on.Has(svc)).
			With("Recorded as wanted, and shown in brackets until the certificate is enabled for it.", nil))
	}
	return out
}

func serviceFields(switches []*kit.Switch) []kit.Field {
	var out []kit.Field
	for _, sw := range switches {
		out = append(out, sw)
	}
	return out
}

func chosenServices(switches []*kit.Switch) certstore.Services {
	return servicesOf(func(i int) bool { return switches[i].On() })
}

// servicesOf is the set of those of serviceOrder that are on.
func servicesOf(on func(i int) bool) certstore.Services {
	var set certstore.Services
	for i, svc := range serviceOrder {
		if on(i) {
			set |= svc
		}
	}
	return set
}

// serviceRow asks the same in one line, where there is more to read than to choose.
func serviceRow(on certstore.Services) *kit.Row {
	var texts []string
	var state []bool
	for _, svc := range serviceOrder {
		texts, state = append(texts, svc.String()), append(state, on.Has(svc))
	}
	return kit.NewRow("Services", "Services", "Recorded as wanted, and shown in brackets until the certificate is enabled for it.", texts, state)
}

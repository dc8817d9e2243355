package words

import (
	"certdesk/certstore"
	"certdesk/ui/kit/form"
)

// ServiceOrder is the order a person thinks of them.
var ServiceOrder = []certstore.Services{certstore.IIS, certstore.SMTP, certstore.IMAP, certstore.POP, certstore.UM}

// ServiceWords says what each service is to a person.
var ServiceWords = map[certstore.Services]string{
	certstore.IIS:  "the web site: webmail, phones, autodiscover",
	certstore.SMTP: "mail between servers, and mail programs that send",
	certstore.POP:  "mail programs that fetch by POP",
	certstore.IMAP: "mail programs that read by IMAP",
	certstore.UM:   "voice",
}

// ServicesOf is the set of those of ServiceOrder that are on.
func ServicesOf(on func(i int) bool) certstore.Services {
	var set certstore.Services
	for i, svc := range ServiceOrder {
		if on(i) {
			set |= svc
		}
	}
	return set
}

// ServiceRow asks for services in one line, where there is more to read than to choose.
func ServiceRow(on certstore.Services) *form.Row {
	var texts []string
	var state []bool
	for _, svc := range ServiceOrder {
		texts, state = append(texts, svc.String()), append(state, on.Has(svc))
	}
	return form.NewRow("Services", "Services",
		"Recorded as wanted, and shown in brackets until the certificate is enabled for it.", texts, state)
}

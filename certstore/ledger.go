package certstore

import (
	"certdesk/certstore/ledger"
	"certdesk/certstore/services/daemon"
)

// What a caller of Store gives and gets is called here as it is in ledger.
type (
	Entry      = ledger.Entry
	Kind       = ledger.Kind
	Services   = ledger.Services
	Event      = ledger.Event
	Binding    = ledger.Binding
	Unfinished = ledger.Unfinished
	Successor  = ledger.Successor
)

// The kinds of an entry.
const (
	Certificate = ledger.Certificate
	PendingReq  = ledger.PendingReq
)

// The services. IIS is the web site, UM voice.
const (
	IMAP = ledger.IMAP
	POP  = ledger.POP
	UM   = ledger.UM
	IIS  = ledger.IIS
	SMTP = ledger.SMTP
)

// AllServices lists each service once, in Exchange's order.
func AllServices() []Services { return ledger.AllServices() }

// ParseServices reads a comma-separated list such as "IIS,SMTP", or "None". Case does not count.
func ParseServices(list string) (Services, error) { return ledger.ParseServices(list) }

// ThumbprintDigits are the digits of a thumbprint however it was written. Errors: Usage.
func ThumbprintDigits(text string) (string, error) { return ledger.ThumbprintDigits(text) }

// ServiceTitle names a service for people: "SMTP (postfix)", with what tells it from its likes.
func ServiceTitle(in daemon.Instance) string { return ledger.ServiceTitle(in) }

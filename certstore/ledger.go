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
	Comparison = ledger.Comparison
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

// ParseServices reads a comma-separated list such as "IIS,SMTP", or "None". Case does not count.
func ParseServices(list string) (Services, error) { return ledger.ParseServices(list) }

// Compare says what would be lost and won if the second entry took the place of the first.
func Compare(old, next Entry) Comparison { return ledger.Compare(old, next) }

// OldFirst puts two entries into the order in which one would take the place of the other.
func OldFirst(a, b Entry) (old, next Entry) { return ledger.OldFirst(a, b) }

// ServiceTitle names a service for people: "SMTP (postfix)", with what tells it from its likes.
func ServiceTitle(in daemon.Instance) string { return ledger.ServiceTitle(in) }

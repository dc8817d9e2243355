package ui

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/trust"
)

// rowsShown are the ids in the table's order.
func (r *driver) rowsShown() string {
	var out []string
	for _, id := range r.app.rows.listing.ids {
		out = append(out, fmt.Sprint(id))
	}
	return strings.Join(out, " ")
}

func TestSortingByEveryColumn(t *testing.T) {
	r := articleDesk(t, 119, 45) // every column, no details beside them
	for _, c := range []struct{ key, want, reversed, head string }{
		{"s", "8 5 6 7 1 2 3 4", "4 3 2 1 7 6 5 8", ""},
		{"n", "8 6 7 2 1 4 5 3", "3 5 4 1 2 7 6 8", "NAME v"},
		{"a", "8 7 6 4 1 5 3 2", "2 5 3 1 4 6 7 8", "NAMES v"},
		{"v", "1 2 3 8 5 6 7 4", "3 2 1 8 5 6 7 4", "SERVICES v"},
		{"i", "4 7 8 5 6 1 3 2", "8 5 6 1 3 7 4 2", "ISSUER v"},
		{"e", "5 1 3 8 7 4 6 2", "6 4 8 7 3 1 5 2", "EXPIRES v"},
		{"l", "5 1 3 8 7 4 6 2", "6 4 8 7 3 1 5 2", "LIFETIME v"},
	} {
		r.keys("s", c.key)
		if got := r.rowsShown(); got != c.want {
			t.Errorf("s %s: %s, want %s", c.key, got, c.want)
		}
		r.sees(c.head)
		r.keys("S")
		if got := r.rowsShown(); got != c.reversed {
			t.Errorf("s %s S: %s, want %s", c.key, got, c.reversed)
		}
		r.sees("reversed")
	}
}

// Sorting moves the rows, not the cursor; a live change keeps the order, and the key after s is no verb.
func TestSortingKeepsTheCursor(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("down")
	before := r.underCursor()
	r.keys("s")
	r.sees("Sort by which column?", "e expires")
	r.keys("e")
	r.sees("by expires")
	order := r.rowsShown()
	r.relisted(article()...)
	if r.underCursor() != before || r.rowsShown() != order {
		t.Errorf("cursor on %d, was on %d; rows %s, were %s", r.underCursor(), before, r.rowsShown(), order)
	}
	for _, key := range []string{"q", "D", "esc"} {
		r.keys("s", key)
		r.seesNot("Sort by which column?")
		if r.quit || r.depth() != 1 {
			t.Fatalf("%s after s did what it does alone", key)
		}
	}
}

// Sorting is a command: what it takes is not in the way of a key.
func BenchmarkSort(b *testing.B) {
	list := thousands(100_000)
	for b.Loop() {
		ordered(list, sorting{column: colName})
	}
}

// settledEntry is a certificate that ends soon and was renewed; while a service is bound to it it is not settled.
func settledEntry(services certstore.Services) certstore.Entry {
	e := certificate(20, "old one", "expiring", trust.Expiring, 3, 90, "mail.proexchange.global")
	e.Services = services
	e.Successor = &certstore.Successor{ID: 21, Name: "new one", Thumbprint: "9A3F51B2C4D5E6F7", Renews: true}
	return e
}

func TestWhatWasRenewedDoesNotCryAnyMore(t *testing.T) {
	fresh := certificate(21, "new one", "valid", trust.Valid, 80, 90, "mail.proexchange.global")
	r := drive(t, hub(), 100, 24, settledEntry(0), fresh)
	r.sees("1 renewed", "1 valid")
	r.seesNot("1 expiring", "! expiring")
	r.onName("old one")
	r.sees("renewed by new one (9A3F51B2C4D5)", "Nothing needs to be done")
	r.keys("!")
	r.sees("0 of 2")

	r = drive(t, hub(), 100, 24, settledEntry(certstore.SMTP), fresh)
	r.sees("1 expiring", "! expiring")
	r.onName("old one")
	r.sees("renewed by new one (9A3F51B2C4D5), but still in use for SMTP", "e on new one puts that in its place")
	r.keys("!")
	r.sees("1 of 2")
}

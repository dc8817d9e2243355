package table_test

import (
	"fmt"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
)

// rowsShown are the ids in the table's order.
func rowsShown(r *uitest.Driver) string {
	var out []string
	for _, id := range r.App.Table().(screen.Rowed).IDs() {
		out = append(out, fmt.Sprint(id))
	}
	return strings.Join(out, " ")
}

func TestSortingByEveryColumn(t *testing.T) {
	r := uitest.ArticleDesk(t, 119, 45) // every column, no details beside them
	for _, c := range []struct{ key, want, reversed, head string }{
		{"s", "8 5 6 7 1 2 3 4", "4 3 2 1 7 6 5 8", ""},
		{"n", "8 6 7 2 1 4 5 3", "3 5 4 1 2 7 6 8", "NAME v"},
		{"a", "8 7 6 4 1 5 3 2", "2 5 3 1 4 6 7 8", "NAMES v"},
		{"v", "1 2 3 8 5 6 7 4", "3 2 1 8 5 6 7 4", "SERVICES v"},
		{"i", "4 7 8 5 6 1 3 2", "8 5 6 1 3 7 4 2", "ISSUER v"},
		{"e", "5 1 3 8 7 4 6 2", "6 4 8 7 3 1 5 2", "EXPIRES v"},
		{"l", "5 1 3 8 7 4 6 2", "6 4 8 7 3 1 5 2", "LIFETIME v"},
	} {
		r.Keys("s", c.key)
		if got := rowsShown(r); got != c.want {
			t.Errorf("s %s: %s, want %s", c.key, got, c.want)
		}
		r.Sees(c.head)
		r.Keys("S")
		if got := rowsShown(r); got != c.reversed {
			t.Errorf("s %s S: %s, want %s", c.key, got, c.reversed)
		}
		r.Sees("reversed")
	}
}

// Sorting moves the rows, not the cursor; a live change keeps the order, and the key after s is no verb.
func TestSortingKeepsTheCursor(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("down")
	before := r.UnderCursor()
	r.Keys("s")
	r.Sees("Sort by which column?", "e expires")
	r.Keys("e")
	r.Sees("by expires")
	order := rowsShown(r)
	r.Relisted(uitest.Article()...)
	if r.UnderCursor() != before || rowsShown(r) != order {
		t.Errorf("cursor on %d, was on %d; rows %s, were %s", r.UnderCursor(), before, rowsShown(r), order)
	}
	for _, key := range []string{"q", "D", "esc"} {
		r.Keys("s", key)
		r.SeesNot("Sort by which column?")
		if r.Quit || r.Depth() != 1 {
			t.Fatalf("%s after s did what it does alone", key)
		}
	}
}

// Sorting is a command: what it takes is not in the way of a key.
func BenchmarkSort(b *testing.B) {
	list := uitest.Thousands(100_000)
	for b.Loop() {
		table.Ordered(list, table.MakeSorting(table.ColName))
	}
}

// settledEntry is a certificate that ends soon and was renewed; while a service is bound to it it is not settled.
func settledEntry(services certstore.Services) certstore.Entry {
	e := uitest.Certificate(20, "old one", "expiring", trust.Expiring, 3, 90, "mail.proexchange.global")
	e.Services = services
	e.Successor = &certstore.Successor{ID: 21, Name: "new one", Thumbprint: "9A3F51B2C4D5E6F7", Renews: true}
	e.Verdict.Reason += "; " + e.Successor.Words()
	return e
}

func TestWhatWasRenewedDoesNotCryAnyMore(t *testing.T) {
	fresh := uitest.Certificate(21, "new one", "valid", trust.Valid, 80, 90, "mail.proexchange.global")
	r := uitest.Drive(t, uitest.Hub(), 100, 24, settledEntry(0), fresh)
	r.Sees("1 renewed", "1 valid")
	r.SeesNot("1 expiring", "! expiring")
	r.OnName("old one")
	r.Sees("renewed by new one (9A3F51B2C4D5)", "Nothing needs")
	r.Keys("!")
	r.Sees("0 of 2")

	r = uitest.Drive(t, uitest.Hub(), 100, 24, settledEntry(certstore.SMTP), fresh)
	r.Sees("1 expiring", "! expiring")
	r.OnName("old one")
	r.Sees("renewed by new one (9A3F51B2C4D5)", "e on new one enables that one instead")
	r.Keys("!")
	r.Sees("1 of 2")
}

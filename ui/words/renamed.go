package words

import (
	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/ui/kit"
)

// Renamed says what a rename did.
func Renamed(r certstore.Renamed) string {
	was := r.Entry
	was.FriendlyName = r.Was
	if r.Was == r.Entry.FriendlyName {
		return kit.Printable(ledger.Label(&was)) + " is called that already"
	}
	return kit.Printable(ledger.Label(&was)) + " is now called " + Title(r.Entry)
}

// SharedName says who else has the new name, and what that means; "" where nobody has.
func SharedName(r certstore.Renamed) string {
	if len(r.Shared) == 0 {
		return ""
	}
	var list []string
	for _, e := range r.Shared {
		list = append(list, kit.Printable(ledger.Label(&e)))
	}
	return Few(list, 3) + " has that name too: commands then want a thumbprint"
}

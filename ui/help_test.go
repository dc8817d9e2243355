package ui

import "testing"

// Help begins with the field that has the focus, and with the filter while it is typed, as it stands.
func TestHelpBeginsWithWhatAPersonIsAt(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("n", "f1")
	r.sees("What", "A request is sent to a certificate authority")
	r.seesNot("Signs")
	r.keys("q", "ctrl+n", "f1")
	r.sees("Add a name", "Every name that clients connect by")
	r.keys("q", "esc", "esc", "/")
	r.typing("days<9")
	r.keys("f1")
	r.sees("The filter", "name:mail.example.org", `show = "days<9"`)
	r.keys("q", "esc", "?")
	r.seesNot("The filter")
	r.sees("The table")
}

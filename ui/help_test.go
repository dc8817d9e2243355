package ui_test

import (
	"testing"

	"certdesk/ui/uitest"
)

// Help begins with the field that has the focus, and with the filter while it is typed, as it stands.
func TestHelpBeginsWithWhatAPersonIsAt(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("n", "f1")
	r.Sees("What", "A request is sent to a CA")
	r.SeesNot("Signs")
	r.Keys("q", "ctrl+n", "f1")
	r.Sees("Add a name", "Every name that clients connect by")
	r.Keys("q", "esc", "esc", "/")
	r.Typing("days<9")
	r.Keys("f1")
	r.Sees("The filter", "name:mail.example.org", `show = "days<9"`)
	r.Keys("q", "esc", "?")
	r.SeesNot("The filter")
	r.Sees("The table")
}

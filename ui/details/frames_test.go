package details_test

import (
	"testing"

	"certdesk/certstore"
	"certdesk/ui/details"
	"certdesk/ui/uitest"
)

// shownDetails is a details page of the article's certificate, as the store answers.
func shownDetails(r *uitest.Driver) {
	e, _ := r.Desk.Entry(1)
	r.Onto(1)
	r.Keys("enter")
	r.Send(details.ShownMsg{Details: certstore.Details{
		Entry: e, Files: []string{"/var/lib/certdesk/certs/" + e.SHA256 + ".pem", "/var/lib/certdesk/keys/" + e.SPKI + ".key"},
		History: []certstore.Event{
			{Seq: 1, Time: uitest.Noon.AddDate(0, -2, 0), Op: "new", Text: "made the request secure_smtp", Who: "root"},
			{Seq: 3, Time: uitest.Noon.AddDate(0, -2, 1), Op: "import", Text: "imported the CA's answer to secure_smtp", Who: "alice as root"},
		},
	}})
}

var detailsScenes = []uitest.Scene{
	{Name: "details", Open: shownDetails},
	{Name: "details-end", Open: func(r *uitest.Driver) { shownDetails(r); r.Keys("end") }},
	{Name: "remove", Open: func(r *uitest.Driver) { r.Keys("D"); r.Wait() }},
	{Name: "remove-just-opened", Open: func(r *uitest.Driver) { r.Keys("D", "enter") }},
	{Name: "remove-pending", Open: func(r *uitest.Driver) { r.Onto(2); r.Keys("D"); r.Wait() }},
	{Name: "rename", Open: func(r *uitest.Driver) { r.Onto(3); r.Keys("N") }},
	{Name: "rename-shared", Open: func(r *uitest.Driver) { r.Onto(3); r.Keys("N", "ctrl+u"); r.Typing("Partner") }},
	{Name: "compare", Open: func(r *uitest.Driver) { r.Onto(5); r.Keys("space"); r.Onto(3); r.Keys("space", "c") }},
	{Name: "compare-with", Open: func(r *uitest.Driver) { r.Onto(2); r.Keys("c") }},
	{Name: "copy", Open: func(r *uitest.Driver) { r.Onto(3); r.Keys("y") }},
	{Name: "copy-sent", Open: func(r *uitest.Driver) { r.Onto(3); r.Keys("y", "n") }},
}

func TestDetailsScenes(t *testing.T) { uitest.Check(t, detailsScenes) }

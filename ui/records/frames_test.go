package records_test

import (
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/ui/details"
	"certdesk/ui/records"
	"certdesk/ui/uitest"
)

// Nor in the history, the removed entries, the purge dialog or what the doctor finds.
func TestHostileTextInTheHistory(t *testing.T) {
	e := uitest.Certificate(1, uitest.Hostile, "valid", trust.Valid, 10, 90, uitest.Hostile)
	e.Removed, e.RemovedBy, e.Issuer = uitest.Noon, uitest.Hostile, "CN="+uitest.Hostile
	events := []certstore.Event{{Seq: 1, Time: uitest.Noon, Who: uitest.Hostile, Op: uitest.Hostile, Text: uitest.Hostile, IDs: []int64{1, 2}, Sum: uitest.Hostile, Actor: ledger.Actor{Sudo: uitest.Hostile, TTY: uitest.Hostile}}}
	r := uitest.ArticleDesk(t, 140, 45)
	for _, scene := range []func(){
		func() { r.Keys("L"); r.Send(records.MakePastMsg(records.PreparePast(events, []certstore.Entry{e}))) },
		func() { r.Keys("enter") },
		func() { r.Keys("enter"); r.Send(records.Trashed([]certstore.Entry{e}, nil)) },
		func() { r.Keys("P"); r.Send(details.DoomMsg{Doom: certstore.Doom{Heirs: []certstore.Entry{e}}}) },
	} {
		scene()
		r.Harmless()
		r.ExactEverywhere(false)
	}
}

var recordsScenes = []uitest.Scene{
	{Name: "history", Open: func(r *uitest.Driver) {
		r.Keys("L")
		r.Send(records.MakePastMsg(records.PreparePast(story(), trash())))
		r.Keys("down", "down", "down")
	}},
	{Name: "history-line", Open: func(r *uitest.Driver) {
		r.Keys("L")
		r.Send(records.MakePastMsg(records.PreparePast(story(), trash())))
		r.Keys("down", "down", "enter", "down")
	}},
	{Name: "removed", Open: func(r *uitest.Driver) { r.Keys("T"); r.Send(records.Trashed(trash(), nil)) }},
	{Name: "purge", Open: func(r *uitest.Driver) {
		r.Keys("T")
		r.Send(records.Trashed(trash(), nil))
		r.Keys("P")
		r.Send(details.DoomMsg{Doom: certstore.Doom{Files: []string{"a.req", "a.key"}, Key: true}})
		r.Wait()
	}},
	{Name: "doctor", Open: func(r *uitest.Driver) { r.Keys("H"); r.Send(ills()) }},
	{Name: "doctor-sound", Open: func(r *uitest.Driver) {
		r.Keys("H")
		r.Send(records.MakeExamMsg(records.MakeExamSound(uitest.Noon, true)))
	}},
}

func TestRecordsScenes(t *testing.T) { uitest.Check(t, recordsScenes) }

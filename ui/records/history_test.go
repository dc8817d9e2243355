package records_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
	"certdesk/ui/records"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// line is a line of the journal, days ago.
func line(seq int64, days int, op, text, who string, ids ...int64) certstore.Event {
	return certstore.Event{Seq: seq, Time: uitest.Noon.AddDate(0, 0, -days), Op: op, Text: text, Who: who, IDs: ids,
		Actor: ledger.Actor{UID: 0, LoginUID: 1000, Sudo: "alice", TTY: "/dev/pts/3"}, Sum: fmt.Sprintf("%064x", seq)}
}

// trash is what was removed in the tests' history.
func trash() []certstore.Entry {
	old := uitest.Certificate(21, "webmail 2021", "expired", trust.DateInvalid, -700, 365, "webmail.belgianbeers.rock", "autodiscover.belgianbeers.rock")
	old.Removed, old.RemovedBy = uitest.Noon.AddDate(0, 0, -9), "alice as root"
	request := uitest.Certificate(22, "voice test", "pending", trust.PendingRequest, 0, 0, "um.proexchange.global")
	request.Kind, request.NotAfter, request.NotBefore, request.Chain, request.Issuer = certstore.PendingReq, time.Time{}, time.Time{}, nil, ""
	request.Removed, request.RemovedBy = uitest.Noon.AddDate(0, 0, -2), "root"
	return []certstore.Entry{old, request}
}

// story is a history with something live, removed and purged in it.
func story() []certstore.Event {
	return []certstore.Event{
		line(1, 60, "new", "made the request secure_smtp (00009A3F0001)", "root", 1),
		line(2, 59, "import", "imported the CA's answer to secure_smtp (00009A3F0001)", "root", 1),
		line(3, 30, "import", "imported webmail 2021 (00009A3F0015)", "bob as root", 21),
		line(4, 9, "remove", "removed webmail 2021 (00009A3F0015)", "alice as root", 21),
		line(5, 8, "remove", "removed test one (00009A3F0063), voice test (00009A3F0016)", "root", 99, 22),
		line(6, 7, "purge", "purged test one (00009A3F0063) and 2 files", "root", 99),
		line(7, 1, "export", "exported secure_smtp (00009A3F0001): a PFX file with the key", "alice as root", 1),
	}
}

// historyDesk is a desk with the history open.
func historyDesk(t testing.TB, w, h int) *uitest.Driver {
	t.Helper()
	r := uitest.ArticleDesk(t, w, h)
	r.Keys("L")
	r.Send(records.MakePastMsg(records.PreparePast(story(), trash())))
	return r
}

// "Who removed the old webmail certificate, and can it come back?" is answered on the line, with the key.
func TestWhoRemovedItAndCanItComeBack(t *testing.T) {
	r := historyDesk(t, 80, 24)
	r.Keys("/")
	r.Typing("removed webmail")
	r.Sees("1 of 7", "alice as root removed webmail 2021", "Next: r restores it")
	r.Keys("enter")
	r.Sees("r restore")
	r.Keys("enter")
	r.Sees("Logged in as  user id 1000", "With sudo     alice", "/dev/pts/3", fmt.Sprintf("%064x", 4), "removed", "webmail 2021")
	r.Keys("enter")
	r.Send(records.Trashed(trash(), nil))
	r.Sees("Removed entries", "webmail 2021 was removed on 14 Nov 2026 12:00:00 UTC by alice as root.")
}

// A line says what became of what it names: in the table, removed, purged, or some of each.
func TestALineSaysWhatBecameOfIt(t *testing.T) {
	r := historyDesk(t, 80, 24)
	r.Sees("It is in the table now: expiring.")
	r.Keys("down")
	r.Sees("It was purged since: only a backup can bring it back.")
	r.SeesNot("r restore")
	r.Keys("down")
	r.Sees("2 of its 2 entries are gone from the table now; enter shows which.")
	r.Keys("enter")
	r.Sees("What happened to it since (2)", "purged", "entry 99", "voice test")
	r.Keys("down")
	r.Sees("r restores it; enter goes to the removed entries")
	r.Keys("esc", "end", "enter", "enter")
	r.Sees("secure_smtp expires in 16 days")
}

// New lines appear while the history is open; the cursor stays on its line, the filter in force.
func TestTheHistoryIsLive(t *testing.T) {
	r := historyDesk(t, 80, 24)
	r.Keys("/")
	r.Typing("!imported")
	r.Keys("enter", "home", "down", "down")
	events := append(story(), line(8, 0, "remove", "removed partner (00009A3F0007)", "carol", 7))
	r.Send(records.MakePastMsg(records.PreparePast(events, trash())))
	r.Sees("removed partner", "6 of 8", "4 of 6", "removed test one", "gone from the table now")
	r.Keys("esc")
	r.Sees("4 of 8 --", "voice test", "gone from the table now")
	r.Keys("esc")
	if r.Depth() != 1 {
		t.Errorf("%d screens, want the table alone", r.Depth())
	}
}

// On a store that is only read the history is told, and nothing offers to restore.
func TestTheHistoryOfAStoreThatIsOnlyRead(t *testing.T) {
	r := historyDesk(t, 80, 24)
	r.Desk.ReadOnly = true
	r.Keys("/")
	r.Typing("removed webmail")
	r.Keys("enter")
	r.Sees("Someone who may write to this store can restore it.")
	r.SeesNot("r restore")
	r.Keys("r")
	if r.Depth() != 2 {
		t.Error("r did something")
	}
}

// The store's own journal, and a restore from its line, which leads to the row.
func TestRestoringFromTheHistory(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org", "second.example.org")
	list, _ := r.Desk.Store.List(context.Background(), false)
	if _, err := r.Desk.Store.Remove(context.Background(), list[:1], true); err != nil {
		t.Fatal(err)
	}
	r.Run(r.App.Relist())
	r.Keys("L")
	r.Sees("removed first.example.org", "made the request second.example.org", "1 of 3", "Next: r restores it")
	r.Keys("r")
	r.Sees("first.example.org is restored: it is in the table again", "of 2 --")
	if r.UnderCursor() != list[0].ID || r.Depth() != 1 {
		t.Errorf("the cursor is on %d, %d screens are open", r.UnderCursor(), r.Depth())
	}
}

// While a reading is under way changes cause one more, not one each.
func TestReadingsOfTheHistoryDoNotPileUp(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	s := records.NewHistory(r.Desk).(*records.HistoryScreen)
	under := s.Read()
	for range 3 {
		if s.Read() != nil {
			t.Fatal("a second reading was started beside the first")
		}
	}
	uitest.Request(context.Background(), t, r.Desk.Store, "second.example.org")
	if next := s.Took(under().(screen.ReplyMsg).Msg.(records.PastMsg)); next == nil {
		t.Error("the change that came meanwhile is not read")
	}
}

func manyLines(n int) []certstore.Event {
	events := make([]certstore.Event, n)
	for i := range events {
		events[i] = line(int64(i+1), 0, "export", fmt.Sprintf("exported host%06d.proexchange.global (%012X): a PFX file with the key", i, i), "alice as root", int64(i+1))
	}
	return events
}

// One key press to the frame it causes; allocations must not grow with the lines.
func BenchmarkHistoryKeyToFrame(b *testing.B) {
	for _, n := range []int{100, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := uitest.ArticleDesk(b, 120, 40)
			r.Keys("L")
			r.Send(records.MakePastMsg(records.PreparePast(manyLines(n), nil)))
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				r.App.Update(tea.KeyMsg{Type: tea.KeyDown})
				_ = r.App.View()
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
		})
	}
}

// One character of a filter over 100,000 lines, with its frame.
func BenchmarkHistoryFilterKey(b *testing.B) {
	r := uitest.ArticleDesk(b, 120, 40)
	r.Keys("L")
	r.Send(records.MakePastMsg(records.PreparePast(manyLines(100_000), nil)))
	r.Keys("/")
	word := strings.Split("host09 exported", "")
	for i := 0; b.Loop(); i++ {
		r.App.Update(uitest.Press(strings.ReplaceAll(word[i%len(word)], " ", "space")))
		_ = r.App.View()
		if i%len(word) == len(word)-1 {
			r.App.Update(uitest.Press("ctrl+u"))
		}
	}
}

package table_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

func TestTheWorstComesFirst(t *testing.T) {
	frame := uitest.ArticleDesk(t, 140, 45).Screen()
	at := 0
	for _, name := range []string{"broken", "webmail 2023", "next year", "partner", "secure_smtp", "secure_client", "webmail 2025", "this server"} {
		next := strings.Index(frame[at:], " "+name+" ")
		if next < 0 {
			t.Fatalf("%s is not below what is worse:\n%s", name, frame)
		}
		at += next
	}
}

func TestAnEmptyStoreSaysWhatToDoFirst(t *testing.T) {
	uitest.Drive(t, uitest.Hub(), 80, 24).Sees("No certificate is here yet", "makes a request", "imports a certificate")
}

// The cursor stays on its certificate when the list changes around it, and when a request becomes valid.
func TestALiveChangeLeavesTheCursor(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	for r.UnderCursor() != 2 {
		r.Keys("down")
	}
	r.Sees("secure_client waits for the CA's answer")
	list := uitest.Article()
	list[1].Kind, list[1].NotBefore, list[1].NotAfter = certstore.Certificate, uitest.Noon, uitest.Noon.AddDate(0, 0, 364)
	list[1] = uitest.Judged(list[1])
	r.Relisted(list...)
	if r.UnderCursor() != 2 {
		t.Errorf("the cursor is on %d, want 2", r.UnderCursor())
	}
	r.Sees("secure_client is valid until 22 Nov 2027")
}

func TestTheFilterFollowsTyping(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	r.Typing("WEB expired")
	r.Sees("/ WEB expired", "1 of 8", "webmail 2023")
	r.SeesNot("secure_smtp", "webmail 2025")
	r.Keys("enter")
	r.Sees("webmail 2023", "clear the filter")
	r.Keys("esc")
	r.Sees("secure_smtp")
	r.Keys("/")
	r.Typing("!valid")
	r.SeesNot("this server")
}

// A filter survives a live change, and the cursor too; esc clears the filter and nothing else.
func TestTheFilterSurvivesAChange(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	r.Typing("secure")
	r.Keys("enter", "down")
	before := r.UnderCursor()
	r.Relisted(uitest.Article()...)
	if r.UnderCursor() != before {
		t.Errorf("the cursor went from %d to %d", before, r.UnderCursor())
	}
	r.SeesNot("webmail 2025")
	r.Keys("esc")
	if r.UnderCursor() != before || r.Depth() != 1 || r.Quit {
		t.Errorf("after esc: cursor on %d, want %d; %d screens; quit %v", r.UnderCursor(), before, r.Depth(), r.Quit)
	}
}

// A paste into the filter is words; its newline neither keeps the filter nor opens anything.
func TestAPasteIntoTheFilter(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	r.Paste("webmail\n2025\n")
	r.Sees("1 of 8", "webmail 2025")
	if !r.App.Top().Typing() || r.Depth() != 1 {
		t.Error("the newline of a paste left the filter")
	}
	r.Keys("esc")
	r.Paste("D\nn\ni\n")
	if r.Depth() != 1 {
		t.Error("a paste into the table pressed keys")
	}
}

// Letters are letters in the filter: q does not quit, n does not open a form.
func TestLettersBelongToTheFilter(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Keys("/")
	r.Typing("qnixRD?")
	r.Sees("/ qnixRD?", "No row passes this filter")
	if r.Quit || r.Depth() != 1 {
		t.Error("a letter in the filter was obeyed")
	}
}

// A store this person cannot write shows no verb that writes, and the keys do nothing.
func TestReadOnlyHasNoVerbs(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Desk.ReadOnly = true
	r.Sees("read-only")
	r.SeesNot("n new", "i import", "R renew", "D remove")
	r.Keys("n", "i", "R", "D")
	if r.Depth() != 1 {
		t.Errorf("a verb opened a screen:\n%s", r.Screen())
	}
}

func TestAListThatCannotBeReadIsSaid(t *testing.T) {
	r := uitest.Drive(t, uitest.Hub(), 80, 24)
	r.Pushed(func(d *screen.Desk) screen.Screen { return table.New(d, &table.Rows{}) })
	r.Sees("Reading the store")
	broken := table.ListedMsg{Err: fail.New(fail.NotPermitted, "ask to join the group helpdesk", "%w", errors.New("/srv/store is root's"))}
	r.Send(broken)
	r.Sees("/srv/store is root's", "ask to join the group helpdesk")
	r = uitest.ArticleDesk(t, 80, 24)
	r.Send(broken)
	r.Sees("secure_smtp", "could not be read again")
}

func TestEverySituationHasASentence(t *testing.T) {
	for _, e := range uitest.Article() {
		what, next := words.Sentence(e, uitest.Noon, true)
		if !strings.HasPrefix(what, words.Title(e)) || !strings.HasSuffix(what, ".") {
			t.Errorf("%s: %q", e.Verdict.Word, what)
		}
		if e.Verdict.Status != trust.Valid && !strings.HasPrefix(next, "Next: ") {
			t.Errorf("%s: no next step: %q", e.Verdict.Word, next)
		}
		if _, next := words.Sentence(e, uitest.Noon, false); strings.Contains(next, "Next:") {
			t.Errorf("%s: a reader is told to act: %q", e.Verdict.Word, next)
		}
	}
}

// The row of a narrow terminal keeps status, services and days; the gauge, the issuer and the date go in that order.
func TestColumnsGoInTheStatedOrder(t *testing.T) {
	for _, test := range []struct {
		w     int
		seen  string
		gauge bool
	}{
		{119, "STATUS NAME NAMES SERVICES ISSUER EXPIRES LEFT", true},
		{100, "STATUS NAME NAMES SERVICES ISSUER EXPIRES LEFT", false},
		{80, "STATUS NAME NAMES SERVICES EXPIRES LEFT", false},
		{60, "STATUS NAME NAMES SERVICES LEFT", false},
	} {
		r := uitest.ArticleDesk(t, test.w, 24)
		head := strings.Fields(strings.Split(r.Screen(), "\n")[1])
		if got := strings.Join(head, " "); got != test.seen {
			t.Errorf("%d cells: %s, want %s", test.w, got, test.seen)
		}
		r.Sees("x not yet valid", "not yet")
		if got := strings.Contains(r.Screen(), "16 d  #--"); got != test.gauge {
			t.Errorf("%d cells: a gauge is %v\n%s", test.w, got, r.Screen())
		}
	}
}

// One key press to the frame it causes, 120×40; allocations must not grow with the rows.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := uitest.Drive(b, uitest.Hub(), 120, 40, uitest.Thousands(n)...)
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

// One character of a filter over 100,000 rows, with its frame.
func BenchmarkFilterKey(b *testing.B) {
	r := uitest.Drive(b, uitest.Hub(), 120, 40, uitest.Thousands(100_000)...)
	r.Keys("/")
	word := []rune("host09 expiring")
	i := 0
	for b.Loop() {
		r.App.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: word[i%len(word) : i%len(word)+1]})
		_ = r.App.View()
		if i++; i%len(word) == 0 {
			r.App.Update(uitest.Press("ctrl+u"))
		}
	}
}

// On a store that is only read a verb's key says why nothing happens.
func TestAVerbOnAReadOnlyStoreSaysSo(t *testing.T) {
	for _, key := range []string{"n", "i", "R", "D", "delete"} {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Desk.ReadOnly = true
		r.Keys(key)
		r.Sees("read-only: nothing can be")
		r.Keys("down", "enter")
		r.Keys("D")
		r.Sees("read-only: nothing can be")
	}
}

// The way out is in the footer whatever is selected, and on a narrow terminal what is used most and what is said to be next.
func TestTheFooterKeepsTheWayOut(t *testing.T) {
	uitest.ArticleDesk(t, 80, 24).Sees("enter details", "/ filter", "q quit", "? help")
	uitest.ArticleDesk(t, 60, 18).Sees("enter details", "q quit", "? help")
	uitest.ArticleDesk(t, 60, 18).Sees("Next: i imports a good one, D removes this one", "i import", "D remove |")
}

package ui

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
	"certdesk/ui/words"
)

// relisted is what the app does with a new listing.
func (r *driver) relisted(entries ...certstore.Entry) {
	r.t.Helper()
	r.run(r.app.own(listedMsg{listing: prepare(entries, sorting{})}))
}

// underCursor is the id of the selected row.
func (r *driver) underCursor() int64 {
	id, _ := r.app.frames[0].screen.(*tableScreen).table.Selected()
	return id
}

// depth is how many screens are open.
func (r *driver) depth() int { return len(r.app.frames) }

func TestTheWorstComesFirst(t *testing.T) {
	frame := articleDesk(t, 140, 45).screen()
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
	drive(t, hub(), 80, 24).sees("No certificate is here yet", "makes a request", "imports a certificate")
}

// The cursor stays on its certificate when the list changes around it, and when a request becomes valid.
func TestALiveChangeLeavesTheCursor(t *testing.T) {
	r := articleDesk(t, 80, 24)
	for r.underCursor() != 2 {
		r.keys("down")
	}
	r.sees("secure_client waits for the CA's answer")
	list := article()
	list[1].Kind, list[1].Verdict = certstore.Certificate, trust.Verdict{Status: trust.Valid, Word: "valid"}
	list[1].NotAfter, list[1].DaysLeft = noon.AddDate(0, 0, 364), 364
	r.relisted(list...)
	if r.underCursor() != 2 {
		t.Errorf("the cursor is on %d, want 2", r.underCursor())
	}
	r.sees("secure_client is valid for 364 days")
}

func TestTheFilterFollowsTyping(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("/")
	r.typing("WEB expired")
	r.sees("/ WEB expired", "1 of 8", "webmail 2023")
	r.seesNot("secure_smtp", "webmail 2025")
	r.keys("enter")
	r.sees("webmail 2023", "clear the filter")
	r.keys("esc")
	r.sees("secure_smtp")
	r.keys("/")
	r.typing("!valid")
	r.seesNot("this server")
}

// A filter survives a live change, and the cursor too; esc clears the filter and nothing else.
func TestTheFilterSurvivesAChange(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("/")
	r.typing("secure")
	r.keys("enter", "down")
	before := r.underCursor()
	r.relisted(article()...)
	if r.underCursor() != before {
		t.Errorf("the cursor went from %d to %d", before, r.underCursor())
	}
	r.seesNot("webmail 2025")
	r.keys("esc")
	if r.underCursor() != before || r.depth() != 1 || r.quit {
		t.Errorf("after esc: cursor on %d, want %d; %d screens; quit %v", r.underCursor(), before, r.depth(), r.quit)
	}
}

// A paste into the filter is words; its newline neither keeps the filter nor opens anything.
func TestAPasteIntoTheFilter(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("/")
	r.paste("webmail\n2025\n")
	r.sees("1 of 8", "webmail 2025")
	if !r.app.top().Typing() || r.depth() != 1 {
		t.Error("the newline of a paste left the filter")
	}
	r.keys("esc")
	r.paste("D\nn\ni\n")
	if r.depth() != 1 {
		t.Error("a paste into the table pressed keys")
	}
}

// Letters are letters in the filter: q does not quit, n does not open a form.
func TestLettersBelongToTheFilter(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.keys("/")
	r.typing("qnixRD?")
	r.sees("/ qnixRD?", "No row passes this filter")
	if r.quit || r.depth() != 1 {
		t.Error("a letter in the filter was obeyed")
	}
}

// A store this person cannot write shows no verb that writes, and the keys do nothing.
func TestReadOnlyHasNoVerbs(t *testing.T) {
	r := articleDesk(t, 80, 24)
	r.app.d.ReadOnly = true
	r.sees("read-only")
	r.seesNot("n new", "i import", "x export", "R renew", "D remove")
	r.keys("n", "i", "x", "R", "D")
	if r.depth() != 1 {
		t.Errorf("a verb opened a screen:\n%s", r.screen())
	}
}

func TestAListThatCannotBeReadIsSaid(t *testing.T) {
	c := hub()
	r := drive(t, c, 80, 24)
	table := newTable(r.app.d, r.app.rows)
	r.app.frames[0].screen = table
	r.sees("Reading the store")
	broken := listedMsg{err: fail.New(fail.NotPermitted, "ask to join the group helpdesk", "%w", errors.New("/srv/store is root's"))}
	r.run(r.app.own(broken))
	r.sees("/srv/store is root's", "ask to join the group helpdesk")
	r.relisted(article()...)
	r.run(r.app.own(broken))
	r.sees("secure_smtp", "could not be read again")
}

func TestEverySituationHasASentence(t *testing.T) {
	for _, e := range article() {
		what, next := words.Sentence(e, noon, true)
		if !strings.HasPrefix(what, words.Title(e)) || !strings.HasSuffix(what, ".") {
			t.Errorf("%s: %q", e.Verdict.Word, what)
		}
		if e.Verdict.Status != trust.Valid && !strings.HasPrefix(next, "Next: ") {
			t.Errorf("%s: no next step: %q", e.Verdict.Word, next)
		}
		if _, next := words.Sentence(e, noon, false); strings.Contains(next, "Next:") {
			t.Errorf("%s: a reader is told to act: %q", e.Verdict.Word, next)
		}
	}
}

// The row of a narrow terminal keeps status, services and days; the bar, the issuer and the date go in that order.
func TestColumnsGoInTheStatedOrder(t *testing.T) {
	for _, test := range []struct {
		w             int
		seen, missing string
	}{
		{119, "STATUS NAME NAMES SERVICES ISSUER EXPIRES LEFT LIFETIME", ""},
		{100, "STATUS NAME NAMES SERVICES ISSUER EXPIRES LEFT", "LIFETIME"},
		{80, "STATUS NAME NAMES SERVICES EXPIRES LEFT", "ISSUER LIFETIME"},
		{60, "STATUS NAME NAMES SERVICES LEFT", "EXPIRES ISSUER LIFETIME"},
	} {
		r := articleDesk(t, test.w, 24)
		head := strings.Fields(strings.Split(r.screen(), "\n")[1])
		if got := strings.Join(head, " "); got != test.seen {
			t.Errorf("%d cells: %s, want %s", test.w, got, test.seen)
		}
		r.sees("x not yet valid", "400 d", "(IP-W-)")
	}
}

func thousands(n int) []certstore.Entry {
	words := []struct {
		word   string
		status trust.Status
	}{{"valid", trust.Valid}, {"expiring", trust.Expiring}, {"expired", trust.DateInvalid}}
	list := make([]certstore.Entry, n)
	for i := range list {
		w := words[i%len(words)]
		host := fmt.Sprintf("host%06d.proexchange.global", i)
		list[i] = certificate(int64(i+1), fmt.Sprintf("server %d", i), w.word, w.status, i%300, 365, host, "alias."+host)
	}
	return list
}

// One key press to the frame it causes, 120×40; allocations must not grow with the rows.
func BenchmarkKeyToFrame(b *testing.B) {
	for _, n := range []int{100, 10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			r := drive(b, hub(), 120, 40, thousands(n)...)
			b.ReportAllocs()
			var took []time.Duration
			for b.Loop() {
				start := time.Now()
				r.app.Update(tea.KeyMsg{Type: tea.KeyDown})
				_ = r.app.View()
				took = append(took, time.Since(start))
			}
			slices.Sort(took)
			b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
		})
	}
}

// One character of a filter over 100,000 rows, with its frame.
func BenchmarkFilterKey(b *testing.B) {
	r := drive(b, hub(), 120, 40, thousands(100_000)...)
	r.keys("/")
	word := []rune("host09 expiring")
	i := 0
	for b.Loop() {
		r.app.Update(tea.KeyMsg{Type: tea.KeyRunes, Runes: word[i%len(word) : i%len(word)+1]})
		_ = r.app.View()
		if i++; i%len(word) == 0 {
			r.app.Update(press("ctrl+u"))
		}
	}
}

// On a store that is only read a verb's key says why nothing happens.
func TestAVerbOnAReadOnlyStoreSaysSo(t *testing.T) {
	for _, key := range []string{"n", "i", "x", "R", "D", "delete"} {
		r := articleDesk(t, 80, 24)
		r.app.d.ReadOnly = true
		r.keys(key)
		r.sees("read-only: nothing can be")
		r.keys("down", "enter")
		r.keys("D")
		r.sees("read-only: nothing can be")
	}
}

// The way out is in the footer whatever is selected, and on a narrow terminal what is used most.
func TestTheFooterKeepsTheWayOut(t *testing.T) {
	articleDesk(t, 80, 24).sees("enter details", "/ filter", "q quit", "? help")
	articleDesk(t, 60, 18).sees("enter details", "/ filter", "q quit", "? help")
}

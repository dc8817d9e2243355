package request_test

import (
	"context"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// looked is a DNS of the test, and which names it was asked about.
type looked struct {
	sync.Mutex
	asked []string
	world evidence.World
}

func (l *looked) find(_ context.Context, w evidence.World, n names.Name) evidence.Result {
	l.Lock()
	defer l.Unlock()
	l.asked, l.world = append(l.asked, n.Value), w
	return evidence.Result{Name: n.Value, Word: "elsewhere", Facts: []trust.Finding{
		{Code: "elsewhere", Severity: trust.Info, Text: n.Value + " leads to 192.0.2.1, which is not this host"},
		{Code: "caa-nobody", Severity: trust.Error, Text: "CAA of example.org lets nobody issue"}}}
}

func TestTheListSaysWhereNamesLeadAndEnterTellsWhy(t *testing.T) {
	dns := &looked{}
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv(), Evidence: dns.find, Asks: true}, 100, 30)
	startWizard(r)
	r.Keys("ctrl+n")
	r.Paste("mail.example.org, web.example.org")
	r.Sees("common name, typed; elsewhere, 1 fault", "web.example.org   typed; elsewhere, 1 fault")
	r.Keys("tab", "space")
	r.Sees("accepted domain; elsewhere, 1 fault")
	names := []string{"belgianbeers.rock", "ex2007ee", "ex2007ee.proexchange.global", "mail.example.org", "proexchange.global", "web.example.org"}
	if !slices.Equal(slices.Compact(slices.Sorted(slices.Values(dns.asked))), names) {
		t.Error(dns.asked)
	}
	r.Keys("tab", "tab", "tab", "tab", "tab", "down", "enter")
	r.Sees("Why is web.example.org in the list", "In the list: typed.", "leads to 192.0.2.1", "CAA of example.org lets nobody issue.", "to the list")
	if n := len(dns.asked); n != 9 || dns.asked[8] != "web.example.org" || len(dns.world.Names) != 4 || len(dns.world.Domains) != 2 {
		t.Error(dns.asked, dns.world)
	}
	r.Keys("esc", "space")
	r.Sees("[ ] web.example.org")
	r.Keys("space", "enter", "enter", "ctrl+n")
	r.Sees("Whose certificate is it?")
	if last := dns.asked[len(dns.asked)-1]; last != "web.example.org" || len(dns.world.Names) != 4 {
		t.Error("what is looked at is asked anew:", dns.asked)
	}
	r.InEveryLook(false)
}

// lookup is the names page while 300 names are looked up, half of them of servers that never answer.
type lookup struct {
	*uitest.Driver
	answers chan tea.Msg
}

func lookUp(tb testing.TB) lookup {
	ask := func(ctx context.Context, _ evidence.World, n names.Name) evidence.Result {
		if len(n.Value)%2 == 0 {
			<-ctx.Done()
		}
		return evidence.Result{Name: n.Value, Word: "elsewhere"}
	}
	l := lookup{uitest.Drive(tb, screen.Config{Env: uitest.ArticleEnv()}, 120, 40), make(chan tea.Msg, 1000)}
	ctx, end := context.WithCancel(context.Background())
	tb.Cleanup(end)
	l.Desk.Context = ctx
	startWizard(l.Driver)
	l.Keys("ctrl+n")
	l.Desk.Evidence, l.Desk.Asks = ask, true
	l.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(uitest.ManyNames(300)), Paste: true})
	return l
}

// press is a key and its frame, and how long they took; what it starts goes on behind it.
func (l lookup) press(k tea.KeyMsg) time.Duration {
	began := time.Now()
	_, cmd := l.App.Update(k)
	l.App.View()
	took := time.Since(began)
	l.start(cmd)
	return took
}

func (l lookup) start(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	go func() {
		msg := cmd()
		list, several := uitest.Commands(msg)
		for _, c := range list {
			l.start(c)
		}
		if !several {
			l.answers <- msg
		}
	}()
}

// While 300 names are looked up, and half of them never end, the form takes keys and shows the words that come.
func TestLookingUpNamesKeepsNobodyWaiting(t *testing.T) {
	l := lookUp(t)
	l.press(uitest.Press("x"))
	late := time.After(time.Minute)
	for !strings.Contains(l.Screen(), "; elsewhere") {
		select {
		case answer := <-l.answers:
			l.App.Update(answer)
		case <-late:
			t.Fatal(l.Screen())
		}
	}
	l.press(uitest.Press("y"))
	l.Sees("xy", "; elsewhere", "300 of 300 on")
}

// BenchmarkKeyWhileNamesAreLookedUp is a key press and its frame, before each tenth of which an answer comes.
func BenchmarkKeyWhileNamesAreLookedUp(b *testing.B) {
	l := lookUp(b)
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		key := uitest.Press([]string{"x", "backspace"}[i%2])
		start := time.Now()
		select {
		case answer := <-l.answers:
			if i%10 == 0 {
				l.App.Update(answer)
			}
		default:
		}
		took = append(took, time.Since(start)+l.press(key))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}

// Without a DNS to ask, enter goes on as it does in every list.
func TestWithoutDNSNothingIsAsked(t *testing.T) {
	dns := &looked{}
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv(), Evidence: dns.find}, 80, 24)
	startWizard(r)
	r.Keys("ctrl+n")
	r.Paste("mail.example.org")
	r.SeesNot("elsewhere")
	if len(dns.asked) != 0 {
		t.Error(dns.asked)
	}
	r.Keys("shift+tab", "enter")
	r.Sees("leads to 192.0.2.1")
	r, _ = namesWizard(t, 80, 24)
	r.Paste("mail.example.org")
	r.Keys("shift+tab", "enter")
	r.Sees("Whose certificate is it?")
	if strings.Contains(r.Screen(), "why") {
		t.Error(r.Screen())
	}
}

func TestWhyFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		dns := &looked{}
		r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv(), Evidence: dns.find, Asks: true}, size[0], size[1])
		startWizard(r)
		r.Keys("ctrl+n")
		r.Paste("mail.example.org, web.example.org")
		r.Keys("shift+tab")
		r.Frames("wizard-names-looked-up", size)
		r.Keys("enter")
		r.Frames("wizard-why", size)
	}
}

// The names page of a renewal says what has changed since: DNS is asked, and the accepted domains are those of today.
func TestARenewalsNamesPageSaysWhatHasChanged(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		r := uitest.StoreDesk(t, size[0], size[1])
		a := wizard.Answers{SelfSigned: true, Typed: "mail.proexchange.global old.proexchange.global"}
		request, err := wizard.BuildRequest(a, uitest.ArticleEnv())
		if err != nil {
			t.Fatal(err)
		}
		if _, err := r.Desk.Store.New(t.Context(), request); err != nil {
			t.Fatal(err)
		}
		r.Relisted(r.Entries()...)
		r.Desk.Evidence, r.Desk.Asks = func(_ context.Context, _ evidence.World, n names.Name) evidence.Result {
			if strings.HasPrefix(n.Value, "old.") {
				return evidence.Result{Name: n.Value, Word: "not in DNS", Facts: []trust.Finding{{Code: "not-in-dns", Severity: trust.Warning, Text: "x"}}}
			}
			return evidence.Result{Name: n.Value, Word: "here"}
		}, true
		r.Keys("R", "ctrl+n", "shift+tab")
		r.Sees("old.proexchange.global is not in DNS any more", "belgianbeers.rock is accepted now")
		r.Frames("wizard-renewal-changes", size)
		r.Keys("down", "space")
		r.Sees("clients lose old.proexchange.global")
		r.SeesNot("not in DNS any more")
	}
}

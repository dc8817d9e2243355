package request_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
)

// orderingDesk is a desk that can order from a CA.
type orderingDesk struct {
	*uitest.Driver
	web *acmetest.Web
	ca  *acmetest.Front
}

func newOrderingDesk(t *testing.T) orderingDesk {
	t.Helper()
	p := acmetest.Start(t, acmetest.Options{})
	front, web, dir := acmetest.NewFront(t, p), acmetest.NewWeb(t, p), t.TempDir()
	root := filepath.Join(dir, "root.pem")
	if err := os.WriteFile(root, p.Root(t), 0o600); err != nil {
		t.Fatal(err)
	}
	list := []config.ACME{{Name: "pebble", Directory: front.Directory, CAFile: front.RootsFile, AcceptTerms: true, Profile: "tlsserver"}}
	store, err := certstore.Open(certstore.Options{Dir: dir + "/store", NewKey: uitest.SmallKeys, Trust: []string{root},
		Now: time.Now, Authorities: list, Solver: func(challenge.Options) (challenge.Solver, error) { return web, nil }})
	if err != nil {
		t.Fatal(err)
	}
	env := uitest.ArticleEnv()
	env.Authorities = list
	c := screen.Config{Store: store, Env: env, Server: "mail01.proexchange.global", Now: time.Now}
	return orderingDesk{uitest.Drive(t, c, 100, 40), web, front}
}

// upToReview answers the form for an order, and waits until its button can be pressed.
func (d orderingDesk) upToReview(name string) {
	d.T.Helper()
	d.Keys("n")
	d.Sees("( ) pebble", "(o) A request for a CA")
	d.Keys("up", "space")
	d.Sees("(o) pebble", "1 of 5", "proven and renewed for you")
	d.Keys("ctrl+n")
	d.Typing(name)
	d.Keys("enter", "ctrl+n", "ctrl+n", "ctrl+n")
	d.Sees("ordered from pebble, profile tlsserver", "Proven by", "certdesk new --acme pebble")
	d.Wait()
	d.Keys("tab")
}

func (d orderingDesk) only() ledger.Entry {
	d.T.Helper()
	list := d.Entries()
	if len(list) != 1 {
		d.T.Fatalf("%d entries", len(list))
	}
	return list[0]
}

// One authority serves all of it: starting it takes longer than the cases.
func TestAnOrderOnTheDesk(t *testing.T) {
	d := newOrderingDesk(t)
	d.Keys("n", "up", "space", "ctrl+n")
	d.Typing("*.example.org")
	d.Keys("enter", "ctrl+n")
	d.Sees("cannot be proven by http-01", "a wildcard is proven by")
	d.Keys("esc", "esc", "esc")

	d.Keys("n")
	d.Sees("Start over")
	d.Wait()
	d.Keys("tab", "enter", "esc")

	d.ca.Fail("/dir", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNotFound) }) // the CA cannot be reached: nothing is made, and the answers are there
	d.upToReview("mail.example.org")
	d.Keys("enter")
	d.Sees("Nothing was ordered", "Back to the review")
	if len(d.Entries()) != 0 {
		t.Fatal("something was made")
	}
	d.Keys("enter")
	d.Sees("ordered from pebble")
	d.ca.Heal()

	d.web.Wrong = errors.New("mail.example.org leads to another server")
	d.Wait()
	d.Keys("tab", "enter")
	d.Sees("mail.example.org is not there yet", "leads to another server", "Go on with the order", "it is tried again from")
	e := d.only()
	if !e.Ordered() {
		t.Fatalf("%+v", e)
	}
	d.Run(d.App.Relist())
	d.Keys("esc")
	d.Sees("order fails", "was not issued by pebble: mail.example.org leads to another server", "enter shows how far it is")

	d.web.Wrong = nil
	d.Keys("enter")
	d.Sees("Automatic", "Failed")
	d.Keys("enter") // goes on
	d.Sees("mail.example.org is issued by pebble", "by itself on", "have the CA prove a name: mail.example.org")
	done := d.only()
	if done.Kind != certstore.Certificate || done.SPKI != e.SPKI || done.ID != e.ID {
		t.Fatalf("%+v", done)
	}
	d.Run(d.App.Relist())
	d.Keys("esc")
	d.Sees("renews ")

	d.Keys("R")
	d.Sees("(o) pebble", "Renew mail.example.org")
	d.Keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n")
	d.Sees("a renewal", "--renews")
	d.Wait()
	d.Keys("tab", "enter")
	d.Sees("is issued by pebble")
	if list := d.Entries(); len(list) != 2 || list[1].RenewalOf != e.ID {
		t.Fatalf("%+v", list)
	}

	d.Run(d.App.Relist())
	d.Keys("esc")
	d.Onto(e.ID)
	d.Keys("enter", "V")
	d.Sees("Why is mail.example.org revoked?", "(o) Another one took its place")
	d.Keys("tab", "enter")
	d.Sees("for good?", "nobody can take that back")
	d.Wait()
	d.Keys("tab", "enter")
	if list := d.Entries(); !list[0].Automatic.Revoked.At.IsZero() {
		t.Fatal("it was revoked without the digits")
	}
	d.Keys("shift+tab")
	d.Typing(done.Thumbprint[len(done.Thumbprint)-6:])
	d.Keys("tab", "enter")
	if list := d.Entries(); list[0].Automatic.Revoked.Reason != "superseded" {
		t.Fatalf("not revoked:\n%s", d.Screen())
	}
}

// Leaving its page leaves an order running; coming back shows it, and there it can be stopped.
func TestAnOrderGoesOnBehindTheDesk(t *testing.T) {
	r := uitest.StoreDesk(t, 80, 24)
	m := &request.Memory{}
	e := uitest.Article()[1]
	e.Kind, e.FriendlyName = certstore.PendingReq, "mail"
	e.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le", Directory: "https://ca.test/dir", URL: "https://ca.test/o/1"}}
	told, ended := make(chan struct{}), make(chan any, 1)
	work := m.Start(r.Desk, e.ID, "mail", "le", func(ctx context.Context, o ordering.Options) (certstore.Entry, error) {
		o.Watch(ordering.Progress{ID: e.ID, Step: ordering.StepPresent})
		close(told)
		<-ctx.Done()
		return e, ctx.Err()
	})
	go func() { ended <- work() }()
	<-told
	if m.Ordering() != "mail" {
		t.Error("nobody would be asked before quitting")
	}
	for range 2 {
		s := request.NewOrder(r.Desk, m, e)
		s.Init() // its commands are not run: they wait for the order
		if frame := s.View(80, 24); !strings.Contains(frame, "put the proofs of the names out") || !strings.Contains(frame, "Esc leaves it running") {
			t.Fatal(frame)
		}
		_, leave := s.Update(uitest.Press("esc"))
		if msg := leave().(screen.SelectMsg); msg.ID != e.ID || !strings.Contains(msg.Said, "mail is being ordered from le") {
			t.Fatalf("%+v", msg)
		}
	}
	s := request.NewOrder(r.Desk, m, e)
	s.Init()
	if !s.(screen.Interruptible).Interrupted() || !strings.Contains(s.View(80, 24), "stopping") {
		t.Fatal(s.View(80, 24))
	}
	<-ended
	if m.Ordering() != "" {
		t.Error("what is over is said to run")
	}
	s.Update(request.MovedMsg{})
	if frame := s.View(80, 24); !strings.Contains(frame, "mail is not there yet") || !strings.Contains(frame, "It was stopped") {
		t.Fatal(frame)
	}
	if s.(screen.Interruptible).Interrupted() {
		t.Error("what is over was stopped")
	}
}

// BenchmarkKeyWhileAnOrderRuns is a key press and its frame while the proofs of a hundred names come in, one at every
// tenth key: on the order's page, and on 10,000 rows that it was left for, where each step is another list.
func BenchmarkKeyWhileAnOrderRuns(b *testing.B) {
	b.Run("its page", func(b *testing.B) {
		o := runOrder(b)
		o.Pushed(func(d *screen.Desk) screen.Screen { return quiet{request.NewOrder(d, o.memory, o.entry)} })
		o.keys(b, func() {
			o.App.Update(request.MovedMsg{})
			o.App.Update(screen.TurnMsg{})
		})
	})
	b.Run("the table", func(b *testing.B) {
		o := runOrder(b)
		listed := table.ListedMsg{Listing: table.Prepare(append(uitest.Thousands(10_000), o.entry), table.Sorting{})}
		o.keys(b, func() { o.App.Update(screen.TimerMsg{Msg: listed}) })
	})
}

// quiet is an order's page that starts no commands: one of them would wait for the order.
type quiet struct{ screen.Screen }

func (q quiet) Init() tea.Cmd {
	q.Screen.Init()
	return nil
}

func (q quiet) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	q.Screen.Update(msg)
	return q, nil
}

// runningOrder is an order that runs behind a desk and takes the steps that it is told.
type runningOrder struct {
	*uitest.Driver
	memory *request.Memory
	entry  ledger.Entry
	step   func(ordering.Progress)
}

func runOrder(b *testing.B) runningOrder {
	o := runningOrder{uitest.ArticleDesk(b, 120, 40), &request.Memory{}, uitest.Article()[1], nil}
	o.entry.ID, o.entry.Kind = 10_001, certstore.PendingReq
	o.entry.Automatic = &ledger.Automatic{Order: ledger.Order{CA: "le", URL: "https://ca.test/o/1"}}
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan struct{}), make(chan struct{})
	work := o.memory.Start(o.Desk, o.entry.ID, "mail", "le", func(_ context.Context, to ordering.Options) (certstore.Entry, error) {
		o.step = to.Watch
		close(ready)
		<-ctx.Done()
		return o.entry, nil
	})
	go func() { work(); close(ended) }()
	<-ready
	b.Cleanup(func() { stop(); <-ended })
	return o
}

// keys measures keys, before each tenth of which the order takes a step that shown brings to the screen.
func (o runningOrder) keys(b *testing.B, shown func()) {
	var took []time.Duration
	for i := 0; b.Loop(); i++ {
		start := time.Now()
		if i%10 == 0 && i < 2000 {
			o.step(ordering.Progress{ID: o.entry.ID, Step: ordering.StepProve, Done: i%20 != 0,
				Name: fmt.Sprintf("host%d.example.org", i/20)})
			shown()
		}
		o.App.Update(tea.KeyMsg{Type: tea.KeyDown})
		_ = o.App.View()
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*99/100]), "p99-ns")
}

package certstore

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/notifying"
	"certdesk/certstore/services"
)

// audience is a store with a daemon, and a listener that is told of both.
type audience struct {
	*fixture
	voice *voice
	hook  *daemontest.Hook
}

func newAudience(t *testing.T) *audience {
	t.Helper()
	a := &audience{newFixture(t), newVoice(t), daemontest.NewHook(t)}
	a.store = a.openWith(Options{Dir: a.store.Dir(), Roots: a.store.roots, Services: []services.Instance{a.voice.as("UM")}, Notify: a.section(), Server: "mail01.test"})
	return a
}

func (a *audience) section() []config.Notify {
	return []config.Notify{{Webhook: a.hook.URL, CAFile: a.hook.RootsFile, Digest: "never"}}
}

// hears is a run of the timer's, and what the listener was told by it: event and what of each matter.
func (a *audience) hears(want ...string) (told []notifying.Data) {
	a.Helper()
	other := "another process" // which a program that another test starts is for a moment: it has not closed the lock yet
	for tries := 0; other == "another process" && tries < 50; tries++ {
		var err error
		other, err = a.store.Tell(a.Context(), TellOptions{Again: time.Millisecond, Each: func(d Delivery) { a.must(d.Err) }})
		a.must(err)
		time.Sleep(10 * time.Millisecond)
	}
	var got []string
	for _, p := range a.hook.Posts() {
		var d notifying.Data
		a.must(json.Unmarshal([]byte(p.Body), &d))
		for _, i := range d.Items {
			got = append(got, i.Event+": "+i.Name+" "+i.What)
		}
		told = append(told, d)
	}
	if strings.Join(got, "; ") != strings.Join(want, "; ") || other != "" || len(told) > 1 {
		a.Fatalf("told %q (%s), want %q", got, other, want)
	}
	return told
}

// What a port serves wrongly is told with the command that puts it right, and that it was put right.
func TestAPortThatServesWronglyIsToldAndRecovers(t *testing.T) {
	t.Parallel()
	a := newAudience(t)
	e := a.bought(request("mail.example.org"))
	a.states(a.enable(e, ledger.UM, enabling.Options{}), enabling.Enabled)
	a.hears()
	a.voice.set(false, true)
	told := a.hears("not-served: mail.example.org is not served as it should be")
	if i := told[0].Items[0]; !i.Urgent || len(i.Ports) != 1 || !strings.HasPrefix(i.Ports[0], a.voice.url+" does not serve it: ") || i.Command == "" || i.Thumbprint != e.Thumbprint {
		t.Errorf("%+v", i)
	}
	a.hears()
	a.voice.set(false, false)
	told = a.hears("recovered: mail.example.org is served as it should be")
	if i := told[0].Items[0]; i.Recovered != "not-served" || i.Ports[0] != a.voice.url+" serves it" {
		t.Errorf("%+v", i)
	}
	a.hears()
	events, err := a.store.History(a.Context())
	a.must(err)
	if last := events[len(events)-1]; last.Op != "told" || !strings.HasSuffix(last.Text, " by webhook: mail.example.org is served as it should be") || last.IDs[0] != e.ID {
		t.Errorf("%+v", last)
	}
}

// A daemon that is just starting anew is no news: it is asked twice.
func TestAPortThatIsWrongForAMomentIsNoNews(t *testing.T) {
	t.Parallel()
	a := newAudience(t)
	e := a.bought(request("mail.example.org"))
	a.states(a.enable(e, ledger.UM, enabling.Options{}), enabling.Enabled)
	a.voice.set(false, true)
	time.AfterFunc(300*time.Millisecond, func() { a.voice.set(false, false) })
	_, err := a.store.Tell(a.Context(), TellOptions{Again: 2 * time.Second, Each: func(d Delivery) { t.Errorf("told: %+v", d) }})
	a.must(err)
}

// Of two runs the second tells nobody anything, and changes nothing.
func TestTwoRunsDoNotBothTell(t *testing.T) {
	t.Parallel()
	a := newAudience(t)
	a.store = a.openWith(Options{Dir: a.store.Dir(), Roots: a.store.roots, Notify: a.section(), Server: "mail01.test"})
	a.bought(request("mail.example.org"))
	a.now = a.now.AddDate(2, 0, 0)
	release, _, err := a.store.dir.LockRenewals(t.Context())
	a.must(err)
	second := a.openWith(Options{Dir: a.store.Dir(), Roots: a.store.roots, Notify: a.section()})
	before := digest(t, a.store.Dir())
	other, err := second.Tell(t.Context(), TellOptions{Each: func(Delivery) { t.Error("it tells") }})
	if err != nil || !strings.HasPrefix(other, "pid ") || digest(t, a.store.Dir()) != before {
		t.Errorf("%q, %v", other, err)
	}
	release()
	list := a.list(false)
	a.hears(fmt.Sprintf("expiring: mail.example.org expired %d days ago", int(a.now.Sub(list[len(list)-1].NotAfter)/day)))
	_, err = second.Tell(t.Context(), TellOptions{Each: func(Delivery) { t.Error("it tells what the first has told") }})
	a.must(err)
}

// A renewal that its CA refuses is told with the CA's reason and when it is tried again, and that it was had.
func TestARenewalThatFailsIsTold(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{})
	front, web := acmetest.NewFront(t, p), acmetest.NewWeb(t, p)
	f := newFixture(t)
	s := &subscriber{customer{f, p, front, web, config.ACME{Name: "pebble", Directory: front.Directory, CAFile: front.RootsFile, AcceptTerms: true, Profile: "tlsserver"}}, newVoice(t)}
	s.now = time.Now().Add(time.Minute)
	s.reopen()
	s.alone("mail.example.test")
	a := &audience{s.fixture, s.voice, daemontest.NewHook(t)}
	s.store.o.Notify, s.store.o.Server = a.section(), "mail01.test"
	s.now = s.now.Add(31 * day)
	a.hears()
	s.front.Fail(acmetest.PathOrder, acmetest.Says(429, http.Header{"Retry-After": {"7200"}}, "application/problem+json",
		`{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many certificates"}`))
	s.due("order failed")
	told := a.hears("renewal-failed: mail.example.test is not renewed: it failed once")
	if i := told[0].Items[0]; !strings.Contains(i.Reason, "too many certificates") || !strings.Contains(i.Next, "it is tried again from ") || i.Command != "certdesk renew --due --dry-run" {
		t.Errorf("%+v", i)
	}
	s.front.Heal()
	s.now = s.now.Add(3 * time.Hour)
	s.dueOf("order, enable", "continue, enable")
	told = a.hears("recovered: mail.example.test has been renewed")
	if i := told[0].Items[0]; i.Recovered != "renewal-failed" || i.Command != "" {
		t.Errorf("%+v", i)
	}
}

package certstore

import (
	"slices"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/enabling"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
)

// A renewal goes to the slots that have the old certificate, the default among them where a person said so, and to no
// other, though it has its name: that a slot serves something else is somebody's choice. A slot that is called otherwise
// by now is found by the certificate's names.
func TestARenewalGoesWhereTheOldOneIs(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{})
	web := acmetest.NewWeb(t, p)
	for _, k := range theDaemons() {
		t.Run(k.driver+" "+k.use, func(t *testing.T) {
			s := k.withSlots(t)
			root, err := formats.DecodeContext(t.Context(), p.Root(t), nil)
			s.must(err)
			s.fixture.now = time.Now().Add(time.Hour)
			s.store = s.openWith(Options{Dir: s.store.Dir(), Roots: rootsOf(nil, root.Certs...), Services: []services.Instance{s.in},
				Host: services.Host{Install: s.install()}, Solver: func(challenge.Options) (challenge.Solver, error) { return web, nil },
				Authorities: []config.ACME{{Name: "pebble", Directory: p.Directory, CAFile: p.RootsFile, AcceptTerms: true, Profile: "tlsserver"}}})
			use, _ := ledger.ParseService(k.use)
			e, err := s.store.Order(t.Context(), ordering.Request{CA: "pebble", Make: request(slotNames[0], slotNames[1])}, ordering.Options{})
			s.must(err)
			slots := []string{slotNames[0]}
			if k.use != "IIS" {
				slots = append(slots, services.DefaultSlot)
			}
			plan, err := s.store.PlanEnable(t.Context(), enabling.Request{ID: e.ID, Services: use, Slots: slots})
			s.must(err)
			out, err := s.store.Enable(t.Context(), plan, enabling.Options{ReplaceSMTP: true})
			s.must(err)
			s.states(out, enabling.Enabled)
			s.serve(e, slots)
			s.judged("ordered")
			s.fixture.now = s.fixture.now.Add(31 * day)
			next := s.renewedBy("order", "enable")
			s.serve(next, slots)
			s.judged("renewed")
			if got := s.store.boundTo(next.ID); len(got) != len(slots) || len(s.store.boundTo(e.ID)) != 0 {
				t.Errorf("bound to %v", got)
			}
		})
	}
}

// serve notes what openssl has to see in some slots.
func (s *slotted) serve(e ledger.Entry, slots []string) {
	for _, slot := range slots {
		if slot == services.DefaultSlot {
			slot = ""
		}
		s.now[slot] = e.SHA256
	}
}

// renewedBy runs what is due, which has to be this, and gives the renewal.
func (s *slotted) renewedBy(want ...renewing.Deed) (e ledger.Entry) {
	s.Helper()
	var did []renewing.Deed
	_, err := s.store.RenewDue(s.Context(), DueOptions{Each: func(r renewing.Result) {
		s.must(r.Err)
		did, e = append(did, r.Task.Deed), r.Entry
	}})
	s.must(err)
	if !slices.Equal(did, want) {
		s.Fatalf("it did %v, want %v", did, want)
	}
	return e
}

// A service whose slots are not those that were bound is planned as the certificate decides; one of the same use that
// was never bound is left out.
func TestTheSlotsARenewalAsksFor(t *testing.T) {
	a := services.Instance{Use: "IIS", Driver: "nginx", Config: "/a"}
	b, mail := a, services.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}
	b.Config = "/b"
	bound := []ledger.Binding{{Service: a, Slot: "x.test,y.test"}, {Service: a, Slot: services.DefaultSlot}, {Service: mail, Slot: ""}}
	r := renewalRequest(renewing.Task{New: ledger.Entry{ID: 7}}, bound, []services.Instance{a, b, mail})
	if r.ID != 7 || r.Services != ledger.IIS|ledger.SMTP || len(r.Only) != 2 || !slices.Equal(r.Only[0].Slots, []string{"x.test", "y.test", "default"}) ||
		!r.Only[1].Service.Same(b) || len(r.Only[1].Slots) != 0 {
		t.Errorf("%+v", r)
	}
}

package certstore

import (
	"context"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
	"certdesk/certstore/trust"
)

// customer is a store with an authority, which it asks through a front.
type customer struct {
	*fixture
	pebble *acmetest.Pebble
	front  *acmetest.Front
	web    *acmetest.Web
	ca     config.ACME
}

// TestOrders has one authority for all cases, each with a store of its own.
func TestOrders(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{Blocked: []string{"blocked.example.test"}})
	front, web := acmetest.NewFront(t, p), acmetest.NewWeb(t, p)
	for _, c := range []struct {
		name string
		test func(customer)
	}{
		{"an order becomes the certificate of its request", customer.getsACertificate},
		{"new names are tried first", customer.triesFirst},
		{"an order that was stopped is gone on with", customer.goesOn},
		{"an order whose answer was lost is found", customer.findsItsOrder},
		{"what an order has left is taken back by the next", customer.sweeps},
		{"what certdesk finds wrong itself costs no proof", customer.looksFirst},
		{"an order that failed is placed anew, on the same key", customer.failsAndGoesOn},
		{"an authority in a hurry is left alone", customer.waits},
		{"what is refused leaves the store as it was", customer.refuses},
		{"a renewal says what it replaces, once", customer.renews},
		{"revoked", customer.revokes},
		{"the account gets another key", customer.rolls},
		{"the authority forgets the order alone", customer.losesItsOrder},
		{"the authority takes its time", customer.isPatient},
		{"the authority forgets everything", customer.isForgotten},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := newFixture(t)
			front.Heal()
			web.Deaf, web.Wrong = false, nil
			c.test(customer{f, p, front, web, config.ACME{Name: "pebble", Directory: front.Directory, CAFile: front.RootsFile,
				AcceptTerms: true, Contact: "anna@example.test", Profile: "tlsserver"}}.opened())
		})
	}
}

// opened opens the store as another process does, with the authority as it is configured now.
func (c customer) opened() customer {
	c.Helper()
	root, err := formats.DecodeContext(c.Context(), c.pebble.Root(c.T), nil)
	c.must(err)
	dir := c.store.Dir()
	c.fixture = &fixture{T: c.T, ca: c.fixture.ca, now: time.Now(), acme: []config.ACME{c.ca}}
	c.store, err = Open(Options{Dir: dir, Roots: rootsOf(nil, root.Certs...), Actor: &ledger.Actor{},
		Authorities: []config.ACME{c.ca}, Solver: func(challenge.Options) (challenge.Solver, error) { return c.web, nil }})
	c.must(err)
	return c
}

func (c customer) request(names ...string) ordering.Request {
	return ordering.Request{CA: "pebble", Make: request(names[0], names[1:]...)}
}

func (c customer) order(names ...string) ledger.Entry {
	c.Helper()
	e, err := c.store.Order(c.Context(), c.request(names...), ordering.Options{})
	c.must(err)
	return e
}

// ops are the operations of the journal.
func (c customer) ops() (list []string) {
	c.Helper()
	events, err := c.store.History(c.Context())
	c.must(err)
	for _, e := range events {
		list = append(list, e.Op)
	}
	slices.Reverse(list)
	if len(list) > 1 && events[0].Seq < events[1].Seq {
		slices.Reverse(list)
	}
	return list
}

func (c customer) keys() int {
	c.Helper()
	list, err := filepath.Glob(c.inStore("keys", "*.key"))
	c.must(err)
	return len(list)
}

func (c customer) getsACertificate() {
	var steps []ordering.Progress
	e, err := c.store.Order(c.Context(), c.request("mail.example.test", "www.example.test"), ordering.Options{
		Watch: func(p ordering.Progress) { steps = append(steps, p) }})
	c.must(err)
	if e.Kind != ledger.Certificate || e.Verdict.Status != trust.Valid || e.ID != 3 || !e.HasKey || e.Ordered() {
		c.Errorf("%+v", e)
	}
	if a := e.Automatic; a.Order.CA != "pebble" || a.Issued.IsZero() || len(a.Order.Proofs) != 0 || c.web.Out != 0 {
		c.Errorf("%+v, %d proofs are out", a, c.web.Out)
	}
	want := "acme-account acme-account new acme-order acme-proofs acme-ready import"
	if got := strings.Join(c.ops(), " "); got != want {
		c.Errorf("the journal says %s; want %s", got, want)
	}
	if ok, found := c.doctor(false); !ok || len(found["unreferenced-key"]) > 0 || c.keys() != 2 {
		c.Errorf("doctor: %v, %d keys", found, c.keys())
	}
	var told []string
	for _, p := range steps {
		if p.Done && p.Err == nil {
			told = append(told, strings.TrimSpace(string(p.Step)+" "+p.Name))
		}
	}
	for _, step := range []string{string(ordering.StepAccount), string(ordering.StepTry) + " mail.example.test", string(ordering.StepProve) + " www.example.test", string(ordering.StepFetch)} {
		if !slices.Contains(told, step) {
			c.Errorf("%q is not told of among %q", step, told)
		}
	}
	if n := len(steps); n != 2*len(told) {
		c.Errorf("%d steps are told of, and %d ends", n, len(told))
	}
}

func (c customer) triesFirst() {
	c.ca.Staging = c.pebble.Directory // the same authority by another address
	c = c.opened()
	c.order("mail.example.test")
	want := "acme-account acme-account new acme-order acme-proofs acme-order acme-account acme-account acme-order acme-proofs acme-ready import"
	got := strings.Join(c.ops(), " ")
	if !strings.HasPrefix(got, "acme-account acme-account new acme-order") || strings.Count(got, "acme-account") != 4 || strings.Count(got, "acme-ready") != 1 {
		c.Errorf("the journal says %s; want %s", got, want)
	}
	if n := c.front.Asked("POST", acmetest.PathOrder); n != 1 {
		c.Errorf("%d orders at the real directory", n)
	}
	c.ca.Staging = "https://127.0.0.1:1/dir"
	c = c.opened()
	c.order("staging.example.test") // it does not answer: that keeps nobody from the real one
	c.ca.Staging = c.pebble.Directory
	c = c.opened()
	ctx, stop := context.WithCancel(c.Context())
	cut, _ := c.store.Order(ctx, c.request("later.example.test"), ordering.Options{Watch: func(p ordering.Progress) {
		if p.Step == ordering.StepRequest && p.Done {
			stop()
		}
	}})
	stop()
	if !cut.Automatic.Order.Trial {
		c.Errorf("%+v", cut.Automatic)
	}
	done, err := c.store.GoOn(c.Context(), cut.ID, ordering.Options{})
	if err != nil || done.Kind != ledger.Certificate || done.Automatic.Order.Trial {
		c.Errorf("%v %+v", err, done.Automatic)
	}
	before := len(c.ops())
	c.order("mail.example.test")
	if n := len(c.ops()) - before; n > 5 {
		c.Errorf("known names are tried again: %v", c.ops()[before:])
	}
	req := c.request("other.example.test")
	req.Trial = ordering.TrialNever
	before = len(c.ops())
	e, err := c.store.Order(c.Context(), req, ordering.Options{})
	if n := len(c.ops()) - before; err != nil || n > 5 || e.Kind != ledger.Certificate {
		c.Errorf("tried all the same: %v", c.ops()[before:])
	}
}

// goesOn stops at each step, begun and ended, and goes on with another store.
func (c customer) goesOn() {
	stops, steps := []ordering.Progress{}, []ordering.Step{ordering.StepOrder, ordering.StepPresent, ordering.StepTry, ordering.StepProve, ordering.StepFinalise, ordering.StepFetch}
	if os.Getenv("CERTDESK_ALL") == "" {
		steps = []ordering.Step{ordering.StepOrder, ordering.StepFinalise}
	}
	for _, step := range steps {
		stops = append(stops, ordering.Progress{Step: step}, ordering.Progress{Step: step, Done: true})
	}
	for i, at := range stops {
		c.front.Heal()
		name := strings.Repeat("x", i+1) + ".example.test"
		ctx, stop := context.WithCancel(c.Context())
		e, err := c.store.Order(ctx, c.request(name), ordering.Options{Watch: func(p ordering.Progress) {
			if p.Step == at.Step && p.Done == at.Done {
				stop()
			}
		}})
		stop()
		if err != nil && (!fail.Is(err, fail.Canceled) || e.Automatic.Failed() != nil) {
			c.Errorf("%+v: %v, written down as %+v", at, err, e.Automatic.Failed())
		}
		if e.ID == 0 {
			c.Fatalf("%+v: no entry, %v", at, err)
		}
		c = c.opened()
		done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
		if err != nil || done.Kind != ledger.Certificate || done.SPKI != e.SPKI || done.ID != e.ID {
			c.Errorf("%+v: %+v %v", at, done.Kind, err)
		}
		if n := c.front.Asked("POST", acmetest.PathOrder); n != 1 {
			c.Errorf("%+v: %d orders", at, n)
		}
		if c.web.Out != 0 {
			c.Errorf("%+v: %d proofs are left", at, c.web.Out)
		}
	}
	if c.keys() != len(stops)+1 {
		c.Errorf("%d keys for %d certificates and an account", c.keys(), len(stops))
	}
}

// findsItsOrder loses the authority's answer to an order, among others of the account.
func (c customer) findsItsOrder() {
	for _, name := range []string{"one", "two", "three", "four"} {
		c.order(name + ".example.test")
	}
	c.front.Heal()
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	c.front.Fail(acmetest.PathOrder, func(w http.ResponseWriter, r *http.Request) { c.front.Pass(w, r, stop) })
	e, err := c.store.Order(ctx, c.request("lost.example.test"), ordering.Options{})
	if err == nil || !e.Ordered() || e.Automatic.Order.URL != "" {
		c.Fatalf("%v %+v", err, e.Automatic)
	}
	n := c.front.Asked("POST", acmetest.PathOrder)
	c.front.Heal()
	c = c.opened()
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if more := c.front.Asked("POST", acmetest.PathOrder); n != 1 || more != 0 || done.Kind != ledger.Certificate {
		c.Errorf("%d orders, then %d", n, more)
	}
}

// sweeps has an order stopped with its proofs put out, answered by hand, and another one take them back.
func (c customer) sweeps() {
	e := c.order("first.example.test")
	order := e.Automatic.Order
	order.Proofs = []ledger.Proof{{Type: "http-01", Name: "first.example.test", Token: "left", KeyAuthorization: "left.x"}}
	c.must(c.web.Present(c.Context(), challenge.Proof(order.Proofs[0])))
	c.must(forOrdering{c.store}.Write(c.Context(), ledger.OpProofs, ledger.Data{IDs: []int64{e.ID}, Order: &order}))
	c.order("second.example.test")
	e, err := c.store.get(c.Context(), e.ID)
	c.must(err)
	if c.web.Out != 0 || len(e.Automatic.Order.Proofs) != 0 {
		c.Errorf("%d proofs are out, %+v", c.web.Out, e.Automatic.Order.Proofs)
	}
}

func (c customer) looksFirst() {
	c.web.Wrong = fail.New(fail.Failed, "look at the virtual hosts", "another virtual host answers at mail.example.test")
	e, err := c.store.Order(c.Context(), c.request("mail.example.test"), ordering.Options{})
	if err == nil || !strings.Contains(err.Error(), "another virtual host") || c.web.Out != 0 {
		c.Errorf("%v, %d proofs are out", err, c.web.Out)
	}
	failed := e.Automatic.Failed()
	if failed == nil || failed.Over || !strings.Contains(failed.Why, "another virtual host") || time.Until(failed.Next) < 59*time.Minute || !e.Ordered() {
		c.Fatalf("%+v", failed)
	}
	c.web.Wrong = nil
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if n := c.front.Asked("POST", acmetest.PathOrder); n != 1 || done.Automatic.Failed() != nil {
		c.Errorf("%d orders, %+v", n, done.Automatic)
	}
}

func (c customer) failsAndGoesOn() {
	c.web.Deaf = true
	e, err := c.store.Order(c.Context(), c.request("mute.example.test"), ordering.Options{})
	if err == nil || !strings.Contains(err.Error(), "pebble could not prove mute.example.test by http-01") {
		c.Errorf("%v", err)
	}
	if f := e.Automatic.Failed(); f == nil || !f.Over || f.Type != "unauthorized" || e.Automatic.Order.URL != "" {
		c.Fatalf("%+v", e.Automatic)
	}
	c.web.Deaf = false
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if done.SPKI != e.SPKI || done.Kind != ledger.Certificate || c.keys() != 2 {
		c.Errorf("%d keys, %+v", c.keys(), done)
	}
	_, err = c.store.Order(c.Context(), c.request("mail.example.test", "blocked.example.test"), ordering.Options{})
	if err == nil || !strings.Contains(err.Error(), "does not certify blocked.example.test") {
		c.Error(err)
	}
}

func (c customer) waits() {
	c.front.Fail(acmetest.PathOrder, acmetest.Says(429, http.Header{"Retry-After": {"7200"}}, "application/problem+json",
		`{"type":"urn:ietf:params:acme:error:rateLimited","detail":"too many new orders"}`))
	e, err := c.store.Order(c.Context(), c.request("mail.example.test"), ordering.Options{})
	f := e.Automatic.Failed()
	if err == nil || f == nil || f.Type != "rateLimited" || time.Until(f.RetryAfter) < 119*time.Minute || f.Next.Before(f.RetryAfter) {
		c.Fatalf("%v %+v", err, f)
	}
	c.front.Fail(acmetest.PathOrder, acmetest.Says(503, nil, "text/html", "<html>"))
	_, err = c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	if err == nil || !strings.Contains(err.Error(), "out of order just now: it answers 503") {
		c.Error(err)
	}
	if e, err = c.store.get(c.Context(), e.ID); err != nil || len(e.Automatic.Failures) != 2 || time.Until(e.Automatic.Failed().Next) < 239*time.Minute {
		c.Errorf("%v %+v", err, e.Automatic)
	}
	c.front.Heal()
	_, err = c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
}

func (c customer) refuses() {
	many := make([]string, 26)
	for i := range many {
		many[i] = strings.Repeat("m", i+1) + ".example.test"
	}
	for name, row := range map[string]struct {
		code    fail.Code
		request func() ordering.Request
		ca      func(*config.ACME)
	}{
		"an authority nobody knows":  {fail.NotFound, func() ordering.Request { r := c.request("a.example.test"); r.CA = "other"; return r }, nil},
		"a wildcard by http-01":      {fail.InvalidName, func() ordering.Request { return c.request("*.example.test") }, nil},
		"a mail address":             {fail.InvalidName, func() ordering.Request { return c.request("example.test", "anna@example.test") }, nil},
		"too many names":             {fail.LimitExceeded, func() ordering.Request { return c.request(many...) }, nil},
		"signed by itself":           {fail.Usage, func() ordering.Request { r := c.request("a.example.test"); r.Make.SelfSigned = true; return r }, nil},
		"a profile it does not have": {fail.Usage, func() ordering.Request { r := c.request("a.example.test"); r.Profile = "classic"; return r }, nil},
		"no directory for trying":    {fail.Usage, func() ordering.Request { r := c.request("a.example.test"); r.Trial = ordering.TrialAlways; return r }, nil},
		"terms nobody has accepted":  {fail.ConfirmationNeeded, func() ordering.Request { return c.request("a.example.test") }, func(ca *config.ACME) { ca.AcceptTerms = false }},
		"roots that are none":        {fail.InvalidConfig, func() ordering.Request { return c.request("a.example.test") }, func(ca *config.ACME) { ca.CAFile = "/etc/hostname" }},
	} {
		c := c
		if row.ca != nil {
			row.ca(&c.ca)
		}
		c = c.opened()
		_, err := c.store.Order(c.Context(), row.request(), ordering.Options{})
		if !fail.Is(err, row.code) || len(c.list(false)) != 0 {
			c.Errorf("%s: %v, %d entries", name, err, len(c.list(false)))
		}
		if fail.Of(err).Hint == "" {
			c.Errorf("%s: no hint", name)
		}
	}
}

func (c customer) renews() {
	old := c.order("again.example.test")
	again := func() ledger.Entry {
		c.Helper()
		renewal, err := c.store.RenewalRequest(c.Context(), old.ID)
		c.must(err)
		e, err := c.store.Order(c.Context(), ordering.Request{CA: "pebble", Make: renewal}, ordering.Options{})
		c.must(err)
		return e
	}
	if e := again(); e.RenewalOf != old.ID || e.Automatic.Order.Replaces == "" || e.SPKI == old.SPKI {
		c.Errorf("%+v", e.Automatic)
	}
	if e := again(); e.Kind != ledger.Certificate || e.Automatic.Order.Replaces != "" {
		c.Errorf("a second one in the place of the same: %+v", e.Automatic)
	}
}

func (c customer) revokes() {
	e := c.order("gone.example.test")
	if _, err := c.store.Revoke(c.Context(), e.ID, "because"); !fail.Is(err, fail.Usage) {
		c.Error(err)
	}
	e, err := c.store.Revoke(c.Context(), e.ID, "superseded")
	c.must(err)
	leaf, err := c.store.objects.Certificate(e.SHA256)
	c.must(err)
	if status := c.pebble.Status(c.T, leaf); e.Automatic.Revoked.Reason != "superseded" || !strings.Contains(status, "Revoked") {
		c.Errorf("%s %+v", status, e.Automatic.Revoked)
	}
	made := c.make(request("mine.example.test"))
	if _, err := c.store.Revoke(c.Context(), made.Entry.ID, "superseded"); !fail.Is(err, fail.NotFound) {
		c.Error(err)
	}
}

func (c customer) account() ledger.Account {
	c.Helper()
	list, err := c.store.Accounts(c.Context())
	c.must(err)
	if len(list) != 1 || list[0].Account == nil {
		c.Fatalf("%+v", list)
	}
	return *list[0].Account
}

func (c customer) rolls() {
	if err := c.store.RollKey(c.Context(), "pebble"); !fail.Is(err, fail.NotFound) {
		c.Error(err)
	}
	c.order("first.example.test")
	before := c.account()
	c.must(c.store.RollKey(c.Context(), "pebble"))
	after := c.account()
	if after.SPKI == before.SPKI || after.URL != before.URL || after.Former != before.SPKI {
		c.Errorf("%+v, then %+v", before, after)
	}
	c.order("second.example.test")
	// cut off before the authority heard of it, and after
	for _, reached := range []bool{false, true} {
		ctx, stop := context.WithCancel(c.Context())
		c.front.Fail("/rollover-account-key", func(w http.ResponseWriter, r *http.Request) {
			if reached {
				c.front.Pass(w, r, stop)
				return
			}
			acmetest.Says(503, nil, "text/html", "")(w, r)
			stop()
		})
		before := c.account()
		err := c.store.RollKey(ctx, "pebble")
		stop()
		if cut := c.account(); err == nil || cut.Next == "" || cut.SPKI != before.SPKI {
			c.Fatalf("reached %v: %v %+v", reached, err, cut)
		}
		c.front.Heal()
		c = c.opened()
		c.order(map[bool]string{true: "third", false: "fourth"}[reached] + ".example.test")
		if after := c.account(); after.Next != "" || after.SPKI == before.SPKI || after.Former != before.SPKI {
			c.Errorf("reached %v: %+v", reached, after)
		}
	}
	if ok, found := c.doctor(false); !ok || len(found["unreferenced-key"]) > 0 {
		c.Error(found)
	}
}

// placed is a request that was ordered and no more.
func (c customer) placed(name string) ledger.Entry {
	c.Helper()
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	e, _ := c.store.Order(ctx, c.request(name), ordering.Options{Watch: func(p ordering.Progress) {
		if p.Step == ordering.StepOrder && p.Done {
			stop()
		}
	}})
	if e = c.entry(e.ID); e.Automatic.Order.URL == "" {
		c.Fatalf("%+v", e.Automatic)
	}
	return e
}

func (c customer) losesItsOrder() {
	e := c.placed("mail.example.test")
	lost, err := url.Parse(e.Automatic.Order.URL)
	c.must(err)
	c.front.Fail(lost.Path, acmetest.Says(404, nil, "application/problem+json",
		`{"type":"urn:ietf:params:acme:error:malformed","detail":"no such order","status":404}`))
	c = c.opened()
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if done.SPKI != e.SPKI || c.keys() != 2 || done.Automatic.Order.URL == e.Automatic.Order.URL {
		c.Errorf("%d keys, %+v", c.keys(), done.Automatic)
	}
	want := "new acme-order acme-order acme-order acme-proofs acme-ready import" // placed, given up, placed
	if ops := strings.Join(c.ops(), " "); !strings.HasSuffix(ops, want) {
		c.Errorf("the journal says %s", ops)
	}
}

// isPatient has the certificate take its time, for once, and then for longer than anybody waits.
func (c customer) isPatient() {
	c.front.Slow(2)
	begun := time.Now()
	if e := c.order("mail.example.test"); e.Kind != ledger.Certificate || time.Since(begun) < time.Second {
		c.Errorf("it was had after %v", time.Since(begun))
	}
	c.front.Slow(1 << 30)
	ctx, stop := context.WithCancel(c.Context())
	defer stop()
	e, err := c.store.Order(ctx, c.request("later.example.test"), ordering.Options{Watch: func(p ordering.Progress) {
		if p.Step == ordering.StepFinalise && !p.Done {
			time.AfterFunc(2*time.Second, stop)
		}
	}})
	if !fail.Is(err, fail.Canceled) || e.Automatic.Failed() != nil {
		c.Fatalf("%v %+v", err, e.Automatic)
	}
	c.front.Heal()
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if n := c.front.Asked("POST", acmetest.PathOrder); n != 0 || done.SPKI != e.SPKI {
		c.Errorf("%d more orders", n)
	}
}

func (c customer) isForgotten() {
	e := c.placed("mail.example.test")
	before := c.account()
	c.pebble.Restart(c.T)
	c = c.opened()
	done, err := c.store.GoOn(c.Context(), e.ID, ordering.Options{})
	c.must(err)
	if after := c.account(); after.SPKI != before.SPKI || !after.Again || done.SPKI != e.SPKI || c.keys() != 2 {
		c.Errorf("%+v, %d keys", after, c.keys())
	}
	if n := c.front.Asked("POST", acmetest.PathOrder); n != 2 {
		c.Errorf("%d orders", n)
	}
}

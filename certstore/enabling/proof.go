package enabling

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// How long a reload may take to be seen. Apache takes a second while it replaces its children, Dovecot once stalled
// for four (both measured); a glance is for what should be so already.
const (
	patience = 20 * time.Second
	glance   = 2 * time.Second
	between  = 100 * time.Millisecond
	inARow   = 3 // rounds in which every port is right: a daemon has several processes
)

// waits is how long a port may take to serve what it should.
func (o Options) waits() time.Duration {
	if o.Patience > 0 {
		return o.Patience
	}
	return patience
}

// hurting is how long clients may be turned away before the proof is given up on: a port that still serves the old
// certificate, or has not answered yet, gets all the patience there is.
const hurting = 4 * time.Second

// prove asks all ports again and again until each serves what is expected several times in a row.
func (t *turn) prove(ctx context.Context, name Step, ports []Port, limit time.Duration) ([]Port, error) {
	err := t.step(name, func() (err error) {
		ports, err = t.await(ctx, name, ports, limit)
		return err
	})
	return ports, err
}

func (t *turn) await(ctx context.Context, name Step, ports []Port, limit time.Duration) ([]Port, error) {
	began, good, whole := time.Now(), 0, time.Now()
	for {
		ports = t.ask(ctx, ports)
		t.tell(Progress{Service: t.sp.Service, Step: name, Ports: slices.Clone(ports)})
		if good++; !allGood(ports) {
			good = 0
		}
		if name != StepProof || !slices.ContainsFunc(ports, turnsAway) {
			whole = time.Now()
		}
		switch {
		case good >= inARow && (time.Since(began) > hurting || !slices.ContainsFunc(ports, unstapled)):
			return ports, nil
		case ctx.Err() != nil:
			return ports, canceled(ctx)
		case good == 0 && (time.Since(began) > limit || time.Since(whole) > hurting):
			return ports, notProven(ports)
		}
		pause(ctx, between)
	}
}

// unstapled says whether a staple is missing: nginx fetches it when the first client comes, who gets none.
func unstapled(p Port) bool { return p.Report.StapleFault != "" }

// turnsAway says whether clients that want TLS get none.
func turnsAway(p Port) bool {
	switch p.Report.Result {
	case probe.Refused, probe.Plaintext, probe.NoCertificate, probe.Garbage:
		return true
	}
	return false
}

func pause(ctx context.Context, d time.Duration) {
	select {
	case <-time.After(d):
	case <-ctx.Done():
	}
}

func allGood(ports []Port) bool {
	for _, p := range ports {
		if !p.Good() {
			return false
		}
	}
	return true
}

// wanted are the handshakes of a plan with what each has to show. One certificate alone has to be what a client gets
// that chooses freely; where a slot has one of another kind too, each is asked for by its kind.
func (t *turn) wanted(ctx context.Context) (ports []Port) {
	list := t.bindings()
	for _, b := range list {
		alone := len(t.sp.Plan.Beside) == 0 &&
			!slices.ContainsFunc(list, func(o ledger.Binding) bool { return o.Slot == b.Slot && o.Entry != b.Entry })
		for _, proof := range b.Prove {
			p := t.portOf(proof, b.SHA256)
			p.Bound, p.Slot = b.Entry, b.Slot
			if !alone {
				p.Key = b.Key
			}
			ports = append(ports, p)
		}
	}
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), sharedPatience)
	defer stop()
	return slices.Concat(ports, t.kept, t.shared(ctx))
}

// sharedPatience is how long reading the configuration may take to find what else changed.
const sharedPatience = 20 * time.Second

// formerly are the handshakes that showed a certificate before, with that one.
func (t *turn) formerly() (ports []Port) {
	for _, seen := range t.was {
		p := t.portOf(seen.Proof, seen.SHA256)
		p.Key = seen.Key
		ports = append(ports, p)
	}
	return append(ports, t.kept...)
}

func (t *turn) portOf(proof services.Proof, sha256 string) Port {
	return Port{Service: t.sp.Service, Listen: proof.URL, Name: proof.Name, Key: probe.Any, Expected: sha256,
		Wait: t.sp.Plan.Wait, Proxy: t.sp.Plan.AsProxy(proof.URL)}
}

var errNotProven = errors.New("not every port serves it")

// notProven says which port does not serve what it should, and what it does.
func notProven(ports []Port) error {
	var bad []string
	for _, p := range ports {
		if !p.Good() {
			bad = append(bad, printable.Text(p.Listen)+": "+p.fault())
		}
	}
	return fail.New(fail.Failed, "", "%w: %s", errNotProven, strings.Join(bad, "; "))
}

func (p Port) fault() string {
	if p.lostChain() {
		return "clients that take a key of type " + string(p.Key) +
			" are not sent the intermediates any more that they were sent before"
	}
	if faults := p.Report.Faults(); len(faults) > 0 {
		return faults[0]
	}
	return p.Word()
}

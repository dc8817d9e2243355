package ordering

import (
	"cmp"
	"context"
	"slices"
	"time"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// proving is a name that is being proven.
type proving struct {
	acme.Authorization
	proof challenge.Proof
	begun bool // the authority was told already
}

// prove proves the names of an order that are not proven yet. What is put out is written down before, and tried before
// the authority is asked: a proof that fails there costs one of few. over says that the order died of it.
func (r *run) prove(ctx context.Context, now acme.Order) (over bool, err error) {
	list, err := r.toProve(ctx, now)
	if err != nil {
		return false, err
	}
	by, err := r.solver(r.ca.Proves())
	if err != nil {
		return false, err
	}
	if err := r.present(ctx, by, list); err != nil {
		return false, err
	}
	if err := r.tryAll(ctx, by, list); err != nil {
		return false, err
	}
	return r.askToProve(context.WithoutCancel(ctx), list)
}

// tryAll tries the proofs of all names, so that whoever has to mend something hears of all of it at once. It gives the
// first that is wrong.
func (r *run) tryAll(ctx context.Context, by challenge.Solver, list []proving) (first error) {
	for _, p := range list {
		if p.begun || ctx.Err() != nil {
			continue
		}
		err := r.step(Progress{Step: StepTry, Name: p.Shown()}, func() error { return by.Try(ctx, p.proof) })
		first = cmp.Or(first, err)
	}
	return cmp.Or(first, ctx.Err())
}

// askToProve has the authority prove names. It is not interrupted: a proof that is taken back while the authority looks
// for it is one that has failed, and the order with it. Each step has its limit.
func (r *run) askToProve(ctx context.Context, list []proving) (over bool, err error) {
	for _, p := range list {
		if err := r.client.Begin(ctx, r.account, p.Authorization, p.proof.Type); err != nil {
			return false, err
		}
	}
	for _, p := range list {
		err := r.step(Progress{Step: StepProve, Name: p.Shown()}, func() error {
			return r.client.Proven(ctx, r.account, p.Authorization, p.proof.Type)
		})
		if err != nil {
			return isRefusal(err), err
		}
	}
	return false, nil
}

// isRefusal says whether an authority has tried a name and could not prove it: it gives the order up then.
func isRefusal(err error) bool {
	p := acme.ProblemOf(err)
	return p != nil && !p.Temporary
}

// toProve are the names that are to be proven, each in the way that is configured.
func (r *run) toProve(ctx context.Context, now acme.Order) (list []proving, err error) {
	all, err := r.client.Authorizations(ctx, r.account, now)
	if err != nil {
		return nil, err
	}
	way := r.ca.Proves()
	for _, z := range all {
		if z.Status != acme.Pending {
			continue
		}
		ch, err := r.client.By(z, way)
		if err != nil {
			return nil, err
		}
		list = append(list, proving{z, challenge.Proof{Type: way, Name: z.Name, Wildcard: z.Wildcard, Token: ch.Token,
			KeyAuthorization: ch.KeyAuthorization, Account: r.account.URL, Issuers: ch.Issuers}, ch.Begun})
	}
	if len(list) == 0 { // its names were proven under our hands, or it died: the state says which
		time.Sleep(pause)
	}
	return list, nil
}

// pause keeps from asking for a state in a circle.
const pause = 250 * time.Millisecond

// solver gives the solver of a way, which is made once.
func (r *run) solver(way string) (challenge.Solver, error) {
	if made := r.solvers[way]; made != nil {
		return made, nil
	}
	made, err := r.solverOf(r.ca, way, r.opt.Warn)
	if err != nil {
		return nil, err
	}
	if r.solvers == nil {
		r.solvers = map[string]challenge.Solver{}
	}
	r.solvers[way] = made
	return made, nil
}

// solverOf makes the solver of a way, as the authority's table says.
func (o *Orders) solverOf(ca config.ACME, way string, warn func(string)) (challenge.Solver, error) {
	return o.Solver(challenge.Options{Type: way, Webroot: ca.Webroot, HTTPPort: ca.HTTPPort, TLSPort: ca.TLSPort,
		HTTPListen: ca.HTTPListen, TLSListen: ca.TLSListen, Resolver: ca.Resolver, Clock: o.Now, Warn: warn,
		DNS: challenge.DNS{Server: ca.DNS.Server, TSIGName: ca.DNS.TSIGName, TSIGFile: ca.DNS.TSIGFile,
			AcmeDNS: ca.DNS.AcmeDNS, AcmeDNSFile: ca.DNS.AcmeDNSFile, Command: ca.DNS.Command,
			Propagation: ca.DNS.Wait()}})
}

// Ahead is challenge.Ahead for a name at an authority, which need not be saved in the configuration yet.
func (o *Orders) Ahead(ctx context.Context, ca config.ACME, name string) (challenge.Outlook, error) {
	by, err := o.solverOf(ca, ca.Proves(), nil)
	if err != nil {
		return challenge.Outlook{}, err
	}
	defer by.Close()
	return challenge.Ahead(ctx, by, name)
}

// present puts the proofs out, after the journal says which.
func (r *run) present(ctx context.Context, by challenge.Solver, list []proving) error {
	if len(list) == 0 {
		return nil
	}
	old := r.order.Proofs
	r.order.Proofs = nil
	for _, p := range list {
		r.order.Proofs = append(r.order.Proofs, ledger.Proof(p.proof))
	}
	for _, proof := range old { // of a process that died: they are taken back with the others
		same := func(p ledger.Proof) bool { return p.Token == proof.Token && p.Name == proof.Name }
		if !slices.ContainsFunc(r.order.Proofs, same) {
			r.order.Proofs = append(r.order.Proofs, proof)
		}
	}
	if err := r.note(ctx, ledger.OpProofs); err != nil {
		return err
	}
	return r.step(Progress{Step: StepPresent}, func() error {
		for _, p := range list {
			if err := by.Present(ctx, p.proof); err != nil {
				return err
			}
		}
		return nil
	})
}

// cleanUp is the longest that taking proofs back may take, also for who was interrupted.
const cleanUp = 30 * time.Second

// takeBack takes away what was put out, by this process or one that died, in the way that it was. What cannot be stays
// written down.
func (r *run) takeBack(ctx context.Context) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer stop()
	r.order.Proofs = slices.DeleteFunc(slices.Clone(r.order.Proofs), func(p ledger.Proof) bool {
		by, err := r.solver(p.Type)
		return err == nil && by.Remove(ctx, challenge.Proof(p)) == nil
	})
}

// failed writes down why an order was not had, and when that is tried again, and gives the reason. What the person
// stopped, and what keeps the store from being written, is no failure of the order.
func (r *run) failed(ctx context.Context, why error, over bool) error {
	r.takeBack(ctx)
	if ctx.Err() != nil && acme.ProblemOf(why) == nil {
		return fail.New(fail.Canceled, "certdesk goes on where it stopped when it is tried again", "it was interrupted: %w",
			why)
	}
	told := fail.Of(why)
	switch told.Code {
	case fail.Canceled, fail.InDoubt, fail.ReadOnly, fail.Locked:
		return why
	}
	f := &ledger.Failure{CA: r.ca.Name, Directory: r.order.Directory, Why: told.Text, Over: over, Left: r.order.Proofs}
	if p := acme.ProblemOf(why); p != nil {
		f.Type, f.RetryAfter = p.Type, p.RetryAfter
	}
	n := 1
	if a := r.entry.Automatic; a != nil {
		n += len(a.Failures)
	}
	if !f.Final() || r.entry.RenewalOf != 0 { // what is in use is not given up
		f.Next = due.Next(n, r.Now(), f.RetryAfter)
	}
	data := ledger.Data{IDs: []int64{r.entry.ID}, Failure: f}
	if err := r.store.Write(context.WithoutCancel(ctx), ledger.OpFailed, data); err != nil {
		return why // it is told all the same; the next turn finds the order where it stands
	}
	if e, err := r.store.Entry(context.WithoutCancel(ctx), r.entry.ID); err == nil {
		r.entry = e
	}
	return why
}

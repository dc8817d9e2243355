package ordering

import (
	"cmp"
	"context"
	"slices"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// run is one turn of work on an order.
type run struct {
	*Orders
	*at
	ca      config.ACME
	opt     Options
	entry   ledger.Entry
	order   ledger.Order
	solvers map[string]challenge.Solver // by way of proof

	resumed bool // a process before this one may have ordered and not heard of it
}

// step tells of something that is done.
func (r *run) step(p Progress, do func() error) error {
	p.Trial, p.ID = r.order.Trial, r.entry.ID
	if r.opt.Watch != nil {
		r.opt.Watch(p)
	}
	p.Err = do()
	p.Done, p.ID = true, r.entry.ID
	if r.opt.Watch != nil {
		r.opt.Watch(p)
	}
	return p.Err
}

// open reaches the directory of the order, with its account.
func (r *run) open(ctx context.Context) error {
	return r.step(Progress{Step: StepAccount}, func() error {
		place, err := r.reach(ctx, r.ca, r.order.Directory)
		if err != nil {
			return err
		}
		r.leave()
		r.at = place
		if err := place.client.Offers(ctx, r.order.Profile); err != nil { // before an account is made for it
			return err
		}
		return place.registered(ctx)
	})
}

func (r *run) leave() {
	if r.at != nil {
		r.at.client.Close()
	}
	r.at = nil
}

func (r *run) close() {
	r.leave()
	for _, by := range r.solvers {
		by.Close()
	}
}

// all goes on until the certificate is in the store, or cannot be had.
func (r *run) all(ctx context.Context) (ledger.Entry, error) {
	over, err := r.toTheEnd(ctx)
	if err != nil && r.skips(err) {
		if err = r.afterTrial(ctx); err == nil {
			over, err = r.toTheEnd(ctx)
		}
	}
	if err != nil {
		return r.entry, r.failed(ctx, err, over)
	}
	return r.entry, nil
}

// skips says whether it is the directory for trying alone that does not answer: that keeps nobody from the real one.
func (r *run) skips(err error) bool {
	p := acme.ProblemOf(err)
	return r.order.Trial && p != nil && p.Temporary
}

// mostOrders is how often one turn orders: what it finds dead when it begins, or is forgotten under its hands, is
// ordered anew, and so is the real one after a trial.
const mostOrders = 3

// toTheEnd moves an order from state to state. over says that nothing comes of it any more.
func (r *run) toTheEnd(ctx context.Context) (over bool, err error) {
	for ordered := 0; ; {
		if r.order.URL == "" {
			if ordered++; ordered > mostOrders {
				return true, fail.New(fail.Failed, "see `certdesk history`", "%s forgot the order %s", r.ca.Name,
					printable.Count(mostOrders, "time"))
			}
			if err := r.place(ctx); err != nil {
				return false, err
			}
		}
		now, err := r.look(ctx)
		if err != nil {
			return false, err
		}
		switch now.Status {
		case acme.Gone:
			err = r.forget(ctx)
		case acme.Pending:
			over, err = r.prove(ctx, now)
		case acme.Ready:
			err = r.finalise(ctx, now)
		case acme.Processing:
			err = r.await(ctx, now)
		case acme.Valid:
			if r.order.Trial {
				err = r.afterTrial(ctx)
				break
			}
			return false, r.fetch(ctx, now)
		default:
			if over, err = r.dead(ctx, now, ordered); over {
				return true, err
			}
		}
		if err != nil {
			return over, err
		}
	}
}

// look asks how far the order is.
func (r *run) look(ctx context.Context) (now acme.Order, err error) {
	forgotten, err := r.remembered(ctx, func() error {
		now, err = r.client.Get(ctx, r.account, r.order.URL)
		return err
	})
	if p := acme.ProblemOf(err); forgotten && p != nil && !p.Temporary {
		return acme.Order{Status: acme.Gone}, nil // it was the forgotten account's
	}
	return now, err
}

// place orders, and writes down at once where the order is.
func (r *run) place(ctx context.Context) error {
	w := acme.Wanted{Profile: r.order.Profile, Replaces: r.order.Replaces}
	for _, name := range r.entry.Names {
		n, err := names.Normalize(name)
		if err != nil {
			return err
		}
		w.Names = append(w.Names, n)
	}
	if r.order.Trial {
		w.Replaces = "" // it has not heard of the certificate
	}
	return r.step(Progress{Step: StepOrder}, func() error {
		if r.resumed && r.found(ctx) {
			return r.note(context.WithoutCancel(ctx), ledger.OpOrder)
		}
		got, err := r.ordered(ctx, w)
		if replaceable(err) && w.Replaces != "" {
			w.Replaces, r.order.Replaces = "", ""
			got, err = r.ordered(ctx, w)
		}
		if err != nil {
			return err
		}
		r.order.URL, r.order.Certificate = got.URL, ""
		return r.note(context.WithoutCancel(ctx), ledger.OpOrder)
	})
}

// found looks for an order of these names that nobody has written down: who was killed between the authority's answer
// and the journal's line, or never got the answer, has placed one.
func (r *run) found(ctx context.Context) bool {
	r.resumed = false
	known := map[string]bool{}
	err := r.store.Read(ctx, func(st *ledger.State) {
		for _, row := range st.Rows {
			if row.Automatic != nil {
				known[row.Automatic.Order.URL] = true
			}
		}
	})
	if err != nil {
		return false
	}
	want := set(r.entry.Names)
	for _, o := range r.client.Waiting(ctx, r.account, func(url string) bool { return known[url] }) {
		if slices.Equal(set(o.Names), want) {
			r.order.URL, r.order.Certificate = o.URL, ""
			return true
		}
	}
	return false
}

func (r *run) ordered(ctx context.Context, w acme.Wanted) (got acme.Order, err error) {
	_, err = r.remembered(ctx, func() error {
		got, err = r.client.Order(ctx, r.account, w)
		return err
	})
	return got, err
}

// replaceable says whether an authority refused an order for the certificate that it is to take the place of: another
// has taken it already, or the certificate is not this account's (RFC 9773, section 5).
func replaceable(err error) bool {
	p := acme.ProblemOf(err)
	return p != nil && slices.Contains([]string{acme.AlreadyReplaced, acme.Malformed, acme.Unauthorized}, p.Type)
}

// note writes down how the order is.
func (r *run) note(ctx context.Context, op string) error {
	order := r.order
	return r.store.Write(ctx, op, ledger.Data{IDs: []int64{r.entry.ID}, Order: &order})
}

// forget has the request ordered anew: the authority has forgotten the order, or let it expire.
func (r *run) forget(ctx context.Context) error {
	r.takeBack(ctx)
	r.order.URL = ""
	return r.note(ctx, ledger.OpOrder)
}

// dead tells of an order of which nothing comes. One that this turn found so is ordered anew; one that it has placed
// itself would only fail again.
func (r *run) dead(ctx context.Context, now acme.Order, ordered int) (over bool, err error) {
	why := cmp.Or(now.Err, error(fail.New(fail.Failed, "certdesk orders it anew", "%s has given the order up", r.ca.Name)))
	if ordered > 0 {
		return true, why
	}
	r.failed(ctx, why, true)
	r.order.URL = ""
	return false, nil
}

// afterTrial goes from the directory for trying to the real one.
func (r *run) afterTrial(ctx context.Context) error {
	r.takeBack(ctx)
	r.order = ledger.Order{CA: r.ca.Name, Directory: r.ca.Directory, Profile: r.order.Profile, Replaces: r.order.Replaces,
		Proofs: r.order.Proofs}
	if err := r.note(ctx, ledger.OpOrder); err != nil {
		return err
	}
	return r.open(ctx)
}

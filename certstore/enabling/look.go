package enabling

import (
	"context"
	"errors"
	"slices"
	"sync"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/services"
)

// look is a service and what was found out about it.
type look struct {
	*services.Service
	places   []services.Place
	unasked  []services.Unasked
	troubles []string // sentences without the service
	notes    []string // likewise, that are no fault
}

// lookAtAll reads the configuration of every service, all at once: they are waited for most of the time.
func (ds *Daemons) lookAtAll(ctx context.Context) (found []look, errs []error) {
	ds.looks.Begin()
	host := ds.host.Machine
	host.Memory = &ds.looks
	all, errs := ds.instancesOn(ctx, host)
	found = make([]look, len(all))
	var wait sync.WaitGroup
	for i, svc := range all {
		wait.Go(func() { found[i] = ds.lookAt(ctx, svc) })
	}
	wait.Wait()
	return found, errs
}

// tellOf adds to a survey what a look has to say, and of what is bound there.
func (ds *Daemons) tellOf(v *Survey, l look) {
	bound := []int64{0} // no entry
	for _, b := range ds.boundBy(l.Instance()) {
		bound = append(bound, b.Entry)
		if text := ds.lostSlot(l, b); text != "" {
			v.trouble(text, b.Entry)
		}
	}
	title := ledger.ServiceTitle(l.Instance()) + ": "
	for _, text := range l.troubles {
		v.trouble(title+text, bound...)
	}
	for _, text := range l.notes {
		v.Notes = once(v.Notes, title+text)
	}
}

// lookAt finds out what clients can ask of a service, and says what of it they cannot be asked for.
func (ds *Daemons) lookAt(ctx context.Context, svc *services.Service) look {
	l := look{Service: svc}
	state, err := svc.Look(ctx)
	if err == nil {
		err = ds.places(&l, state)
	}
	switch {
	case err == nil:
	case errors.Is(err, errStopped), errors.Is(err, errHidden):
		l.notes = append(l.notes, fail.Sentence(err))
	case fail.Is(err, fail.NotPermitted), errors.Is(err, services.ErrNoPort):
		l.troubles = append(l.troubles, fail.Sentence(err)+": "+fail.Of(err).Hint)
	default:
		l.troubles = append(l.troubles, fail.Sentence(err))
	}
	return l
}

var (
	errStopped = errors.New("it is installed here but not running")
	errHidden  = errors.New("this user may not see whether it is running: run certdesk as root")
)

// places fills in what clients can ask of a service. One that was only found here, does not run and is bound to nothing
// is no port that fails: a package may be installed and not used. Where this user cannot see whether it runs, its
// ports tell.
func (ds *Daemons) places(l *look, state services.State) (err error) {
	meant := len(ds.host.Services) > 0 || len(ds.boundBy(l.Instance())) > 0
	if !state.Running && !state.Hidden && !meant {
		return errStopped
	}
	if l.places, err = services.Places(l.Instance(), state.Sites); err != nil {
		return err
	}
	l.unasked, l.notes = services.UnaskedOf(l.Instance(), state.Sites), slices.Clone(state.Aside)
	for _, part := range l.unasked {
		l.say(part.Text, part.Amiss)
	}
	for _, place := range l.places {
		if place.Shut {
			l.say(services.OnlyByProxy(place.URL), !l.open(place.Slot))
		}
	}
	if len(l.places)+len(l.unasked) == 0 {
		return services.NoPort(l.Instance())
	}
	if state.Hidden {
		return errHidden
	}
	return nil
}

// say adds a sentence; a fault is trouble.
func (l *look) say(text string, fault bool) {
	if fault {
		l.troubles = append(l.troubles, text)
		return
	}
	l.notes = append(l.notes, text)
}

// open says whether a slot can be asked at some port, as the proof of an enable wants it.
func (l *look) open(slot string) bool {
	return slices.ContainsFunc(l.places, func(p services.Place) bool { return p.Slot == slot && !p.Shut })
}

// has says whether what is bound can be asked for in the configuration as it is.
func (l *look) has(b ledger.Binding) bool {
	return b.Slot == "" || b.Slot == services.DefaultSlot || slices.ContainsFunc(l.places, func(p services.Place) bool {
		return p.Slot == b.Slot || slices.Contains(b.Prove, p.Proof)
	})
}

// lostSlot says of a binding that its slot is not in the configuration any more: nobody is served by it. Where there
// are names that cannot be listed it is asked for as it was.
func (ds *Daemons) lostSlot(l look, b ledger.Binding) string {
	var thumbprint string
	ds.store.Peek(func(v View) {
		if e, err := v.Entry(b.Entry); err == nil {
			thumbprint = e.Thumbprint
		}
	})
	if thumbprint == "" || len(l.places) == 0 || len(l.unasked) > 0 || l.has(b) {
		return ""
	}
	return b.Title() + ": its configuration has no such slot any more; `certdesk disable " + thumbprint[:12] +
		" --services " +
		b.Service.Use + " --slot " + printable.Text(b.Slot) + "` forgets it"
}

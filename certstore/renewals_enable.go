package certstore

import (
	"context"
	"slices"
	"strings"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/renewing"
	"certdesk/certstore/services"
)

// settleRenewals finishes what runs that died had begun to enable, each proven or put back; changes that a person began
// are left to persons.
func (s *Store) settleRenewals(ctx context.Context, o enabling.Options) error {
	begun, err := s.Unfinished(ctx)
	if err != nil {
		return err
	}
	for _, u := range begun {
		e, err := s.get(ctx, u.Entry)
		if err != nil || e.Automatic == nil || e.RenewalOf == 0 {
			continue
		}
		if _, err := s.Settle(ctx, u, true, o); err != nil {
			return err
		}
	}
	return nil
}

// enableRenewal gives a renewal to every slot that is bound to the old certificate, and to no other. What is not as it
// should be is written down, with the next try. Errors: as Enable's, and why a service does not serve it.
func (s *Store) enableRenewal(ctx context.Context, t renewing.Task, o enabling.Options) ([]enabling.Outcome, error) {
	outcomes, err := s.switchTo(ctx, t, o)
	if err == nil {
		err = unserved(outcomes)
	}
	if err == nil || len(s.boundTo(t.Old.ID)) == 0 {
		return outcomes, err // where nothing is bound to the old one there is nothing to try again
	}
	return outcomes, s.noteFailure(context.WithoutCancel(ctx), t, t.New.ID, err)
}

// switchTo enables a renewal. A default SMTP certificate that somebody put in the place of the old one stays.
func (s *Store) switchTo(ctx context.Context, t renewing.Task, o enabling.Options) ([]enabling.Outcome, error) {
	plan, err := s.planRenewal(ctx, t)
	defer plan.Discard()
	if err != nil {
		return nil, err
	}
	for _, q := range plan.Questions() {
		if q.Replaces.Entry.SHA256 != t.Old.SHA256 {
			return nil, fail.New(fail.ConfirmationNeeded, "`certdesk enable "+t.New.Short()+"` asks you",
				"%s serves %s by now, which nobody said may be replaced", ledger.ServiceTitle(q.Service),
				ledger.Label(&q.Replaces.Entry))
		}
	}
	o.ReplaceSMTP = true
	return s.Enable(ctx, plan, o)
}

// planRenewal plans for the slots of the old one. A slot that is called otherwise by now, or is not there any more, has
// the certificate's own names decide for its service.
func (s *Store) planRenewal(ctx context.Context, t renewing.Task) (enabling.Plan, error) {
	here, _ := s.ServicesHere(ctx)
	r := renewalRequest(t, s.boundTo(t.Old.ID), here)
	plan, err := s.PlanEnable(ctx, r)
	gone := false
	for _, sp := range plan.Services {
		i := slices.IndexFunc(r.Only, func(w enabling.ServiceSlots) bool { return w.Service.Same(sp.Service) })
		if i >= 0 && len(r.Only[i].Slots) > 0 && sp.Err != nil && fail.Is(sp.Err, fail.NotFound) {
			r.Only, gone = slices.Delete(r.Only, i, i+1), true
		}
	}
	if !gone {
		return plan, err
	}
	plan.Discard()
	return s.PlanEnable(ctx, r)
}

// renewalRequest asks for the slots of some bindings, and for none of the services of the same uses that have none.
func renewalRequest(t renewing.Task, bound []ledger.Binding, here []services.Instance) enabling.Request {
	r := enabling.Request{ID: t.New.ID}
	for _, in := range here {
		only := enabling.ServiceSlots{Service: in}
		said, binds := true, false
		for _, b := range bound {
			if b.Service.Same(in) {
				said, binds = said && b.Slot != "", true
				only.Slots = append(only.Slots, strings.Split(b.Slot, ",")...)
			}
		}
		if said || !binds {
			r.Only = append(r.Only, only)
		}
	}
	for _, b := range bound {
		r.Services |= b.Use()
	}
	return r
}

func (s *Store) boundTo(id int64) []ledger.Binding {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.state.BoundTo(id))
}

// unserved is why not every port serves what it should after an enable, nil where all do.
func unserved(outcomes []enabling.Outcome) error {
	var texts []string
	hint := ""
	for _, o := range outcomes {
		title := ledger.ServiceTitle(o.Service)
		switch {
		case !o.Fine() && o.Err != nil:
			texts, hint = append(texts, title+" is "+string(o.State)+": "+fail.Sentence(o.Err)), fail.Of(o.Err).Hint
		case !o.Fine():
			texts = append(texts, title+" is "+string(o.State))
		case len(o.Missed) > 0:
			texts = append(texts, title+": "+o.Missed[0].Text())
		case o.NotProven != "":
			texts = append(texts, title+" is not proven: "+o.NotProven)
		case !o.Whole():
			texts = append(texts, title+": "+strings.Join(o.Flaws(), "; "))
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return fail.New(fail.Failed, hint, "it is not served: %s", printable.Text(strings.Join(texts, "; ")))
}

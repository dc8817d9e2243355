package cli

import (
	"context"
	"slices"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// importServed takes what services serve and the store lacks into the store: all, or what the thumbprints name. What
// is refused stops nothing.
func (a *app) importServed(ctx context.Context, s *session, thumbprints []string) error {
	if err := s.writable(); err != nil {
		return err
	}
	v, err := s.store.Survey(ctx)
	if err != nil {
		return err
	}
	chosen, err := chooseStrangers(v, thumbprints)
	if err != nil {
		return err
	}
	for _, t := range v.Troubles {
		a.note("warning: %s", t)
	}
	if len(chosen) == 0 {
		a.note("nothing is served that is not in the store")
	}
	return a.adopt(ctx, s, chosen, v.Troubles)
}

// chooseStrangers are those that are named; all where none is.
func chooseStrangers(v enabling.Survey, thumbprints []string) (chosen []enabling.Stranger, err error) {
	if len(thumbprints) == 0 {
		return v.Strangers, nil
	}
	for _, t := range thumbprints {
		found, err := v.Find(t)
		if err != nil {
			return nil, err
		}
		chosen = append(chosen, found...)
	}
	return chosen, nil
}

// adopt takes each in; several services may serve one certificate, which is then one entry.
func (a *app) adopt(ctx context.Context, s *session, list []enabling.Stranger, troubles []string) error {
	var r certstore.Results
	for _, x := range list {
		e, err := s.store.Adopt(ctx, x)
		if err != nil {
			r.Refused = append(r.Refused, certstore.Refusal{Entry: x.Entry, Err: err})
			continue
		}
		r.Done = slices.DeleteFunc(r.Done, func(d certstore.Entry) bool { return d.ID == e.ID })
		r.Done = append(r.Done, e)
		if !a.flags.json {
			a.print("took in %s: %s serves it\n", words.Label(e), certstore.ServiceTitle(x.Service))
		}
	}
	if a.flags.json {
		out := wire.ResultsOf(r)
		out.Notes = printable.Texts(troubles)
		if err := a.printJSON(out); err != nil {
			return err
		}
	}
	err := a.refusals(r.Refused)
	if err != nil && len(r.Done) > 0 {
		return fail.New(fail.Failed, fail.Of(err).Hint, "%d of %d %s not taken in: %w", len(r.Refused), len(list),
			printable.Agree(len(r.Refused), "was", "were"), err)
	}
	return err
}

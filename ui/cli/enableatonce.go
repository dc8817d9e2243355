package cli

import (
	"context"
	"slices"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/ui/words"
)

// enableAtOnce enables what was just made or imported for the services that were named with it, where one is
// configured. Whatever comes of that the entry stays, and what it is not enabled for stays wanted.
func (a *app) enableAtOnce(ctx context.Context, s *session, what madeReport, uses certstore.Services) error {
	m := &what.made
	var outcomes []enabling.Outcome
	var err error
	if uses != 0 {
		outcomes, err = a.tryEnable(ctx, s, m.Entry, uses)
	}
	m.Entry = s.again(ctx, m.Entry)
	if a.flags.json {
		if err := a.madeJSON(ctx, s, what, outcomes...); err != nil {
			return err
		}
	}
	return keptWanted(m.Entry, uses, err)
}

func (a *app) tryEnable(ctx context.Context, s *session, e certstore.Entry,
	uses certstore.Services) ([]enabling.Outcome, error) {
	plan, err := s.store.PlanEnable(ctx, enabling.Request{ID: e.ID, Services: uses})
	defer plan.Discard()
	if err != nil {
		return nil, err
	}
	outcomes, err := a.carryOut(ctx, s, plan, enableFlags{})
	if err != nil {
		return nil, err
	}
	if !a.flags.json {
		err = a.tellOutcomes(ctx, s, outcomes)
	}
	return outcomes, orElse(err, enableError(outcomes), wholeError(outcomes))
}

// keptWanted is the error for an entry that is in the store and not enabled for what it was meant for.
func keptWanted(e certstore.Entry, uses certstore.Services, err error) error {
	if err == nil || e.Services.Has(uses) {
		return err
	}
	command := "`certdesk enable " + words.Short(e) + " --services " + listOf(uses) + "` tries it again"
	if fail.Is(err, fail.ConfirmationNeeded) {
		command = "`certdesk enable " + words.Short(e) + " --services " + listOf(uses) +
			"` asks you on a terminal; with --force it asks nothing"
	}
	return fail.New(fail.Failed, command, "%s is in the store, but not enabled for all that was wanted: %w",
		words.Label(e), err)
}

// listOf is a set of services as --services takes it.
func listOf(uses certstore.Services) (list string) {
	for i, name := range slices.Sorted(slices.Values(uses.Names())) {
		if i > 0 {
			list += ","
		}
		list += name
	}
	return list
}

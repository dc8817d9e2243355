package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// watch tells each step on standard error as it begins, and how it failed; of a proof, how far it is.
func (a *app) watch(ctx context.Context) func(enabling.Progress) {
	var last string
	return func(st enabling.Progress) {
		text := stepText(st)
		if text == "" || text == last {
			return
		}
		last = text
		a.note("%s: %s", certstore.ServiceTitle(st.Service), text)
		if st.Step == enabling.StepRollback && !st.Done && ctx.Err() != nil {
			a.note("interrupted; it is put back first, which takes a minute at most")
		}
	}
}

func stepText(st enabling.Progress) string {
	switch {
	case st.Err == nil && st.Done:
		return ""
	case st.Err == nil && st.Ports != nil:
		return fmt.Sprintf("%d of %s so far", good(st.Ports), words.Count(len(st.Ports), "handshake"))
	}
	return words.Step(st)
}

func good(ports []enabling.Port) (n int) {
	for _, p := range ports {
		if p.Good() {
			n++
		}
	}
	return n
}

// showEnabled tells the proof, a line a port, and what became of each service; one that is not enabled is an error.
func (a *app) showEnabled(ctx context.Context, s *session, e certstore.Entry, outcomes []enabling.Outcome) error {
	err := orElse(enableError(outcomes), wholeError(outcomes))
	if ctx.Err() != nil {
		err = interrupted(outcomes)
	}
	if a.flags.json {
		return orElse(a.enabledJSON(ctx, s, e, outcomes), err)
	}
	return orElse(a.tellOutcomes(ctx, s, outcomes), err)
}

// orElse is the first error.
func orElse(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (a *app) enabledJSON(ctx context.Context, s *session, e certstore.Entry, outcomes []enabling.Outcome) error {
	out := wire.EnabledOf(outcomes, a.io.Now())
	if slices.ContainsFunc(outcomes, enabling.Outcome.Fine) {
		out.Done = append(out.Done, wire.EntryOf(s.again(ctx, e)))
	}
	if bad := unfine(outcomes); len(bad) > 0 {
		out.Refused = append(out.Refused, wire.Refusal{Thumbprint: e.Thumbprint, Error: wire.ErrorOf(reason(bad[0]))})
	}
	return a.printJSON(out)
}

// again is an entry as it is now.
func (s *session) again(ctx context.Context, e certstore.Entry) certstore.Entry {
	if now, err := s.store.Find(ctx, e.SHA256, false); err == nil {
		return now
	}
	return e
}

// tellOutcomes writes the ports that were asked, then a line a service.
func (a *app) tellOutcomes(ctx context.Context, s *session, outcomes []enabling.Outcome) error {
	known, err := s.known(context.WithoutCancel(ctx))
	if err == nil {
		a.print("%s", plain.Outcomes(outcomes, known, a.width()))
	}
	return err
}

func unfine(outcomes []enabling.Outcome) []enabling.Outcome {
	return slices.DeleteFunc(slices.Clone(outcomes), enabling.Outcome.Fine)
}

// reason is why a service is not enabled, with its name; it never is without one.
func reason(o enabling.Outcome) error {
	if o.Err == nil {
		return fail.New(fail.Failed, "", "%s: %s", certstore.ServiceTitle(o.Service), o.State)
	}
	return fmt.Errorf("%s: %w", certstore.ServiceTitle(o.Service), o.Err)
}

// enableError is the error for what is not enabled, or nil. Where nothing at all was touched it is the refusal itself;
// else the command has failed, since a refused one changes nothing.
func enableError(outcomes []enabling.Outcome) error {
	bad := unfine(outcomes)
	if len(bad) == 0 {
		return nil
	}
	var texts []string
	for _, o := range bad {
		texts = append(texts, sentence(reason(o)))
	}
	first := reason(bad[0])
	untouched := !slices.ContainsFunc(outcomes, func(o enabling.Outcome) bool { return o.State != enabling.LeftAlone })
	if untouched && len(bad) == 1 {
		return first
	}
	code := fail.Failed
	if untouched {
		code = fail.Of(first).Code
	}
	return fail.New(code, fail.Of(first).Hint, "%s", strings.Join(texts, "; "))
}

// interrupted is the error of an enable that somebody stopped: which service is how, and not which child was ended.
func interrupted(outcomes []enabling.Outcome) error {
	var texts []string
	for _, o := range outcomes {
		texts = append(texts, certstore.ServiceTitle(o.Service)+" is "+string(o.State))
	}
	return fail.New(fail.Failed, "", "interrupted: %s", strings.Join(texts, "; "))
}

// settled is how the change of an entry that a dead process had begun was ended.
type settled struct {
	entry    int64
	outcome  enabling.Outcome
	rollBack bool
}

// fine says whether it ended as it was asked to.
func (t settled) fine() bool {
	return t.outcome.Fine() || t.rollBack && t.outcome.State == enabling.RolledBack
}

func (a *app) showSettled(ctx context.Context, s *session, told []settled) error {
	var outcomes, bad []enabling.Outcome
	for _, t := range told {
		outcomes = append(outcomes, t.outcome)
	}
	out := wire.EnabledOf(outcomes, a.io.Now())
	known, err := s.known(context.WithoutCancel(ctx))
	if err != nil {
		return err
	}
	for _, t := range told {
		e := known.Entry(t.entry)
		if t.fine() {
			out.Done = append(out.Done, wire.EntryOf(e))
			continue
		}
		bad = append(bad, t.outcome)
		out.Refused = append(out.Refused, wire.Refusal{Thumbprint: e.Thumbprint, Error: wire.ErrorOf(reason(t.outcome))})
	}
	if a.flags.json {
		return orElse(a.printJSON(out), enableError(bad), wholeError(outcomes))
	}
	return orElse(a.tellOutcomes(ctx, s, outcomes), enableError(bad), wholeError(outcomes))
}

// wholeError is the error for what is enabled, and is not all that clients need: a slot that still serves the old one,
// something that clients mind in what is served, or nobody could prove it. What was enabled stays.
func wholeError(outcomes []enabling.Outcome) error {
	var texts []string
	hint := ""
	for _, o := range outcomes {
		title := certstore.ServiceTitle(o.Service) + ": "
		for _, m := range o.Missed {
			texts = append(texts, title+"enabled, but "+m.Text())
			hint = "change it there by hand; `certdesk test` then asks it"
			if m.Site.Offered {
				hint = "--slot " + printable.Text(m.Site.Slot()) + " gives it to that slot anyway"
			}
		}
		for _, text := range o.Flaws() {
			texts = append(texts, title+"enabled, but "+text)
		}
		if o.NotProven != "" {
			texts = append(texts, title+"enabled, not proven: "+o.NotProven)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return fail.New(fail.Failed, hint, "%s", strings.Join(texts, "; "))
}

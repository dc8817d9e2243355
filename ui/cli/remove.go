package cli

import (
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// removeFlags are the flags of remove.
type removeFlags struct{ selfSigned, expired, force bool }

func (a *app) removeCommand() *cobra.Command {
	var f removeFlags
	cmd := &cobra.Command{
		Use:     "remove THUMBPRINT... | --self-signed | --expired",
		Short:   "remove certificates or requests, so that restore can bring them back",
		Example: "  certdesk remove 9A3F51\n  certdesk remove --expired --yes",

		ValidArgsFunction: a.thumbprints(false),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.BoolVar(&f.selfSigned, "self-signed", false, "every self-signed certificate")
	fl.BoolVar(&f.expired, "expired", false, "every certificate past its last day")
	fl.BoolVar(&f.force, "force", false, "ask nothing, also for pending requests")
	cmd.Args = f.args
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error { return a.remove(ctx, s, f, args) })
	return cmd
}

// args wants thumbprints or one of the sets.
func (f *removeFlags) args(cmd *cobra.Command, args []string) error {
	set := f.selfSigned || f.expired
	switch {
	case set && len(args) > 0:
		return usage(cmd, "give thumbprints, or --self-signed or --expired, not both")
	case !set && len(args) == 0:
		return usage(cmd, "the thumbprint is missing")
	}
	return noneEmpty(cmd, args, "the thumbprint")
}

func (a *app) remove(ctx context.Context, s *session, f removeFlags, args []string) error {
	if err := s.writable(); err != nil {
		return err
	}
	entries, err := f.choose(ctx, s, args)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		a.note("nothing to remove")
		return a.showResults("removed", certstore.Results{})
	}
	a.preview(entries)
	if err := a.mayRemove(ctx, f, entries); err != nil {
		return err
	}
	results, err := s.store.Remove(ctx, entries, hasPending(entries))
	if err != nil {
		return err
	}
	return a.showResults("removed", results)
}

// choose gives the entries that are named, or those of the set.
func (f removeFlags) choose(ctx context.Context, s *session, args []string) ([]certstore.Entry, error) {
	if len(args) > 0 {
		return s.find(ctx, args, false)
	}
	entries, err := s.store.List(ctx, false)
	if err != nil {
		return nil, err
	}
	return filter{selfSigned: f.selfSigned, expired: f.expired}.kept(entries, s.now())
}

// preview shows what would go, and what still uses each.
func (a *app) preview(entries []certstore.Entry) {
	for _, e := range entries {
		if e.Kind == certstore.PendingReq {
			a.note("%s: a request that waits for its answer; its key cannot be made again", words.Label(e))
			continue
		}
		a.note("%s: %s; %s", a.life(e), e.Verdict.Word, uses(e))
	}
}

// wantedOnly is what an entry is wanted for and not enabled for yet.
func wantedOnly(e certstore.Entry) certstore.Services { return e.Wanted &^ e.Services }

// uses says what an entry is enabled and wanted for.
func uses(e certstore.Entry) string {
	text := "no service uses it"
	if e.Services != 0 {
		text = "it is enabled for " + e.Services.String()
	}
	if wanted := wantedOnly(e); wanted != 0 {
		text += ", wanted for " + wanted.String()
	}
	return text
}

// allInUse says whether every one of the entries is refused anyway: then there is nothing to ask.
func allInUse(entries []certstore.Entry) bool {
	return !slices.ContainsFunc(entries, func(e certstore.Entry) bool { return e.Services == 0 })
}

// mayRemove asks for the person's word: typed where a key would be lost, yes or no elsewhere.
func (a *app) mayRemove(ctx context.Context, f removeFlags, entries []certstore.Entry) error {
	switch {
	case f.force, allInUse(entries):
		return nil
	case hasPending(entries) && a.flags.yes:
		return a.refuse(entries, isPending, fail.New(fail.ConfirmationNeeded,
			"--force removes it, or answer on a terminal without --yes",
			"a pending request's key cannot be made again: --yes is not enough"))
	case hasPending(entries):
		return a.orRefuse(entries, isPending, a.console.Typed(ctx,
			"While a request is removed, the CA's answer to it cannot be imported. `certdesk restore` brings it back;\n"+
				"a purge destroys its key, and no other key fits the answer.", certstore.LoseKey,
			"--force removes a pending request"))
	case a.flags.yes:
		return nil
	}
	question := fmt.Sprintf("Remove %s?", words.Count(len(entries), "certificate"))
	return a.orRefuse(entries, func(certstore.Entry) bool { return true },
		a.console.Confirm(ctx, question, "--yes removes it, and `certdesk restore` brings it back"))
}

func isPending(e certstore.Entry) bool          { return e.Kind == certstore.PendingReq }
func hasPending(entries []certstore.Entry) bool { return slices.ContainsFunc(entries, isPending) }

// orRefuse passes nil and a person's no on, and makes a question nobody answered a refusal.
func (a *app) orRefuse(entries []certstore.Entry, which func(certstore.Entry) bool, err error) error {
	if !fail.Is(err, fail.ConfirmationNeeded) {
		return err
	}
	return a.refuse(entries, which, err)
}

// refuse ends a verb before it did anything: one entry that is refused keeps all of them, since a refused
// command leaves the store as it was.
func (a *app) refuse(entries []certstore.Entry, which func(certstore.Entry) bool, err error) error {
	var r certstore.Results
	for _, e := range entries {
		if which(e) {
			r.Refused = append(r.Refused, certstore.Refusal{Entry: e, Err: err})
		}
	}
	if a.flags.json {
		if err := a.printJSON(wire.ResultsOf(r)); err != nil {
			return err
		}
	}
	return fmt.Errorf("%s: %w", words.Label(r.Refused[0].Entry), err)
}

// showResults tells what a verb over several entries did; the first refusal is the command's error.
func (a *app) showResults(did string, r certstore.Results) error {
	if a.flags.json {
		return orElse(a.printJSON(wire.ResultsOf(r)), a.refusals(r.Refused))
	}
	for _, e := range r.Done {
		a.print("%s %s\n", did, words.Label(e))
	}
	for _, text := range r.Notes {
		a.note("note: %s", text)
	}
	return a.refusals(r.Refused)
}

package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// enableFlags are the flags of enable.
type enableFlags struct {
	services                                string
	slots                                   []string
	print, force, noProve, finish, rollBack bool
}

func (a *app) enableCommand() *cobra.Command {
	var f enableFlags
	cmd := &cobra.Command{
		Use:   "enable THUMBPRINT [--services LIST] | --finish | --roll-back",
		Short: "give a certificate to services, and prove what their ports serve",
		Long: "Checks the certificate, puts it where each service reads it, points the configuration at it, lets the " +
			"daemon\n" +
			"check and reload, and then asks every port by a TLS handshake. A service whose ports do not serve it is put\n" +
			"back, and that is proven too; the others stay. --print shows all of that and touches nothing.\n\n" +
			"A service has a default and a slot for each name (SNI) or virtual host of its own. Without --slot the " +
			"certificate\n" +
			"goes to the slots whose names it has, and to the default where no name has a slot, where it has the server's " +
			"own\n" +
			"name, or all names that the default serves now.\n\n" +
			"Exit status 0: every service serves it, proven unless --no-prove. 3: refused, nothing was touched. 1: a service\n" +
			"was put back, or it is enabled and a name of it still gets another one, or nothing could be proven.",
		Example: "  certdesk enable 9A3F51 --services SMTP,IMAP,POP --print\n  certdesk enable 9A3F51 --services IIS\n" +
			"  certdesk enable 9A3F51 --services SMTP --slot default\n" +
			"  certdesk enable --roll-back",
		ValidArgsFunction: a.thumbprints(false),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.services, "services", "",
		"what it is enabled for, a `list` of IIS, SMTP, POP, IMAP and UM (default what it is wanted for)")
	fl.StringSliceVar(&f.slots, "slot", nil,
		"the slots that get it, `default` or names (default those whose names it has)")
	fl.BoolVar(&f.print, "print", false, "show the plan: files, configuration difference, commands; touch nothing")
	fl.BoolVar(&f.force, "force", false, "replace the default SMTP certificate, and give up a type of key, without asking")
	fl.BoolVar(&f.noProve, "no-prove", false, "do not ask the ports afterwards")
	fl.BoolVar(&f.finish, "finish", false, "finish a change whose process died, and prove it")
	fl.BoolVar(&f.rollBack, "roll-back", false, "put back what a change whose process died had changed")
	offerServices(cmd, "services")
	cmd.Args = f.args
	cmd.RunE = a.run(func(ctx context.Context, s *session, args []string) error {
		if f.finish || f.rollBack {
			return a.settle(ctx, s, f)
		}
		return a.enable(ctx, cmd, s, f, args[0])
	})
	return cmd
}

// args wants one thumbprint, or none where an old change is settled.
func (f *enableFlags) args(cmd *cobra.Command, args []string) error {
	given := cmd.Flags().Changed
	switch {
	case f.finish && f.rollBack:
		return usage(cmd, "--finish and --roll-back cannot be used together")
	case (f.finish || f.rollBack) && (len(args) > 0 || given("services") || given("slot") || f.print || f.force):
		return usage(cmd, "--finish and --roll-back are for a change that was begun: leave everything else out")
	case f.finish || f.rollBack:
		return nil
	case f.print && f.noProve:
		return usage(cmd, "--print proves nothing: leave out --no-prove")
	}
	return argsBetween(1, 1, "the thumbprint")(cmd, args)
}

func (a *app) enable(ctx context.Context, cmd *cobra.Command, s *session, f enableFlags, thumbprint string) error {
	if !f.print {
		if err := s.writable(); err != nil {
			return err
		}
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	uses, err := f.uses(cmd, e)
	if err != nil {
		return err
	}
	plan, err := s.store.PlanEnable(ctx, enabling.Request{ID: e.ID, Services: uses, Slots: f.slots})
	defer plan.Discard()
	if err != nil {
		return a.planRefused(e, plan, err)
	}
	if f.print {
		if a.flags.json {
			return a.printJSON(wire.PlanOf(plan, a.io.Now()))
		}
		a.print("%s", plain.Plan(plan, a.io.Now()))
		return nil
	}
	outcomes, err := a.carryOut(ctx, s, plan, f)
	if err != nil {
		return a.orRefuse([]certstore.Entry{e}, anyEntry, err)
	}
	return a.showEnabled(ctx, s, e, outcomes)
}

func anyEntry(certstore.Entry) bool { return true }

// uses are the services that are named, or those the entry is wanted for.
func (f enableFlags) uses(cmd *cobra.Command, e certstore.Entry) (certstore.Services, error) {
	if f.services == "" && e.Wanted == 0 {
		return 0, usage(cmd, "--services is missing, and %s is wanted for none: name IIS, SMTP, POP, IMAP or UM",
			words.Label(e))
	}
	if f.services == "" {
		return e.Wanted, nil
	}
	uses, err := certstore.ParseServices(f.services)
	if err == nil && uses == 0 {
		err = usage(cmd, "--services None enables nothing: `certdesk disable` forgets what a certificate is enabled for")
	}
	return uses, err
}

// planRefused tells why nothing can be done: each service's reason, the first as the command's error.
func (a *app) planRefused(e certstore.Entry, plan enabling.Plan, err error) error {
	if a.flags.json {
		var outcomes []enabling.Outcome
		for _, sp := range plan.Services {
			outcomes = append(outcomes, enabling.Outcome{Service: sp.Service, State: enabling.LeftAlone, Err: sp.Err})
		}
		out := wire.EnabledOf(outcomes, a.io.Now())
		out.Refused = append(out.Refused, wire.Refusal{Thumbprint: e.Thumbprint, Error: wire.ErrorOf(err)})
		if err := a.printJSON(out); err != nil {
			return err
		}
	}
	for _, sp := range plan.Services[min(1, len(plan.Services)):] {
		a.note("certdesk: %s: %s", certstore.ServiceTitle(sp.Service), sentence(sp.Err))
	}
	return err
}

// carryOut asks what has to be asked, and enables, told step by step.
func (a *app) carryOut(ctx context.Context, s *session, plan enabling.Plan, f enableFlags) ([]enabling.Outcome, error) {
	if err := nothingUnfinished(ctx, s); err != nil {
		return nil, err
	}
	a.outline(plan)
	if err := a.mayReplace(ctx, plan, f.force); err != nil {
		return nil, err
	}
	if err := a.mayDrop(ctx, plan, f.force); err != nil {
		return nil, err
	}
	a.changing.Store(true)
	defer a.changing.Store(false)
	return s.store.Enable(ctx, plan, enabling.Options{ReplaceSMTP: true, Drop: true, NoProve: f.noProve,
		Watch: a.watch(ctx)})
}

// nothingUnfinished refuses early what the store would refuse, before a plan is shown that an unsettled change spoils.
func nothingUnfinished(ctx context.Context, s *session) error {
	waiting, err := s.store.Unfinished(ctx)
	if err != nil || len(waiting) == 0 {
		return err
	}
	return fail.New(fail.Unfinished, settleHint, "%s", waiting[0].Text())
}

const settleHint = "finish it with `certdesk enable --finish`, or undo it with `certdesk enable --roll-back`"

// mayReplace asks about default SMTP certificates: both are shown, and no is what nothing means. --yes is not enough.
func (a *app) mayReplace(ctx context.Context, plan enabling.Plan, force bool) error {
	questions := plan.Questions()
	if len(questions) == 0 || force {
		return nil
	}
	text := ""
	for _, q := range questions {
		text += fmt.Sprintf("%s has a default certificate, which every mail server is shown:\n  now   %s\n  then  %s\n",
			certstore.ServiceTitle(q.Service), a.life(q.Replaces.Entry), a.life(plan.Entry))
	}
	const hint = "look at both certificates, then answer on a terminal, or give --force"
	if a.flags.yes {
		return fail.New(fail.ConfirmationNeeded, hint,
			"the default SMTP certificate %s would be replaced: --yes is not enough", words.Label(questions[0].Replaces.Entry))
	}
	err := a.console.Confirm(ctx, text+"Replace it?", hint)
	if fail.Is(err, fail.ConfirmationNeeded) {
		return fail.New(fail.ConfirmationNeeded, hint,
			"the default SMTP certificate %s would be replaced, and there is no terminal to ask on",
			words.Label(questions[0].Replaces.Entry))
	}
	return err
}

// mayDrop asks about types of key that would not be served any more; no is what nothing means.
func (a *app) mayDrop(ctx context.Context, plan enabling.Plan, force bool) error {
	dropping := plan.Dropping()
	if len(dropping) == 0 || force || a.flags.yes {
		return nil
	}
	text := ""
	for _, sp := range dropping {
		text += certstore.ServiceTitle(sp.Service) + ": " + strings.Join(sp.Drops, "; ") + "\n"
	}
	const hint = "answer on a terminal, or give --force or --yes"
	err := a.console.Confirm(ctx, text+"Enable it anyway?", hint)
	if fail.Is(err, fail.ConfirmationNeeded) {
		return fail.New(fail.ConfirmationNeeded, hint, "%s; and there is no terminal to ask on", dropping[0].Drops[0])
	}
	return err
}

// settle ends the changes whose process died.
func (a *app) settle(ctx context.Context, s *session, f enableFlags) error {
	if err := s.writable(); err != nil {
		return err
	}
	waiting, err := s.store.Unfinished(ctx)
	if err != nil {
		return err
	}
	if len(waiting) == 0 {
		a.note("no change is waiting to be finished or undone")
	}
	a.changing.Store(true)
	defer a.changing.Store(false)
	var told []settled
	for _, u := range waiting {
		a.note("%s", u.Text())
		outcome, err := s.store.Settle(ctx, u, f.finish, enabling.Options{NoProve: f.noProve, Watch: a.watch(ctx)})
		if err != nil {
			return err
		}
		told = append(told, settled{u.Entry, outcome, f.rollBack})
	}
	return a.showSettled(ctx, s, told)
}

// outline is the plan's short form, told before it is carried out.
func (a *app) outline(p enabling.Plan) {
	a.note("enabling %s for %s", a.life(p.Entry), strings.Join(planTitles(p), ", "))
	for _, w := range p.Warnings {
		a.note("  warning: %s", w)
	}
	for _, sp := range p.Services {
		a.note("%s: %s", certstore.ServiceTitle(sp.Service), words.Planned(sp, mostPaths))
		for _, w := range slices.Concat(sp.Drops, sp.Warnings) {
			a.note("  warning: %s", w)
		}
		for _, l := range few(plain.LeftLines(sp.Slots(a.io.Now()))) {
			a.note("  not changed: %s", l)
		}
	}
}

// few are the first of some lines, and how many there are more.
func few(lines []string) []string {
	const most = 5
	if len(lines) <= most+1 {
		return lines
	}
	return append(lines[:most:most], fmt.Sprintf("%d more, which --print shows", len(lines)-most))
}

func planTitles(p enabling.Plan) (titles []string) {
	for _, sp := range p.Services {
		titles = append(titles, certstore.ServiceTitle(sp.Service))
	}
	return titles
}

// mostPaths is how many paths of a change are named in one line.
const mostPaths = 2

// life is a certificate with its end.
func (a *app) life(e certstore.Entry) string { return words.Life(e, a.io.Now()) }

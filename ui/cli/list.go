package cli

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/wire"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

func (a *app) listCommand() *cobra.Command {
	var f filter
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list certificates and pending requests, the worst first",
		Example: `  certdesk list --status expiring,expired
  certdesk list --domain-name webmail.proexchange.global
  certdesk list --json`,
		Args: a.noArgs,
		RunE: a.run(func(ctx context.Context, s *session, _ []string) error { return a.list(ctx, s, f) }),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.domainName, "domain-name", "", "what covers this `name`, the one that would be chosen first")
	fl.StringSliceVar(&f.statuses, "status", nil, "these `words`: "+statusWords)
	fl.StringVar(&f.services, "services", "", "for all of these `services`, in use or wanted: IIS, SMTP, POP, IMAP, UM")
	fl.BoolVar(&f.selfSigned, "self-signed", false, "self-signed certificates")
	fl.BoolVar(&f.expired, "expired", false, "certificates past their last day")
	fl.BoolVar(&f.removed, "removed", false, "the trash instead: what restore brings back and purge destroys")
	offerServices(cmd)
	offer(cmd, "status", screen.StatusWords()...)
	return cmd
}

func (a *app) list(ctx context.Context, s *session, f filter) error {
	keep, err := f.compile(s.now())
	if err != nil {
		return err
	}
	entries, err := s.store.List(ctx, f.removed)
	if err != nil {
		return err
	}
	all := len(entries)
	entries = slices.DeleteFunc(slices.Clone(entries), func(e certstore.Entry) bool { return !keep(e) })
	if f.domainName != "" {
		return a.listByName(s, entries, f)
	}
	if a.flags.json {
		return a.printJSON(wire.EntriesOf(entries))
	}
	if len(entries) == 0 {
		a.print("%s\n", s.nothing(all, f.removed))
		return nil
	}
	seen, late := s.judged(ctx, entries)
	a.printTable(worstFirst(seen), 0, f.removed)
	if late {
		a.note("note: not every port answered within a second, and no row tells of those: `certdesk test` waits for them")
	}
	return nil
}

// nothing says why a list is empty; all is how many there were before the filters.
func (s *session) nothing(all int, removed bool) string {
	switch none := s.noStore(); {
	case none != "":
		return "no certificates: " + none
	case all == 1:
		return "the only one there is does not match"
	case all > 1:
		return fmt.Sprintf("none of %d match", all)
	case removed:
		return "nothing is removed"
	}
	return "no certificates"
}

// listByName shows what covers a name in the order Exchange would try it, and says which one it would use.
func (a *app) listByName(s *session, entries []certstore.Entry, f filter) error {
	ranked, chosen := selection(entries)
	if a.flags.json {
		out := wire.EntriesOf(ranked)
		if chosen != nil {
			out[0].Chosen = true
		}
		if err := a.printJSON(out); err != nil || len(ranked) > 0 {
			return err
		}
	}
	name := printable.Text(f.domainName)
	if len(ranked) == 0 {
		return s.uncovered(name)
	}
	if chosen == nil {
		a.printTable(ranked, 0, f.removed)
		a.print("\nnone of these would be used for %s: none has its key and is valid or self-signed\n", name)
		return nil
	}
	a.printTable(ranked, chosen.ID, f.removed)
	a.print("\n%s would be used for %s: %s\n", words.Label(*chosen), name, whyChosen(*chosen))
	return nil
}

// uncovered says that nothing has a name, and what would get it a certificate.
func (s *session) uncovered(name string) error {
	if none := s.noStore(); none != "" {
		return fail.New(fail.NotFound, "the first `certdesk new` or `certdesk import` makes it", "no certificate here covers %s: %s", name, none)
	}
	return fail.New(fail.NotFound, "`certdesk new --generate-request --domain-name "+name+"` asks a CA for one",
		"no certificate here covers %s", name)
}

func whyChosen(e certstore.Entry) string {
	if e.SelfSigned {
		return "no valid certificate of a CA covers it, and this is the newest self-signed one with its key"
	}
	return "it is the newest valid certificate of a CA with its key"
}

// selection orders entries by Exchange's rule for inbound STARTTLS: of those with a private key, the most recent
// first day wins; the first valid one of a CA, or, only if there is none, the first self-signed one. The chosen
// one comes first, then what could be, then the rest.
func selection(entries []certstore.Entry) (ranked []certstore.Entry, chosen *certstore.Entry) {
	ranked = slices.Clone(entries)
	slices.SortStableFunc(ranked, func(x, y certstore.Entry) int {
		return cmp.Or(cmp.Compare(tier(x), tier(y)), y.NotBefore.Compare(x.NotBefore), cmp.Compare(x.ID, y.ID))
	})
	if len(ranked) > 0 && tier(ranked[0]) < notChosen {
		chosen = &ranked[0]
	}
	return ranked, chosen
}

// notChosen is the tier of what Exchange would not use at all.
const notChosen = 2

func tier(e certstore.Entry) int {
	switch {
	case e.Kind != certstore.Certificate:
		return notChosen + 1
	case !e.HasKey:
		return notChosen
	case e.SelfSigned:
		return 1
	case usable(e):
		return 0
	}
	return notChosen
}

// filterError is the answer to a filter that names what does not exist.
func filterError(format string, args ...any) error {
	return fail.New(fail.Usage, "certdesk list --help shows the filters", format, args...)
}

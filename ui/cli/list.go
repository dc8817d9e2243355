package cli

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/query"
	"certdesk/certstore/trust"
	"certdesk/certstore/when"
	"certdesk/ui/cli/wire"
	"certdesk/ui/sheet"
	"certdesk/ui/words"
)

func (a *app) listCommand() *cobra.Command {
	var (
		f filter
		w writing
	)
	cmd := &cobra.Command{
		Use:   "list",
		Short: "list certificates and pending requests, the worst first",
		Long: "--filter takes the words of the desk's filter: words that occur, !word, and keys such as is:expired,\n" +
			"before:25dec, expires<30d, service:smtp, server:postfix, covers:mail.example.org, ca:example, key:rsa.\n" +
			"--format ics is a calendar of the days by which to renew, prometheus the figures for the textfile collector\n" +
			"of node_exporter: every port is asked for them what it serves. Other users may read a file of these two.",
		Example: `  certdesk list --status expiring,expired
  certdesk list --filter 'before:25dec !ca:example'
  certdesk list --expires-in 30d --format csv
  certdesk list --format prometheus --path /var/lib/prometheus/node-exporter/certdesk.prom --force
  certdesk list --domain-name webmail.proexchange.global`,
		Args: a.noArgs,
		RunE: a.run(func(ctx context.Context, s *session, _ []string) error { return a.list(ctx, s, f, w) }),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.text, "filter", "", "what the desk's filter shows for this `text`")
	fl.StringVar(&f.domainName, "domain-name", "", "what covers this `name`, the one that would be chosen first")
	fl.StringSliceVar(&f.statuses, "status", nil, "these `words`: "+statusWords)
	fl.StringVar(&f.services, "services", "", "for all of these `services`, in use or wanted: IIS, SMTP, POP, IMAP, UM")
	fl.StringVar(&f.before, "expires-before", "", "what ends before a `day`: "+when.Forms)
	fl.StringVar(&f.in, "expires-in", "", "what ends, or ended, within a `time` from now: 30d, 2w")
	fl.BoolVar(&f.selfSigned, "self-signed", false, "self-signed certificates")
	fl.BoolVar(&f.expired, "expired", false, "certificates past their last day")
	fl.BoolVar(&f.removed, "removed", false, "the removed entries instead: what restore brings back and purge destroys")
	fl.StringVar(&w.format, "format", "table", "how rows are written, a `word`: "+strings.Join(listFormats(), ", "))
	fl.StringVar(&w.path, "path", "", "the `file` to write to, the whole of it at once, instead of standard output")
	fl.BoolVar(&w.force, "force", false, "overwrite the file at --path")
	offerServices(cmd, "services")
	offer(cmd, "status", query.StatusWords()...)
	offer(cmd, "format", listFormats()...)
	offerFilter(cmd)
	return cmd
}

// offerFilter completes --filter as the desk does.
func offerFilter(cmd *cobra.Command) {
	_ = cmd.RegisterFlagCompletionFunc("filter", func(_ *cobra.Command, _ []string, begun string) ([]string,
		cobra.ShellCompDirective) {
		var out []string
		for _, o := range query.Complete(begun, query.Values{}) {
			out = append(out, cobra.CompletionWithDesc(o.Text, o.Does))
		}
		return out, cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveNoSpace
	})
}

func (a *app) list(ctx context.Context, s *session, f filter, w writing) error {
	w, err := w.checked(a.flags.json, f)
	if err != nil {
		return err
	}
	q, err := f.query(s.now())
	if err != nil {
		return err
	}
	entries, err := s.store.List(ctx, f.removed)
	if err != nil {
		return err
	}
	l := listing{query: q, filter: f, writing: w}
	switch {
	case w.format == metricsFormat:
		entries, err = s.measured(ctx, entries, &l)
	case f.removed:
	case q.AsksPorts():
		entries, l.late = s.beside(ctx, entries)
	default:
		entries, l.late = s.judged(ctx, entries)
	}
	if err != nil {
		return err
	}
	if l.late {
		a.note("note: not every port answered within a second, and no row tells of those: " +
			"`certdesk test` waits for them")
	}
	l.entries, l.all = q.Kept(entries), len(entries)
	if f.domainName != "" {
		return a.listByName(s, l)
	}
	switch w.format {
	case tableFormat:
		return a.listTable(s, l)
	case "csv", "markdown":
		l.entries = worstFirst(l.entries) // JSON keeps the order of ids
	}
	return a.writeRows(s, l)
}

// listing is what list shows of all that there are.
type listing struct {
	writing
	entries []certstore.Entry
	all     int
	query   query.Query
	filter  filter
	late    bool // not every port answered
	seen    sheet.Beside
}

func (a *app) listTable(s *session, l listing) error {
	if len(l.entries) == 0 {
		a.print("%s\n", s.nothing(l))
		return nil
	}
	a.printTable(worstFirst(l.entries), 0, l)
	if a.width() > 0 && !l.query.Empty() {
		a.print("\n%s\n", l.query.Says(len(l.entries), l.all))
	}
	return nil
}

// nothing says why a list is empty.
func (s *session) nothing(l listing) string {
	switch none := s.noStore(); {
	case none != "":
		return "no certificates: " + none
	case l.all == 1:
		return "the only one there is does not match"
	case l.all > 1:
		return l.query.None(l.all)
	case l.filter.removed:
		return "nothing is removed"
	}
	return "no certificates"
}

// listByName shows what covers a name in the order Exchange would try it, and says which one it would use.
func (a *app) listByName(s *session, l listing) error {
	ranked, chosen := selection(l.entries)
	name := printable.Text(l.filter.domainName)
	if l.format != tableFormat {
		l.entries = ranked
		if err := a.writeRanked(s, l, chosen); err != nil || len(ranked) > 0 {
			return err
		}
	}
	if len(ranked) == 0 {
		return s.uncovered(name)
	}
	if chosen == nil {
		a.printTable(ranked, 0, l)
		a.print("\nnone of these would be used for %s: none has its key and is valid or self-signed\n", name)
		return nil
	}
	a.printTable(ranked, chosen.ID, l)
	a.print("\n%s would be used for %s: %s\n", words.Label(*chosen), name, whyChosen(*chosen))
	return nil
}

// writeRanked is writeRows; JSON also says which one would be used.
func (a *app) writeRanked(s *session, l listing, chosen *certstore.Entry) error {
	if l.format != "json" || chosen == nil {
		return a.writeRows(s, l)
	}
	out := wire.EntriesOf(l.entries)
	out[0].Chosen = true
	return a.printJSON(out)
}

// uncovered says that nothing has a name, and what would get it a certificate.
func (s *session) uncovered(name string) error {
	if none := s.noStore(); none != "" {
		return fail.New(fail.NotFound, "the first `certdesk new` or `certdesk import` makes it",
			"no certificate here covers %s: %s", name, none)
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

// usable says whether a certificate is valid today, whatever its ports serve.
func usable(e certstore.Entry) bool {
	return e.Verdict.Status.Works() || e.Verdict.Status == trust.NotServed && e.Verdict.Root != ""
}

package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/monitoring"
	"certdesk/certstore/names"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
)

// checkFlags are what check is asked.
type checkFlags struct {
	warning, critical, services string
	names                       []string
}

// checkName is the command whose failures are a state too.
const checkName = "check"

// portsPatience is how long a check waits for the ports: most monitoring systems end a plugin after 10 s.
const portsPatience = 8 * time.Second

func (a *app) checkCommand() *cobra.Command {
	var f checkFlags
	cmd := &cobra.Command{
		Use:   checkName,
		Short: "for monitoring: one line and an exit status, OK, WARNING or CRITICAL",
		Long: "A plugin for Nagios, Icinga, Checkmk and their like. The first line says the state, the worst of what there is\n" +
			"and some numbers; a line for each other thing that is not well follows. Verdicts are those of the table, and\n" +
			"every port is asked what it serves. A certificate whose place another has taken is well. Nothing is changed;\n" +
			"who may read the store may check it. CAs are asked whether they revoked something where that is due and can be\n" +
			"kept in the store; else what is known there counts.\n" +
			"Exit status: 0 OK, 1 WARNING, 2 CRITICAL, 3 anything else, wrong usage included.",
		Example: `  certdesk check
  certdesk check --warning 25% --critical 10%
  certdesk check --service SMTP --expect-name mail.example.org`,
		Args: a.noArgs,
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.warning, "warning", "",
		"WARNING under so much `left`: "+monitoring.LimitForms+" (default a third of its life, 30 days at most)")
	fl.StringVar(&f.critical, "critical", "", "CRITICAL under so much `left` (default a tenth of its life, 7 days at most)")
	fl.StringVar(&f.services, "service", "", "only what is enabled for one of these `services`: IIS, SMTP, POP, IMAP, UM")
	fl.StringSliceVar(&f.names, "expect-name", nil, "CRITICAL where no valid certificate covers this `name`")
	offerServices(cmd, "service")
	cmd.RunE = a.run(func(ctx context.Context, s *session, _ []string) error { return a.check(ctx, s, f) })
	return cmd
}

// question reads the flags. Errors: Usage, InvalidName.
func (f checkFlags) question(now time.Time) (q monitoring.Question, err error) {
	q.Now = now
	if q.Warning, err = limit("--warning", f.warning); err != nil {
		return q, err
	}
	if q.Critical, err = limit("--critical", f.critical); err != nil {
		return q, err
	}
	if q.Services, err = certstore.ParseServices(f.services); err != nil {
		return q, err
	}
	if f.services != "" && q.Services == 0 {
		return q, fail.New(fail.Usage, "leave --service out to check everything", "--service None names nothing to check")
	}
	for _, text := range f.names {
		n, err := names.Normalize(text)
		if err != nil {
			return q, fmt.Errorf("--expect-name: %w", err)
		}
		q.Names = append(q.Names, n.Value)
	}
	return q, nil
}

func limit(flag, text string) (*monitoring.Limit, error) {
	if text == "" {
		return nil, nil
	}
	l, err := monitoring.ParseLimit(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", flag, err)
	}
	return &l, nil
}

func (a *app) check(ctx context.Context, s *session, f checkFlags) error {
	q, err := f.question(s.now())
	if err != nil {
		return err
	}
	if none := s.noStore(); none != "" {
		return fail.New(fail.NotFound, "name the right one with --store", "nothing to check: %s", none)
	}
	if _, err := s.store.List(ctx, false); err != nil { // what is wrong with the store is told from here on
		return err
	}
	asked := s.askDue(ctx)
	seen, err := s.sight(ctx, q)
	if err != nil {
		return err
	}
	if err := <-asked; err != nil {
		return err
	}
	entries, err := s.store.List(ctx, false)
	if err != nil {
		return err
	}
	for i := range entries {
		seen.Survey.Judge(&entries[i])
	}
	r := q.Judge(worstFirst(entries), seen)
	if err := a.tellCheck(q, r); err != nil || r.State == monitoring.OK {
		return err
	}
	return shown(r.State)
}

// askDue has those CAs asked that are due, while the ports are. Who only reads the store goes by what others learned: a
// plugin that runs each minute and can keep nothing would fetch every list each minute.
func (s *session) askDue(ctx context.Context) <-chan error {
	asked := make(chan error, 1)
	go func() {
		ctx, stop := context.WithTimeout(ctx, caPatience)
		defer stop()
		_, _, err := s.store.AskCAs(ctx)
		asked <- err
	}()
	return asked
}

// sight is what is seen beside the entries: what the ports serve, and how the store is.
func (s *session) sight(ctx context.Context, q monitoring.Question) (monitoring.Sight, error) {
	s.told = true
	seen, err := s.health(ctx)
	if err == nil && s.store.HasServices() {
		seen.Survey, seen.Silent = s.surveyed(ctx, portsPatience)
		seen.Survey = q.About(seen.Survey)
	}
	return seen, err
}

func (a *app) tellCheck(q monitoring.Question, r monitoring.Report) error {
	if a.flags.json {
		return a.printJSON(wire.CheckOf(r, plain.CheckWords(q, r)))
	}
	a.print("%s", plain.Check(q, r))
	return nil
}

// checkFailed answers where nothing could be checked: a monitoring system reads standard output and the exit status,
// and takes 1 and 2 for alarms.
func (a *app) checkFailed(err error) int {
	e := wire.ErrorOf(err)
	e.Message = strings.TrimPrefix(e.Message, checkName+": ")
	if a.json {
		_ = a.printJSON(wire.CheckOf(monitoring.Report{State: monitoring.Unknown}, e.Message))
		a.report(err)
	} else {
		a.print("%s\n", plain.CheckLine(monitoring.Unknown, e.Message))
		if e.Hint != "" {
			a.print("hint: %s\n", e.Hint)
		}
	}
	return int(monitoring.Unknown)
}

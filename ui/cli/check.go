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
	"certdesk/ui/words"
)

// checkFlags are what check is asked.
type checkFlags struct {
	warning, critical, services string
	names, entries              []string
	timeout                     int
}

// checkName is the command whose failures are a state too.
const checkName = "check"

// checkPatience is how long a check may take, in seconds: most monitoring systems end a plugin after 10, and make of
// that what they like.
const checkPatience = 8

// portsPatience is how long the ports are waited for in so many seconds: what they said is still to be told.
func portsPatience(seconds int) time.Duration {
	return time.Duration(seconds) * time.Second * 7 / 8
}

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
  certdesk check --service SMTP --expect-name mail.example.org
  certdesk check --entry 9A3F51 --timeout 5`,
		Args: a.noArgs,
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.warning, "warning", "",
		"WARNING under so much `left`: "+monitoring.LimitForms+" (default a third of its life, 30 days at most)")
	fl.StringVar(&f.critical, "critical", "", "CRITICAL under so much `left` (default a tenth of its life, 7 days at most)")
	fl.StringVar(&f.services, "service", "", "only what is enabled for one of these `services`: IIS, SMTP, POP, IMAP, UM")
	fl.StringSliceVar(&f.names, "expect-name", nil, "CRITICAL where no valid certificate covers this `name`")
	fl.StringArrayVar(&f.entries, "entry", nil, "only this one, by its `thumbprint` or friendly name, and its ports")
	fl.IntVar(&f.timeout, "timeout", checkPatience, "UNKNOWN after so many `seconds`; what is known of ports by then counts")
	offerServices(cmd, "service")
	_ = cmd.RegisterFlagCompletionFunc("entry", a.thumbprints(false))
	cmd.RunE = func(cmd *cobra.Command, args []string) error { return a.checkInTime(cmd, args, f) }
	return cmd
}

// checkInTime ends a check when its time is up, whatever it waits for: a disk that does not answer obeys nobody.
func (a *app) checkInTime(cmd *cobra.Command, args []string, f checkFlags) error {
	if f.timeout < 1 || f.timeout > 3600 {
		return usage(cmd, "--timeout %d: it takes seconds from 1 to 3600", f.timeout)
	}
	ctx, stop := context.WithTimeout(cmd.Context(), time.Duration(f.timeout)*time.Second)
	defer stop()
	cmd.SetContext(ctx)
	type answer struct {
		q   monitoring.Question
		r   monitoring.Report
		err error
	}
	done := make(chan answer, 1)
	go func() {
		var got answer
		got.err = a.run(func(ctx context.Context, s *session, _ []string) (err error) {
			got.q, got.r, err = s.check(ctx, f)
			return err
		})(cmd, args)
		done <- got
	}()
	select {
	case got := <-done:
		switch {
		case ctx.Err() != nil:
		case got.err != nil:
			return got.err
		default:
			return a.tellCheck(got.q, got.r)
		}
	case <-ctx.Done():
	}
	return fail.New(fail.Failed, "a longer --timeout waits for it; the monitoring system's own limit must be longer still",
		"not done within %s: the store, its configuration or a daemon's own tool did not answer",
		words.Count(f.timeout, "second"))
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

// check looks at all that is asked about.
func (s *session) check(ctx context.Context, f checkFlags) (q monitoring.Question, r monitoring.Report, err error) {
	if q, err = f.question(s.now()); err != nil {
		return q, r, err
	}
	if none := s.noStore(); none != "" {
		return q, r, fail.New(fail.NotFound, "name the right one with --store", "nothing to check: %s", none)
	}
	if q.Entries, err = s.find(ctx, f.entries, false); err != nil { // what is wrong with the store is told from here on
		return q, r, err
	}
	asked := s.askDue(ctx, portsPatience(f.timeout))
	seen, err := s.sight(ctx, q, portsPatience(f.timeout))
	if err != nil {
		return q, r, err
	}
	if err := <-asked; err != nil {
		return q, r, err
	}
	entries, err := s.store.List(ctx, false)
	if err != nil {
		return q, r, err
	}
	for i := range entries {
		seen.Survey.Judge(&entries[i])
	}
	return q, q.Judge(worstFirst(entries), seen), nil
}

// askDue has those CAs asked that are due, while the ports are. Who only reads the store goes by what others learned: a
// plugin that runs each minute and can keep nothing would fetch every list each minute.
func (s *session) askDue(ctx context.Context, patience time.Duration) <-chan error {
	asked := make(chan error, 1)
	go func() {
		ctx, stop := context.WithTimeout(ctx, min(caPatience, patience))
		defer stop()
		_, _, err := s.store.AskCAs(ctx)
		asked <- err
	}()
	return asked
}

// sight is what is seen beside the entries: what the ports serve, and how the store is.
func (s *session) sight(ctx context.Context, q monitoring.Question, patience time.Duration) (monitoring.Sight, error) {
	s.told = true
	seen, err := s.health(ctx)
	if err != nil {
		return seen, err
	}
	hearers, err := s.store.Hearers(ctx)
	for _, h := range hearers {
		if text := h.Untold(); text != "" {
			seen.Store = append(seen.Store, text)
		}
	}
	if err != nil || !s.store.HasServices() {
		return seen, err
	}
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	v, late := s.store.Survey(ctx)
	seen.Survey = q.About(v)
	if late != nil {
		seen.Survey, seen.Silent = seen.Survey.Answered()
	}
	return seen, nil
}

func (a *app) tellCheck(q monitoring.Question, r monitoring.Report) error {
	if a.flags.json {
		if err := a.printJSON(wire.CheckOf(r, plain.CheckWords(q, r))); err != nil {
			return err
		}
	} else {
		a.print("%s", plain.Check(q, r))
	}
	if r.State == monitoring.OK {
		return nil
	}
	return shown(r.State)
}

// checkFailed answers where nothing could be checked: a monitoring system reads standard output and the exit status,
// takes 1 and 2 for alarms, and shows people one line.
func (a *app) checkFailed(err error) int {
	e := wire.ErrorOf(err)
	text := strings.TrimPrefix(e.Message, checkName+": ")
	if e.Hint != "" {
		text += " (" + e.Hint + ")"
	}
	if a.json {
		_ = a.printJSON(wire.CheckOf(monitoring.Report{State: monitoring.Unknown}, text))
		a.report(err)
	} else {
		a.print("%s\n", plain.CheckLine(monitoring.Unknown, text))
	}
	return int(monitoring.Unknown)
}

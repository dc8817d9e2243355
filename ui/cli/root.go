package cli

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/wire"
	"certdesk/ui/lines"
)

// app is one run of the command line.
type app struct {
	io      IO
	out     *output
	console console.Console
	flags   globals
	json    bool // --json is among the words: known even where the flags cannot be parsed

	changing atomic.Bool // a service is being changed
}

// globals are the flags every command has.
type globals struct {
	demo, json, readOnly, accessible, noMouse, yes bool

	store, config, theme string
}

func newApp(streams IO) *app {
	if streams.Getenv == nil {
		streams.Getenv = func(string) string { return "" }
	}
	if streams.Now == nil {
		streams.Now = time.Now
	}
	if streams.Host == nil {
		streams.Host = hostName
	}
	if streams.Desk == nil {
		streams.Desk = ui.Run
	}
	if streams.Lines == nil {
		streams.Lines = lines.Run
	}
	return &app{io: streams, out: &output{w: streams.Out},
		console: console.Console{In: streams.In, Err: streams.Err, OpenTTY: streams.OpenTTY}}
}

// root is the whole tree of commands. What is not in it does not exist: not in help, not in completion.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "certdesk",
		Short: "a desk for the certificates of a mail organisation",
		Long: "certdesk is a desk for the certificates of a mail organisation: request, self-sign, import, enable for\n" +
			"services and prove it, list, export, renew and remove them. Without a command it opens the desk on a terminal.",
		Args:              a.noArgs,
		RunE:              a.openDesk,
		PersistentPreRunE: a.checkGlobals,
		SilenceErrors:     true,
		SilenceUsage:      true,
	}
	root.SetIn(a.io.In)
	root.SetOut(a.out)
	root.SetErr(a.io.Err)
	root.SetFlagErrorFunc(flagError)
	a.globalFlags(root)
	root.AddCommand(a.newCommand(), a.importCommand(), a.enableCommand(), a.disableCommand(), a.listCommand(),
		a.showCommand(), a.exportCommand(),
		a.removeCommand(), a.renewCommand(), a.restoreCommand(), a.purgeCommand(), a.domainsCommand(),
		a.doctorCommand(), a.historyCommand(), a.testCommand(), a.whyCommand(), a.checkCommand(), a.renameCommand(),
		a.acmeCommand(), a.notifyCommand(), a.compareCommand(), a.versionCommand())
	a.versionFlag(root)
	root.SetHelpCommand(a.helpCommand())
	strictCompletion(root)
	return root
}

func (a *app) globalFlags(root *cobra.Command) {
	f := root.PersistentFlags()
	f.SortFlags = false
	f.BoolVar(&a.flags.demo, "demo", false, "a throw-away store with an entry in every state, and services to try it on")
	f.StringVar(&a.flags.store, "store", "", "the store's `directory`")
	f.StringVar(&a.flags.config, "config", "", "the configuration `file` (default /etc/certdesk/certdesk.toml)")
	f.BoolVar(&a.flags.json, "json", false, "results and errors as JSON")
	f.BoolVar(&a.flags.readOnly, "read-only", false, "change nothing")
	f.BoolVar(&a.flags.accessible, "accessible", false,
		"the desk by plain lines and questions: no full screen, no colour, no animation")
	f.BoolVar(&a.flags.noMouse, "no-mouse", false, "the desk leaves the mouse to the terminal, to select text with")
	f.StringVar(&a.flags.theme, "theme", "",
		"the `colours`: auto, light, dark or mono (default what the configuration says, else auto)")
	f.BoolVar(&a.flags.yes, "yes", false, "answer yes to the questions that allow it")
	offer(root, "theme", config.Themes...)
}

func (a *app) checkGlobals(cmd *cobra.Command, _ []string) error {
	if err := emptyFlag(cmd); err != nil {
		return err
	}
	switch {
	case a.flags.theme != "" && !slices.Contains(config.Themes, a.flags.theme):
		return usage(cmd, "--theme %s is not known: use auto, light, dark or mono", a.flags.theme)
	case a.flags.demo && a.flags.store != "":
		return usage(cmd, "--demo has its own store: leave out --store")
	}
	a.json = a.flags.json
	a.flags.accessible = a.flags.accessible || a.io.Getenv("ACCESSIBLE") != ""
	return nil
}

// usage is the error for words that do not make a command.
func usage(cmd *cobra.Command, format string, args ...any) error {
	return fail.New(fail.Usage, cmd.CommandPath()+" --help shows what it takes", format, args...)
}

// noArgs refuses words after a command that takes none; for the root these are unknown commands.
func (a *app) noArgs(cmd *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	switch {
	case !cmd.HasParent():
		return noSuch(cmd, args[0], "no command")
	case len(suggestions(cmd, args[0])) > 0:
		return noSuch(cmd, args[0], "one word too many")
	}
	return usage(cmd, "%q is one argument too many", args[0])
}

// argsBetween wants at least low words, and at most high unless that is 0.
func argsBetween(low, high int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if len(args) < low {
			return usage(cmd, "%s is missing", what)
		}
		if high > 0 && len(args) > high {
			return usage(cmd, "%q is one argument too many", args[high])
		}
		return noneEmpty(cmd, args, what)
	}
}

// noneEmpty refuses an empty word.
func noneEmpty(cmd *cobra.Command, args []string, what string) error {
	if slices.ContainsFunc(args, isBlank) {
		return usage(cmd, "%s %s", what, notSet)
	}
	return nil
}

// verb is what a command does with an open store.
type verb func(ctx context.Context, s *session, args []string) error

// run opens the store for a verb, and names the command in what goes wrong. An interrupt cancels the context; a
// second one ends the process even where a read (a pipe given as password file) cannot be cancelled, but not while a
// service is changed: that is put back first.
func (a *app) run(do verb) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		ctx := cmd.Context()
		stop := context.AfterFunc(ctx, func() {
			if !a.changing.Load() {
				signal.Reset(os.Interrupt)
			}
		})
		defer stop()
		s, err := a.open(ctx)
		if err != nil {
			return err
		}
		defer s.close()
		err = do(ctx, s, args)
		if banner := s.store.Banner(); banner != "" && !s.told {
			a.note("certdesk: %s", banner)
		}
		return during(strings.TrimPrefix(cmd.CommandPath(), cmd.Root().Name()+" "), err)
	}
}

// during says which command failed, where the sentence does not say it already.
func during(name string, err error) error {
	if err == nil {
		return nil
	}
	if rest, ok := strings.CutPrefix(err.Error(), name); ok &&
		(strings.HasPrefix(rest, ": ") || strings.HasPrefix(rest, " --")) {
		return err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// print writes a result to standard output; foreign text in args must be printable already.
func (a *app) print(format string, args ...any) { fmt.Fprintf(a.out, format, args...) }

// printJSON writes a value to standard output.
func (a *app) printJSON(v any) error {
	text, err := wire.Text(v, "  ")
	if err == nil {
		_, err = a.out.Write(text)
	}
	return err
}

// note writes a line to standard error, for people: with --json that stream carries errors alone.
func (a *app) note(format string, args ...any) {
	if !a.json {
		fmt.Fprintln(a.io.Err, printable.Text(fmt.Sprintf(format, args...)))
	}
}

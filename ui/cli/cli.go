// Package cli is certdesk's command line: the contract for scripts, monitoring and people who prefer it.
//
// Every command is a thin reader of flags around one verb of certstore; nothing is decided here that the desk
// would decide otherwise. It promises: results alone on standard output, everything else on standard error;
// an error is one coded sentence and one hint; a question is asked on a terminal only, and without one the
// answer is no; no key and no password is ever printed, or read from an argument or the environment.
package cli

import (
	"context"
	"crypto"
	"errors"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/ui/cli/console"
	"certdesk/ui/lines"
	"certdesk/ui/screen"
)

// IO is what a run is connected to. Only In, Out and Err are needed.
type IO struct {
	In       io.Reader                // questions are asked where this and Err are terminals
	Out, Err io.Writer                // results, and everything else
	OpenTTY  func() (*os.File, error) // the controlling terminal, for passwords while In is a pipe; nil for none
	Getenv   func(string) string      // nil for an empty environment

	Now    func() time.Time                                     // nil for the system's clock
	NewKey func(issuing.KeySpec) (crypto.Signer, error)         // nil for real keys; fixed keys in tests
	Host   func() string                                        // this host's full name; nil asks the system
	Desk   func(context.Context, screen.Config) error           // nil for the real desk
	Lines  func(context.Context, screen.Config, lines.IO) error // nil for the real desk in lines
	// fetches issuers' certificates; nil reaches public addresses alone
	Web   http.RoundTripper
	Width func() int // columns of Out, 0 for no limit; nil asks the terminal
}

// Standard is the IO of a process.
func Standard() IO {
	return IO{In: os.Stdin, Out: os.Stdout, Err: os.Stderr, OpenTTY: console.OpenTTY, Getenv: os.Getenv}
}

// Commands is the whole tree of commands, for what is made from it: manuals and completions.
func Commands() *cobra.Command { return newApp(IO{}).root() }

// Run carries out one command line, without the program's name, and gives its exit status:
// 0 done, 1 failed, 2 wrong usage, 3 refused, 4 not found; of check what monitoring expects.
func Run(ctx context.Context, args []string, streams IO) int {
	a := newApp(streams)
	a.json = asksForJSON(args)
	root := a.root()
	root.SetArgs(args)
	cmd, err := root.ExecuteContextC(ctx)
	if err == nil && a.out.err != nil {
		err = fail.New(fail.Failed, "", "write to standard output: %w", a.out.err)
	}
	if err == nil {
		return 0
	}
	var told shown
	if cmd.Name() == checkName && !errors.As(err, &told) {
		return a.checkFailed(err)
	}
	return a.report(err)
}

// asksForJSON looks for --json among the flags.
func asksForJSON(args []string) bool {
	for _, arg := range args {
		switch arg {
		case "--":
			return false
		case "--json", "--json=true":
			return true
		}
	}
	return false
}

// output is a writer that remembers its first error.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	if o.err != nil {
		return 0, o.err
	}
	n, err := o.w.Write(p)
	o.err = err
	return n, err
}

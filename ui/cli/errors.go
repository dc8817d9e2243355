package cli

import (
	"errors"
	"fmt"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// errUsageShown ends a run whose usage text is on standard error already.
var errUsageShown = errors.New("usage shown")

// report tells a person or a script what went wrong, and gives the exit status.
func (a *app) report(err error) int {
	if errors.Is(err, errUsageShown) {
		return fail.Usage.Exit()
	}
	e := wire.ErrorOf(err)
	switch {
	case a.json:
		line, _ := wire.Text(map[string]wire.Error{"error": e}, "")
		a.io.Err.Write(line)
	case e.Hint != "":
		fmt.Fprintf(a.io.Err, "certdesk: %s\nhint: %s\n", e.Message, e.Hint)
	default:
		fmt.Fprintf(a.io.Err, "certdesk: %s\n", e.Message)
	}
	return e.Code.Exit()
}

// refusals is the error of a verb over several entries: all are told, the first decides the exit status.
func (a *app) refusals(refused []certstore.Refusal) error {
	if len(refused) == 0 {
		return nil
	}
	for _, r := range refused[1:] {
		a.note("certdesk: %s: %s", words.Label(r.Entry), words.Failed(r.Err))
	}
	first := refused[0]
	return fmt.Errorf("%s: %w", words.Label(first.Entry), first.Err)
}

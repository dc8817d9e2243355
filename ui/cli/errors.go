package cli

import (
	"errors"
	"fmt"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/wire"
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
		e := wire.ErrorOf(r.Err)
		a.note("certdesk: %s: %s", label(r.Entry), e.Message)
	}
	first := refused[0]
	return fmt.Errorf("%s: %w", label(first.Entry), first.Err)
}

// label names an entry in a sentence: its friendly name and enough of its thumbprint to find it again.
func label(e certstore.Entry) string {
	return fmt.Sprintf("%s (%s)", printable.Text(e.FriendlyName), short(e.Thumbprint))
}

// shortDigits is how much of a thumbprint is shown in sentences and tables: any 6 find an entry if they are
// unique; 12 are, in any store a person keeps.
const shortDigits = 12

func short(thumbprint string) string {
	return printable.Text(thumbprint[:min(shortDigits, len(thumbprint))])
}

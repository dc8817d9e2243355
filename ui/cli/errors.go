package cli

import (
	"errors"
	"fmt"
	"strconv"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// shown ends a run, with this exit status, that has told everything already.
type shown int

func (s shown) Error() string { return "exit status " + strconv.Itoa(int(s)) }

// report tells a person or a script what went wrong, and gives the exit status.
func (a *app) report(err error) int {
	var told shown
	if errors.As(err, &told) {
		return int(told)
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

// sentence is what failed, without its hint. It names commands where the desk's words name keys.
func sentence(err error) string { return printable.Text(fail.Of(err).Text) }

// refusals is the error of a verb over several entries: all are told, the first decides the exit status.
func (a *app) refusals(refused []certstore.Refusal) error {
	if len(refused) == 0 {
		return nil
	}
	for _, r := range refused[1:] {
		a.note("certdesk: %s: %s", words.Label(r.Entry), sentence(r.Err))
	}
	first := refused[0]
	return fmt.Errorf("%s: %w", words.Label(first.Entry), first.Err)
}

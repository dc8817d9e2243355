package delivering

import (
	"cmp"
	"context"
	"encoding/json"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// command runs a program that brings the letter in its own way.
type command struct{ argv []string }

// commandTime is how long it may take.
const commandTime = 30 * time.Second

// bring gives the program the letter as JSON on its standard input; no text of it becomes an argument.
func (c command) bring(ctx context.Context, l Letter) (string, error) {
	data, err := json.Marshal(l.Data)
	if err != nil {
		return "", err
	}
	program, err := daemon.Host{}.Program(c.argv[0])
	if err != nil {
		return "", err
	}
	argv := append([]string{program}, c.argv[1:]...)
	out, err := daemon.Exec(ctx, daemon.Command{Argv: argv, In: append(data, '\n'), Time: commandTime})
	switch {
	case err != nil:
		return "", failed("", "%s", fail.Sentence(err))
	case out.Exit != 0:
		return "", failed("", "it failed (exit status %d): %s", out.Exit, cmp.Or(out.Reason(), "it does not say why"))
	}
	return "it ended well", nil
}

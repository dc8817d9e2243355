package ui_test

import (
	"bytes"
	"context"
	"crypto"
	"strings"
	"time"

	"certdesk/certstore/issuing"
	"certdesk/ui/cli"
)

// runCommand runs a command that a screen shows by the real command line.
func runCommand(args []string, now time.Time, newKey func(issuing.KeySpec) (crypto.Signer, error)) (int, string) {
	var out bytes.Buffer
	streams := cli.IO{In: strings.NewReader(""), Out: &out, Err: &out, Now: func() time.Time { return now }, NewKey: newKey}
	return cli.Run(context.Background(), args, streams), out.String()
}

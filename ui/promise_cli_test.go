package ui_test

import (
	"bytes"
	"context"
	"strings"
	"time"

	"certdesk/ui"
	"certdesk/ui/cli"
)

// The commands that a screen shows are run by the real command line, which package ui itself cannot import.
func init() {
	ui.RunCommand = func(args []string, now time.Time, newKey ui.KeyMaker) (int, string) {
		var out bytes.Buffer
		streams := cli.IO{In: strings.NewReader(""), Out: &out, Err: &out, Now: func() time.Time { return now }, NewKey: newKey}
		return cli.Run(context.Background(), args, streams), out.String()
	}
}

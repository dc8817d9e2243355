// Command certdesk is a terminal desk for the certificates of a mail organisation.
package main

import (
	"context"
	"os"
	"os/signal"

	"certdesk/ui/cli"
	"certdesk/ui/cli/console"
)

func main() { os.Exit(run()) }

// run ends on a signal as on an error: by returning, so that the terminal and the store are left in order.
func run() int {
	console.Harden()
	ctx, stop := signal.NotifyContext(context.Background(), console.EndSignals()...)
	defer stop()
	return cli.Run(ctx, os.Args[1:], cli.Standard())
}

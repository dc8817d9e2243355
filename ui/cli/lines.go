package cli

import (
	"context"

	"certdesk/ui/cli/console"
	"certdesk/ui/lines"
)

// inLines is the desk by lines that are printed and read: no full screen, no colour, nothing painted twice. It works
// through a pipe as on a terminal.
func (a *app) inLines(ctx context.Context, s *session) error {
	ctx, interrupts, end := console.Interruptible(ctx)
	defer end()
	talk := lines.IO{In: a.io.In, Out: a.out, Echo: !console.IsTerminal(a.io.In), Interrupts: interrupts}
	if !talk.Echo {
		_, height := console.Size(a.io.Out)
		talk.Secret, talk.Width, talk.Height = a.console.Password, a.width(), height
	}
	return a.io.Lines(ctx, a.deskConfig(s), talk)
}

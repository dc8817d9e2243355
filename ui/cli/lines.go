package cli

import (
	"context"
	"os"
	"os/signal"
	"time"

	"certdesk/ui/lines"
)

// inLines is the desk by lines that are printed and read: no full screen, no colour, nothing painted twice. It works
// through a pipe as on a terminal.
func (a *app) inLines(ctx context.Context, s *session) error {
	ctx, interrupts, end := interruptible(ctx)
	defer end()
	talk := lines.IO{In: a.io.In, Out: a.out, Echo: !isTerminal(a.io.In), Interrupts: interrupts}
	if !talk.Echo {
		talk.Secret, talk.Width, talk.Height = a.askPassword, a.width(), terminalHeight(a.io.Out)
	}
	return a.io.Lines(ctx, a.deskConfig(s), talk)
}

// interruptible makes of an interrupt a message: it cancels what runs and is no end of the desk, which a program in
// lines would else have no key for. Every other end of the context stays one.
func interruptible(parent context.Context) (ctx context.Context, interrupts <-chan os.Signal, end func()) {
	ctx, cancel := context.WithCancelCause(context.WithoutCancel(parent))
	signals, told, over := make(chan os.Signal, 4), make(chan os.Signal, 4), make(chan struct{})
	signal.Notify(signals, EndSignals()...)
	go func() {
		done, explained := parent.Done(), false
		var unexplained <-chan time.Time
		for {
			select {
			case s := <-signals:
				explained, unexplained = true, nil
				if s != os.Interrupt {
					cancel(context.Canceled)
				}
				select {
				case told <- s:
				default: // it is being dealt with
				}
			case <-done: // by a signal, which is here or on its way too, or by who called
				if done = nil; !explained {
					unexplained = time.After(signalGrace)
				}
			case <-unexplained:
				cancel(context.Cause(parent))
			case <-over:
				return
			}
		}
	}()
	return ctx, told, func() { signal.Stop(signals); close(over); cancel(nil) }
}

// signalGrace is how long a signal that ended the caller's context may take to come here.
const signalGrace = 200 * time.Millisecond

package console

import (
	"context"
	"os"
	"os/signal"
	"time"
)

// Interruptible makes of an interrupt a message: it cancels what runs and is no end of the desk, which a program in
// lines would else have no key for. Every other end of the context stays one.
func Interruptible(parent context.Context) (ctx context.Context, interrupts <-chan os.Signal, end func()) {
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

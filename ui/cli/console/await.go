package console

import (
	"context"

	"certdesk/certstore/fail"
)

// Await does what may wait for ever for somebody else: a pipe, a terminal, a FIFO that nobody opens. It gives up when
// ctx ends, so that SIGTERM and SIGHUP end such a wait as SIGINT does; what still waits then ends with the process.
func Await[T any](ctx context.Context, do func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := do()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, fail.New(fail.Canceled, "", "interrupted: nothing was done")
	}
}

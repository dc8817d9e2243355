package probe

import (
	"context"
	"sync"
)

// AtOnce is how many questions are open together where nobody says otherwise: of a few hundred listeners none waits
// for a slow one, and a process still has file descriptors left.
const AtOnce = 512

// All asks every request, at most limit at once (0: AtOnce), with Ask or AskKinds. The answers come in the order of
// the requests, after about the time of the slowest one.
func All[T any](ctx context.Context, requests []Request, limit int, ask func(context.Context, Request) T) []T {
	if limit <= 0 {
		limit = AtOnce
	}
	answers := make([]T, len(requests))
	slots := make(chan struct{}, limit)
	var all sync.WaitGroup
	for i, req := range requests {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			answers[i] = ask(ctx, req)
		})
	}
	all.Wait()
	return answers
}

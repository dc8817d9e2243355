package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/importing"
)

// tellFound says what each file was found to hold, before anything is stored.
func (a *app) tellFound(groups []importing.Group) {
	if a.flags.json {
		return
	}
	said := map[string]bool{}
	for _, g := range groups {
		for _, h := range g.Holds {
			if !said[h.From] {
				a.note("%s: %s", h.From, h.Words)
			}
			said[h.From] = true
		}
	}
}

// fetchIssuers fetches what the chains lack where somebody said yes: by the flag, or when asked. What cannot be had is
// said, and keeps nothing from being imported.
func (a *app) fetchIssuers(ctx context.Context, s *session, groups []importing.Group, yes bool) []importing.Group {
	if !yes && !a.mayFetch(ctx, groups) {
		return groups
	}
	groups = slices.Clone(groups)
	for i, g := range groups {
		if g.Err != nil || len(g.Fetchable()) == 0 {
			continue
		}
		fetched, err := s.store.FetchIssuers(ctx, g)
		if err != nil {
			a.note("note: %s", sentence(err))
		}
		groups[i] = fetched
	}
	return groups
}

// mayFetch asks a person on a terminal; nobody else is asked, and --yes does not say that the network may be used.
func (a *app) mayFetch(ctx context.Context, groups []importing.Group) bool {
	var addresses []string
	for _, g := range groups {
		for _, at := range g.Fetchable() {
			if !slices.Contains(addresses, at) {
				addresses = append(addresses, at)
			}
		}
	}
	if a.flags.yes || len(addresses) == 0 || !a.console.CanAsk() {
		return false
	}
	question := fmt.Sprintf("The chain lacks a CA's certificate, which is available at\n%s\nFetch it?",
		strings.Join(addresses, "\n"))
	return a.console.Confirm(ctx, question, "--fetch-issuers fetches it") == nil
}

package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"
)

// The CAs are asked behind everybody's back whether they revoked what is in the store: at the start, and each minute
// those that are due. A desk that only reads the store asks nobody, and shows what others have learned.

const (
	caEvery   = time.Minute     // how long after one round the next begins
	showEvery = 3 * time.Second // how often rows are shown anew while a round goes on
)

type (
	askedCAsMsg struct{ more, changed bool } // a round is over; it comes to the app
	askingMsg   struct{}                     // it is time to show what has come so far
	casDueMsg   struct{}                     // it is time for the next round
)

// askCAs begins a round, unless one is under way.
func (a *App) askCAs() tea.Cmd {
	if a.d.Store == nil || a.d.ReadOnly || a.live.asking {
		return nil
	}
	a.live.asking = true
	store := a.d.Store
	ask := a.d.Behind(func(ctx context.Context) tea.Msg {
		more, changed, err := store.AskCAs(ctx)
		return askedCAsMsg{more && err == nil, changed}
	})
	return tea.Batch(ask, a.d.After(showEvery, askingMsg{}))
}

// asking shows what has come, as long as a round goes on.
func (a *App) asking() tea.Cmd {
	if !a.live.asking {
		return nil
	}
	return tea.Batch(a.Relist(), a.d.After(showEvery, askingMsg{}))
}

// askedCAs shows what a round brought, and sees to the next one.
func (a *App) askedCAs(msg askedCAsMsg) tea.Cmd {
	a.live.asking = false
	var list tea.Cmd
	if msg.changed {
		list = a.Relist()
	}
	if msg.more {
		return tea.Batch(list, a.askCAs())
	}
	if a.live.casDue {
		return list
	}
	a.live.casDue = true
	return tea.Batch(list, a.d.After(caEvery, casDueMsg{}))
}

func (a *App) casAreDue() tea.Cmd {
	a.live.casDue = false
	return a.askCAs()
}

package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// live keeps the desk's list the store's: one command waits for the journal to grow, one clock tick a minute
// lets days pass, and never more than one listing is under way.
type live struct {
	changes <-chan struct{}
	listing bool // a listing is under way
	again   bool // and has been overtaken
}

// minute is how often the list is judged anew though nothing changed.
const minute = time.Minute

type (
	watchingMsg struct{ changes <-chan struct{} }
	changedMsg  struct{ open bool }
	minuteMsg   struct{}
)

// follow starts the first listing, the watch and the clock. Without a store there is nothing to follow.
func (a *app) follow() tea.Cmd {
	if a.d.Store == nil {
		return nil
	}
	store := a.d.Store
	watch := a.d.behind(func(context.Context) tea.Msg { return watchingMsg{store.Changes(a.d.ctx)} })
	return tea.Batch(a.relist(), watch, a.d.after(minute, minuteMsg{}), a.survey())
}

// own handles what comes back to the app itself.
func (a *app) own(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case listedMsg:
		return a.listed(msg)
	case watchingMsg:
		a.live.changes = msg.changes
		return a.await()
	case changedMsg:
		return a.changed(msg)
	case minuteMsg:
		return tea.Batch(a.relist(), a.again(minute, minuteMsg{}))
	case sortedMsg:
		return a.sorted(msg)
	case surveyedMsg:
		return a.surveyed(msg)
	case surveyDueMsg:
		return a.surveyAgain()
	case disarmMsg:
		return a.disarm()
	}
	return nil
}

func (a *app) again(wait time.Duration, msg tea.Msg) tea.Cmd {
	a.d.owner = appOwner
	return a.d.after(wait, msg)
}

func (a *app) disarm() tea.Cmd {
	if a.leaving {
		a.leaving, a.notice = false, ""
	}
	return nil
}

// await is the one command that waits for the journal to grow.
func (a *app) await() tea.Cmd {
	if a.live.changes == nil {
		return nil
	}
	changes := a.live.changes
	a.d.owner = appOwner
	return a.d.behind(func(ctx context.Context) tea.Msg {
		select {
		case _, open := <-changes:
			return changedMsg{open}
		case <-ctx.Done():
			return changedMsg{}
		}
	})
}

func (a *app) changed(msg changedMsg) tea.Cmd {
	if !msg.open {
		return nil
	}
	return tea.Batch(a.relist(), a.await())
}

// relist reads the list again; while a listing is under way it only notes that one more is due.
func (a *app) relist() tea.Cmd {
	if a.d.Store == nil {
		return nil
	}
	if a.live.listing {
		a.live.again = true
		return nil
	}
	a.live.listing = true
	store, by, v := a.d.Store, a.d.sort, a.d.survey
	a.d.owner = appOwner
	return a.d.behind(func(ctx context.Context) tea.Msg { return list(ctx, store, by, v) })
}

func (a *app) listed(msg listedMsg) tea.Cmd {
	a.live.listing = false
	var next tea.Cmd
	if a.live.again {
		a.live.again = false
		next = a.relist()
	}
	if msg.err == nil {
		a.d.entries, a.d.listing = msg.entries, msg.listing
		if a.d.banner = kit.Printable(msg.banner); a.d.banner == "" {
			a.d.banner = a.d.deadBanner()
		}
	}
	return tea.Batch(next, a.resort(), a.toFrame(0, msg), a.toAll(entriesMsg{}))
}

// resort orders the list anew where a person wants another order than it was made in.
func (a *app) resort() tea.Cmd {
	a.d.owner = appOwner
	return a.d.resort()
}

func (a *app) sorted(msg sortedMsg) tea.Cmd {
	a.d.sorted(msg)
	return tea.Batch(a.resort(), a.toFrame(0, arrangedMsg{}))
}

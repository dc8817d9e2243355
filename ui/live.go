package ui

import (
	"context"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/words"
)

// live keeps the desk's list the store's: one command waits for the journal to grow, one clock tick a minute
// lets days pass, and never more than one listing is under way.
type live struct {
	changes <-chan struct{}
	stop    func()           // ends the watch
	listing bool             // a listing is under way
	again   bool             // and has been overtaken
	due     bool             // the next survey has its time
	seen    *enabling.Survey // what the latest listing was seen by
	asking  bool             // CAs are being asked
	casDue  bool             // the next round of that has its time
	clock   clockReading     // of the last minute
}

// minute is how often the list is judged anew though nothing changed.
const minute = time.Minute

type (
	watchingMsg struct{ changes <-chan struct{} }
	changedMsg  struct{ open bool }
	minuteMsg   struct{}
)

// follow starts the first listing, the watch and the clock. Without a store there is nothing to follow.
func (a *App) follow() tea.Cmd {
	if a.d.Store == nil {
		return nil
	}
	a.live.clock = readClock(a.d)
	return tea.Batch(a.watch(), a.d.After(minute, minuteMsg{}))
}

// watch lists the store, follows its journal, and asks its ports and the CAs.
func (a *App) watch() tea.Cmd {
	ctx, stop := context.WithCancel(a.d.Context)
	a.live.stop = stop
	store := a.d.Store
	watch := a.d.Behind(func(context.Context) tea.Msg { return watchingMsg{store.Changes(ctx)} })
	return tea.Batch(a.Relist(), watch, a.survey(), a.askCAs())
}

// reopened goes on with a changed configuration: what was asked of the store as it was opened before is forgotten.
func (a *App) reopened(msg screen.ReopenedMsg) tea.Cmd {
	a.pop()
	a.d.Abandon(appOwner)
	stop := a.live.stop
	a.live, a.d.Surveying = live{due: a.live.due, casDue: a.live.casDue, clock: a.live.clock}, false
	msg.Config.NoMouse = a.d.NoMouse // a key may have changed it
	a.d.Use(msg.Config)
	a.notice = kit.Printable(msg.Said)
	if stop == nil { // in lines nothing is followed: the list is read when it is shown
		return tea.Batch(a.Relist(), a.toAll(msg))
	}
	stop()
	return tea.Batch(a.watch(), a.toAll(msg))
}

// own handles what comes back to the app itself.
func (a *App) own(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case table.ListedMsg:
		return a.listed(msg)
	case watchingMsg:
		a.live.changes = msg.changes
		return a.await()
	case changedMsg:
		return a.changed(msg)
	case minuteMsg:
		return tea.Batch(a.clockChanged(), a.Relist(), a.d.After(minute, minuteMsg{}))
	case table.SortedMsg:
		return a.sorted(msg)
	case surveyedMsg:
		return a.surveyed(msg)
	case SurveyDueMsg:
		return a.surveyAgain()
	case askedCAsMsg:
		return a.askedCAs(msg)
	case askingMsg:
		return a.asking()
	case casDueMsg:
		return a.casAreDue()
	case LeftLongAgoMsg:
		a.left = false
	case DisarmMsg:
		return a.disarm()
	case screen.NoticeMsg: // of what goes on whichever screen is left
		a.notice = kit.Printable(msg.Text)
	case SettledMsg:
		a.clickedOn = 0
	case noticeReadMsg:
		a.noticeRead(msg)
	case NoticeOverMsg:
		a.noticeOver(msg)
	}
	return nil
}

func (a *App) disarm() tea.Cmd {
	if a.leaving {
		a.leaving, a.notice = false, ""
	}
	return nil
}

// await is the one command that waits for the journal to grow.
func (a *App) await() tea.Cmd {
	if a.live.changes == nil {
		return nil
	}
	changes := a.live.changes
	return a.d.Behind(func(ctx context.Context) tea.Msg {
		select {
		case _, open := <-changes:
			return changedMsg{open}
		case <-ctx.Done():
			return changedMsg{}
		}
	})
}

func (a *App) changed(msg changedMsg) tea.Cmd {
	if !msg.open {
		return nil
	}
	return tea.Batch(a.Relist(), a.await())
}

// Relist reads the list again; while a listing is under way it only notes that one more is due.
func (a *App) Relist() tea.Cmd {
	if a.d.Store == nil {
		return nil
	}
	if a.live.listing {
		a.live.again = true
		return nil
	}
	a.live.listing = true
	store, by, v, before := a.d.Store, a.rows.Sort, a.d.Survey, a.d.Entries
	if v != nil && a.live.seen == nil {
		before = nil // what the ports tell for the first time is no change
	}
	a.live.seen = v
	return a.d.Behind(func(ctx context.Context) tea.Msg { return list(ctx, store, by, v, before) })
}

// list reads the store; its rows look as the ports let them, and it is told what changed since the list before.
func list(ctx context.Context, s *certstore.Store, by table.Sorting, v *enabling.Survey,
	before []certstore.Entry) table.ListedMsg {
	entries, err := s.List(ctx, false)
	if err != nil {
		return table.ListedMsg{Err: err}
	}
	listing := table.Prepare(words.SeenBy(v, entries), by)
	return table.ListedMsg{Listing: listing, Changed: table.Changed(before, listing.Entries),
		Banner: words.InDesk(s.Banner())}
}

func (a *App) listed(msg table.ListedMsg) tea.Cmd {
	a.live.listing = false
	var next tea.Cmd
	if a.live.again {
		a.live.again = false
		next = a.Relist()
	}
	if msg.Err == nil {
		a.d.Entries, a.rows.Listing = msg.Entries, msg.Listing
		if a.d.Banner = kit.Printable(msg.Banner); a.d.Banner == "" {
			a.d.Banner = deadBanner(a.d)
		}
	}
	return tea.Batch(next, a.resort(), a.toLayer(0, msg), a.toAll(screen.EntriesMsg{}))
}

// resort orders the list anew where a person wants another order than it was made in.
func (a *App) resort() tea.Cmd { return a.rows.Resort(a.d) }

func (a *App) sorted(msg table.SortedMsg) tea.Cmd {
	a.rows.Sorted(msg)
	return tea.Batch(a.resort(), a.toLayer(0, table.ArrangedMsg{}))
}

package enabling

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// AskSettle asks what becomes of a change whose process died: it is finished and proven, or put back.
func AskSettle(d *screen.Desk, u certstore.Unfinished) screen.Screen {
	lines := []string{words.SentenceCase(kit.Printable(u.Text())) + ".", givenBy(d, u),
		"Finishing makes what is missing and proves every port; if that fails it is put back.",
		"Putting back restores what was there before, and proves that."}
	q := kit.Dialog{Title: "A change died half-way", Lines: lines,
		Buttons: []string{"Not now", "Put it back", "Finish it"}}
	settle := func(finish bool) func() tea.Cmd {
		return func() tea.Cmd { return d.Push(settlingOf(u, finish)) }
	}
	return screen.Ask(q, nil, settle(false), settle(true))(d)
}

// givenBy names the certificate of such a change.
func givenBy(d *screen.Desk, u certstore.Unfinished) string {
	if e, ok := d.Entry(u.Entry); ok {
		return "The service was to be given " + words.Title(e) + ", until " + words.Day(e.NotAfter, d.Now()) + "."
	}
	return "The certificate that it was to be given is not in the table."
}

// settling is the enable screen at work on somebody else's change.
type settling struct {
	*enableScreen
	u      certstore.Unfinished
	finish bool
}

func settlingOf(u ledger.Unfinished, finish bool) screen.Make {
	return func(d *screen.Desk) screen.Screen {
		e, _ := d.Entry(u.Entry)
		return &settling{&enableScreen{d: d, entry: e, plan: &enabling.Plan{}, undoing: !finish}, u, finish}
	}
}

func (s *settling) Init() tea.Cmd {
	store, u, finish := s.d.Store, s.u, s.finish
	what := "putting " + certstore.ServiceTitle(u.Service) + " back"
	if finish {
		what = "finishing " + certstore.ServiceTitle(u.Service)
	}
	return s.carryOut(what, func(ctx context.Context, watch func(enabling.Progress)) outcomesMsg {
		out, err := store.Settle(ctx, u, finish, enabling.Options{Watch: watch})
		if err != nil {
			return outcomesMsg{nil, err}
		}
		return outcomesMsg{[]enabling.Outcome{out}, nil}
	})
}

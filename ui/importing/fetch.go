package importing

import (
	"context"
	"net/url"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/importing"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// fetchedMsg is what was found, with what could be fetched, and why not all could.
type fetchedMsg struct {
	groups []importing.Group
	err    error
}

// fetchButton is the only thing that makes the desk use the network for an import.
func (s *importScreen) fetchButton() *form.Button {
	text := "Fetch what the chains lack"
	if missing := s.missing(); len(s.groups) == 1 && len(missing) > 0 {
		text = "Fetch the missing certificate from " + hostOf(missing[0])
	}
	return form.NewButton("fetch", text, "Asks the address given in the certificate, over http, and takes what signed "+
		"it. Nothing is stored yet.")
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return kit.Printable(address)
	}
	return kit.Printable(u.Host)
}

// fetch fetches for every group that lacks something.
func (s *importScreen) fetch() tea.Cmd {
	store, groups := s.d.Store, slices.Clone(s.groups)
	if store == nil {
		return nil
	}
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		var first error
		for i, g := range groups {
			if len(g.Fetchable()) == 0 {
				continue
			}
			var err error
			if groups[i], err = store.FetchIssuers(ctx, g); err != nil && first == nil {
				first = err
			}
		}
		return fetchedMsg{groups, first}
	})
	return tea.Batch(work, s.busy.Start(s.d, "fetching"))
}

// fetched shows again what was found; what was changed on the page stays.
func (s *importScreen) fetched(msg fetchedMsg) tea.Cmd {
	s.busy.Stop()
	s.groups = msg.groups
	cmd := s.show()
	s.err = msg.err
	if words.Canceled(msg.err) {
		s.err = nil
		return tea.Batch(cmd, screen.Notice("cancelled: nothing more was fetched"))
	}
	return cmd
}

package request

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/domains"
	"certdesk/wizard"
)

// domainsMsg is what the sources of accepted domains gave.
type domainsMsg domains.Listing

// readDomains asks the sources anew each time a form is opened; until they answer, what they gave before holds.
func (s *wizardScreen) readDomains() tea.Cmd {
	read := s.d.Domains
	if read == nil {
		return nil
	}
	return s.d.Behind(func(ctx context.Context) tea.Msg { return domainsMsg(read(ctx)) })
}

// tookDomains has the form go on with them. The last page shows what would be made, and is made anew.
func (s *wizardScreen) tookDomains(all domains.Listing) tea.Cmd {
	s.d.Accepted = &all
	s.env = wizardEnv(s.d, s.memory)
	switch {
	case s.making.shown():
		return nil
	case s.page.step == wizard.StepReview:
		return s.open(wizard.StepReview, "")
	}
	s.changed()
	return nil
}

package request

import (
	"context"
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/ui/kit/form"
	"certdesk/wizard"
)

// openSheet turns to the worksheet, which belongs to the names page and leads back to its list.
// DNS is asked meanwhile who serves the accepted domains.
func (s *wizardScreen) openSheet() tea.Cmd {
	s.env = wizardEnv(s.d, s.memory)
	return tea.Batch(s.turnTo(sheetPage(s), ""), s.seekHosts())
}

// hostsMsg is what DNS says of the services of the accepted domains.
type hostsMsg []evidence.Host

func (s *wizardScreen) seekHosts() tea.Cmd {
	ask, list := s.d.Hosts, domains.Names(s.env.AcceptedDomains)
	if ask == nil || !s.d.Asks || len(list) == 0 {
		return nil
	}
	return s.d.Behind(func(ctx context.Context) tea.Msg { return hostsMsg(ask(ctx, list)) })
}

// tookHosts suggests what DNS names.
func (s *wizardScreen) tookHosts(list []evidence.Host) {
	s.memory.hosts = list
	s.env = wizardEnv(s.d, s.memory)
	if s.page.refresh != nil && !s.making.shown() {
		s.page.refresh()
	}
}

// sheetPage asks by which names each service is reached. It is for whoever wants it: nobody has to pass it.
func sheetPage(s *wizardScreen) *wizardPage {
	grid := form.NewGrid("Worksheet", sheetLabel(s.draft.answers), wizard.WorksheetRows[:],
		wizard.WorksheetColumns[:]).With(sheetHint, sheetFault).
		By(func(row, column int) string { return wizard.SuggestedBy(s.env, row, column) })
	for row, cells := range s.draft.answers.Worksheet {
		for column, text := range cells {
			grid.SetCell(row, column, text, "")
		}
	}
	refresh := func() {
		grid.SetLabel(sheetLabel(s.draft.answers))
		for row, cells := range wizard.Suggest(s.env) {
			for column, text := range cells {
				grid.Suggest(row, column, text)
			}
		}
	}
	refresh()
	return &wizardPage{
		question: "By which names is each service reached?",
		form:     form.New(grid).Leading("to the list"),
		save:     func(a *wizard.Answers) { a.Worksheet = sheetOf(grid) },
		refresh:  refresh,
		about:    func(wizard.Finding) string { return "Worksheet" },
		leave:    func() tea.Cmd { return s.open(wizard.StepNames, "Off") },
	}
}

func sheetOf(grid *form.Grid) wizard.Worksheet {
	var w wizard.Worksheet
	for row := range w {
		for column := range w[row] {
			w[row][column] = grid.Cell(row, column)
		}
	}
	return w
}

func sheetFault(text string) string {
	if err := wizard.CheckCell(text); err != nil {
		return whatToType(err)
	}
	return ""
}

// sheetLabel counts what the worksheet gives.
func sheetLabel(a wizard.Answers) string {
	return "Worksheet (" + countNames(a.Worksheet.Count()) + ")"
}

// sheetNote is what stands beside the way to the worksheet.
func sheetNote(a wizard.Answers) string {
	if n := a.Worksheet.Count(); n > 0 {
		return countNames(n)
	}
	return "which name serves what; optional"
}

func countNames(n int) string {
	switch n {
	case 0:
		return "no name yet"
	case 1:
		return "1 name"
	}
	return fmt.Sprintf("%d names", n)
}

// sheetHints say who asks for the service of each of wizard.WorksheetRows.
var sheetHints = [len(wizard.WorksheetRows)]string{
	"Webmail, phones and Outlook, all through the web site",
	"Where Outlook and phones ask how to set themselves up",
	"Mail from other servers, and mail programs that send",
	"Mail programs that read by IMAP",
	"Mail programs that fetch by POP",
	"Voice mail, and the telephone exchange that delivers it",
}

func sheetHint(row, column int) string {
	return sheetHints[row] + ", " + wizard.WorksheetColumns[column] + ". A blank cell adds no name."
}

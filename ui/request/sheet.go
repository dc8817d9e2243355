package request

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit/form"
	"certdesk/wizard"
)

// openSheet turns to the worksheet, which belongs to the names page and leads back to its list.
func (s *wizardScreen) openSheet() tea.Cmd { return s.turnTo(sheetPage(s), "") }

// sheetPage asks by which names each service is reached. It is for whoever wants it: nobody has to pass it.
func sheetPage(s *wizardScreen) *wizardPage {
	grid := form.NewGrid("Worksheet", sheetLabel(s.draft.answers), wizard.WorksheetRows[:],
		wizard.WorksheetColumns[:]).With(sheetHint, sheetFault)
	filled, suggested := s.draft.answers.Worksheet, wizard.Suggest(s.env)
	for row, cells := range filled {
		for column, text := range cells {
			grid.SetCell(row, column, text, suggested[row][column])
		}
	}
	return &wizardPage{
		question: "By which names is each service reached?",
		form:     form.New(grid).Leading("to the list"),
		save:     func(a *wizard.Answers) { a.Worksheet = sheetOf(grid) },
		refresh:  func() { grid.SetLabel(sheetLabel(s.draft.answers)) },
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

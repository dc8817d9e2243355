package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Prompt lists the cells, line by line.
func (g *Grid) Prompt() kit.Prompt {
	p := kit.Prompt{Ask: g.label, Again: true,
		How: "a line, a column and a name, as in 1 1 mail.example.org; - for the name empties it"}
	for row := range g.cells {
		var cells []string
		for column := range g.columns {
			cells = append(cells, kit.Numbered(column, g.columns[column]+": "+g.spoken(row, column)))
		}
		p.Lines = append(p.Lines, kit.Numbered(row, g.rows[row]+"; "+strings.Join(cells, "; ")))
	}
	if g.offersAny() {
		p.How += "; take fills every blank cell with what is suggested"
	}
	p.How += "; an empty line when done"
	return p
}

func (g *Grid) spoken(row, column int) string {
	switch {
	case g.Cell(row, column) != "":
		return kit.Printable(g.Cell(row, column))
	case g.suggested[row][column] != "":
		return "blank, suggested " + kit.Printable(g.suggested[row][column])
	}
	return "blank"
}

// Answer goes to a cell and types into it.
func (g *Grid) Answer(line string) ([]tea.KeyMsg, string) {
	if strings.EqualFold(line, "take") {
		return []tea.KeyMsg{kit.PressKey(KeyTakeAll.Keys()[0])}, ""
	}
	first, rest, _ := strings.Cut(line, " ")
	second, text, ok := strings.Cut(strings.TrimSpace(rest), " ")
	row, column := kit.Which(first, g.rows), kit.Which(second, g.columns)
	if !ok || row < 0 || column < 0 {
		return nil, "answer with " + g.Prompt().How
	}
	if text = strings.TrimSpace(text); text == Nothing {
		text = ""
	}
	if fault := g.fault(text); fault != "" {
		return nil, fault
	}
	keys := append(kit.Way(g.row, row, "up", "down"), kit.Way(g.column, column, "shift+tab", "tab")...)
	return append(keys, instead(text)...), ""
}

// Prompt asks whether to go through the door.
func (f *Door) Prompt() kit.Prompt {
	return kit.Prompt{Ask: f.label + ": " + besides(f.text, f.note), How: "yes opens it", Now: yesNo(false)}
}

// Answer opens the door for a yes.
func (f *Door) Answer(line string) ([]tea.KeyMsg, string) {
	switch yes, known := kit.YesNo(line); {
	case yes:
		return []tea.KeyMsg{kit.PressKey(" ")}, ""
	case !known:
		return nil, "answer yes or no"
	}
	return nil, ""
}

// Tell is every row, and of each what there is to say beyond it.
func (f *Rows) Tell(s theme.Styles, w int) []string {
	var lines []string
	for row := range f.table.Len() {
		var cells []string
		for column := range f.table.Columns {
			if text := strings.TrimSpace(f.cell(row, column, w).Text); text != "" {
				cells = append(cells, text)
			}
		}
		line := kit.Numbered(row, strings.Join(cells, ", "))
		lines = append(lines, line)
		for _, more := range f.more(s, row, w) {
			if more = strings.TrimSpace(more); !strings.Contains(line, strings.TrimPrefix(more, s.Glyphs.Bad+" ")) {
				lines = append(lines, "  "+more)
			}
		}
	}
	return lines
}

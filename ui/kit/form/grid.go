package form

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Grid is a table of lines to type into, every one of which may stay blank. A blank cell may show a suggestion in
// brackets; only when a person takes it over is it in the cell.
type Grid struct {
	base
	rows, columns []string
	cells         [][]*Text
	suggested     [][]string
	row, column   int
	fault         func(text string) string
	hints         func(row, column int) string
	by            func(row, column int) string // who suggests what is suggested
	problem       string
}

// NewGrid makes a grid of blank cells.
func NewGrid(id, label string, rows, columns []string) *Grid {
	g := &Grid{base: base{id: id, label: label}, rows: rows, columns: columns}
	for range rows {
		line := make([]*Text, len(columns))
		for i := range line {
			line[i] = NewText("", "", "")
		}
		g.cells = append(g.cells, line)
		g.suggested = append(g.suggested, make([]string, len(columns)))
	}
	return g
}

// With sets the hint of each cell, and what is wrong with a text in one.
func (g *Grid) With(hints func(row, column int) string, fault func(text string) string) *Grid {
	g.hints, g.fault = hints, fault
	return g
}

// SetCell fills a cell and sets what is suggested while it is blank, or "".
func (g *Grid) SetCell(row, column int, text, suggested string) {
	g.cells[row][column].SetValue(text)
	g.Suggest(row, column, suggested)
}

// Suggest sets what is suggested for a cell while it is blank, or "".
func (g *Grid) Suggest(row, column int, suggested string) {
	g.suggested[row][column] = suggested
	if suggested != "" {
		g.cells[row][column].SetEmpty("(" + printable.Text(suggested) + ")")
	}
}

// By sets who suggests what is suggested for a cell; the hint says it beside the field, and the prompt in lines.
func (g *Grid) By(by func(row, column int) string) *Grid {
	g.by = by
	return g
}

func (g *Grid) saidBy(row, column int) string {
	if g.by == nil || g.suggested[row][column] == "" {
		return ""
	}
	return g.by(row, column)
}

// SetLabel replaces the label.
func (g *Grid) SetLabel(label string) { g.label = label }

// Cell is what stands in a cell, without blanks around it.
func (g *Grid) Cell(row, column int) string { return strings.TrimSpace(g.cells[row][column].Value()) }

func (g *Grid) here() *Text { return g.cells[g.row][g.column] }

// Hint is that of the cell.
func (g *Grid) Hint() string {
	hint := g.hints(g.row, g.column)
	if by := g.saidBy(g.row, g.column); by != "" && g.Cell(g.row, g.column) == "" {
		hint += " In brackets: " + kit.Printable(by) + "."
	}
	return hint
}

// Focus takes the cursor, in the cell where it was.
func (g *Grid) Focus() tea.Cmd {
	g.focused = true
	return g.here().Focus()
}

// Blur gives the cursor up.
func (g *Grid) Blur() {
	g.focused = false
	g.here().Blur()
}

// Typing is always so.
func (g *Grid) Typing() bool { return true }

// Shape of a grid: all the width there is.
func (g *Grid) Shape() Shape { return Shape{Wide: true, Flex: true} }

func (g *Grid) first() bool { return g.row == 0 && g.column == 0 }

func (g *Grid) last() bool { return g.row == len(g.rows)-1 && g.column == len(g.columns)-1 }

// Takes what goes to another cell, while there is one, and space where there is a suggestion.
func (g *Grid) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up":
		return g.row > 0
	case "down":
		return g.row < len(g.rows)-1
	case "shift+tab":
		return !g.first()
	case "tab", "enter":
		return !g.last()
	}
	return kit.Pressed(k, KeyTakeCell) && g.offers(g.row, g.column)
}

// Verbs of a grid.
func (g *Grid) Verbs() []kit.Verb {
	var list []kit.Verb
	if g.offers(g.row, g.column) {
		list = append(list, KeyTakeCell)
	}
	if g.offersAny() {
		list = append(list, KeyTakeAll)
	}
	if !g.last() {
		list = append(list, KeyNextCell)
	}
	if !g.first() {
		list = append(list, KeyPrevCell)
	}
	return append(list, KeyLine)
}

// offers says whether a cell is blank and has a suggestion.
func (g *Grid) offers(row, column int) bool {
	return g.cells[row][column].Value() == "" && g.suggested[row][column] != ""
}

func (g *Grid) offersAny() bool {
	for row := range g.cells {
		for column := range g.columns {
			if g.offers(row, column) {
				return true
			}
		}
	}
	return false
}

// Update types into the cell, goes to another, or takes suggestions over.
func (g *Grid) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return nil
	}
	switch {
	case k.Paste:
	case kit.Pressed(k, KeyTakeAll):
		g.takeAll()
		return nil
	case kit.Pressed(k, KeyTakeCell) && g.offers(g.row, g.column):
		g.take(g.row, g.column)
		return nil
	case g.moves(k):
		return g.move(k)
	}
	g.problem = ""
	if g.here().Value() == "" && k.Type == tea.KeySpace {
		return nil
	}
	return g.here().Update(k)
}

// moves says whether a key leads to another cell: left and right do so at the ends of the text.
func (g *Grid) moves(k tea.KeyMsg) bool {
	at := g.here().in.Position()
	switch k.String() {
	case "up", "down", "tab", "shift+tab", "enter":
		return true
	case "left":
		return at == 0 && g.column > 0
	case "right":
		return at == len([]rune(g.here().Value())) && g.column < len(g.columns)-1
	}
	return false
}

// move goes to another cell; forwards it says what is wrong in those that were left.
func (g *Grid) move(k tea.KeyMsg) tea.Cmd {
	g.here().Blur()
	n := len(g.columns)
	at, by := g.row*n+g.column, map[string]int{"up": -n, "down": n, "shift+tab": -1, "left": -1}[k.String()]
	if by == 0 {
		by = 1
	}
	at = max(0, min(at+by, len(g.rows)*n-1))
	if by > 0 {
		g.problem, _, _ = g.firstFault()
	}
	g.row, g.column = at/n, at%n
	return g.here().Focus()
}

func (g *Grid) take(row, column int) { g.cells[row][column].SetValue(g.suggested[row][column]) }

func (g *Grid) takeAll() {
	for row := range g.cells {
		for column := range g.columns {
			if g.offers(row, column) {
				g.take(row, column)
			}
		}
	}
}

// Problem is what is wrong in a cell that was left, or "".
func (g *Grid) Problem() string { return g.problem }

// firstFault is the first thing wrong in any cell, and where.
func (g *Grid) firstFault() (text string, row, column int) {
	for row, line := range g.cells {
		for column := range line {
			if text := g.fault(g.Cell(row, column)); text != "" {
				return g.rows[row] + " " + g.columns[column] + ": " + text, row, column
			}
		}
	}
	return "", 0, 0
}

// Validate goes to the first cell in which something is wrong.
func (g *Grid) Validate() string {
	text, row, column := g.firstFault()
	if text == "" {
		return g.base.Validate()
	}
	g.here().Blur()
	g.row, g.column = row, column
	return text
}

// View is a heading of columns and a line a row, as many around the cursor as there is room for.
func (g *Grid) View(s theme.Styles, w, h int) ([]string, int) {
	label := 0
	for _, row := range g.rows {
		label = max(label, kit.Width(row))
	}
	n := len(g.columns)
	width := max(3, (w-label-2*n)/n)
	head := kit.Pad("", label)
	for _, column := range g.columns {
		head += "  " + s.Label.Render(kit.Pad(shorten(column, width, s), width))
	}
	lines := []string{head}
	from, to := kit.Window(g.row, len(g.rows), h-1)
	for row := from; row < to; row++ {
		lines = append(lines, g.line(s, row, label, width))
	}
	return lines, g.row - from + 1
}

func (g *Grid) line(s theme.Styles, row, label, width int) string {
	style := s.Label
	if g.focused && row == g.row {
		style = s.Accent
	}
	out := style.Render(kit.Pad(g.rows[row], label))
	for column, cell := range g.cells[row] {
		text := cell.line(s, width)
		if cell.Value() == "" && !cell.focused && g.suggested[row][column] == "" {
			text = s.Muted.Render("-")
		}
		out += "  " + kit.Pad(text, width)
	}
	return out
}

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
		text := "blank, suggested " + kit.Printable(g.suggested[row][column])
		if by := g.saidBy(row, column); by != "" {
			text += " (" + kit.Printable(by) + ")"
		}
		return text
	}
	return "blank"
}

// Answer goes to a cell and types into it.
func (g *Grid) Answer(line string) ([]tea.KeyMsg, string) {
	if strings.EqualFold(line, "take") {
		return []tea.KeyMsg{kit.PressKey(KeyTakeAll.Keys[0])}, ""
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

package ui

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// helpScreen explains the keys that work on the screen it was called from, and the signs.
type helpScreen struct {
	d      *screen.Desk
	title  string
	topic  screen.Topic
	keys   []kit.Verb
	table  bool // the signs of the table are explained too
	scroll kit.Scroll
}

var _ screen.Paged = (*helpScreen)(nil)

// newHelp explains a screen; table says that it is the table, whose signs are explained too.
func newHelp(d *screen.Desk, of screen.Screen, table bool) *helpScreen {
	s := &helpScreen{d: d, title: of.Title(), keys: of.Verbs(), table: table}
	if a, ok := of.(screen.Asking); ok {
		s.topic = topicOf(a)
	}
	if e, ok := of.(screen.Explaining); ok {
		s.topic = e.Topic()
	}
	return s
}

func (a *App) help(d *screen.Desk) screen.Screen { return newHelp(d, a.Top(), a.Depth() == 1) }

// topicOf is the focused field of a form.
func topicOf(a screen.Asking) screen.Topic {
	_, form, _ := a.InLines()
	if form == nil {
		return screen.Topic{}
	}
	name := form.Field().Label()
	if name == "" {
		name = "This field"
	}
	return screen.Topic{Name: name, Lines: []string{form.Field().Help()}}
}

// topicLines come first: the key was pressed at a field because that field is not clear.
func (s *helpScreen) topicLines(w int) []string {
	if len(s.topic.Lines) == 0 || s.topic.Lines[0] == "" {
		return nil
	}
	st := s.d.Styles
	lines := []string{" " + st.Title.Render(kit.Printable(s.topic.Name)), ""}
	for _, text := range s.topic.Lines {
		for _, line := range kit.Wrap(text, min(w-4, maxReading)) {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// maxReading is how wide a paragraph is set at most, in cells.
const maxReading = 90

func (s *helpScreen) Init() tea.Cmd { return nil }

func (s *helpScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return s, nil
	}
	if kit.Pressed(k, screen.Keys.Leave, screen.Keys.Help) {
		return s, screen.Pop
	}
	s.scroll = screen.Scrolled(s.scroll, k, len(s.Lines(s.d.Width)), s.d.PageHeight())
	return s, nil
}

func (s *helpScreen) Lines(w int) []string {
	st := s.d.Styles
	where := s.title
	if where == "" {
		where = "The table"
	}
	lines := s.topicLines(w)
	if len(lines) > 0 {
		lines = append(lines, "")
	}
	lines = append(lines, " "+st.Title.Render(kit.Printable(where)), "")
	keyless := func(v kit.Verb) bool { return len(v.Keys) == 0 }
	lines = append(lines, kit.HelpLines(st, slices.DeleteFunc(slices.Clone(s.keys), keyless))...)
	lines = append(lines, "", " "+st.Title.Render("Everywhere"), "")
	lines = append(lines, kit.HelpLines(st, screen.Globals())...)
	if s.table {
		lines = append(lines, "", " "+st.Title.Render("Signs"), "")
		lines = append(lines, s.legend(w)...)
		lines = append(lines, "", " "+st.Title.Render("Words"), "")
		lines = append(lines, glossary(w)...)
	}
	return append(lines, "")
}

// glossary is what the words mean, in a column behind them.
func glossary(w int) (lines []string) {
	column := 0
	for _, term := range words.Glossary {
		column = max(column, kit.Width(term.Say))
	}
	for _, term := range words.Glossary {
		lines = append(lines, hung("  "+kit.Pad(term.Say, column)+"  ", term.Means, w)...)
	}
	return lines
}

// hung is a text behind its head, in lines of w cells.
func hung(head, text string, w int) (lines []string) {
	column := kit.Width(head)
	for _, line := range kit.Wrap(text, w-column) {
		lines = append(lines, head+line)
		head = strings.Repeat(" ", column)
	}
	return lines
}

// signs explains what the table's signs and letters mean.
var signs = []struct{ word, means string }{
	{"valid", "works; its chain ends in a trusted root, or it is self-signed"},
	{"expiring", "works; under 30 days, and under a third of its life, are left"},
	{"pending", "a request; its key is here and waits for the CA's answer"},
	{"expired", "does not work; nor does what is revoked, not yet valid, untrusted or invalid"},
	{"refused", "a request that its CA will not answer; nothing is awaited"},
	{"unknown", "roots or chain not read; unchecked: CA did not say if revoked"},
}

func (s *helpScreen) legend(w int) []string {
	var lines []string
	for _, sign := range signs {
		glyph, style := words.LookOfWord(&s.d.Styles, sign.word)
		lines = append(lines, hung("  "+style.Render(kit.Pad(glyph+" "+sign.word, 12))+"  ", sign.means, w)...)
	}
	g := s.d.Styles.Glyphs
	for _, sign := range []struct{ sign, means string }{
		{"IPUWS", "IMAP, POP, UM (voice), IIS (web site), SMTP; by name where there is room"},
		{"(IIS SMTP)", "wanted services, not in use yet; (---WS) where there is little room"},
		{"not yet", "what LEFT says of a certificate that has not begun; its line below says when"},
		{strings.Repeat(g.Full, 3) + strings.Repeat(g.Empty, 5), "how much of its life is left"},
		{g.Mark, "a marked row"},
		{g.Changed, "a row that has just changed"},
	} {
		lines = append(lines, hung("  "+kit.Pad(sign.sign, 12)+"  ", sign.means, w)...)
	}
	return lines
}

func (s *helpScreen) View(w, h int) string { return s.scroll.View(s.d.Styles, s.Lines(w), w, h) }
func (s *helpScreen) Verbs() []kit.Verb {
	return []kit.Verb{screen.Keys.Scroll, screen.Keys.Leave}
}
func (s *helpScreen) Typing() bool  { return false }
func (s *helpScreen) Title() string { return "Help" }

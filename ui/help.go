package ui

import (
	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// helpScreen explains the keys that work on the screen it was called from, and the signs.
type helpScreen struct {
	d      *desk
	title  string
	topic  topic
	keys   []key.Binding
	table  bool // the signs of the table are explained too
	scroll kit.Scroll
}

var _ paged = (*helpScreen)(nil)

// newHelp explains a screen; table says that it is the table, whose signs are explained too.
func newHelp(d *desk, of screen, table bool) *helpScreen {
	s := &helpScreen{d: d, title: of.Title(), keys: of.Keys(), table: table}
	if a, ok := of.(asking); ok {
		s.topic = topicOf(a)
	}
	if e, ok := of.(explaining); ok {
		s.topic = e.topic()
	}
	return s
}

// topicOf is the focused field of a form.
func topicOf(a asking) topic {
	_, form, _ := a.inLines()
	if form == nil {
		return topic{}
	}
	name := form.Field().Label()
	if name == "" {
		name = "This field"
	}
	return topic{name, []string{form.Field().Help()}}
}

// topicLines come first: the key was pressed at a field because that field is not clear.
func (s *helpScreen) topicLines(w int) []string {
	if len(s.topic.lines) == 0 || s.topic.lines[0] == "" {
		return nil
	}
	st := s.d.styles
	lines := []string{"", " " + st.Title.Render(kit.Printable(s.topic.name)), ""}
	for _, text := range s.topic.lines {
		for _, line := range kit.Wrap(text, min(w-4, maxReading)) {
			lines = append(lines, "  "+line)
		}
	}
	return lines
}

// maxReading is how wide a paragraph is set at most, in cells.
const maxReading = 90

func (s *helpScreen) Init() tea.Cmd { return nil }

func (s *helpScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	if !ok {
		return s, nil
	}
	if key.Matches(k, keys.Leave, keys.Help) {
		return s, pop
	}
	s.scroll = scrolled(s.scroll, k, len(s.lines(s.d.w)), s.d.bodyHeight())
	return s, nil
}

func (s *helpScreen) lines(w int) []string {
	st := s.d.styles
	where := s.title
	if where == "" {
		where = "The table"
	}
	lines := append(s.topicLines(w), "", " "+st.Title.Render(kit.Printable(where)), "")
	lines = append(lines, kit.HelpLines(st, s.keys)...)
	lines = append(lines, "", " "+st.Title.Render("Everywhere"), "")
	lines = append(lines, kit.HelpLines(st, globals())...)
	if s.table {
		lines = append(lines, "", " "+st.Title.Render("Signs"), "")
		lines = append(lines, s.legend()...)
	}
	return append(lines, "")
}

// signs explains what the table's signs and letters mean.
var signs = []struct{ word, means string }{
	{"valid", "works; its chain ends in a trusted root, or it is self-signed"},
	{"expiring", "works; less than a third of its life and 30 days are left"},
	{"pending", "a request; its key is here and waits for the CA's answer"},
	{"expired", "does not work; nor does what is not yet valid, untrusted or invalid"},
	{"unknown", "not judged: the trusted roots could not be read"},
}

func (s *helpScreen) legend() []string {
	var lines []string
	for _, sign := range signs {
		glyph, style := words.LookOfWord(&s.d.styles, sign.word)
		lines = append(lines, "  "+style.Render(kit.Pad(glyph+" "+sign.word, 12))+"  "+sign.means)
	}
	return append(lines, "  "+kit.Pad("IPUWS", 12)+"  IMAP, POP, UM (voice), IIS (web site), SMTP",
		"  "+kit.Pad("(...WS)", 12)+"  wanted services, not in use yet")
}

func (s *helpScreen) View(w, h int) string { return s.scroll.View(s.d.styles, s.lines(w), w, h) }
func (s *helpScreen) Keys() []key.Binding  { return []key.Binding{keys.Scroll, keys.Leave} }
func (s *helpScreen) Typing() bool         { return false }
func (s *helpScreen) Title() string        { return "Help" }

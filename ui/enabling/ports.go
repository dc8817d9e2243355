package enabling

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// portsScreen tells of every port of every service what it serves, beside what it should. It shows what is known and
// asks anew.
type portsScreen struct {
	d      *screen.Desk
	busy   screen.Busy
	scroll kit.Scroll
}

var (
	_ screen.Paged = (*portsScreen)(nil)
	_ screen.Doer  = (*portsScreen)(nil)
)

// NewPorts shows what every port serves, and asks them anew.
func NewPorts(d *screen.Desk) screen.Screen { return &portsScreen{d: d} }

func (s *portsScreen) Init() tea.Cmd { return s.ask() }

func (s *portsScreen) ask() tea.Cmd {
	if !s.d.AsksPorts() {
		return nil
	}
	return tea.Batch(s.busy.Start(s.d, screen.AskingPorts), screen.AskPorts)
}

func (s *portsScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.PortsMsg:
		s.busy.Stop()
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *portsScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if cmd, done := kit.Do(s.Verbs(), msg); done {
		return cmd
	}
	s.scroll = screen.Scrolled(s.scroll, msg, len(s.Lines(s.d.Width)), s.d.PageHeight())
	return nil
}

func (s *portsScreen) Verbs() []kit.Verb {
	list := []kit.Verb{screen.Keys.Scroll}
	if !s.busy.Runs() && s.d.AsksPorts() {
		list = append(list, screen.Keys.AskAgain.Does(s.ask))
	}
	return append(list, screen.AskVerb(s.d, certstore.Entry{}), screen.Keys.Leave)
}

func (s *portsScreen) Typing() bool         { return false }
func (s *portsScreen) Title() string        { return "Ports" }
func (s *portsScreen) View(w, h int) string { return s.scroll.View(s.d.Styles, s.Lines(w), w, h) }

// Lines is the whole page, w cells wide.
func (s *portsScreen) Lines(w int) []string {
	st, v := s.d.Styles, s.d.Survey
	var lines []string
	if s.busy.Runs() {
		lines = append(lines, s.busy.Line(st, s.d.Now()), "")
	}
	switch {
	case v == nil && s.d.AsksPorts():
		return lines
	case v == nil, len(v.Ports)+len(v.Troubles)+len(v.Notes) == 0:
		return append(lines, s.noServices(w)...)
	}
	lines = append(lines, s.summary(*v, w), "")
	word, table := words.WidestWord(v.Ports), s.d.PortTable()
	for _, group := range byService(v.Ports) {
		lines = append(lines, " "+st.Title.Render(kit.Cut(certstore.ServiceTitle(group[0].Service), w-2, st.Glyphs.Ellipsis)))
		lines = append(lines, table.Lines(group, word, w, table.Advice)...)
	}
	if len(v.Troubles)+len(v.Notes) > 0 {
		lines = append(lines, "", " "+st.Title.Render("What could not be checked"))
	}
	for _, text := range v.Troubles {
		lines = append(lines, words.Indented(st.Text, kit.Printable(text), " "+st.Warn.Render(st.Glyphs.Warn)+" ",
			"   ", w)...)
	}
	for _, text := range v.Notes {
		lines = append(lines, words.Indented(st.Text, kit.Printable(text), " "+st.Muted.Render(st.Glyphs.Dot)+" ",
			"   ", w)...)
	}
	return append(lines, "")
}

// byService puts ports of one service together, in their order.
func byService(ports []enabling.Port) (groups [][]enabling.Port) {
	for _, p := range ports {
		n := len(groups)
		if n > 0 && groups[n-1][0].Service.Same(p.Service) {
			groups[n-1] = append(groups[n-1], p)
			continue
		}
		groups = append(groups, []enabling.Port{p})
	}
	return groups
}

// summary is how many ports are as they should be, and when they were asked where there is room for that.
func (s *portsScreen) summary(v enabling.Survey, w int) string {
	st, good, all := s.d.Styles, v.Right(), len(v.Ports)
	if all == 0 {
		return " " + st.Muted.Render(st.Glyphs.Dot) + " " + st.Title.Render("No port of a running service is known.")
	}
	at := st.Muted.Render("  asked at " + when.Clock(v.At.Local()))
	if good == all {
		return timed(" "+st.Good.Render(st.Glyphs.Good)+" "+st.Title.Render(allPorts(all)), at, w)
	}
	text := fmt.Sprintf("%d of %s %s should.", all-good, words.Count(all, "port"), serve(all-good))
	if v.Lapse() {
		text = fmt.Sprintf("At %d of %s a restart would end what is served.", all-good, words.Count(all, "port"))
	}
	return timed(" "+st.Bad.Render(st.Glyphs.Bad)+" "+st.Title.Render(text), at, w)
}

// timed is a line of at most w cells with the time behind it, whole or not at all.
func timed(line, at string, w int) string {
	if kit.Width(line)+kit.Width(at) > w-1 {
		return line
	}
	return line + at
}

func allPorts(n int) string {
	if n == 1 {
		return "The port serves what it should."
	}
	return fmt.Sprintf("All %d ports serve what they should.", n)
}

func serve(n int) string {
	if n == 1 {
		return "does not serve what it"
	}
	return "do not serve what they"
}

// noServices says how a service becomes known.
func (s *portsScreen) noServices(w int) []string {
	st := s.d.Styles
	lines := []string{"  " + st.Title.Render("No service is known on this host."), ""}
	text := "Postfix, Dovecot, nginx and Apache are found by themselves where they are installed with their default " +
		"configuration. " +
		"Any other, and several of one kind, are named in /etc/certdesk/certdesk.toml:"
	lines = append(lines, words.Indented(st.Text, text, "  ", "  ", w)...)
	lines = append(lines, "")
	for _, line := range []string{"[[service]]", `use    = "SMTP"`, `driver = "postfix"`, `config = "/etc/postfix"`} {
		lines = append(lines, "    "+st.Key.Render(line))
	}
	return lines
}

func (s *portsScreen) Doing() string { return s.busy.Text }

package ui

import (
	"crypto/x509"
	"fmt"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
	"github.com/charmbracelet/lipgloss"

	"certdesk/certstore"
	"certdesk/certstore/when"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// portsScreen tells of every port of every service what it serves, beside what it should. It shows what is known and
// asks anew.
type portsScreen struct {
	d      *desk
	busy   busy
	scroll kit.Scroll
}

const askingPorts = "asking every port what it serves"

func newPorts(d *desk) *portsScreen { return &portsScreen{d: d} }

func (s *portsScreen) Init() tea.Cmd { return s.ask() }

func (s *portsScreen) ask() tea.Cmd {
	if !s.d.asksPorts() {
		return nil
	}
	return tea.Batch(s.busy.start(s.d, askingPorts), askPorts)
}

func (s *portsScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case portsMsg:
		s.busy.stop()
	case turnMsg:
		return s, s.busy.turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *portsScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if cmd := runVerb(s.verbs(), msg); cmd != nil {
		return cmd
	}
	s.scroll = scrolled(s.scroll, msg, len(s.lines(s.d.w)), s.d.bodyHeight())
	return nil
}

func (s *portsScreen) verbs() []verb {
	var list []verb
	if !s.busy.runs() && s.d.asksPorts() {
		list = append(list, verb{keys.AskAgain, s.ask})
	}
	return append(list, verb{keys.Leave, func() tea.Cmd { return pop }})
}

func (s *portsScreen) Keys() []key.Binding {
	return append([]key.Binding{keys.Scroll}, keysOf(s.verbs())...)
}
func (s *portsScreen) Typing() bool         { return false }
func (s *portsScreen) Title() string        { return "Ports" }
func (s *portsScreen) View(w, h int) string { return s.scroll.View(s.d.styles, s.lines(w), w, h) }

// lines is the whole page, w cells wide.
func (s *portsScreen) lines(w int) []string {
	st, v := s.d.styles, s.d.survey
	lines := []string{""}
	if s.busy.runs() {
		lines = append(lines, s.busy.line(st, s.d.Now()), "")
	}
	switch {
	case v == nil && s.d.asksPorts():
		return lines
	case v == nil, len(v.Ports)+len(v.Troubles)+len(v.Notes) == 0:
		return append(lines, s.noServices(w)...)
	}
	lines = append(lines, s.summary(*v), "")
	word := widestWord(v.Ports)
	for _, group := range byService(v.Ports) {
		lines = append(lines, " "+st.Title.Render(kit.Cut(certstore.ServiceTitle(group[0].Service), w-2, st.Glyphs.Ellipsis)))
		lines = append(lines, s.d.portTable(group, word, w, s.d.adviceLines)...)
	}
	if len(v.Troubles)+len(v.Notes) > 0 {
		lines = append(lines, "", " "+st.Title.Render("What could not be looked at"))
	}
	for _, text := range v.Troubles {
		lines = append(lines, indented(st.Text, kit.Printable(text), " "+st.Warn.Render(st.Glyphs.Warn)+" ", "   ", w)...)
	}
	for _, text := range v.Notes {
		lines = append(lines, indented(st.Text, kit.Printable(text), " "+st.Muted.Render(st.Glyphs.Dot)+" ", "   ", w)...)
	}
	return append(lines, "")
}

// byService puts ports of one service together, in their order.
func byService(ports []certstore.Port) (groups [][]certstore.Port) {
	for _, p := range ports {
		n := len(groups)
		if n > 0 && groups[n-1][0].Service.Same(p.Service) {
			groups[n-1] = append(groups[n-1], p)
			continue
		}
		groups = append(groups, []certstore.Port{p})
	}
	return groups
}

func (s *portsScreen) summary(v certstore.Survey) string {
	st, good, all := s.d.styles, v.Right(), len(v.Ports)
	if all == 0 {
		return " " + st.Muted.Render(st.Glyphs.Dot) + " " + st.Title.Render("No port of a running service is known.")
	}
	at := st.Muted.Render("  asked at " + when.Clock(v.At.Local()))
	if good == all {
		return " " + st.Good.Render(st.Glyphs.Good) + " " + st.Title.Render(allPorts(all)) + at
	}
	text := fmt.Sprintf("%d of %s %s should.", all-good, count(all, "port"), serve(all-good))
	if v.Lapse() {
		text = fmt.Sprintf("At %d of %s a restart would end what is served.", all-good, count(all, "port"))
	}
	return " " + st.Bad.Render(st.Glyphs.Bad) + " " + st.Title.Render(text) + at
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
	st := s.d.styles
	lines := []string{"  " + st.Title.Render("No service is known on this host."), ""}
	text := "Postfix, Dovecot, nginx and Apache are found by themselves where they are installed with their default configuration. " +
		"Any other, and several of one kind, are named in /etc/certdesk/certdesk.toml:"
	lines = append(lines, indented(st.Text, text, "  ", "  ", w)...)
	lines = append(lines, "")
	for _, line := range []string{"[[service]]", `use    = "SMTP"`, `driver = "postfix"`, `config = "/etc/postfix"`} {
		lines = append(lines, "    "+st.Key.Render(line))
	}
	return lines
}

// portLook is the sign, the word and the style of what a port serves.
func portLook(st theme.Styles, p certstore.Port) (sign, word string, style lipgloss.Style) {
	if p.Right() {
		return st.Glyphs.Good, p.Word(), st.Good
	}
	return st.Glyphs.Bad, p.Word(), st.Bad
}

// portAt is where a port is, the name that is asked for, and the kind of key where there are two.
func portAt(p certstore.Port) string {
	parts := []string{p.Listen}
	for _, part := range []string{p.Name, string(p.Key)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return kit.Printable(strings.Join(parts, " "))
}

// portTable are ports, a line each, in columns. Of a place in a narrow table its beginning is seen, the port's number in any
// case; what is served gives way to it.
func (d *desk) portTable(ports []certstore.Port, word, w int, below ...portBelow) (lines []string) {
	c := portColumns{word: word, at: 20}
	least := c.at
	for _, p := range ports {
		c.at, least = max(c.at, kit.Width(portAt(p))), max(least, kit.Width(kit.Printable(p.Listen))+1)
	}
	c.at = min(c.at, max(least, w-c.start()-d.leastServed(ports)))
	for _, p := range ports {
		lines = append(lines, d.portLines(p, c, w)...)
		for _, say := range below {
			lines = append(lines, say(p, strings.Repeat(" ", c.start()), w)...)
		}
	}
	return lines
}

// portBelow says more of a port below its line, behind a lead, w cells wide.
type portBelow func(p certstore.Port, lead string, w int) []string

func (s *portsScreen) doing() string { return s.busy.text }

// widestWord is the width of the widest word of some ports.
func widestWord(ports []certstore.Port) (w int) {
	for _, p := range ports {
		w = max(w, kit.Width(p.Word()))
	}
	return w
}

// portColumns are the widths of the words and of the places of a table of ports.
type portColumns struct{ word, at int }

// start is where the places begin.
func (c portColumns) start() int { return 7 + c.word }

// leastServed is what a long place leaves for what is served: the widest end of it, with its time where that is near.
func (d *desk) leastServed(ports []certstore.Port) (w int) {
	for _, p := range ports {
		if p.Report.Served() {
			w = max(w, kit.Width("  until "+day(p.Report.Leaf.NotAfter, d.Now())))
		}
	}
	return w
}

// portLines are a port in one line, and what is wrong there below it.
func (d *desk) portLines(p certstore.Port, c portColumns, w int) []string {
	st := d.styles
	sign, word, style := portLook(st, p)
	line := "   " + style.Render(sign+" "+kit.Pad(word, c.word)) + "  " + kit.Pad(kit.Cut(portAt(p), c.at, st.Glyphs.Ellipsis), c.at) + "  "
	lines := []string{kit.Cut(line+d.servedBy(p, w-kit.Width(line)), w, st.Glyphs.Ellipsis)}
	if !p.Right() {
		lead := strings.Repeat(" ", c.start())
		lines = append(lines, indented(st.Text, stop(d.shouldBe(p)), lead, lead, w)...)
	}
	return lines
}

// servedBy names what is served, in w cells: an entry by its name, else by what is on the certificate. The day says which of
// two of one name it is, so the name gives way.
func (d *desk) servedBy(p certstore.Port, w int) string {
	name, until, rest := "", "", ""
	switch e := d.find(p.Served); {
	case e != nil && p.Served != 0:
		name, until = title(*e), day(e.NotAfter, d.Now())
	case !p.Report.Served():
		return "-"
	default:
		name, until, rest = kit.Printable(leafName(p.Report.Leaf)), day(p.Report.Leaf.NotAfter, d.Now()), " (not in the store)"
	}
	until = "until " + until
	if kit.Width(name+", "+until+rest) <= w {
		return name + ", " + until + rest
	}
	if room := w - kit.Width(", "+until); room >= leastName {
		return kit.Cut(name, room, d.styles.Glyphs.Ellipsis) + ", " + until
	}
	return until
}

// leastName is how much of a name is worth being seen.
const leastName = 6

// adviceLines are why a port does not serve what it should, and what puts that right.
func (d *desk) adviceLines(p certstore.Port, lead string, w int) (lines []string) {
	a := p.Advice(d.expectedAt(p))
	for _, text := range []string{a.Why, a.Do} {
		if text != "" && !(p.Good() && text == p.DiskFault()) { // which the line above says
			lines = append(lines, indented(d.styles.Text, kit.Printable(stop(sentenceCase(text))), lead, lead, w)...)
		}
	}
	return lines
}

// expectedAt is the entry that a port should serve, nil where the store does not have it.
func (d *desk) expectedAt(p certstore.Port) *certstore.Entry {
	if p.Bound != 0 {
		return d.find(p.Bound)
	}
	for i, e := range d.entries {
		if e.SHA256 == p.Expected && p.Expected != "" && !isStranger(e) {
			return &d.entries[i]
		}
	}
	return nil
}

// leafName is what a certificate is for, in a word.
func leafName(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) > 0 {
		return leaf.DNSNames[0]
	}
	return leaf.Subject.CommonName
}

// shouldBe says what is wrong at a port and what should be there.
func (d *desk) shouldBe(p certstore.Port) string {
	text := p.Trouble(d.Now())
	if e := d.find(p.Bound); e != nil && p.Bound != 0 && !p.Good() {
		text += "; it should be " + title(*e) + ", until " + day(e.NotAfter, d.Now())
	}
	return text
}

// ports are what each port serves that an entry is bound to, or that serves it.
func (s *detailsScreen) ports(w int) []string {
	if s.d.survey == nil || !s.entry.Removed.IsZero() {
		return nil
	}
	ports := s.d.survey.Of(s.entry)
	return s.d.portTable(ports, widestWord(ports), w, s.d.adviceLines)
}

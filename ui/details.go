package ui

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// detailsScreen is everything about one entry. It shows at once what the table knows, and the rest when the
// store has verified the entry anew from its bytes.
type detailsScreen struct {
	d       *desk
	entry   certstore.Entry
	details certstore.Details
	known   bool // details has been read
	gone    bool // the entry is no longer listed
	err     error
	scroll  kit.Scroll
}

// shownMsg is the store's answer.
type shownMsg struct {
	details certstore.Details
	err     error
}

func newDetails(d *desk, e certstore.Entry) *detailsScreen { return &detailsScreen{d: d, entry: e} }

func (s *detailsScreen) Init() tea.Cmd {
	if s.d.Store == nil {
		return nil
	}
	store, id := s.d.Store, s.entry.ID
	return s.d.behind(func(ctx context.Context) tea.Msg {
		details, err := store.Show(ctx, id)
		return shownMsg{details, err}
	})
}

func (s *detailsScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case shownMsg:
		s.shown(msg)
	case entriesMsg:
		return s, s.refresh()
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *detailsScreen) shown(msg shownMsg) {
	if s.err = msg.err; s.err == nil {
		s.details, s.entry, s.known = msg.details, msg.details.Entry, true
	}
}

// refresh follows the list: the page may turn from pending to valid while somebody reads it.
func (s *detailsScreen) refresh() tea.Cmd {
	e, ok := s.d.entry(s.entry.ID)
	s.gone = !ok
	if !ok {
		return nil
	}
	s.entry = e
	return s.Init()
}

func (s *detailsScreen) key(msg tea.KeyMsg) tea.Cmd {
	if msg.Paste {
		return nil
	}
	if key.Matches(msg, keys.Leave) {
		return pop
	}
	for _, v := range s.verbs() {
		if key.Matches(msg, v.key) {
			return v.run()
		}
	}
	if cmd := refused(s.d, msg); cmd != nil {
		return cmd
	}
	s.scroll = scrolled(s.scroll, msg, len(s.lines(s.d.w)), s.d.bodyHeight())
	return nil
}

func (s *detailsScreen) verbs() []verb {
	if s.gone {
		return nil
	}
	return entryVerbs(s.d, s.entry)
}

func (s *detailsScreen) Keys() []key.Binding {
	list := []key.Binding{keys.Scroll}
	for _, v := range s.verbs() {
		list = append(list, v.key)
	}
	return append(list, keys.Leave)
}

func (s *detailsScreen) Typing() bool         { return false }
func (s *detailsScreen) Title() string        { return title(s.entry) }
func (s *detailsScreen) View(w, h int) string { return s.scroll.View(s.d.styles, s.lines(w), w, h) }

// lines is the whole page, w cells wide.
func (s *detailsScreen) lines(w int) []string {
	st, e := s.d.styles, s.entry
	lines := append([]string{""}, s.verdictLines(w)...)
	lines = append(lines, section(st.Title.Render("Identity"), factLines(st, slices.Concat(identity(e), s.relatives(), keyFacts(e)), labelColumn, w))...)
	if e.Kind == certstore.Certificate {
		lines = append(lines, section(st.Title.Render("Life"), append(factLines(st, validity(e, s.d.Now()), labelColumn, w), s.lifeBar(w)))...)
	}
	lines = append(lines, section(st.Title.Render(fmt.Sprintf("Names (%d)", len(e.Names))), nameLines(e, maxNames))...)
	if len(e.Verdict.Findings) > 0 {
		lines = append(lines, section(st.Title.Render("Findings"), findingLines(st, e.Verdict.Findings, w))...)
	}
	if e.Kind == certstore.Certificate && !e.SelfSigned {
		lines = append(lines, section(st.Title.Render("Chain"), chainLines(st, e, s.details.Gaps, s.d.Now(), w))...)
	}
	lines = append(lines, section(st.Title.Render("Fingerprints"), factLines(st, prints(e), labelColumn, w))...)
	return append(append(lines, s.storeLines(w)...), "")
}

// relatives are what the entry renews, and what renews it.
func (s *detailsScreen) relatives() []fact {
	var facts []fact
	switch old := s.details.Renews; {
	case old != nil:
		facts = append(facts, fact{"Renews", relative(*old)})
	case s.known && s.entry.RenewalOf != 0:
		facts = append(facts, fact{"Renews", "a certificate that was purged"})
	}
	for i, e := range s.details.RenewedBy {
		label := "Renewed by"
		if i > 0 {
			label = ""
		}
		facts = append(facts, fact{label, relative(e)})
	}
	return facts
}

// relative names another entry so that it can be found: its name, its state, and how its thumbprint begins.
func relative(e certstore.Entry) string {
	state := "valid until " + day(e.NotAfter)
	switch {
	case !e.Removed.IsZero():
		state = "removed"
	case e.Kind == certstore.PendingReq:
		state = "pending"
	}
	return title(e) + ", " + state + ", " + kit.Cut(kit.Printable(e.Thumbprint), 12, "")
}

// section is a heading and its lines, with a blank line after.
func section(heading string, lines []string) []string {
	return append(append([]string{" " + heading}, lines...), "")
}

func (s *detailsScreen) verdictLines(w int) []string {
	st := s.d.styles
	glyph, style := look(&st, s.entry.Verdict.Word)
	out := []string{" " + style.Render(glyph+" "+s.entry.Verdict.Word)}
	what, next := sentence(s.entry, s.d.Now(), !s.d.readOnly)
	if s.gone {
		what, next = "This entry has been removed meanwhile.", ""
	}
	for _, line := range append(kit.Wrap(what, w-4), kit.Wrap(next, w-4)...) {
		out = append(out, "   "+line)
	}
	if s.err != nil {
		problem, hint := failure(s.err)
		for _, line := range kit.Wrap(stop(problem)+" "+hint, w-4) {
			out = append(out, "   "+st.Error.Render(line))
		}
	}
	return append(out, "")
}

func (s *detailsScreen) lifeBar(w int) string {
	width := min(40, w-30)
	_, style := look(&s.d.styles, s.entry.Verdict.Word)
	left := int(share(&s.entry, s.d.Now()) * 100)
	return fmt.Sprintf(" %s %d %% of its life left", style.Render(bar(s.d.styles, &s.entry, s.d.Now(), width)), left)
}

// storeLines is what only the bytes tell: files and history.
func (s *detailsScreen) storeLines(w int) []string {
	st := s.d.styles
	if !s.known {
		return []string{" " + st.Muted.Render("Reading the store ...")}
	}
	var files []string
	for _, f := range s.details.Files {
		for i, line := range kit.Wrap(kit.Printable(f), w-5) {
			files = append(files, strings.Repeat(" ", 2+2*min(i, 1))+line)
		}
	}
	lines := section(st.Title.Render("Files"), files)
	return append(lines, section(st.Title.Render("History"), s.history(w))...)
}

func (s *detailsScreen) history(w int) []string {
	var lines []string
	for _, event := range s.details.History {
		when := s.d.styles.Muted.Render(kit.PadLeft(event.Time.Local().Format("2 Jan 2006 15:04"), 17))
		who := kit.Printable(actor(event))
		for i, line := range kit.Wrap(kit.Printable(event.Text)+", by "+who, w-23) {
			if i > 0 {
				when = strings.Repeat(" ", 17)
			}
			lines = append(lines, "  "+when+"  "+line)
		}
	}
	return lines
}

// actor is who did it: the person behind sudo, where there is one.
func actor(e certstore.Event) string {
	switch a := e.Actor; {
	case e.Who != "":
		return e.Who
	case a.Sudo != "":
		return a.Sudo + " with sudo"
	case a.UID == 0:
		return "root"
	default:
		return fmt.Sprintf("uid %d", a.UID)
	}
}

// pane is what stands beside the table on a wide terminal: the list's knowledge of the selected entry.
func (s *tableScreen) pane(w, h int) string {
	e, ok := s.selected()
	if !ok {
		return kit.Fit("", w, h)
	}
	st := s.d.styles
	glyph, style := look(&st, e.Verdict.Word)
	lines := []string{" " + st.Title.Render(kit.Cut(title(e), w-1, st.Glyphs.Ellipsis)), " " + style.Render(glyph+" "+e.Verdict.Word), ""}
	lines = append(lines, factLines(st, slimFacts(e), paneColumn, w)...)
	if e.Kind == certstore.Certificate {
		lines = append(lines, "", " "+style.Render(bar(st, &e, s.d.Now(), w-2)))
	}
	lines = append(lines, "", " "+st.Title.Render(fmt.Sprintf("Names (%d)", len(e.Names))))
	lines = append(lines, nameLines(e, max(1, h-len(lines)-8))...)
	if e.Kind == certstore.Certificate && !e.SelfSigned && len(e.Chain) > 0 {
		lines = append(append(lines, "", " "+st.Title.Render("Chain")), chainLines(st, e, nil, s.d.Now(), w)...)
	}
	if len(e.Verdict.Findings) > 0 {
		lines = append(append(lines, "", " "+st.Title.Render("Findings")), findingLines(st, e.Verdict.Findings, w)...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func slimFacts(e certstore.Entry) []fact {
	facts := []fact{{"Subject", kit.Printable(e.Subject)}}
	if e.Kind == certstore.Certificate {
		facts = append(facts, fact{"Issuer", issuerFact(e)}, fact{"Valid from", day(e.NotBefore)}, fact{"Valid until", day(e.NotAfter)})
	}
	key := fmt.Sprintf("%s %d, %s", kit.Printable(e.KeyAlgorithm), e.KeySize, privateKey(e))
	return append(facts, fact{"Services", servicesFact(e)}, fact{"Key", key}, fact{"Thumbprint", halves(kit.Printable(e.Thumbprint))})
}

// halves breaks a thumbprint in its middle.
func halves(s string) string {
	if len(s) < 40 {
		return s
	}
	return s[:len(s)/2] + "\n" + s[len(s)/2:]
}

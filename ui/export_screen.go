package ui

import (
	"context"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// exportScreen asks who will open the file, not for an algorithm, and writes it.
type exportScreen struct {
	d       *desk
	entry   certstore.Entry
	who     *kit.Choice
	path    *kit.Path
	secret  *exportPassword
	chain   *kit.Switch
	form    *kit.Form
	busy    busy
	err     error
	request certstore.ExportRequest // that was carried out
	written bool
}

var (
	_ asking = (*exportScreen)(nil)
	_ doer   = (*exportScreen)(nil)
)

// exportedMsg is the store's answer.
type exportedMsg struct{ err error }

// newExport opens the export of an entry.
func newExport(d *desk, e certstore.Entry) screen {
	s := &exportScreen{d: d, entry: e}
	s.who = kit.NewChoice("who", "Who opens it", "", receiverOptions(e)...).
		With("Choose by the program that will read the file.", func(string) { s.suggest() })
	s.path = pathField(d, "path", "Write to", d.exportPaths[e.ID])
	s.secret = newExportPassword("It guards the file on its way. It is not shown and not kept.")
	s.chain = kit.NewSwitch("chain", "Chain", "with the CA's chain", "most servers want it", true).
		With("Off: the certificate alone.", nil)
	s.path.ToWrite()
	s.path.SetCheck(s.checkPath)
	s.form = kit.NewForm(s.who, s.path, s.secret.pass, s.secret.again, s.chain, kit.NewButton("do", "Export", "Writes the file, mode 0600: only you can read it at first.")).
		Hide(s.hides).Remarks(s.remarks).Below(s.below)
	s.suggest()
	return s
}

func (s *exportScreen) Init() tea.Cmd { return s.form.Focus("who") }

func (s *exportScreen) receiver() receiver { return receiverOf(s.who.Value()) }

func (s *exportScreen) hides(id string) bool {
	r := s.receiver()
	switch id {
	case "pass", "again":
		return !r.format.AsksPassword()
	case "chain":
		return !r.chain || len(s.entry.Chain) == 0
	}
	return false
}

// suggest shows a file name that fits; what was typed stays.
func (s *exportScreen) suggest() {
	s.path.SetEmpty("such as " + words.FileName(s.entry) + s.receiver().ext)
	s.path.SetHint("A path ending in " + s.receiver().ext + ". Tab completes; down picks from the list.")
}

func (s *exportScreen) remarks() []kit.Remark {
	switch r := s.receiver(); {
	case r.format == certstore.ExportPKCS12:
		return s.secret.remarks()
	case r.format == certstore.ExportKeyPEM:
		return []kit.Remark{{Field: "who", Text: "The key in this file is not encrypted: whoever reads the file has the key."}}
	case s.entry.HasKey && !s.entry.Exportable && !r.asksCA():
		return []kit.Remark{{Field: "who", Text: "Its key was not marked exportable, so only the public part can leave.", Mild: true}}
	}
	return nil
}

func (s *exportScreen) below(st theme.Styles, w int) []string {
	return words.ProblemLines(st, s.err, w)
}

func (s *exportScreen) checkPath() string {
	switch {
	case strings.TrimSpace(s.path.Value()) == "":
		return "type the path of the file to write, such as " + words.FileName(s.entry) + s.receiver().ext
	case s.path.IsDir():
		return "this is a directory: add a file name, such as " + words.FileName(s.entry) + s.receiver().ext
	case !s.receiver().goesInto(s.entry, s.path.Value()):
		return "such a file ends in " + s.receiver().endings() + ": type " + s.receiver().renamed(s.path.Value())
	}
	return s.path.NoDirectory()
}

func (s *exportScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.key(msg)
	case turnMsg:
		return s, s.busy.turned(s.d)
	case exportedMsg:
		return s, s.exported(msg)
	}
	cmd, outcome := s.form.Update(msg)
	if outcome == kit.Next {
		return s, s.form.Focus("do")
	}
	return s, cmd
}

func (s *exportScreen) key(k tea.KeyMsg) (screen, tea.Cmd) {
	switch {
	case s.busy.runs() && key.Matches(k, keys.CancelRun):
		s.d.cancel()
		return s, nil
	case s.busy.runs():
		return s, nil
	case s.written && key.Matches(k, keys.Done):
		return s, pop
	case s.written:
		return s, nil
	}
	cmd, outcome := s.form.Update(k)
	s.d.exportPaths[s.entry.ID] = s.path.Text.Value()
	switch outcome {
	case kit.Back:
		s.secret.forget()
		return s, pop
	case kit.Next:
		return s, s.form.Focus("do")
	case kit.Pressed:
		return s, s.press()
	}
	return s, cmd
}

// press carries the export out once every field is right.
func (s *exportScreen) press() tea.Cmd {
	if cmd, ok := s.form.Complete(); !ok {
		return cmd
	}
	return s.carryOut(false)
}

func (s *exportScreen) carryOut(overwrite bool) tea.Cmd {
	r := s.receiver()
	s.request = certstore.ExportRequest{
		ID: s.entry.ID, Path: words.Absolute(s.path.Value()), Overwrite: overwrite,
		Format: r.format, Profile: r.profile, NoChain: r.chain && !s.chain.On(),
	}
	if r.format.AsksPassword() {
		s.request.Password = s.secret.bytes()
	}
	if s.d.Store == nil {
		return nil
	}
	s.err = nil
	store, request := s.d.Store, s.request
	work := s.d.run(func(ctx context.Context) tea.Msg {
		defer clear(request.Password)
		return exportedMsg{store.Export(ctx, request)}
	})
	return tea.Batch(work, s.busy.start(s.d, "writing"))
}

func (s *exportScreen) exported(msg exportedMsg) tea.Cmd {
	s.busy.stop()
	switch {
	case msg.err == nil:
		s.secret.forget()
		s.written = true
		delete(s.d.exportPaths, s.entry.ID)
		return nil
	case words.Canceled(msg.err):
		return notice("cancelled: nothing was written")
	case fail.Is(msg.err, fail.AlreadyExists):
		return s.d.push(s.askReplace())
	}
	s.err = msg.err
	return nil
}

func (s *exportScreen) askReplace() screen {
	lines := []string{kit.Printable(s.request.Path) + " is there already. Replacing it loses what is in it."}
	return confirm(s.d, "Replace the file?", "Replace", lines, func() tea.Cmd { return s.carryOut(true) })
}

// View is the question and the form, or where the file is.
func (s *exportScreen) View(w, h int) string {
	st := s.d.styles
	lines := []string{"", "  " + st.Title.Render(s.question()), ""}
	switch {
	case s.busy.runs():
		lines = append(lines, s.busy.line(st, s.d.Now()))
	case s.written:
		lines = append(lines, s.writtenLines(w)...)
	default:
		lines = append(lines, s.form.View(st, w, max(1, h-len(lines)))...)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *exportScreen) question() string {
	if s.written {
		return "Written"
	}
	return "Who will open this?"
}

func (s *exportScreen) writtenLines(w int) []string {
	st := s.d.styles
	var out []string
	for _, line := range words.Signed(st, st.Good, st.Glyphs.Good, s.request.Path, w-5) {
		out = append(out, "  "+line)
	}
	out = append(out, "")
	for _, line := range kit.Wrap(s.receiver().after, w-5) {
		out = append(out, "    "+st.Text.Render(line))
	}
	for _, line := range s.secret.lines(st, w-5) {
		out = append(out, "    "+line)
	}
	return out
}

func (s *exportScreen) Keys() []key.Binding {
	switch {
	case s.busy.runs():
		return []key.Binding{keys.CancelRun}
	case s.written:
		return []key.Binding{keys.Done}
	}
	return s.form.Keys()
}

func (s *exportScreen) Typing() bool  { return !s.busy.runs() && !s.written && s.form.Typing() }
func (s *exportScreen) Title() string { return "Export " + words.Title(s.entry) }

func (s *exportScreen) inLines() (string, *kit.Form, error) {
	if s.busy.runs() || s.written {
		return "", nil, nil
	}
	return s.question(), s.form, nil
}

func (s *exportScreen) doing() string { return s.busy.text }

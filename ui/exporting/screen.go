// Package exporting writes one entry, or several, to files: it asks who will open them, not for an algorithm.
//
// Its promise: a file that is there is replaced only after a question; a password that was made up is shown once, and
// none is kept.
package exporting

import (
	"context"
	"os"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// exportScreen asks who will open the file, not for an algorithm, and writes it.
type exportScreen struct {
	d       *screen.Desk
	entry   certstore.Entry
	who     *form.Choice
	path    *form.Path
	secret  *exportPassword
	chain   *form.Switch
	form    *form.Form
	busy    screen.Busy
	err     error
	request exporting.Request // that was carried out
	written bool
}

var (
	_ screen.Asking = (*exportScreen)(nil)
	_ screen.Doer   = (*exportScreen)(nil)
)

// exportedMsg is the store's answer.
type exportedMsg struct{ err error }

// New opens the export of an entry.
func New(d *screen.Desk, e certstore.Entry) screen.Screen {
	s := &exportScreen{d: d, entry: e}
	s.who = form.NewChoice("who", "Who opens it", "", readerOptions(d, e)...).
		With("Choose by the program that will read the file.", func(string) { s.suggest() }).
		Hinting(func(reader string) string { return writes(e, readerOf(reader), s.path.Value()) })
	s.path = screen.PathField(d, "path", "Write to", d.ExportPaths[e.ID])
	s.secret = newExportPassword("It guards the file on its way. It is not kept.")
	s.chain = form.NewSwitch("chain", "Chain", "with the CA's chain", "most servers want it", true).
		With("Off: the certificate alone.", nil)
	s.path.ToWrite()
	s.path.SetCheck(s.checkPath)
	s.form = form.New(s.who, s.path, s.secret.pass, s.secret.again, s.chain,
		form.NewButton("do", "Export", "Writes the file, mode 0600: only you can read it at first.")).
		Hide(s.hides).Remarks(s.remarks).Below(s.below).Titled(s.question)
	s.suggest()
	return s
}

func (s *exportScreen) Init() tea.Cmd { return s.form.Focus("who") }

func (s *exportScreen) reader() exporting.Reader { return readerOf(s.who.Value()) }

// made is what the reader is made under the path as it stands.
func (s *exportScreen) made() exporting.Form {
	f, _ := s.reader().Form(s.path.Value())
	return f
}

func (s *exportScreen) hides(id string) bool {
	switch id {
	case "pass", "again":
		return !s.made().Format.AsksPassword()
	case "chain":
		return !hasChain(s.made().Format) || len(s.entry.Chain) == 0
	}
	return false
}

// suggest proposes a file name that fits; what was typed stays.
func (s *exportScreen) suggest() {
	s.path.Propose(words.FileName(s.entry) + ending(s.reader()))
	s.path.SetHint("A path ending in " + s.reader().Endings() + ". " + screen.EmptyKeeps)
}

func (s *exportScreen) remarks() []form.Remark {
	f := s.made().Format
	switch {
	case f.AsksPassword() && f.BringsKey():
		return s.secret.remarks()
	case f.BringsKey():
		return []form.Remark{{Field: "who", Text: "The key is written unencrypted: whoever reads the file has the key."}}
	case f.OfRequest():
	case s.d.ReadOnly && s.entry.HasKey:
		return []form.Remark{{Field: "who", Mild: true,
			Text: "The store is read-only here, so only the public part can leave."}}
	case s.entry.HasKey && !s.entry.Exportable:
		return []form.Remark{{Field: "who", Mild: true,
			Text: "Its key was not marked exportable, so only the public part can leave."}}
	}
	return nil
}

func (s *exportScreen) below(st theme.Styles, w int) []string {
	return words.ProblemLines(st, s.err, w)
}

func (s *exportScreen) checkPath() string {
	r := s.reader()
	_, fits := r.Form(s.path.Value())
	switch {
	case s.path.IsDir():
		return "this is a directory: add a file name, such as " + words.FileName(s.entry) + ending(r)
	case !fits:
		return "such a file ends in " + r.Endings() + ": type " + renamed(r, s.path.Value())
	}
	return s.path.NoDirectory()
}

func (s *exportScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.key(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case exportedMsg:
		return s, s.exported(msg)
	case screen.SentMsg:
		return s, msg.Said()
	}
	cmd, outcome := s.form.Update(msg)
	if outcome == form.Next {
		return s, s.form.Focus("do")
	}
	return s, cmd
}

func (s *exportScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if s.busy.Runs() || s.written {
		cmd, _ := kit.Do(s.Verbs(), k)
		return s, cmd
	}
	cmd, outcome := s.form.Update(k)
	s.d.ExportPaths[s.entry.ID] = s.path.Text.Value()
	switch outcome {
	case form.Back:
		s.secret.forget()
		return s, screen.Pop
	case form.Next:
		return s, s.form.Focus("do")
	case form.Pressed:
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
	made := s.made()
	s.request = exporting.Request{
		ID: s.entry.ID, Path: words.Absolute(s.path.Value()), Overwrite: overwrite,
		Format: made.Format, Profile: made.Profile, NoChain: hasChain(made.Format) && !s.chain.On(),
	}
	if made.Format.AsksPassword() {
		s.request.Password = s.secret.bytes()
	}
	if s.d.Store == nil {
		return nil
	}
	s.err = nil
	store, request := s.d.Store, s.request
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		defer clear(request.Password)
		return exportedMsg{store.Export(ctx, request)}
	})
	return tea.Batch(work, s.busy.Start(s.d, "writing"))
}

func (s *exportScreen) exported(msg exportedMsg) tea.Cmd {
	s.busy.Stop()
	switch {
	case msg.err == nil:
		s.secret.forget()
		s.written = true
		delete(s.d.ExportPaths, s.entry.ID)
		return nil
	case words.Canceled(msg.err):
		return screen.Notice("cancelled: nothing was written")
	case fail.Is(msg.err, fail.AlreadyExists):
		return s.d.Push(s.askReplace())
	}
	s.err = msg.err
	return nil
}

func (s *exportScreen) askReplace() screen.Make {
	lines := []string{"Already there:"}
	for _, file := range s.request.Files(s.entry) {
		if _, err := os.Lstat(file.Path); err == nil {
			lines = append(lines, kit.Printable(file.Path))
		}
	}
	return screen.Confirm("Replace the file?", "Replace", lines, func() tea.Cmd { return s.carryOut(true) })
}

// View is the question and the form, or where the file is.
func (s *exportScreen) View(w, h int) string {
	st := s.d.Styles
	lines := []string{"", "  " + st.Title.Render(s.question()), ""}
	switch {
	case s.busy.Runs():
		lines = append(lines, s.busy.Line(st, s.d.Now()))
	case s.written:
		lines = append(lines, s.writtenLines(w)...)
		lines = append(lines, s.thereLines(w, h)...)
	default:
		lines = s.form.View(st, w, h)
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
	st := s.d.Styles
	var out []string
	for _, file := range s.request.Files(s.entry) {
		for _, line := range words.Signed(st.Good, st.Glyphs.Good, words.ExportedFile(s.entry, file), w-5) {
			out = append(out, "  "+line)
		}
	}
	out = append(out, "")
	for _, line := range kit.Wrap(after(s.d, s.reader(), s.made()), w-5) {
		out = append(out, "    "+st.Text.Render(line))
	}
	for _, line := range s.secret.lines(st, w-5) {
		out = append(out, "    "+line)
	}
	return out
}

func (s *exportScreen) Verbs() []kit.Verb {
	switch {
	case s.busy.Runs():
		return []kit.Verb{screen.Keys.CancelRun.Does(s.d.Stop)}
	case s.written:
		list := append([]kit.Verb{screen.Keys.Done.Does(func() tea.Cmd { return screen.Pop })}, s.secret.copied(s.d)...)
		return append(list, s.thereVerbs()...)
	}
	return s.form.Verbs()
}

func (s *exportScreen) Typing() bool  { return !s.busy.Runs() && !s.written && s.form.Typing() }
func (s *exportScreen) Title() string { return "Export " + words.Title(s.entry) }

func (s *exportScreen) InLines() (string, *form.Form, error) {
	if s.busy.Runs() || s.written {
		return "", nil, nil
	}
	return s.question(), s.form, nil
}

func (s *exportScreen) Doing() string { return s.busy.Text }

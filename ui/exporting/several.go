package exporting

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// exportAllScreen asks once who opens the files of several entries and where they go, and hands them to a batch.
type exportAllScreen struct {
	d      *screen.Desk
	list   []certstore.Entry
	who    *form.Choice
	dir    *form.Path
	secret *exportPassword
	chain  *form.Switch
	form   *form.Form

	can     []certstore.Entry // what the receiver can be served with
	names   []string          // of their files
	refused []screen.Result
	files   []exportFile // as the button was pressed
	looking bool         // at which of them are there already
}

var _ screen.Asking = (*exportAllScreen)(nil)

// exportFile is one file that is to be written.
type exportFile struct {
	entry certstore.Entry
	path  string
}

// NewAll opens the export of several entries.
func NewAll(d *screen.Desk, list []certstore.Entry) screen.Screen {
	s := &exportAllScreen{d: d, list: slices.Clone(list)}
	s.who = form.NewChoice("who", "Who opens them", mostServed(list), sharedReceivers(list)...).
		With("Choose by the program that will read the files.", func(string) { s.plan() })
	s.dir = screen.DirectoryField(d, "Each file is named after its certificate.")
	s.secret = newExportPassword("One for all of them: it protects the keys on the way. It is not kept.")
	s.chain = form.NewSwitch("chain", "Chain", "with the CA's chain", "most servers want it", true).
		With("Off: the certificates alone.", nil)
	s.form = form.New(s.who, s.dir, s.secret.pass, s.secret.again, s.chain,
		form.NewButton("do", "Export them", "Writes the files one by one, mode 0600: only you can read them at first.")).
		Hide(s.hides).Remarks(s.remarks).Below(s.below).Titled(s.question)
	s.plan()
	return s
}

// sharedReceivers are the receivers that at least one entry can serve; how many can is said where it is not all.
func sharedReceivers(list []certstore.Entry) (out []form.Option) {
	for _, r := range exporting.Readers() {
		n := countServed(list, r)
		if n == 0 {
			continue
		}
		o := form.Option{Value: r.Values[0], Text: r.Name, Note: r.Makes}
		if n < len(list) {
			o.Note = fmt.Sprintf("%d of %d", n, len(list))
			o.Hint = fmt.Sprintf("Each file: %s. %d of the %d can be exported this way; why the others cannot stands at the end.",
				r.Makes, n, len(list))
		}
		out = append(out, o)
	}
	return out
}

func countServed(list []certstore.Entry, r exporting.Reader) (n int) {
	for _, e := range list {
		if r.Serves(e) {
			n++
		}
	}
	return n
}

// mostServed is the first of the receivers that most entries can serve; a CA only where nobody else can be served.
func mostServed(list []certstore.Entry) (value string) {
	most := 0
	for _, r := range exporting.Readers() {
		if n := countServed(list, r); n > most && (most == 0 || !r.Forms[0].Format.OfRequest()) {
			most, value = n, r.Values[0]
		}
	}
	return value
}

// whyNot says why an entry cannot serve a receiver; nil if it can.
func whyNot(e certstore.Entry, r exporting.Reader) error {
	f := r.Forms[0].Format
	switch {
	case r.Serves(e):
		return nil
	case f.OfRequest():
		return fail.New(fail.NotFound, "export the certificate instead", "%s was not made from a request here",
			words.Title(e))
	case e.Kind == certstore.PendingReq:
		return fail.New(fail.NotFound, "export its request, or import the CA's answer first",
			"%s is a request: it has no certificate yet", words.Title(e))
	}
	return exporting.Allowed(e, f)
}

func (s *exportAllScreen) reader() exporting.Reader { return readerOf(s.who.Value()) }

// plan works out what will be written, and what the receiver cannot be served with.
func (s *exportAllScreen) plan() {
	r := s.reader()
	s.can, s.refused = nil, nil
	for _, e := range s.list {
		if err := whyNot(e, r); err != nil {
			s.refused = append(s.refused, screen.Result{Name: words.Title(e), ID: e.ID, Err: err})
			continue
		}
		s.can = append(s.can, e)
	}
	s.names = screen.UniqueNames(s.can, ending(r))
}

func (s *exportAllScreen) hides(id string) bool {
	f := s.reader().Forms[0].Format
	switch id {
	case "pass", "again":
		return !f.AsksPassword()
	case "chain":
		return !hasChain(f)
	}
	return false
}

func (s *exportAllScreen) remarks() []form.Remark {
	switch f := s.reader().Forms[0].Format; {
	case f.AsksPassword():
		return s.secret.remarks()
	case f.BringsKey():
		return []form.Remark{{Field: "who", Text: "The keys in these files are not encrypted: whoever reads one has the " +
			"key."}}
	}
	return nil
}

func (s *exportAllScreen) below(st theme.Styles, w int) []string {
	return screen.PlannedLines(st, words.Count(len(s.can), "file"), s.names, s.refused, w)
}

func (s *exportAllScreen) Init() tea.Cmd { return s.form.Focus("who") }

func (s *exportAllScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.KeyMsg:
		return s.key(msg)
	case screen.ThereMsg:
		return s.checked(msg)
	case screen.ReplaceMsg:
		return s.begin(true)
	}
	cmd, outcome := s.form.Update(msg)
	if outcome == form.Next {
		return s, s.form.Focus("do")
	}
	return s, cmd
}

func (s *exportAllScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if s.looking {
		return s, nil
	}
	cmd, outcome := s.form.Update(k)
	s.d.ExportPaths[screen.SeveralPath] = s.dir.Text.Value()
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

// press looks at what is there already once every field is right.
func (s *exportAllScreen) press() tea.Cmd {
	if cmd, ok := s.form.Complete(); !ok {
		return cmd
	}
	dir := words.Absolute(s.dir.Value())
	s.files = nil
	var paths []string
	for i, name := range s.names {
		f := exportFile{s.can[i], filepath.Join(dir, name)}
		s.files = append(s.files, f)
		for _, one := range (exporting.Request{Path: f.path, Format: s.reader().Forms[0].Format}).Files(f.entry) {
			paths = append(paths, one.Path)
		}
	}
	s.looking = true
	return screen.LookFor(s.d, paths)
}

func (s *exportAllScreen) checked(msg screen.ThereMsg) (screen.Screen, tea.Cmd) {
	s.looking = false
	if len(msg.Paths) == 0 {
		return s.begin(false)
	}
	return s, s.d.Push(screen.AskReplaceAll(msg.Paths))
}

// begin hands the files to a batch, which takes this screen's place.
func (s *exportAllScreen) begin(overwrite bool) (screen.Screen, tea.Cmd) {
	r := s.reader()
	made := r.Forms[0]
	var password []byte
	if made.Format.AsksPassword() {
		password = s.secret.bytes()
	}
	b := screen.Batch{Verb: "Export", Doing: "writing", Did: "exported", Refused: s.refused, Next: s.next(r),
		Password: s.secret.made,
		Over:     func([]screen.Result) { clear(password) }}
	for _, f := range s.files {
		request := exporting.Request{ID: f.entry.ID, Path: f.path, Overwrite: overwrite, Format: made.Format,
			Profile: made.Profile, NoChain: hasChain(made.Format) && !s.chain.On(), Password: password}
		b.Tasks = append(b.Tasks, exportTask(s.d, f, request, r))
	}
	s.secret.forget()
	return screen.Become(screen.NewBatch(s.d, b))
}

func exportTask(d *screen.Desk, f exportFile, request exporting.Request, r exporting.Reader) screen.Task {
	return screen.Task{Name: words.Title(f.entry), Do: func(ctx context.Context) []screen.Result {
		err := d.Store.Export(ctx, request)
		return []screen.Result{{Name: words.Title(f.entry), ID: f.entry.ID, Path: f.path,
			More: after(d, r, r.Forms[0]), Err: err}}
	}}
}

func (s *exportAllScreen) next(r exporting.Reader) string {
	f := r.Forms[0]
	switch {
	case f.Format.OfRequest():
		return "Send them to your CA. When the answers come, i imports all of them at once."
	case f.Profile == formats.Modern:
		return s.secret.said() + "Windows 2016 and older cannot open them: export again for those."
	case f.Format.AsksPassword():
		return s.secret.said() + adviceAfter(r)
	}
	return adviceAfter(r)
}

// View is the question and the form.
func (s *exportAllScreen) View(w, h int) string {
	return kit.Fit(strings.Join(s.form.View(s.d.Styles, w, h), "\n"), w, h)
}

func (s *exportAllScreen) question() string {
	return fmt.Sprintf("Who will open these %d?", len(s.list))
}

func (s *exportAllScreen) Verbs() []kit.Verb { return s.form.Verbs() }
func (s *exportAllScreen) Typing() bool      { return s.form.Typing() }
func (s *exportAllScreen) Title() string     { return fmt.Sprintf("Export %d", len(s.list)) }

func (s *exportAllScreen) InLines() (string, *form.Form, error) {
	return s.question(), s.form, nil
}

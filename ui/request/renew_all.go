package request

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ordering"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// renewAllScreen asks once about the keys and the directory of several renewals, and hands them to a batch.
type renewAllScreen struct {
	d       *screen.Desk
	list    []certstore.Entry
	can     []renewal
	asks    []int    // which of them a CA must answer
	names   []string // of the files of their requests
	refused []screen.Result
	keys    *form.Choice
	dir     *form.Path
	form    *form.Form // nil while the store is being asked
	busy    screen.Busy
	looking bool // at what is there already
}

var (
	_ screen.Asking = (*renewAllScreen)(nil)
	_ screen.Doer   = (*renewAllScreen)(nil)
)

// renewal is an entry and the request that renews it.
type renewal struct {
	entry   certstore.Entry
	request issuing.Request
	already string // what renews it already
	ca      string // that it is ordered from; "" where a person asks
}

// renewalsMsg is what the store says of each entry.
type renewalsMsg struct {
	can     []renewal
	refused []screen.Result
	err     error
}

// NewRenewAll opens the renewal of several entries.
func NewRenewAll(d *screen.Desk, list []certstore.Entry) screen.Screen {
	return &renewAllScreen{d: d, list: slices.Clone(list)}
}

// Init asks the store which of them can be renewed.
func (s *renewAllScreen) Init() tea.Cmd {
	store, list, env := s.d.Store, s.list, s.d.Env
	if store == nil {
		return nil
	}
	work := s.d.Run(func(ctx context.Context) tea.Msg {
		var out renewalsMsg
		for _, e := range list {
			request, err := store.RenewalRequest(ctx, e.ID)
			if err != nil {
				out.refused = append(out.refused, screen.Result{Name: words.Title(e), ID: e.ID, Err: err})
				continue
			}
			out.can = append(out.can, renewal{e, request, store.RenewalNote(e), (wizard.Answers{}).Reordered(e, env).CA})
		}
		out.err = ctx.Err()
		return out
	})
	return tea.Batch(work, s.busy.Start(s.d, "reading the certificates"))
}

func (s *renewAllScreen) loaded(msg renewalsMsg) tea.Cmd {
	s.busy.Stop()
	if msg.err != nil {
		return tea.Batch(screen.Pop, screen.Notice("cancelled"))
	}
	s.can, s.refused = msg.can, msg.refused
	s.plan()
	s.keys = form.NewChoice("keys", "Keys", "",
		form.Option{Value: "", Text: "A new key for each", Note: "what public CAs advise"},
		form.Option{Value: "same", Text: "The keys they have", Note: "for what pins a key, such as DANE"}).
		With("One choice for all of them. The old certificates stay as they are.", nil)
	s.dir = screen.DirectoryField(s.d, "Each request is named after its certificate.")
	s.form = form.New(s.keys, s.dir, form.NewButton("do", "Renew them",
		"Makes one after the other, with the same names.")).
		Hide(s.hides).Below(s.below)
	if len(s.can) == 0 {
		s.form = form.New(form.NewNote("none", "", "Esc goes back to the table.", s.noneLines))
	}
	return s.form.Titled(s.question).Focus("")
}

func (s *renewAllScreen) noneLines(st theme.Styles, w int) (out []string) {
	for _, r := range s.refused {
		out = append(out, words.Signed(st.Error, st.Glyphs.Bad, r.Named(), w)...)
	}
	return out
}

// hides leaves the directory out where no request will be made.
func (s *renewAllScreen) hides(id string) bool {
	return id == "dir" && len(s.asks) == 0
}

func (s *renewAllScreen) below(st theme.Styles, w int) []string {
	var own, ordered []string
	for _, r := range s.can {
		switch {
		case r.request.SelfSigned:
			own = append(own, words.Title(r.entry))
		case r.ca != "":
			ordered = append(ordered, words.Title(r.entry))
		}
	}
	var out []string
	if len(ordered) > 0 {
		out = words.Signed(st.Muted, st.Glyphs.Dot, "Ordered again from the CA: "+words.Few(ordered, 6), w)
	}
	if len(own) > 0 {
		out = append(out, words.Signed(st.Muted, st.Glyphs.Dot, words.Count(len(own), "self-signed certificate")+
			" made anew: "+words.Few(own, 6), w)...)
	}
	for _, r := range s.can {
		if r.already != "" {
			out = append(out, words.Signed(st.Warn, st.Glyphs.Warn, words.Title(r.entry)+": "+
				kit.Printable(r.already), w)...)
		}
	}
	return append(out, screen.PlannedLines(st, words.Count(len(s.names), "request"), s.names, s.refused, w)...)
}

// plan works out which of the renewals a CA must answer, and the names of their files.
func (s *renewAllScreen) plan() {
	var list []certstore.Entry
	for i, r := range s.can {
		if !r.request.SelfSigned && r.ca == "" {
			s.asks, list = append(s.asks, i), append(list, r.entry)
		}
	}
	s.names = screen.UniqueNames(list, ".req")
}

func (s *renewAllScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case renewalsMsg:
		return s, s.loaded(msg)
	case screen.TurnMsg:
		return s, s.busy.Turned(s.d)
	case tea.KeyMsg:
		return s.key(msg)
	case screen.ThereMsg:
		s.looking = false
		if len(msg.Paths) > 0 {
			return s, s.d.Push(screen.AskReplaceAll(msg.Paths))
		}
		return s.begin(false)
	case screen.ReplaceMsg:
		return s.begin(true)
	}
	if s.form == nil {
		return s, nil
	}
	cmd, outcome := s.form.Update(msg)
	if outcome == form.Next {
		return s, s.form.Focus("do")
	}
	return s, cmd
}

func (s *renewAllScreen) key(k tea.KeyMsg) (screen.Screen, tea.Cmd) {
	if s.form == nil {
		if kit.Pressed(k, screen.Keys.CancelRun) {
			return s, screen.Pop
		}
		return s, nil
	}
	if s.looking {
		return s, nil
	}
	cmd, outcome := s.form.Update(k)
	if s.dir != nil {
		s.d.ExportPaths[screen.SeveralPath] = s.dir.Text.Value()
	}
	switch {
	case outcome == form.Back, outcome == form.Next && len(s.can) == 0:
		return s, screen.Pop
	case outcome == form.Next:
		return s, s.form.Focus("do")
	case outcome == form.Pressed:
		return s, s.press()
	}
	return s, cmd
}

// press gives each request its file and looks at what is there already.
func (s *renewAllScreen) press() tea.Cmd {
	if cmd, ok := s.form.Complete(); !ok {
		return cmd
	}
	var paths []string
	for i, name := range s.names {
		path := filepath.Join(words.Absolute(s.dir.Value()), name)
		s.can[s.asks[i]].request.Path = path
		paths = append(paths, path)
	}
	s.looking = true
	return screen.LookFor(s.d, paths)
}

// begin hands the renewals to a batch, which takes this screen's place.
func (s *renewAllScreen) begin(overwrite bool) (screen.Screen, tea.Cmd) {
	b := screen.Batch{Verb: "Renew", Doing: "renewing", Did: "renewals made", Refused: s.refused}
	if len(s.asks) > 0 {
		b.Next = "Send the requests to their CA. When the answers come, i imports all of them at once."
	}
	for _, r := range s.can {
		r.request.ReuseKey, r.request.Overwrite = s.keys.Value() == "same", overwrite
		b.Tasks = append(b.Tasks, renewTask(s.d.Store, r, s.d.Now()))
	}
	return screen.Become(screen.NewBatch(s.d, b))
}

func renewTask(store *certstore.Store, r renewal, now time.Time) screen.Task {
	if r.ca != "" {
		return screen.Task{Name: words.Title(r.entry), Do: func(ctx context.Context) []screen.Result {
			e, err := store.Order(ctx, ordering.Request{Make: r.request, CA: r.ca}, ordering.Options{})
			return []screen.Result{{Name: words.Title(r.entry), ID: e.ID, Err: err, Said: "issued by " + kit.Printable(r.ca) +
				", valid until " + words.Day(e.NotAfter, now), More: "The old one stays in use until e enables the new one."}}
		}}
	}
	return screen.Task{Name: words.Title(r.entry), Do: func(ctx context.Context) []screen.Result {
		made, err := store.New(ctx, r.request)
		out := screen.Result{Name: words.Title(r.entry), ID: made.Entry.ID, Err: err, Path: made.Path,
			More: "For " + words.Issuer(r.entry) + ". The old certificate stays until the answer is imported and in use."}
		if r.request.SelfSigned {
			out.Said = "a new self-signed one, valid until " + words.Day(made.Entry.NotAfter, now)
			out.More = "The old one stays: D removes it once the new one is in use."
		}
		return []screen.Result{out}
	}}
}

// View is the question and the form, or that the store is being asked.
func (s *renewAllScreen) View(w, h int) string {
	st := s.d.Styles
	if s.form != nil {
		return kit.Fit(strings.Join(s.form.View(st, w, h), "\n"), w, h)
	}
	lines := []string{"", "  " + st.Title.Render(s.question()), "", s.busy.Line(st, s.d.Now())}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (s *renewAllScreen) question() string {
	switch {
	case s.form == nil || len(s.can) == len(s.list):
		return fmt.Sprintf("Renew these %d?", len(s.list))
	case len(s.can) == 0:
		return "None of these can be renewed now"
	}
	return fmt.Sprintf("Renew %d of these %d?", len(s.can), len(s.list))
}

func (s *renewAllScreen) Verbs() []kit.Verb {
	if s.form == nil {
		return []kit.Verb{screen.Keys.CancelRun}
	}
	return s.form.Verbs()
}

func (s *renewAllScreen) Typing() bool  { return s.form != nil && s.form.Typing() }
func (s *renewAllScreen) Title() string { return fmt.Sprintf("Renew %d", len(s.list)) }

func (s *renewAllScreen) InLines() (string, *form.Form, error) { return s.question(), s.form, nil }

func (s *renewAllScreen) Doing() string { return s.busy.Text }

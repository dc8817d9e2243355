package screen

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/words"
)

// Batch is work on several things, one after the other, with a result for each.
type Batch struct {
	Verb, Doing, Did string // "Export", "exporting", "exported"
	Tasks            []Task
	Refused          []Result            // known before anything was done
	Next             string              // the step that follows, where something was done
	Password         string              // that certdesk made up for what was written, or ""
	Over             func(list []Result) // once it has ended, however; may be nil
}

// Task is one step of a batch. do runs in a command and gives a result for each thing it acted on.
type Task struct {
	Name string // of what it acts on
	Do   func(ctx context.Context) []Result
}

// Result is what became of one thing.
type Result struct {
	Name string
	ID   int64  // its row, where it has one
	Said string // what became of it: one line
	Path string // or where it is now
	More string // what else there is to say
	Err  error  // why it was not done
}

// errNotReached is why the tasks behind a cancelled one were not done.
var errNotReached = fail.New(fail.Canceled, "what was done before stays done; begin again for the rest",
	"not done: it was cancelled")

// CutShort says that some of it was cancelled.
func CutShort(list []Result) bool {
	return slices.ContainsFunc(list, func(r Result) bool { return words.Canceled(r.Err) })
}

// batchScreen carries a batch out and then shows what became of each.
type batchScreen struct {
	d       *Desk
	batch   Batch
	at      int // the task that runs
	busy    Busy
	results []Result
	form    *form.Form // the results; nil while it works
	rows    *form.Rows
}

var (
	_ Asking = (*batchScreen)(nil)
	_ Doer   = (*batchScreen)(nil)
)

// taskMsg is what one task did; stopped says that it was the last one by a person's wish.
type taskMsg struct {
	results []Result
	stopped bool
}

// NewBatch is the screen that carries a batch out.
func NewBatch(d *Desk, b Batch) Screen { return &batchScreen{d: d, batch: b} }

func (s *batchScreen) Init() tea.Cmd {
	if len(s.batch.Tasks) == 0 {
		return s.finish()
	}
	return tea.Batch(s.work(), s.busy.Start(s.d, s.progress()))
}

// progress is where the work has come to.
func (s *batchScreen) progress() string {
	return fmt.Sprintf("%s %d of %d: %s", s.batch.Doing, s.at+1, len(s.batch.Tasks),
		kit.Cut(s.batch.Tasks[s.at].Name, 40, s.d.Styles.Glyphs.Ellipsis))
}

func (s *batchScreen) work() tea.Cmd {
	do := s.batch.Tasks[s.at].Do
	return s.d.Run(func(ctx context.Context) tea.Msg {
		results := do(ctx)
		return taskMsg{results, ctx.Err() != nil}
	})
}

func (s *batchScreen) Update(msg tea.Msg) (Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case taskMsg:
		return s, s.worked(msg)
	case TurnMsg:
		return s, s.busy.Turned(s.d)
	case SentMsg:
		return s, msg.Said()
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

// worked takes a task's results and goes on to the next.
func (s *batchScreen) worked(msg taskMsg) tea.Cmd {
	for _, r := range msg.results {
		if words.Canceled(r.Err) {
			r.Err = errNotReached
		}
		s.results = append(s.results, r)
	}
	s.at++
	if !msg.stopped && s.at < len(s.batch.Tasks) {
		s.busy.Text = s.progress()
		return s.work()
	}
	for _, t := range s.batch.Tasks[s.at:] {
		s.results = append(s.results, Result{Name: t.Name, Err: errNotReached})
	}
	return s.finish()
}

func (s *batchScreen) finish() tea.Cmd {
	s.busy.Stop()
	s.results = append(s.results, s.batch.Refused...)
	if s.batch.Over != nil {
		s.batch.Over(s.results)
	}
	s.rows = form.NewRows("results", "The results", "Enter goes back to the table.",
		len(s.results), resultColumns(s.results), s.cell, s.details)
	s.form = form.New(s.rows).Below(s.below).Titled(func() string { return words.SentenceCase(s.summary()) })
	return s.form.Focus("")
}

func (s *batchScreen) key(k tea.KeyMsg) tea.Cmd {
	cmd, done := kit.Do(s.Verbs(), k)
	if !done && s.form != nil {
		cmd, _ = s.form.Update(k)
	}
	return cmd
}

// leave goes back to the table.
func (s *batchScreen) leave() tea.Cmd {
	id, said := s.row(), s.summary()
	return func() tea.Msg { return SelectMsg{ID: id, Said: said} }
}

// row is the row of the table to go to: that of the result under the cursor, if it has one.
func (s *batchScreen) row() int64 {
	if len(s.results) == 0 {
		return 0
	}
	return s.results[s.rows.At()].ID
}

// done counts what was done.
func (s *batchScreen) done() (n int) {
	for _, r := range s.results {
		if r.Err == nil {
			n++
		}
	}
	return n
}

func (s *batchScreen) summary() string {
	switch n := s.done(); n {
	case len(s.results):
		return fmt.Sprintf("all %d %s", n, s.batch.Did)
	case 0:
		return fmt.Sprintf("none of %d %s", len(s.results), s.batch.Did)
	default:
		return fmt.Sprintf("%d of %d %s", n, len(s.results), s.batch.Did)
	}
}

func (s *batchScreen) Verbs() []kit.Verb {
	if s.form == nil {
		return []kit.Verb{Keys.CancelRun.Does(s.d.Stop)}
	}
	list := []kit.Verb{Keys.Done.Does(s.leave)}
	if s.batch.Password != "" && s.done() > 0 {
		list = append(list, CopyPassword(s.d, s.batch.Password))
	}
	return append(list, s.rows.Verbs()...)
}

func (s *batchScreen) Typing() bool  { return false }
func (s *batchScreen) Title() string { return s.batch.Verb }

func (s *batchScreen) InLines() (string, *form.Form, error) {
	return words.SentenceCase(s.summary()) + ".", s.form, nil
}

func (s *batchScreen) Doing() string { return s.busy.Text }

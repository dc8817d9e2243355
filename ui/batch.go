package ui

import (
	"context"
	"fmt"
	"slices"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// batch is work on several things, one after the other, with a result for each.
type batch struct {
	verb, doing, did string // "Export", "exporting", "exported"
	tasks            []task
	refused          []result            // known before anything was done
	next             string              // the step that follows, where something was done
	over             func(list []result) // once it has ended, however; may be nil
}

// task is one step of a batch. do runs in a command and gives a result for each thing it acted on.
type task struct {
	name string // of what it acts on
	do   func(ctx context.Context) []result
}

// result is what became of one thing.
type result struct {
	name string
	id   int64  // its row, where it has one
	said string // what became of it: one line
	path string // or where it is now
	more string // what else there is to say
	err  error  // why it was not done
}

// errNotReached is why the tasks behind a cancelled one were not done.
var errNotReached = fail.New(fail.Canceled, "what was done before stays done; begin again for the rest", "not done: it was cancelled")

// cutShort says that some of it was cancelled.
func cutShort(list []result) bool {
	return slices.ContainsFunc(list, func(r result) bool { return words.Canceled(r.err) })
}

// batchScreen carries a batch out and then shows what became of each.
type batchScreen struct {
	d       *desk
	batch   batch
	at      int // the task that runs
	busy    busy
	results []result
	form    *kit.Form // the results; nil while it works
	rows    *kit.Rows
}

var (
	_ asking = (*batchScreen)(nil)
	_ doer   = (*batchScreen)(nil)
)

// taskMsg is what one task did; stopped says that it was the last one by a person's wish.
type taskMsg struct {
	results []result
	stopped bool
}

func newBatch(d *desk, b batch) screen { return &batchScreen{d: d, batch: b} }

func (s *batchScreen) Init() tea.Cmd {
	if len(s.batch.tasks) == 0 {
		return s.finish()
	}
	return tea.Batch(s.work(), s.busy.start(s.d, s.progress()))
}

// progress is where the work has come to.
func (s *batchScreen) progress() string {
	return fmt.Sprintf("%s %d of %d: %s", s.batch.doing, s.at+1, len(s.batch.tasks), kit.Cut(s.batch.tasks[s.at].name, 40, s.d.styles.Glyphs.Ellipsis))
}

func (s *batchScreen) work() tea.Cmd {
	do := s.batch.tasks[s.at].do
	return s.d.run(func(ctx context.Context) tea.Msg {
		results := do(ctx)
		return taskMsg{results, ctx.Err() != nil}
	})
}

func (s *batchScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case taskMsg:
		return s, s.worked(msg)
	case turnMsg:
		return s, s.busy.turned(s.d)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

// worked takes a task's results and goes on to the next.
func (s *batchScreen) worked(msg taskMsg) tea.Cmd {
	for _, r := range msg.results {
		if words.Canceled(r.err) {
			r.err = errNotReached
		}
		s.results = append(s.results, r)
	}
	s.at++
	if !msg.stopped && s.at < len(s.batch.tasks) {
		s.busy.text = s.progress()
		return s.work()
	}
	for _, t := range s.batch.tasks[s.at:] {
		s.results = append(s.results, result{name: t.name, err: errNotReached})
	}
	return s.finish()
}

func (s *batchScreen) finish() tea.Cmd {
	s.busy.stop()
	s.results = append(s.results, s.batch.refused...)
	if s.batch.over != nil {
		s.batch.over(s.results)
	}
	s.rows = kit.NewRows("results", "What became of each", "Enter goes back to the table.",
		len(s.results), resultColumns(s.results), s.cell, s.details)
	s.form = kit.NewForm(s.rows).Below(s.below)
	return s.form.Focus("")
}

func (s *batchScreen) key(k tea.KeyMsg) tea.Cmd {
	switch {
	case s.form == nil && key.Matches(k, keys.CancelRun):
		s.d.cancel()
		return nil
	case s.form == nil:
		return nil
	case key.Matches(k, keys.Done):
		id, said := s.row(), s.summary()
		return func() tea.Msg { return selectMsg{id: id, said: said} }
	}
	cmd, _ := s.form.Update(k)
	return cmd
}

// row is the row of the table to go to: that of the result under the cursor, if it has one.
func (s *batchScreen) row() int64 {
	if len(s.results) == 0 {
		return 0
	}
	return s.results[s.rows.At()].id
}

// done counts what was done.
func (s *batchScreen) done() (n int) {
	for _, r := range s.results {
		if r.err == nil {
			n++
		}
	}
	return n
}

func (s *batchScreen) summary() string {
	switch n := s.done(); n {
	case len(s.results):
		return fmt.Sprintf("all %d %s", n, s.batch.did)
	case 0:
		return fmt.Sprintf("none of %d %s", len(s.results), s.batch.did)
	default:
		return fmt.Sprintf("%d of %d %s", n, len(s.results), s.batch.did)
	}
}

func (s *batchScreen) Keys() []key.Binding {
	if s.form == nil {
		return []key.Binding{keys.CancelRun}
	}
	return append([]key.Binding{keys.Done}, s.rows.Keys()...)
}

func (s *batchScreen) Typing() bool  { return false }
func (s *batchScreen) Title() string { return s.batch.verb }

func (s *batchScreen) inLines() (string, *kit.Form, error) {
	return words.SentenceCase(s.summary()) + ".", s.form, nil
}

func (s *batchScreen) doing() string { return s.busy.text }

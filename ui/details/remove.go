package details

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// loseKey is what a person types to remove a pending request: the CA's answer could never be used again.
const loseKey = "lose the key"

// removeScreen is the dialog that removes one entry. It shows what is removed, starts on Cancel, and stays
// open with the reason where the store refuses.
type removeScreen struct {
	screen.Dialog
	entry   certstore.Entry
	working bool
}

var (
	_ screen.Floating   = (*removeScreen)(nil)
	_ screen.Questioner = (*removeScreen)(nil)
)

// removedMsg is the store's answer.
type removedMsg struct {
	results certstore.Results
	err     error
}

// AskRemove asks before an entry is removed.
func AskRemove(d *screen.Desk, e certstore.Entry) screen.Screen {
	q := kit.Dialog{Title: "Remove " + words.Title(e) + "?", Lines: removeLines(e, d.Now()),
		Buttons: []string{"Cancel", "Remove"}, Danger: true}
	if e.Kind == certstore.PendingReq {
		q.Title, q.Word, q.Buttons[1] = "Remove the pending request "+words.Title(e)+"?", loseKey, "Remove the request"
	}
	return &removeScreen{Dialog: screen.Dialog{D: d, Question: q}, entry: e}
}

// removeLines says what goes, and what does not.
func removeLines(e certstore.Entry, now time.Time) []string {
	first := fmt.Sprintf("%s, %s.", words.SubjectOrName(e), words.NamesCount(e))
	if e.Kind == certstore.PendingReq {
		return []string{first, "The CA's answer to this request can only be used with the key that was made for it." +
			" Once the request is removed no answer is accepted, until it is restored.",
			"The key stays in the store until the request is purged: then it is lost for good."}
	}
	lines := []string{first, fmt.Sprintf("Issued by %s, valid until %s (%s).", words.Issuer(e), words.Day(e.NotAfter, now),
		words.LifeWords(e, now))}
	return append(lines, "Nothing is destroyed: u in the table takes it back.", "Thumbprint "+
		kit.Printable(e.Thumbprint))
}

func (s *removeScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.WakeMsg:
		s.Question = s.Question.Wake()
	case removedMsg:
		return s, s.removed(msg)
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *removeScreen) key(msg tea.KeyMsg) tea.Cmd {
	if s.working {
		return nil
	}
	next, answer := s.Question.Update(msg)
	s.Question = next
	switch answer {
	case kit.Open:
		return nil
	case kit.Chosen + 1:
		return s.remove()
	}
	return screen.Pop
}

func (s *removeScreen) remove() tea.Cmd {
	s.working = true
	store, seen, pending := s.D.Store, s.entry, s.entry.Kind == certstore.PendingReq
	return s.D.Run(func(ctx context.Context) tea.Msg {
		results, err := store.Remove(ctx, []certstore.Entry{seen}, pending)
		return removedMsg{results, err}
	})
}

// removed closes the dialog, and the details page of what is gone; a refusal stays until it is read.
func (s *removeScreen) removed(msg removedMsg) tea.Cmd {
	s.working = false
	err := msg.err
	if err == nil && len(msg.results.Refused) > 0 {
		err = msg.results.Refused[0].Err
	}
	if err == nil {
		s.D.NoteRemoved(s.entry.ID)
		said := words.Title(s.entry) + " is removed; u takes it back, or: " + wizard.RestoreCommand(s.entry, s.D.Env)
		for _, note := range msg.results.Notes {
			said = words.Title(s.entry) + " is removed; " + words.InDesk(kit.Printable(note))
		}
		return func() tea.Msg { return screen.SelectMsg{Said: said} }
	}
	problem, hint := words.Failure(err)
	s.Question = kit.Dialog{Title: words.Title(s.entry) + " was not removed",
		Lines:   []string{words.Stop(problem), words.Stop(words.SentenceCase(strings.TrimSpace(hint)))},
		Buttons: []string{"Close"}}.Wake()
	return nil
}

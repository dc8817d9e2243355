package details

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// removeAllScreen is the dialog that removes several entries. It names each, starts on Cancel, and becomes the list
// of what became of them.
type removeAllScreen struct {
	screen.Dialog
	list []certstore.Entry
}

var (
	_ screen.Floating   = (*removeAllScreen)(nil)
	_ screen.Questioner = (*removeAllScreen)(nil)
)

// AskRemoveAll asks before several entries are removed: pending requests among them take the typed words.
func AskRemoveAll(d *screen.Desk, list []certstore.Entry) screen.Screen {
	list = slices.Clone(list)
	slices.SortStableFunc(list, pendingFirst)
	q := kit.Dialog{Title: fmt.Sprintf("Remove these %d?", len(list)), Danger: true,
		Buttons: []string{"Cancel", fmt.Sprintf("Remove %d", len(list))}}
	if countPending(list) > 0 {
		q.Word = loseKey
	}
	return &removeAllScreen{Dialog: screen.Dialog{D: d, Question: q}, list: list}
}

// pendingFirst orders what takes the typed words before all else.
func pendingFirst(a, b certstore.Entry) int {
	rank := map[certstore.Kind]int{certstore.PendingReq: -1}
	return rank[a.Kind] - rank[b.Kind]
}

func countPending(list []certstore.Entry) (n int) {
	for _, e := range list {
		if e.Kind == certstore.PendingReq {
			n++
		}
	}
	return n
}

// Box draws the dialog, its list as long as there is room for it and for what must be said below.
func (s *removeAllScreen) Box(w, h int) string {
	q := s.Question
	q.Lines = removeAllLines(s.D, s.list, min(w-6, 66), h-7)
	return q.View(s.D.Styles, w, h)
}

func (s *removeAllScreen) View(w, h int) string { return kit.Overlay("", s.Box(w, h), w, h) }

// removeAllLines names what goes, in at most h lines of w cells with the warning.
func removeAllLines(d *screen.Desk, list []certstore.Entry, w, h int) (lines []string) {
	warning := kit.Wrap(removeAllWarning(countPending(list)), w)
	room := max(2, h-len(warning)-1)
	for i, e := range list {
		if i == room-1 && len(list) > room {
			lines = append(lines, fmt.Sprintf("  and %d more", len(list)-i))
			break
		}
		lines = append(lines, kit.Cut(removeAllLine(d, e), w, d.Styles.Glyphs.Ellipsis))
	}
	return append(append(lines, ""), warning...)
}

func removeAllLine(d *screen.Desk, e certstore.Entry) string {
	glyph, _ := words.Look(&d.Styles, &e)
	name := kit.Cut(words.Title(e), 28, d.Styles.Glyphs.Ellipsis)
	text := fmt.Sprintf("%s %s  %s", glyph, kit.Pad(e.Verdict.Word, len("not yet valid")), name)
	if e.Kind == certstore.Certificate {
		text += ", " + words.LifeWords(e, d.Now())
	}
	return text
}

func removeAllWarning(pending int) string {
	switch pending {
	case 0:
		return "Nothing is destroyed: what is removed can be restored."
	case 1:
		return "1 is a pending request: while it is removed the CA's answer to it is not accepted. It can be restored; a " +
			"purge destroys its key."
	}
	return fmt.Sprintf("%d are pending requests: while they are removed the CA's answers to them are not accepted."+
		" They can be restored; a purge destroys their keys.", pending)
}

func (s *removeAllScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case screen.WakeMsg:
		s.Question = s.Question.Wake()
	case tea.KeyMsg:
		next, answer := s.Question.Update(msg)
		s.Question = next
		switch answer {
		case kit.Open:
		case kit.Chosen + 1:
			return screen.Become(screen.NewBatch(s.D, removal(s.D, s.list)))
		default:
			return s, screen.Pop
		}
	}
	return s, nil
}

// removal is one line of the journal for all of them.
func removal(d *screen.Desk, list []certstore.Entry) screen.Batch {
	store, env := d.Store, d.Env
	var gone []int64
	return screen.Batch{Verb: "Remove", Doing: "removing", Did: "removed",
		Tasks: []screen.Task{{Name: fmt.Sprintf("all %d together", len(list)), Do: func(ctx context.Context) []screen.Result {
			results, err := store.Remove(ctx, list, countPending(list) > 0)
			for _, e := range results.Done {
				gone = append(gone, e.ID)
			}
			return removed(env, list, results, err)
		}}},
		Next: "u in the table takes back all of it.",
		Over: func([]screen.Result) { d.NoteRemoved(gone...) },
	}
}

func removed(env wizard.Env, list []certstore.Entry, results certstore.Results, err error) (out []screen.Result) {
	if err != nil {
		for _, e := range list {
			out = append(out, screen.Result{Name: words.Title(e), ID: e.ID, Err: err})
		}
		return out
	}
	for _, e := range results.Done {
		out = append(out, screen.Result{Name: words.Title(e), Said: "removed", More: "This takes it back: " +
			wizard.RestoreCommand(e, env)})
	}
	for _, note := range results.Notes {
		out = append(out, screen.Result{Name: "The directory", Said: words.InDesk(kit.Printable(note))})
	}
	for _, r := range results.Refused {
		out = append(out, screen.Result{Name: words.Title(r.Entry), ID: r.Entry.ID, Err: r.Err})
	}
	return out
}

// Asked has every entry in it: here nothing is too small for the list.
func (s *removeAllScreen) Asked() kit.Dialog {
	q := s.Question
	q.Lines = removeAllLines(s.D, s.list, screen.ReadWidth, screen.ReadWidth)
	return q
}

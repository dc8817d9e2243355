package ui

import (
	"context"
	"fmt"
	"slices"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// removeAllScreen is the dialog that removes several entries. It names each, starts on Cancel, and becomes the list
// of what became of them.
type removeAllScreen struct {
	dialogScreen
	list []certstore.Entry
}

// askRemoveAll asks before several entries are removed: pending requests among them take the typed words.
func askRemoveAll(d *desk, list []certstore.Entry) screen {
	pending := countPending(list)
	q := kit.Dialog{Title: fmt.Sprintf("Remove these %d?", len(list)), Lines: removeAllLines(d, list, pending), Danger: true,
		Buttons: []string{"Cancel", fmt.Sprintf("Remove %d", len(list))}}
	if pending > 0 {
		q.Word = loseKey
	}
	return &removeAllScreen{dialogScreen: dialogScreen{d: d, dialog: q}, list: slices.Clone(list)}
}

func countPending(list []certstore.Entry) (n int) {
	for _, e := range list {
		if e.Kind == certstore.PendingReq {
			n++
		}
	}
	return n
}

// removeAllLines names what goes, pending requests first, as many as the terminal has room for.
func removeAllLines(d *desk, list []certstore.Entry, pending int) []string {
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b certstore.Entry) int { return int(rank(a) - rank(b)) })
	lines := removeAllWarning(pending)
	room := max(3, d.bodyHeight()-8-3*len(lines))
	var named []string
	for i, e := range list {
		if i == room-1 && len(list) > room {
			named = append(named, fmt.Sprintf("  and %d more", len(list)-i))
			break
		}
		named = append(named, removeAllLine(d, e))
	}
	return append(append(named, ""), lines...)
}

// rank puts pending requests before all else.
func rank(e certstore.Entry) int64 {
	if e.Kind == certstore.PendingReq {
		return 0
	}
	return 1
}

func removeAllLine(d *desk, e certstore.Entry) string {
	glyph, _ := look(&d.styles, e.Verdict.Word)
	name := kit.Cut(title(e), 28, d.styles.Glyphs.Ellipsis)
	text := fmt.Sprintf("%s %s  %s", glyph, kit.Pad(e.Verdict.Word, len("not yet valid")), name)
	if e.Kind == certstore.Certificate {
		text += ", " + lifeWords(e, d.Now())
	}
	return kit.Cut(text, 60, d.styles.Glyphs.Ellipsis)
}

func removeAllWarning(pending int) []string {
	switch pending {
	case 0:
		return []string{"Nothing is destroyed: what is removed can be restored."}
	case 1:
		return []string{"One is a pending request: while it is removed the CA's answer to it is not accepted. It can be restored; a purge destroys its key."}
	}
	return []string{fmt.Sprintf("%d are pending requests: while they are removed the CA's answers to them are not accepted."+
		" They can be restored; a purge destroys their keys.", pending)}
}

func (s *removeAllScreen) Update(msg tea.Msg) (screen, tea.Cmd) {
	switch msg := msg.(type) {
	case wakeMsg:
		s.dialog = s.dialog.Wake()
	case tea.KeyMsg:
		next, answer := s.dialog.Update(msg)
		s.dialog = next
		switch answer {
		case kit.Open:
		case kit.Chosen + 1:
			return become(newBatch(s.d, removal(s.d.Store, s.list)))
		default:
			return s, pop
		}
	}
	return s, nil
}

// removal is one line of the journal for all of them.
func removal(store *certstore.Store, list []certstore.Entry) batch {
	return batch{verb: "Remove", doing: "removing", did: "removed",
		tasks: []task{{fmt.Sprintf("all %d together", len(list)), func(ctx context.Context) []result {
			results, err := store.Remove(ctx, list, countPending(list) > 0)
			return removed(list, results, err)
		}}},
		next: "certdesk restore, with a thumbprint, takes one back.",
	}
}

func removed(list []certstore.Entry, results certstore.Results, err error) (out []result) {
	if err != nil {
		for _, e := range list {
			out = append(out, result{name: title(e), id: e.ID, err: err})
		}
		return out
	}
	for _, e := range results.Done {
		out = append(out, result{name: title(e), said: "removed; certdesk restore " + kit.Cut(e.Thumbprint, 12, "") + " takes it back"})
	}
	for _, r := range results.Refused {
		out = append(out, result{name: title(r.Entry), id: r.Entry.ID, err: r.Err})
	}
	return out
}

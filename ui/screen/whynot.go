package screen

import (
	"fmt"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// Reasoner is a screen that knows why a verb of rows is not among its verbs now, "" for a verb that it never has.
type Reasoner interface{ WhyNot(v kit.Verb) string }

// RowVerbs are the verbs of rows that come and go with what a row is, with the marks and with the store.
func RowVerbs() []kit.Verb {
	return []kit.Verb{Keys.New, Keys.Import, Keys.Open, Keys.Enable, Keys.Adopt, Keys.Export, Keys.Renew, Keys.Remove,
		Keys.Copy, Keys.Rename, Keys.Compare, Keys.Undo, Keys.Filter, Keys.Clear, Keys.Sort, Keys.Reverse, Keys.Attention,
		Keys.Mark, Keys.MarkAll, Keys.Unmark, Keys.Write}
}

// Declined says why a key of rows does nothing now; nil for a key that is none of theirs.
func Declined(r Reasoner, msg tea.KeyMsg) tea.Cmd {
	for _, v := range RowVerbs() {
		if kit.Pressed(msg, v) && !msg.Paste {
			if why := r.WhyNot(v); why != "" {
				return Notice(why)
			}
		}
	}
	return nil
}

// WhyNot is why a verb cannot be done now with these entries, which are all that are meant: the marked ones, or the one
// under the cursor.
func WhyNot(d *Desk, v kit.Verb, list ...certstore.Entry) string {
	several := len(list) > 1
	switch {
	case v.Is(Keys.Undo):
		return nothingToUndo
	case v.Is(Keys.Unmark):
		return "nothing is marked"
	case v.Is(Keys.Clear):
		return ""
	case d.ReadOnly && v.Is(Keys.New, Keys.Import, Keys.Enable, Keys.Adopt, Keys.Renew, Keys.Remove, Keys.Rename):
		return "read-only: nothing can be made, imported, enabled, renamed or removed here"
	case v.Is(Keys.New, Keys.Import):
		return ""
	case len(list) == 0:
		return "there is no row here to " + v.Word
	case several && v.Is(Keys.Compare):
		return fmt.Sprintf("two are compared, and %d are marked", len(list))
	case several && v.Is(Keys.Enable, Keys.Rename, Keys.Copy, Keys.Adopt, Keys.Export):
		return fmt.Sprintf("%s is for one at a time, and %d are marked: %s clears the marks", v.Word, len(list),
			Keys.Unmark.Shown)
	case several && v.Is(Keys.Remove) && allInUse(list):
		return "all of them are in use: enable other certificates there first"
	case several:
		return ""
	}
	return whyNotOne(v, list[0])
}

func whyNotOne(v kit.Verb, e certstore.Entry) string {
	switch {
	case words.IsStranger(e) && v.Is(Keys.Enable, Keys.Export, Keys.Renew, Keys.Remove, Keys.Copy, Keys.Rename,
		Keys.Compare, Keys.Mark):
		return words.Title(e) + " is not in the store: " + Keys.Adopt.Shown + " adopts it first"
	case v.Is(Keys.Adopt):
		return words.Title(e) + " is in the store already"
	case v.Is(Keys.Renew) && e.Verdict.Status == trust.PendingRequest:
		return words.Title(e) + " is a request that waits for the CA's answer: there is nothing to renew yet"
	case v.Is(Keys.Remove) && words.InUse(e):
		return words.StillInUse(e)
	case !v.Is(Keys.Enable):
		return ""
	case e.Kind == certstore.PendingReq:
		return words.Title(e) + " is a request: its certificate can be enabled once the CA's answer is imported"
	case !e.HasKey:
		return words.Title(e) + " cannot be enabled: its key is not here"
	}
	return words.Title(e) + " cannot be enabled: " + kit.Printable(e.Defect+e.Unread)
}

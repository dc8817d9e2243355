package ledger

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore/printable"
)

// Event is one line of the journal, for a person.
type Event struct {
	Seq   int64     `json:"seq"`
	Time  time.Time `json:"time"`
	Actor Actor     `json:"actor"`
	Who   string    `json:"who"` // "alice as root"
	Op    string    `json:"op"`
	IDs   []int64   `json:"ids"`
	Text  string    `json:"text"` // one sentence: what was done
	Sum   string    `json:"sum"`  // the line's own sum, for `history verify --head`
}

// describeEvent says what a line did; named gives an entry's friendly name before it.
func describeEvent(p Line, who actors, named func(int64) (string, bool)) Event {
	ids, completed, renewing := p.data.IDs, false, ""
	name := func(id int64) string {
		if text, ok := named(id); ok {
			return text
		}
		return fmt.Sprintf("entry %d", id)
	}
	if e := p.data.Entry; e != nil {
		ids = []int64{e.ID}
		if e.ID == 0 {
			ids[0] = p.Seq
		}
		_, completed = named(ids[0])
		if e.RenewalOf != 0 {
			renewing = ", a renewal of " + name(e.RenewalOf)
		}
		name = func(int64) string { return Label(e) }
	}
	if ids == nil {
		ids = []int64{}
	}
	text := eventText(p, NameList(ids, name), renewing, completed)
	if p.data.Raised {
		text += "; its key may be exported from now on, since the file held it"
	}
	return Event{Seq: p.Seq, Time: p.Time, Actor: p.Actor, Who: who.name(p.Actor), Op: printable.Text(p.Op), IDs: ids,
		Text: text, Sum: p.Sum}
}

func eventText(p Line, who, renewing string, completed bool) string {
	switch p.Op {
	case OpNew:
		if p.data.Entry != nil && p.data.Entry.Kind == PendingReq {
			return "made the request " + who + renewing + p.data.Order.wanted()
		}
		return "made the self-signed certificate " + who + renewing
	case OpImport:
		if completed {
			return "imported the CA's answer to " + who
		}
		return "imported " + who
	case OpAttach:
		return "added to " + who
	case OpAdopt:
		return "found again and listed " + who
	case OpLeaving:
		return "began to export " + who + ": " + printable.Text(p.data.Note)
	case OpStayed:
		return "exported nothing of " + who + ": what there was of the file is deleted"
	case OpExport:
		return "exported " + who + ": " + printable.Text(p.data.Note)
	case OpRemove:
		return "removed " + who
	case OpRestore:
		return "restored " + who
	case OpRename:
		return "renamed " + who + " to " + p.data.Name
	case OpPurge:
		return "purged " + who + " and " + printable.Count(len(p.data.Objects), "file")
	case OpPurged:
		return "finished a purge: " + printable.Count(len(p.data.Objects), "file") + " gone"
	case OpBegin, OpEnd, OpBind, OpDisable:
		return enableText(p, who)
	case OpAccount, OpOrder, OpProofs, OpReady, OpFailed, OpWindow, OpRevoked:
		return acmeText(p, who)
	case OpPublish:
		return publishText(p, who)
	case OpSetting:
		return p.data.Settings.text()
	case OpTold:
		return p.data.Told.text()
	case OpRepair:
		return "repaired the journal: " + repairText(p.Repaired)
	}
	return printable.Text(p.Op) + " " + who
}

func repairText(named []BadLine) string {
	switch {
	case len(named) == 0:
		return "what was torn off its end is recorded"
	case named[0].Line == 0:
		return "it was missing, and begins anew here"
	case len(named) == 1:
		return fmt.Sprintf("line %d is recorded as damaged", named[0].Line)
	}
	return fmt.Sprintf("%d lines are recorded as damaged", len(named))
}

// NameList names five entries and counts the rest.
func NameList(ids []int64, name func(int64) string) string {
	var list []string
	for i, id := range ids {
		if i == 5 {
			list = append(list, fmt.Sprintf("%d more", len(ids)-5))
			break
		}
		list = append(list, name(id))
	}
	return strings.Join(list, ", ")
}

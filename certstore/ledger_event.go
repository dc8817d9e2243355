package certstore

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/printable"
)

// Event is one line of the journal, for a person.
type Event struct {
	Seq   int64      `json:"seq"`
	Time  time.Time  `json:"time"`
	Actor disk.Actor `json:"actor"`
	Who   string     `json:"who"` // "alice as root"
	Op    string     `json:"op"`
	IDs   []int64    `json:"ids"`
	Text  string     `json:"text"` // one sentence: what was done
	Sum   string     `json:"sum"`  // the line's own sum, for `history verify --head`
}

// describeEvent says what a line did; named gives an entry's friendly name before it.
func describeEvent(p parsed, who actors, named func(int64) (string, bool)) Event {
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
		name = func(int64) string { return label(e) }
	}
	if ids == nil {
		ids = []int64{}
	}
	text := eventText(p, nameList(ids, name), renewing, completed)
	if p.data.Raised {
		text += "; its key may be exported from now on, since the file held it"
	}
	return Event{Seq: p.Seq, Time: p.Time, Actor: p.Actor, Who: who.name(p.Actor), Op: printable.Text(p.Op), IDs: ids, Text: text, Sum: p.Sum}
}

func eventText(p parsed, who, renewing string, completed bool) string {
	switch p.Op {
	case opNew:
		if p.data.Entry != nil && p.data.Entry.Kind == PendingReq {
			return "made the request " + who + renewing
		}
		return "made the self-signed certificate " + who + renewing
	case opImport:
		if completed {
			return "imported the CA's answer to " + who
		}
		return "imported " + who
	case opAttach:
		return "added to " + who
	case opAdopt:
		return "found again and listed " + who
	case opLeaving:
		return "began to export " + who + ": " + printable.Text(p.data.Note)
	case opStayed:
		return "exported nothing of " + who + ": what there was of the file is deleted"
	case opExport:
		return "exported " + who + ": " + printable.Text(p.data.Note)
	case opRemove:
		return "removed " + who
	case opRestore:
		return "restored " + who
	case opPurge:
		return "purged " + who + " and " + printable.Count(len(p.data.Objects), "file")
	case opPurged:
		return "finished a purge: " + printable.Count(len(p.data.Objects), "file") + " gone"
	case opBegin, opEnd, opBind, opDisable:
		return enableText(p, who)
	case disk.OpRepair:
		return "repaired the journal: " + repairText(p.repaired)
	}
	return printable.Text(p.Op) + " " + who
}

func repairText(named []disk.BadLine) string {
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

// nameList names five entries and counts the rest.
func nameList(ids []int64, name func(int64) string) string {
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

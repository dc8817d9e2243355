package certstore

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/printable"
)

// The operations a line of the journal can have. disk writes OpRepair itself.
const (
	opNew     = "new"          // adds an entry certdesk made
	opImport  = "import"       // adds an entry, or completes a pending request
	opAttach  = "attach"       // adds chain, key or friendly name to an entry that is there
	opAdopt   = "adopt"        // adds an entry for objects that no line named (doctor --repair)
	opLeaving = "export-begin" // a file is about to leave the store; changes nothing in it
	opExport  = "export"       // it left
	opStayed  = "export-end"   // it did not, and what there was of it is deleted
	opRemove  = "remove"       // moves entries to the trash
	opRestore = "restore"      // and back
	opPurge   = "purge"        // forgets removed entries and names the objects to unlink
	opPurged  = "purged"       // says that those objects are gone
	opBegin   = "enable-begin" // a service is about to be changed; dead if no end follows and nobody holds lock.enable
	opEnd     = "enable-end"   // it serves what was begun, or what it did before
	opBind    = "bind"         // a service was found serving an entry already
	opDisable = "disable"      // forgets bindings
)

// lineData is what certstore keeps in a line, beside what disk does.
type lineData struct {
	Entry   *Entry   `json:"entry,omitempty"`   // as it is after the line; ID 0 means the line's own sequence number
	IDs     []int64  `json:"ids,omitempty"`     // of remove, restore, purge, export
	Objects []object `json:"objects,omitempty"` // of purge and purged
	Copies  []string `json:"copies,omitempty"`  // of purge: directories of deployed copies of a key among the objects
	NewKey  bool     `json:"newKey,omitempty"`  // the key of Entry entered the store with this line
	Raised  bool     `json:"raised,omitempty"`  // the file held the key of Entry, and somebody said that it may leave now
	Note    string   `json:"note,omitempty"`    // of export: format and file
	Begin   int64    `json:"begin,omitempty"`   // of export and export-end: the number of the begin

	Left   *disk.Left `json:"left,omitempty"`   // of export-begin: the temporary that a death leaves
	Enable *enabled   `json:"enable,omitempty"` // of enable-begin, enable-end, bind and disable
}

// row is an entry in memory, with the minute it was last judged in and the lines that named it.
type row struct {
	Entry
	judged int64
	trail  []Event
}

// state is what the journal says, folded line by line. It is rebuilt from nothing at any time.
type state struct {
	rows        []*row // in order of id
	byID        map[int64]*row
	index       index
	keys        map[string]bool // SPKI of every key in the store → may leave it
	adopted     map[string]bool // SPKI of keys that only doctor has listed: nobody has said yet whether they may leave
	made        map[string]bool // SPKI of keys that were made here: what was said of one then stands for good
	unfinished  []object        // named by a purge that no purged line followed
	problems    []string        // lines whose content certdesk cannot use: one sentence each
	bindings    []Binding
	inUse       map[int64]Services // derived from bindings, by entry
	begun       []Unfinished       // begins that no end followed
	openExports []openExport       // exports that no end followed
	installs    map[string]bool    // directories that versions of deployed files were ever put into
	who         actors
}

// newState is the state before the first line; user names the users of this host.
func newState(user func(uid int) string) *state {
	return &state{byID: map[int64]*row{}, index: newIndex(), keys: map[string]bool{}, adopted: map[string]bool{}, made: map[string]bool{},
		installs: map[string]bool{}, who: actors{map[disk.Actor]string{}, user}}
}

// apply folds one line. A line that makes no sense is a problem to show, never a reason to forget the others.
func (st *state) apply(p parsed) {
	if p.err != nil {
		st.problems = append(st.problems, fmt.Sprintf("line %d of the journal holds what this version cannot read: %s", p.Line, printable.Text(p.err.Error())))
		return
	}
	ev := st.event(p)
	switch p.Op {
	case opNew, opImport, opAttach, opAdopt:
		st.put(p)
	case opRemove:
		st.setRemoved(p.data.IDs, p.Time, ev.Who)
	case opRestore:
		st.setRemoved(p.data.IDs, time.Time{}, "")
	case opPurge:
		st.forget(p.data)
	case opPurged:
		st.unfinished = nil
	case opBegin, opEnd, opBind, opDisable:
		st.enable(p, ev)
	case opLeaving:
		st.noteExport(p)
	case opExport, opStayed:
		st.endExport(p.data.Begin)
	case disk.OpRepair: // changes nothing here
	default:
		st.problems = append(st.problems, fmt.Sprintf("line %d of the journal says %q, which this version does not know", p.Line, printable.Text(p.Op)))
	}
	for _, id := range ev.IDs {
		if r := st.byID[id]; r != nil {
			r.trail = append(r.trail, ev)
		}
	}
}

// event says what a line did, in words; to be asked before the line is folded, while names are what they were.
func (st *state) event(p parsed) Event {
	return describeEvent(p, st.who, func(id int64) (string, bool) {
		if r := st.byID[id]; r != nil {
			return label(&r.Entry), true
		}
		return "", false
	})
}

func (st *state) put(p parsed) {
	e := p.data.Entry
	if e == nil {
		st.problems = append(st.problems, fmt.Sprintf("line %d of the journal (%s) names no entry", p.Line, printable.Text(p.Op)))
		return
	}
	if e.ID == 0 {
		e.ID = p.Seq
	}
	if e.Created.IsZero() {
		e.Created = p.Time
	}
	st.noteKey(p, e)
	if r := st.byID[e.ID]; r != nil {
		e.Removed, e.RemovedBy = r.Removed, r.RemovedBy
		st.index.drop(r)
		r.Entry, r.judged = *e, 0
		st.index.put(r)
		return
	}
	r := &row{Entry: *e}
	st.byID[e.ID] = r
	st.index.put(r)
	st.rows = append(st.rows, r)
	if n := len(st.rows); n > 1 && st.rows[n-2].ID > e.ID {
		sort.Slice(st.rows, func(i, j int) bool { return st.rows[i].ID < st.rows[j].ID })
	}
}

// noteKey keeps the first word on whether a key may leave. A later line may withdraw it, and grants it only where it
// says that a file held the key, and then not for one that was made here. What doctor says of a key it found is no
// word: the line of the writer that was making it may still come.
func (st *state) noteKey(p parsed, e *Entry) {
	if !e.KeyKept {
		return
	}
	may, known := st.keys[e.SPKI]
	first := !known || p.data.NewKey && p.Op != opAdopt && st.adopted[e.SPKI]
	st.noteOrigin(p, e)
	raised := p.data.Raised && !st.made[e.SPKI]
	st.keys[e.SPKI] = e.KeyExportable && (first || may || raised)
	switch {
	case p.Op == opAdopt && !known:
		st.adopted[e.SPKI] = true
	case p.data.NewKey && p.Op != opAdopt:
		delete(st.adopted, e.SPKI)
	}
}

// noteOrigin remembers the keys that were made here. One that doctor found with a request, or under a certificate that
// signed itself, is taken for such.
func (st *state) noteOrigin(p parsed, e *Entry) {
	switch {
	case !p.data.NewKey:
	case p.Op == opNew, p.Op == opAdopt && (e.Request != "" || e.SelfSigned):
		st.made[e.SPKI] = true
	default:
		delete(st.made, e.SPKI)
	}
}

func (st *state) setRemoved(ids []int64, when time.Time, who string) {
	for _, id := range ids {
		if r := st.byID[id]; r != nil {
			r.Removed, r.RemovedBy, r.judged = when, who, 0
		}
	}
}

func (st *state) forget(d lineData) {
	gone := map[int64]bool{}
	for _, id := range d.IDs {
		gone[id] = true
		delete(st.byID, id)
	}
	kept := st.rows[:0]
	for _, r := range st.rows {
		if gone[r.ID] {
			st.index.drop(r)
		} else {
			kept = append(kept, r)
		}
	}
	clear(st.rows[len(kept):])
	st.rows = kept
	for _, o := range d.Objects {
		if o.Kind == disk.Keys {
			delete(st.keys, o.Name)
			delete(st.made, o.Name)
		}
	}
	st.unfinished = append(st.unfinished, d.Objects...)
}

// keeps says whether the store has the private key of a public one, or had a removed request for it.
func (st *state) keeps(spki string) bool {
	_, known := st.keys[spki]
	return known
}

// certificate is the row of a certificate, live or removed, or nil.
func (st *state) certificate(sha256 string) *row {
	for _, r := range st.index.sums[sha256] {
		if r.Kind == Certificate {
			return r
		}
	}
	return nil
}

// find gives the first row, live or removed, for which the condition holds.
func (st *state) find(is func(*row) bool) *row {
	for _, r := range st.rows {
		if is(r) {
			return r
		}
	}
	return nil
}

// waitsFor gives the pending request that a certificate answers: of the live ones on its key that with its subject and
// names, else the oldest. A removed one only where no live entry has the key: otherwise a declined renewal would
// stand in the way of a reissue. Nil if there is none.
func (st *state) waitsFor(leaf Entry) *row {
	var live, same, removed, holder *row
	for _, r := range byID(st.index.keys[leaf.SPKI]) {
		switch {
		case !r.Removed.IsZero():
			if r.Kind == PendingReq {
				removed = cmp.Or(removed, r)
			}
		case r.Kind == Certificate:
			holder = r
		case r.asksFor(leaf):
			same = cmp.Or(same, r)
		default:
			live = cmp.Or(live, r)
		}
	}
	if found := cmp.Or(same, live); found != nil || holder != nil {
		return found
	}
	return removed
}

// asksFor says whether two entries have the same subject and names: a request, and what answers it.
func (e *Entry) asksFor(leaf Entry) bool {
	return e.Subject == leaf.Subject && slices.Equal(slices.Sorted(slices.Values(e.Names)), slices.Sorted(slices.Values(leaf.Names)))
}

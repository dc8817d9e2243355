package ledger

import (
	"cmp"
	"fmt"
	"slices"
	"sort"
	"time"

	"certdesk/certstore/printable"
)

// The operations a line of the journal can have. OpRepair is written where the journal is kept.
const (
	OpNew     = "new"          // adds an entry certdesk made
	OpImport  = "import"       // adds an entry, or completes a pending request
	OpAttach  = "attach"       // adds chain, key or friendly name to an entry that is there
	OpAdopt   = "adopt"        // adds an entry for objects that no line named (doctor --repair)
	OpLeaving = "export-begin" // a file is about to leave the store; changes nothing in it
	OpExport  = "export"       // it left
	OpStayed  = "export-end"   // it did not, and what there was of it is deleted
	OpRemove  = "remove"       // moves entries to the trash
	OpRestore = "restore"      // and back
	OpPurge   = "purge"        // forgets removed entries and names the objects to unlink
	OpPurged  = "purged"       // says that those objects are gone
	OpBegin   = "enable-begin" // a service is about to be changed; dead if no end follows and nobody holds lock.enable
	OpEnd     = "enable-end"   // it serves what was begun, or what it did before
	OpBind    = "bind"         // a service was found serving an entry already
	OpDisable = "disable"      // forgets bindings
	OpRename  = "rename"       // gives an entry another friendly name
	OpSetting = "settings"     // the configuration file was changed; changes nothing in the store
	OpAccount = "acme-account" // an account at an ACME authority: its key is there, it is registered, its key changed
	OpOrder   = "acme-order"   // a pending request was ordered
	OpProofs  = "acme-proofs"  // proofs of its names are about to be put out, or were taken back
	OpReady   = "acme-ready"   // the authority has issued it; an import follows
	OpFailed  = "acme-failed"  // it was not had, and why
	OpWindow  = "acme-window"  // when a certificate is to be renewed
	OpRevoked = "acme-revoked" // an authority has revoked a certificate
	OpTold    = "told"         // somebody was told of something, or could not be
	OpPublish = "publish"      // a certificate is in a directory, or no longer, or could not be put there yet
)

// Data is what a line holds beside what every Record has.
type Data struct {
	Entry   *Entry   `json:"entry,omitempty"`   // as it is after the line; ID 0 means the line's own sequence number
	IDs     []int64  `json:"ids,omitempty"`     // of remove, restore, purge, export
	Objects []Object `json:"objects,omitempty"` // of purge and purged
	Copies  []string `json:"copies,omitempty"`  // of purge: directories of deployed copies of a key among the objects
	NewKey  bool     `json:"newKey,omitempty"`  // the key of Entry entered the store with this line
	Raised  bool     `json:"raised,omitempty"`  // the file held the key of Entry, and somebody said that it may leave now
	Note    string   `json:"note,omitempty"`    // of export: format and file
	Name    string   `json:"name,omitempty"`    // of rename: the new friendly name
	Begin   int64    `json:"begin,omitempty"`   // of export and export-end: the number of the begin

	Left   *Left    `json:"left,omitempty"`   // of export-begin: the temporary that a death leaves
	Enable *Enabled `json:"enable,omitempty"` // of enable-begin, enable-end, bind and disable

	Settings *Settings `json:"settings,omitempty"` // of settings

	Account *Account `json:"account,omitempty"` // of acme-account
	// of acme-order, acme-proofs and acme-ready; of new, where it is to be ordered
	Order   *Order   `json:"order,omitempty"`
	Failure *Failure `json:"failure,omitempty"` // of acme-failed
	Window  *Window  `json:"window,omitempty"`  // of acme-window
	Revoked *Revoked `json:"revoked,omitempty"` // of acme-revoked
	Told    *Told    `json:"told,omitempty"`    // of told

	Published *Published `json:"published,omitempty"` // of publish
}

// Row is an entry in memory.
type Row struct {
	Entry
	Judged int64   // the minute, from 1970 on, in which its owner derived what no line says; 0: it has to be derived anew
	Trail  []Event // the lines that named it
}

// State is what the journal says, folded line by line. It is rebuilt from nothing at any time.
type State struct {
	Rows        []*Row // in order of id
	ByID        map[int64]*Row
	Index       Index
	Keys        map[string]bool // SPKI of every key in the store → may leave it
	adopted     map[string]bool // SPKI of keys that only doctor has listed: nobody has said yet whether they may leave
	Made        map[string]bool // SPKI of keys that were made here: what was said of one then stands for good
	Unfinished  []Object        // named by a purge that no purged line followed
	Problems    []string        // lines whose content certdesk cannot use: one sentence each
	Bindings    []Binding
	InUse       map[int64]Services   // derived from bindings, by entry
	bound       map[int64][]Binding  // likewise
	Begun       []Unfinished         // begins that no end followed
	OpenExports []OpenExport         // exports that no end followed
	Installs    map[string]bool      // directories that versions of deployed files were ever put into
	Accounts    []Account            // at ACME authorities, one for each directory
	accountKeys map[string]bool      // SPKI of every key that one of them ever had
	Asked       []Asked              // of ACME authorities, in the last days before the newest line
	Receivers   map[string]*Receiver // of messages, by target
	Published   []Published          // what directories hold that was put there
	Unpublished []Published          // what could not be done in them yet, and why
	who         actors
}

// NewState is the state before the first line; user names the users of this host.
func NewState(user func(uid int) string) *State {
	return &State{ByID: map[int64]*Row{}, Index: newIndex(), Keys: map[string]bool{}, adopted: map[string]bool{},
		Made: map[string]bool{}, accountKeys: map[string]bool{},
		Installs: map[string]bool{}, Receivers: map[string]*Receiver{}, who: actors{map[Actor]string{}, user}}
}

// Apply folds one line. A line that makes no sense is a problem to show, never a reason to forget the others.
func (st *State) Apply(p Line) {
	if p.err != nil {
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal holds what this version cannot read: %s",
			p.Line, printable.Text(p.err.Error())))
		return
	}
	ev := st.Event(p)
	switch p.Op {
	case OpNew, OpImport, OpAttach, OpAdopt:
		st.put(p)
		if e := p.data.Entry; p.Op == OpNew && e != nil && p.data.Order != nil {
			st.note(p, e.ID)
		}
	case OpRemove:
		st.setRemoved(p.data.IDs, p.Time, ev.Who)
	case OpRestore:
		st.setRemoved(p.data.IDs, time.Time{}, "")
	case OpRename:
		st.rename(p)
	case OpPurge:
		st.forget(p.data)
	case OpPurged:
		st.Unfinished = nil
	case OpBegin, OpEnd, OpBind, OpDisable:
		st.enable(p, ev)
	case OpLeaving:
		st.noteExport(p)
	case OpExport, OpStayed:
		st.endExport(p.data.Begin)
	case OpAccount, OpOrder, OpProofs, OpReady, OpFailed, OpWindow, OpRevoked:
		st.acme(p)
	case OpTold:
		st.told(p)
	case OpPublish:
		st.publish(p)
	case OpRepair, OpSetting: // change nothing here
	default:
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal says %q, which this version does not know",
			p.Line, printable.Text(p.Op)))
	}
	for _, id := range ev.IDs {
		if r := st.ByID[id]; r != nil && !p.repeats() {
			r.Trail, r.LastLine = append(r.Trail, ev), ev.Seq
		}
	}
}

// repeats says whether a line tells only that an authority was asked again, which happens a few times a day: the
// history has it, and no entry needs it.
func (p Line) repeats() bool { return p.data.Window != nil && p.data.Window.Same }

// Event says what a line did, in words; to be asked before the line is folded, while names are what they were.
func (st *State) Event(p Line) Event {
	return describeEvent(p, st.who, func(id int64) (string, bool) {
		if r := st.ByID[id]; r != nil {
			return Label(&r.Entry), true
		}
		return "", false
	})
}

func (st *State) put(p Line) {
	e := p.data.Entry
	if e == nil {
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal (%s) names no entry", p.Line,
			printable.Text(p.Op)))
		return
	}
	if e.ID == 0 {
		e.ID = p.Seq
	}
	if e.Created.IsZero() {
		e.Created = p.Time
	}
	st.noteKey(p, e)
	if r := st.ByID[e.ID]; r != nil {
		e.Removed, e.RemovedBy, e.Automatic = r.Removed, r.RemovedBy, r.Automatic
		st.Index.drop(r)
		r.Entry, r.Judged = *e, 0
		st.Index.put(r)
		return
	}
	r := &Row{Entry: *e}
	st.ByID[e.ID] = r
	st.Index.put(r)
	st.Rows = append(st.Rows, r)
	if n := len(st.Rows); n > 1 && st.Rows[n-2].ID > e.ID {
		sort.Slice(st.Rows, func(i, j int) bool { return st.Rows[i].ID < st.Rows[j].ID })
	}
}

// noteKey keeps the first word on whether a key may leave. A later line may withdraw it, and grants it only where it
// says that a file held the key, and then not for one that was made here. What doctor says of a key it found is no
// word: the line of the writer that was making it may still come.
func (st *State) noteKey(p Line, e *Entry) {
	if !e.KeyKept {
		return
	}
	may, known := st.Keys[e.SPKI]
	first := !known || p.data.NewKey && p.Op != OpAdopt && st.adopted[e.SPKI]
	st.noteOrigin(p, e)
	raised := p.data.Raised && !st.Made[e.SPKI]
	st.Keys[e.SPKI] = e.KeyExportable && (first || may || raised)
	switch {
	case p.Op == OpAdopt && !known:
		st.adopted[e.SPKI] = true
	case p.data.NewKey && p.Op != OpAdopt:
		delete(st.adopted, e.SPKI)
	}
}

// noteOrigin remembers the keys that were made here. One that doctor found with a request, or under a certificate that
// signed itself, is taken for such.
func (st *State) noteOrigin(p Line, e *Entry) {
	switch {
	case !p.data.NewKey:
	case p.Op == OpNew, p.Op == OpAdopt && (e.Request != "" || e.SelfSigned):
		st.Made[e.SPKI] = true
	default:
		delete(st.Made, e.SPKI)
	}
}

func (st *State) setRemoved(ids []int64, when time.Time, who string) {
	for _, id := range ids {
		if r := st.ByID[id]; r != nil {
			r.Removed, r.RemovedBy, r.Judged = when, who, 0
		}
	}
}

func (st *State) rename(p Line) {
	if p.data.Name == "" {
		st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal (%s) gives no name", p.Line,
			printable.Text(p.Op)))
		return
	}
	for _, id := range p.data.IDs {
		if r := st.ByID[id]; r != nil {
			r.FriendlyName = p.data.Name
		}
	}
}

func (st *State) forget(d Data) {
	gone := map[int64]bool{}
	for _, id := range d.IDs {
		gone[id] = true
		delete(st.ByID, id)
	}
	kept := st.Rows[:0]
	for _, r := range st.Rows {
		if gone[r.ID] {
			st.Index.drop(r)
		} else {
			kept = append(kept, r)
		}
	}
	clear(st.Rows[len(kept):])
	st.Rows = kept
	for _, o := range d.Objects {
		if o.Kind == Keys {
			delete(st.Keys, o.Name)
			delete(st.Made, o.Name)
		}
	}
	st.Unfinished = append(st.Unfinished, d.Objects...)
}

// Keeps says whether, by the journal, the private key of a public one is here: an entry that was removed counts too.
func (st *State) Keeps(spki string) bool {
	_, known := st.Keys[spki]
	return known
}

// Certificate is the row of a certificate, live or removed, or nil.
func (st *State) Certificate(sha256 string) *Row {
	for _, r := range st.Index.Sums[sha256] {
		if r.Kind == Certificate {
			return r
		}
	}
	return nil
}

// Find gives the first row, live or removed, for which the condition holds.
func (st *State) Find(is func(*Row) bool) *Row {
	for _, r := range st.Rows {
		if is(r) {
			return r
		}
	}
	return nil
}

// WaitsFor gives the pending request that a certificate answers: of the live ones on its key that with its subject and
// names, else the oldest. A removed one only where no live entry has the key: otherwise a declined renewal would
// stand in the way of a reissue. Nil if there is none.
func (st *State) WaitsFor(leaf Entry) *Row {
	var live, same, removed, holder *Row
	for _, r := range ByID(st.Index.keys[leaf.SPKI]) {
		switch {
		case !r.Removed.IsZero():
			if r.Kind == PendingReq {
				removed = cmp.Or(removed, r)
			}
		case r.Kind == Certificate:
			holder = r
		case r.AsksFor(leaf):
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

// AsksFor says whether two entries have the same subject and names: a request, and what answers it.
func (e *Entry) AsksFor(leaf Entry) bool {
	return e.Subject == leaf.Subject && slices.Equal(slices.Sorted(slices.Values(e.Names)),
		slices.Sorted(slices.Values(leaf.Names)))
}

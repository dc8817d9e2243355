package importing

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Action says what an import does.
type Action string

// What an import can do.
const (
	Completes Action = "completes" // a pending request; the entry keeps its id and friendly name
	Reissue   Action = "reissue"   // a new entry on a key the store has
	Adds      Action = "adds"      // a new entry with the key the sources bring
	Exists    Action = "exists"    // the certificate is here; Attachable says what is new
)

// Found is what is in an import, and what becomes of it.
type Found struct {
	Action     Action
	Leaf       ledger.Entry  // the certificate as it would be listed, verdict included
	Existing   ledger.Entry  // the request it completes, or the entry that is already there
	BringsKey  bool          // a private key is in the sources
	Raises     bool          // it is here as not exportable, and importing it again with Exportable lets it leave
	Gaps       []judging.Gap // what is missing in the chain
	Completed  []string      // once it is imported: the other entries whose chains lacked what it brought
	Attachable []string      // for Exists, what is new: "a chain of 2", "the friendly name"
	Notes      []string      // sentences: the format, and what was repaired to read it
}

// CompletedWords say which other chains an import completed, the first few by name.
func (f Found) CompletedWords() (list []string) {
	for i, other := range f.Completed {
		if i == 5 && len(f.Completed) > 6 {
			return append(list, fmt.Sprintf("the chains of %d more are complete now, too", len(f.Completed)-i))
		}
		list = append(list, "the chain of "+other+" is complete now, too")
	}
	return list
}

// Plan says what an import would do. Errors: AlreadyExists or NoMatchingRequest with restore in the hint for what was
// removed, NoMatchingRequest for a key that is not here, InvalidName for the friendly name.
func (h Held) Plan(m *Match, o Options) (Found, error) {
	f := Found{Leaf: m.Entry, BringsKey: m.Key != nil, Raises: h.raises(m),
		Notes: append(slices.Clone(m.notes), h.keyNotes(m, o)...)}
	same, waiting := h.State.Certificate(m.Entry.SHA256), h.State.WaitsFor(m.Entry)
	switch {
	case same != nil && !same.Removed.IsZero():
		return f, removedError(fail.AlreadyExists, "this certificate was removed", same)
	case same != nil:
		f.Action, f.Existing = Exists, h.Row(same)
		f.Attachable = h.attachable(m, same, o)
	case waiting != nil && !waiting.Removed.IsZero():
		return f, removedError(fail.NoMatchingRequest, "the request it answers was removed", waiting)
	case waiting != nil:
		f.Action, f.Existing = Completes, h.Row(waiting)
	case h.State.Keeps(m.Entry.SPKI):
		f.Action = Reissue
	case m.Key != nil:
		f.Action = Adds
	case m.Leaf.IsCA:
		return f, h.nobodyLacks(m)
	default:
		return f, h.noMatchingRequest(m)
	}
	if o.FriendlyName != "" {
		if err := names.CheckFriendlyName(o.FriendlyName); err != nil {
			return f, err
		}
	}
	f.Leaf = h.entryFor(f, m, o)
	h.Remark(&f.Leaf, m.Leaf)
	h.Preview(&f.Leaf, m.Certs()...)
	f.Gaps = h.Gaps(f.Leaf, m.Certs()...)
	return f, nil
}

// Decide is Plan, and the refusal of a certificate that is here unless what is new may be attached.
func (h Held) Decide(m *Match, o Options) (Found, error) {
	f, err := h.Plan(m, o)
	if err != nil || f.Action != Exists || (o.Attach && len(f.Attachable) > 0) {
		return f, err
	}
	hint := f.nothingNew()
	if len(f.Attachable) > 0 {
		hint = "new in it: " + strings.Join(f.Attachable, " and ") + "; import again with --yes to add it"
	}
	return f, fail.New(fail.AlreadyExists, hint, "this certificate is here already: %s (%s)", f.Existing.FriendlyName,
		f.Existing.Thumbprint)
}

// nothingNew says what an import of a certificate that is here could still change.
func (f Found) nothingNew() string {
	if f.Raises {
		return "nothing in the file is new; since it holds the key, --private-key-exportable would make that exportable"
	}
	return "nothing in the file is new"
}

// entryFor is the entry as the import would leave it.
func (h Held) entryFor(f Found, m *Match, o Options) ledger.Entry {
	e := m.Entry
	e.KeyKept, e.KeyExportable = true, o.Exportable && m.Key != nil
	if may, known := h.State.Keys[e.SPKI]; known {
		e.KeyExportable = may || o.Exportable && f.Raises
	}
	if f.Action == Completes || f.Action == Exists {
		e.Complete(f.Existing)
	}
	if f.Action == Exists && f.Existing.Reach() >= e.Reach() {
		e.Chain, e.Defect, e.Unread = f.Existing.Chain, f.Existing.Defect, f.Existing.Unread
	}
	if o.Wanted != nil {
		e.Wanted = *o.Wanted
	}
	if o.FriendlyName != "" {
		e.FriendlyName = o.FriendlyName
	}
	if e.FriendlyName == "" && names.CheckFriendlyName(m.name) == nil {
		e.FriendlyName = m.name
	}
	if e.FriendlyName == "" {
		e.FriendlyName = e.DefaultName()
	}
	return e
}

// raises says whether the sources hold a key that is here, may not leave, and was not made here: to import them again
// may allow it.
func (h Held) raises(m *Match) bool {
	may, known := h.State.Keys[m.Entry.SPKI]
	return m.Key != nil && known && !may && !h.State.Made[m.Entry.SPKI]
}

// keyNotes say why a key will not be exportable although somebody asked for it.
func (h Held) keyNotes(m *Match, o Options) []string {
	may, known := h.State.Keys[m.Entry.SPKI]
	switch {
	case !o.Exportable || may || m.Link:
	case known && h.State.Made[m.Entry.SPKI]:
		return []string{"its key was made here as not exportable, and stays so: renew it with an exportable key"}
	case known && m.Key == nil:
		return []string{"its key stays not exportable: only importing a file that holds the key itself can change that"}
	}
	return nil
}

// attachable says what the sources bring that the entry does not have.
func (h Held) attachable(m *Match, have *ledger.Row, o Options) []string {
	var added []string
	if n := m.Entry.Reach() - have.Reach(); n > 0 {
		added = append(added, chainWords(n))
	}
	if m.Key != nil && !h.HasKey(have.SPKI) {
		added = append(added, "its private key")
	}
	if o.Exportable && h.raises(m) {
		added = append(added, "permission to export its key")
	}
	if o.Wanted != nil && *o.Wanted != have.Wanted {
		added = append(added, "the services "+o.Wanted.String())
	}
	if o.FriendlyName != "" && o.FriendlyName != have.FriendlyName {
		added = append(added, "the friendly name "+printable.Text(o.FriendlyName))
	}
	return added
}

func chainWords(n int) string {
	if n == 1 {
		return "a certificate of its chain"
	}
	return fmt.Sprintf("%d certificates of its chain", n)
}

// maxLine is more than any certificate of a mail server needs, and less than a line of the journal may hold.
const maxLine = 4 << 20

// Fits refuses a certificate whose names alone would not fit into a line of the journal. Errors: LimitExceeded.
func Fits(e ledger.Entry) error {
	text, err := json.Marshal(e)
	if err == nil && len(text) > maxLine {
		err = fail.New(fail.LimitExceeded, "ask the CA for a certificate with fewer names",
			"the names of this certificate take %d bytes, more than a line of the journal can hold", len(text))
	}
	return err
}

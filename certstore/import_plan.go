package certstore

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// plan decides what the import does. The caller holds s.mu and has refreshed.
func (s *Store) plan(in *incoming, r ImportRequest) (Found, error) {
	f := Found{Leaf: in.entry, BringsKey: in.key != nil, Raises: s.raises(in), Notes: append(slices.Clone(in.notes), s.keyNotes(in, r)...)}
	same := s.state.Certificate(in.entry.SHA256)
	_, keyHere := s.state.Keys[in.entry.SPKI]
	waiting := s.state.WaitsFor(in.entry)
	switch {
	case same != nil && !same.Removed.IsZero():
		return f, removedError(fail.AlreadyExists, "this certificate was removed", same)
	case same != nil:
		f.Action, f.Existing = Exists, s.judge().Row(same)
		f.Attachable = s.attachable(in, same, r)
	case waiting != nil && !waiting.Removed.IsZero():
		return f, removedError(fail.NoMatchingRequest, "the request it answers was removed", waiting)
	case waiting != nil:
		f.Action, f.Existing = Completes, s.judge().Row(waiting)
	case keyHere:
		f.Action = Reissue
	case in.key != nil:
		f.Action = Adds
	case in.leaf.IsCA:
		return f, s.nobodyLacks(in)
	default:
		return f, s.noMatchingRequest(in)
	}
	if r.FriendlyName != "" {
		if err := names.CheckFriendlyName(r.FriendlyName); err != nil {
			return f, err
		}
	}
	f.Leaf = s.entryFor(f, in, r)
	s.judge().Remark(&f.Leaf, in.leaf)
	s.chains().Preview(&f.Leaf, append([]*x509.Certificate{in.leaf}, in.others...)...)
	f.Gaps = s.chains().Gaps(f.Leaf, append(in.others, in.leaf)...)
	return f, nil
}

func removedError(code fail.Code, what string, r *ledger.Row) error {
	return fail.New(code, "`certdesk restore "+r.Short()+"` brings it back; then import again", "%s: %s (%s)", what, r.FriendlyName, r.Thumbprint)
}

// nobodyLacks says of a CA's certificate without a key, which completes no chain, where it stands already, or that
// nothing here is below it. Its key is the CA's own: nobody expects it here.
func (s *Store) nobodyLacks(in *incoming) error {
	var below []string
	for _, r := range s.state.Rows {
		if slices.ContainsFunc(r.Chain, func(l trust.Link) bool { return l.SHA256 == in.entry.SHA256 }) {
			below = append(below, ledger.Label(&r.Entry))
		}
	}
	if len(below) > 0 {
		return fail.New(fail.AlreadyExists, "there is nothing to do",
			"this CA's certificate is here already, in the chain of %s: %s", judging.SomeOf(below), in.entry.Subject)
	}
	return fail.New(fail.NoMatchingRequest,
		"import it together with the server's certificate; if it is a root to be trusted, name its file under trust in the configuration",
		"this is a CA's certificate, and no certificate here was issued by it: %s", in.entry.Subject)
}

// noMatchingRequest names the requests that wait, so that a wrong file or a wrong server shows.
func (s *Store) noMatchingRequest(in *incoming) error {
	var waiting []string
	for _, r := range s.state.Rows {
		if r.Kind == ledger.PendingReq && r.Removed.IsZero() {
			waiting = append(waiting, r.FriendlyName+" ("+r.CommonName()+")")
		}
	}
	hint := "no request waits here: import it where the request was made, or give its private key in the same import"
	if n := len(waiting); n > 0 {
		if n > 5 {
			waiting = append(waiting[:5], fmt.Sprintf("%d more", n-5))
		}
		hint = "its key belongs to none of the requests that wait here: " + strings.Join(waiting, ", ")
	}
	return fail.New(fail.NoMatchingRequest, hint, "the private key of %s is not here", in.entry.Subject)
}

// entryFor is the entry as the import would leave it.
func (s *Store) entryFor(f Found, in *incoming, r ImportRequest) ledger.Entry {
	e := in.entry
	e.KeyKept, e.KeyExportable = true, r.Exportable && in.key != nil
	if may, known := s.state.Keys[e.SPKI]; known {
		e.KeyExportable = may || r.Exportable && f.Raises
	}
	if f.Action == Completes || f.Action == Exists {
		old := f.Existing
		e.ID, e.Created, e.Request, e.RenewalOf = old.ID, old.Created, old.Request, old.RenewalOf
		e.FriendlyName, e.Wanted = old.FriendlyName, old.Wanted
	}
	if f.Action == Exists && f.Existing.Reach() >= e.Reach() {
		e.Chain, e.Defect, e.Unread = f.Existing.Chain, f.Existing.Defect, f.Existing.Unread
	}
	if r.Wanted != nil {
		e.Wanted = *r.Wanted
	}
	if r.FriendlyName != "" {
		e.FriendlyName = r.FriendlyName
	}
	if e.FriendlyName == "" && names.CheckFriendlyName(in.name) == nil {
		e.FriendlyName = in.name
	}
	if e.FriendlyName == "" {
		e.FriendlyName = defaultFriendlyName(e)
	}
	return e
}

// raises says whether the sources hold a key that is here, may not leave, and was not made here: to import them again
// may allow it.
func (s *Store) raises(in *incoming) bool {
	may, known := s.state.Keys[in.entry.SPKI]
	return in.key != nil && known && !may && !s.state.Made[in.entry.SPKI]
}

// keyNotes say why a key will not be exportable although somebody asked for it.
func (s *Store) keyNotes(in *incoming, r ImportRequest) []string {
	may, known := s.state.Keys[in.entry.SPKI]
	switch {
	case !r.Exportable || may || in.link:
	case known && s.state.Made[in.entry.SPKI]:
		return []string{"its key was made here as not exportable, and stays so: renew it with an exportable key"}
	case known && in.key == nil:
		return []string{"its key stays not exportable: only importing a file that holds the key itself can change that"}
	}
	return nil
}

// attachable says what the sources bring that the entry does not have.
func (s *Store) attachable(in *incoming, have *ledger.Row, r ImportRequest) []string {
	var added []string
	if n := in.entry.Reach() - have.Reach(); n > 0 {
		added = append(added, chainWords(n))
	}
	if here, err := s.dir.Has(ledger.Keys, have.SPKI); in.key != nil && err == nil && !here {
		added = append(added, "its private key")
	}
	if r.Exportable && s.raises(in) {
		added = append(added, "permission to export its key")
	}
	if r.Wanted != nil && *r.Wanted != have.Wanted {
		added = append(added, "the services "+r.Wanted.String())
	}
	if r.FriendlyName != "" && r.FriendlyName != have.FriendlyName {
		added = append(added, "the friendly name "+printable.Text(r.FriendlyName))
	}
	return added
}

func chainWords(n int) string {
	if n == 1 {
		return "a certificate of its chain"
	}
	return fmt.Sprintf("%d certificates of its chain", n)
}

// decide is plan, and the refusal of a certificate that is here unless what is new may be attached.
func (s *Store) decide(in *incoming, r ImportRequest) (Found, error) {
	found, err := s.plan(in, r)
	if err != nil || found.Action != Exists || (r.Attach && len(found.Attachable) > 0) {
		return found, err
	}
	hint := found.nothingNew()
	if len(found.Attachable) > 0 {
		hint = "new in it: " + strings.Join(found.Attachable, " and ") + "; import again with --yes to add it"
	}
	return found, fail.New(fail.AlreadyExists, hint, "this certificate is here already: %s (%s)", found.Existing.FriendlyName, found.Existing.Thumbprint)
}

// nothingNew says what an import of a certificate that is here could still change.
func (f Found) nothingNew() string {
	if f.Raises {
		return "nothing in the file is new; since it holds the key, --private-key-exportable would make that exportable"
	}
	return "nothing in the file is new"
}

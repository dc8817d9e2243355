package certstore

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// incoming is an import read and matched, before anything is stored.
type incoming struct {
	leaf   *x509.Certificate
	others []*x509.Certificate // in signature order where they belong to the leaf
	key    crypto.Signer       // of the leaf, nil if the sources bring none
	entry  ledger.Entry
	notes  []string
	name   string // the PFX's own friendly name
	link   bool   // the sources hold CA certificates alone, and complete this entry's chain
}

// receive decodes the sources and finds the leaf and its key among them.
func (s *Store) receive(ctx context.Context, r ImportRequest) (*incoming, error) {
	all, err := r.bundle(ctx)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	return s.matchSources(all, r)
}

// matchSources finds the leaf and its key among what was decoded. The caller holds s.mu and has refreshed.
func (s *Store) matchSources(all formats.Bundle, r ImportRequest) (*incoming, error) {
	if r.linkOnly {
		return s.lackedBy(all)
	}
	return s.assemble(all, r.paired)
}

// lackedBy is the next entry whose chain reaches no trusted root and gets further with these. Errors: NotFound.
func (s *Store) lackedBy(cas formats.Bundle) (*incoming, error) {
	in := s.missingLink(cas, func(r *ledger.Row) bool { return s.judge().Row(r).Verdict.Root == "" })
	if in == nil {
		return nil, fail.New(fail.NotFound, "", "no chain needs these certificates")
	}
	return in, nil
}

// assemble is matched for what need not be CAs alone. The key of the public key paired is known to be sound.
func (s *Store) assemble(all formats.Bundle, paired string) (*incoming, error) {
	if len(all.Certs) == 0 {
		return nil, noCertificate(all)
	}
	if in := s.missingLink(all, func(*ledger.Row) bool { return true }); in != nil {
		return in, nil
	}
	kept := func(c *x509.Certificate) bool { return s.state.Keeps(spkiOf(c.PublicKey)) }
	if onlyCAs(part{Bundle: all}) && len(all.OddKeys) == 0 && !slices.ContainsFunc(all.Certs, kept) {
		return nil, s.completesNothing(all.Certs)
	}
	return s.matchLeaf(all, s.judge().KnownAbove(all.Certs), paired)
}

// completesNothing says why CA certificates alone are not imported: they are here and do their work, or no chain needs
// them.
func (s *Store) completesNothing(cas []*x509.Certificate) error {
	var entries []int64
	for _, c := range cas {
		below := s.entriesBelow(judging.Sum(c.Raw))
		if len(below) == 0 {
			return fail.New(fail.NoMatchingRequest, "import it together with the certificate that it signed",
				"this is a CA's certificate, and no chain here needs it: %s", names.FromDER(c.RawSubject))
		}
		entries = append(entries, below...)
	}
	slices.Sort(entries)
	list := ledger.NameList(slices.Compact(entries), func(id int64) string { return ledger.Label(&s.state.ByID[id].Entry) })
	return fail.New(fail.AlreadyExists, "there is nothing to do: it is in the chain of "+list,
		"this CA certificate is here already: %s", names.FromDER(cas[0].RawSubject))
}

// entriesBelow are the live entries whose chains hold a CA certificate.
func (s *Store) entriesBelow(sum string) (ids []int64) {
	for _, r := range s.state.Rows {
		if r.Removed.IsZero() && slices.ContainsFunc(r.Chain, func(l trust.Link) bool { return l.SHA256 == sum }) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// missingLink finds the entry whose chain CA certificates alone complete, the oldest first: what an admin brings who
// was told that an intermediate is missing. Nil if the sources hold anything else, or complete none of the entries asked about.
func (s *Store) missingLink(b formats.Bundle, ask func(*ledger.Row) bool) *incoming {
	if len(b.Keys) > 0 || slices.ContainsFunc(b.Certs, func(c *x509.Certificate) bool { return !c.IsCA }) {
		return nil
	}
	for _, r := range s.endingAt(b.Certs) {
		if !r.Removed.IsZero() || !ask(r) {
			continue
		}
		chain, err := s.linked(r.Chain)
		leaf, missing := s.certificate(r.SHA256)
		if err != nil || missing != nil {
			continue
		}
		in, err := incomingFor(leaf, s.chains().BestPath(leaf, slices.Concat(chain, b.Certs, s.judge().KnownAbove(b.Certs))))
		if err == nil && in.entry.Reach() > r.Reach() {
			in.notes, in.link = b.Notes, true
			return in
		}
	}
	return nil
}

// endingAt are the certificates, in order of id, whose chains end at the subject of one of these CAs and do not have
// that CA itself.
func (s *Store) endingAt(cas []*x509.Certificate) (rows []*ledger.Row) {
	for _, ca := range cas {
		sum := judging.Sum(ca.Raw)
		for _, r := range s.state.Index.Above[names.FromDER(ca.RawSubject)] {
			if !slices.ContainsFunc(r.Chain, func(link trust.Link) bool { return link.SHA256 == sum }) {
				rows = append(rows, r)
			}
		}
	}
	return slices.Compact(ledger.ByID(rows))
}

// bundle is what all sources hold together.
func (r ImportRequest) bundle(ctx context.Context) (formats.Bundle, error) {
	if r.decoded != nil {
		return *r.decoded, nil
	}
	var parts []part
	for i, src := range r.Sources {
		b, err := r.decode(ctx, src)
		if err != nil {
			return formats.Bundle{}, err
		}
		parts = append(parts, part{[]int{i}, b})
	}
	return merged(parts).Bundle, nil
}

// decode reads one source, its notes naming it. Of several passwords the first that opens it counts.
func (r ImportRequest) decode(ctx context.Context, src Source) (formats.Bundle, error) {
	if src.Err != nil {
		return formats.Bundle{}, src.Err
	}
	b, err := r.open(ctx, src.Data)
	if err != nil {
		return b, fmt.Errorf("read %s: %w", printable.Text(src.Label), err)
	}
	for i, note := range b.Notes {
		b.Notes[i] = printable.Text(src.Label) + ": " + note
	}
	return b, nil
}

// open tries the passwords first, since each try derives a key; what wants none, or an empty one, opens without.
func (r ImportRequest) open(ctx context.Context, data []byte) (formats.Bundle, error) {
	locked := func(err error) bool { return fail.Is(err, fail.PasswordNeeded) || fail.Is(err, fail.WrongPassword) }
	var wrong error
	for _, password := range r.Passwords {
		b, err := formats.DecodeContext(ctx, data, password)
		if !locked(err) {
			return b, err
		}
		wrong = err
	}
	b, err := formats.DecodeContext(ctx, data, nil)
	if wrong != nil && locked(err) {
		err = wrong
	}
	return b, err
}

func noCertificate(b formats.Bundle) error {
	switch {
	case len(b.Requests) > 0:
		return fail.New(fail.UnsupportedFormat, "send it to the CA and import the certificate that comes back", "this is a request, not the CA's answer to one")
	case len(b.OddKeys) > 0 && len(b.Keys) == 0:
		return fail.New(fail.UnsupportedFormat, "make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys", "%s", b.OddKeys[0].Reason)
	case len(b.Keys) > 0:
		return fail.New(fail.UnsupportedFormat, "import the certificate's file together with it",
			"the file holds a private key and no certificate")
	}
	return fail.New(fail.UnsupportedFormat, "import the file the CA sent: PEM, DER, PKCS#7 or PKCS#12", "there is no certificate in the file")
}

// matchLeaf finds the leaf: the certificate whose private key the sources or the store have.
func (s *Store) matchLeaf(b formats.Bundle, above []*x509.Certificate, paired string) (*incoming, error) {
	held := s.state.Keeps
	brought := map[string]crypto.Signer{}
	for _, key := range b.Keys {
		spki, err := formats.SPKI(key.Public())
		if err != nil {
			return nil, err
		}
		brought[spki] = key
	}
	leaf, err := formats.FindLeaf(b.Certs, func(pub crypto.PublicKey) bool {
		spki, err := formats.SPKI(pub)
		return err == nil && (brought[spki] != nil || held(spki))
	})
	if err != nil {
		return nil, err
	}
	in, err := incomingFor(leaf, s.chains().BestPath(leaf, append(slices.Clone(b.Certs), above...)))
	if err != nil {
		return nil, err
	}
	in.notes, in.name = append(slices.Clone(b.Notes), in.strangers(b.Certs)...), b.FriendlyName
	in.key = brought[in.entry.SPKI]
	if in.key == nil && len(b.OddKeys) > 0 && !held(in.entry.SPKI) {
		return nil, fail.New(fail.UnsupportedFormat, "make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys", "%s", b.OddKeys[0].Reason)
	}
	if in.key == nil && len(brought) > 0 {
		return nil, fail.New(fail.KeyMismatch, "give the key that was made with this certificate's request", "the private key in the file does not belong to %s", in.entry.Subject)
	}
	if in.key != nil && in.entry.SPKI != paired {
		if err := formats.CheckPair(in.key, leaf.PublicKey); err != nil {
			return nil, err
		}
	}
	return in, nil
}

// maxStrangers is how many certificates that were left out are named one by one.
const maxStrangers = 5

// strangers are notes on the certificates that do not belong to the leaf.
func (in *incoming) strangers(certs []*x509.Certificate) (notes []string) {
	mine := map[string]bool{string(in.leaf.Raw): true}
	for _, c := range in.others {
		mine[string(c.Raw)] = true
	}
	for _, c := range certs {
		if !mine[string(c.Raw)] {
			notes = append(notes, in.whyLeftOut(c)+": "+names.FromDER(c.RawSubject))
		}
		mine[string(c.Raw)] = true
	}
	if n := len(notes) - maxStrangers; n > 1 {
		notes = append(notes[:maxStrangers], fmt.Sprintf("left out for the same reason: %d more", n))
	}
	return notes
}

// whyLeftOut tells a CA's other certificate, as of a root that is cross-signed, from one that has nothing to do with it.
func (in *incoming) whyLeftOut(c *x509.Certificate) string {
	for _, below := range append([]*x509.Certificate{in.leaf}, in.others...) {
		if bytes.Equal(below.RawIssuer, c.RawSubject) && (formats.Signed(below, c) || formats.Unchecked(below, c) != "") {
			return "left out, since another certificate of the same CA is in the chain"
		}
	}
	return "left out, since it signed nothing here"
}

// incomingFor describes a leaf with the chain that the others make.
func incomingFor(leaf *x509.Certificate, others []*x509.Certificate) (in *incoming, err error) {
	in = &incoming{leaf: leaf}
	in.others, _, _ = formats.SortChain(leaf, others)
	in.entry, err = judging.Describe(leaf, others)
	return in, err
}

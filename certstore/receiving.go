package certstore

import (
	"cmp"
	"context"
	"crypto"
	"crypto/x509"
	"fmt"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// incoming is an import read and matched, before anything is stored.
type incoming struct {
	leaf   *x509.Certificate
	others []*x509.Certificate // in signature order where they belong to the leaf
	key    crypto.Signer       // of the leaf, nil if the sources bring none
	entry  Entry
	notes  []string
	name   string // the PFX's own friendly name
}

// receive decodes the sources and finds the leaf and its key among them.
func (s *Store) receive(ctx context.Context, r ImportRequest) (*incoming, error) {
	all, err := decodeSources(r)
	if err != nil {
		return nil, err
	}
	if len(all.Certs) == 0 {
		return nil, noCertificate(all)
	}
	s.mu.Lock()
	err = s.refresh(ctx)
	held := s.heldKeys()
	s.mu.Unlock()
	if err != nil {
		return nil, err
	}
	return match(all, held)
}

func decodeSources(r ImportRequest) (formats.Bundle, error) {
	var all formats.Bundle
	for _, src := range r.Sources {
		b, err := formats.Decode(src.Data, r.Password)
		if err != nil {
			return all, fmt.Errorf("read %s: %w", printable.Text(src.Label), err)
		}
		all.Certs = append(all.Certs, b.Certs...)
		all.Keys = append(all.Keys, b.Keys...)
		all.Requests = append(all.Requests, b.Requests...)
		all.FriendlyName = cmp.Or(all.FriendlyName, b.FriendlyName)
		for _, note := range b.Notes {
			all.Notes = append(all.Notes, printable.Text(src.Label)+": "+note)
		}
	}
	return all, nil
}

func noCertificate(b formats.Bundle) error {
	switch {
	case len(b.Requests) > 0:
		return fail.New(fail.UnsupportedFormat, "send it to the CA and import the certificate that comes back", "this is a request, not the CA's answer to one")
	case len(b.Keys) > 0:
		return fail.New(fail.UnsupportedFormat, "give the certificate's file in the same import", "there is a private key in it and no certificate")
	}
	return fail.New(fail.UnsupportedFormat, "import the file the CA sent: PEM, DER, PKCS#7 or PKCS#12", "no certificate is in it")
}

// heldKeys says which public keys the store has a private key for, or had a removed request for.
func (s *Store) heldKeys() map[string]bool {
	held := make(map[string]bool, len(s.state.keys))
	for spki := range s.state.keys {
		held[spki] = true
	}
	return held
}

// match finds the leaf: the certificate whose private key the sources or the store have.
func match(b formats.Bundle, held map[string]bool) (*incoming, error) {
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
		return err == nil && (brought[spki] != nil || held[spki])
	})
	if err != nil {
		return nil, err
	}
	in := &incoming{leaf: leaf, notes: b.Notes, name: b.FriendlyName}
	if in.entry, err = Describe(leaf, b.Certs); err != nil {
		return nil, err
	}
	chain, _, unrelated := formats.SortChain(leaf, b.Certs)
	in.others = chain
	for _, c := range unrelated {
		in.notes = append(in.notes, "left out, since it signed nothing here: "+names.FromDER(c.RawSubject))
	}
	in.key = brought[in.entry.SPKI]
	if in.key == nil && len(brought) > 0 {
		return nil, fail.New(fail.KeyMismatch, "give the key that was made with this certificate's request", "the private key in the file is not the key of %s", in.entry.Subject)
	}
	if in.key != nil {
		if err := formats.CheckPair(in.key, leaf.PublicKey); err != nil {
			return nil, err
		}
	}
	return in, nil
}

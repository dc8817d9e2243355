package certstore

import (
	"cmp"
	"maps"
	"slices"

	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
)

// storeObjects publishes the keys, or proves that the store has them, then the certificates. A link alone is taken also
// for an entry that lost its key, which would otherwise stand in the way of all that come after it. What one import
// alone is refused for is its own; the error is one of all.
func (s *Store) storeObjects(list []*incoming) error {
	keys, err := s.gather(list)
	defer func() {
		for _, text := range keys {
			clear(text)
		}
	}()
	if err != nil {
		return err
	}
	if err := s.dir.PutAll(ledger.Keys, keys); err != nil {
		return begun(err)
	}
	certs := map[string][]byte{}
	for _, one := range list {
		if one.Err == nil && one.match.Key != nil {
			one.Err = begun(s.objects.Proven(one.match.Key, one.match.Entry.SPKI))
		}
		if one.Err == nil {
			for _, c := range one.match.Certs() {
				certs[judging.Sum(c.Raw)] = formats.CertPEM(c.Raw)
			}
		}
	}
	return begun(s.dir.PutAll(ledger.Certs, certs))
}

// gather gives the keys that have to be written, and proves of the others that they are here.
func (s *Store) gather(list []*incoming) (keys map[string][]byte, err error) {
	keys = map[string][]byte{}
	for _, one := range list {
		switch spki := one.match.Entry.SPKI; {
		case one.match.Link:
		case one.match.Key == nil:
			one.Err = s.objects.CheckKey(spki, one.match.Leaf.PublicKey)
		case keys[spki] == nil:
			text, err := formats.KeyPEM(one.match.Key)
			if err != nil {
				one.Err = err
				continue
			}
			keys[spki] = text
		}
	}
	missing, err := s.dir.Missing(ledger.Keys, slices.Collect(maps.Keys(keys))...)
	if err != nil {
		return keys, err
	}
	for _, one := range list {
		text := keys[one.match.Entry.SPKI]
		if text != nil && !slices.Contains(missing, one.match.Entry.SPKI) {
			one.Err = begun(s.objects.PutKey(one.match.Entry.SPKI, text))
			clear(text)
			delete(keys, one.match.Entry.SPKI)
		}
	}
	return keys, nil
}

// present says which objects of some imports are here. Under the lock they stay: no purge is there. One that could not
// be looked for is asked for again by its own import.
func (s *Store) present(list []*incoming) map[ledger.Object]bool {
	names := map[ledger.ObjectKind][]string{}
	here := map[ledger.Object]bool{}
	for _, one := range list {
		for _, o := range one.Found.Leaf.Objects() {
			if !here[o] {
				here[o], names[o.Kind] = true, append(names[o.Kind], o.Name)
			}
		}
	}
	for kind, wanted := range names {
		missing, err := s.dir.Missing(kind, wanted...)
		if err != nil {
			missing = wanted
		}
		for _, name := range missing {
			delete(here, ledger.Object{Kind: kind, Name: name})
		}
	}
	return here
}

// storeAgain publishes again what a purge unlinked since the first time. It runs under the lock, where no purge is.
func (s *Store) storeAgain(one *incoming, here map[ledger.Object]bool) error {
	for _, o := range one.Found.Leaf.Objects() {
		if here[o] {
			continue
		}
		known, err := s.dir.Has(o.Kind, o.Name)
		if err != nil {
			return err
		}
		if !known {
			return cmp.Or(s.storeObjects([]*incoming{one}), one.Err)
		}
	}
	return nil
}

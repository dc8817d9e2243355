package certstore

import (
	"cmp"
	"context"
	"crypto/x509"

	"certdesk/certstore/disk"
	"certdesk/certstore/formats"
)

// Imported is what became of one import.
type Imported struct {
	Entry Entry
	Found Found
	Err   error
}

// importing is one import on its way.
type importing struct {
	request ImportRequest
	in      *incoming
	Imported
}

// importsAtOnce is how many imports have their files made durable together. What is on the way in memory, and what a
// full disk refuses at once, are bounded by it.
const importsAtOnce = 64

// ImportAll is Import for several, in order. What is refused stops no other. each is told of every one as it ends; nil
// for nobody.
func (s *Store) ImportAll(ctx context.Context, requests []ImportRequest, each func(i int, done Imported)) []Imported {
	results := make([]Imported, 0, len(requests))
	for len(requests) > 0 {
		n := min(importsAtOnce, len(requests))
		for _, one := range s.importTogether(ctx, requests[:n]) {
			if each != nil {
				each(len(results), one.Imported)
			}
			results = append(results, one.Imported)
		}
		requests = requests[n:]
	}
	return results
}

func (s *Store) importTogether(ctx context.Context, requests []ImportRequest) []*importing {
	list := make([]*importing, len(requests))
	var sound []*importing
	for i, r := range requests {
		list[i] = s.prepareImport(ctx, r)
		if list[i].Err == nil {
			sound = append(sound, list[i])
		}
	}
	s.mu.Lock()
	s.lookForUnlisted() // before the files of these, which have no line yet, are there
	s.mu.Unlock()
	if err := s.storeObjects(sound); err != nil {
		for _, one := range sound {
			one.Err = cmp.Or(one.Err, err)
		}
	}
	for _, one := range sound {
		if one.Err == nil {
			s.finishImport(ctx, one)
		}
	}
	return list
}

// prepareImport reads and decides one import, and writes nothing.
func (s *Store) prepareImport(ctx context.Context, r ImportRequest) *importing {
	one := &importing{request: r}
	one.Err = s.ready(ctx, "import")
	if one.Err != nil {
		return one
	}
	one.in, one.Err = s.receive(ctx, r)
	if one.Err != nil {
		return one
	}
	s.mu.Lock()
	one.Found, one.Err = s.decide(one.in, r)
	s.mu.Unlock()
	if one.Err == nil {
		one.Err = fits(one.Found.Leaf)
	}
	return one
}

// storeObjects publishes the keys, or proves that the store has them, then the certificates. A link alone is taken also
// for an entry that lost its key, which would otherwise stand in the way of all that come after it. What one import
// alone is refused for is its own; the error is one of all.
func (s *Store) storeObjects(list []*importing) error {
	keys, certs := map[string][]byte{}, map[string][]byte{}
	defer func() {
		for _, text := range keys {
			clear(text)
		}
	}()
	for _, one := range list {
		one.Err = s.gather(one.in, keys)
		if one.Err != nil {
			continue
		}
		for _, c := range append([]*x509.Certificate{one.in.leaf}, one.in.others...) {
			certs[sumOf(c.Raw)] = formats.CertPEM(c.Raw)
		}
	}
	if err := s.dir.PutAll(disk.Keys, keys); err != nil {
		return begun(err)
	}
	for _, one := range list {
		if one.Err == nil && one.in.key != nil {
			one.Err = begun(s.provenKey(one.in.key, one.in.entry.SPKI))
		}
	}
	return begun(s.dir.PutAll(disk.Certs, certs))
}

// gather adds the key that an import brings to those that have to be written, or proves that it is here.
func (s *Store) gather(in *incoming, keys map[string][]byte) error {
	switch {
	case in.link:
		return nil
	case in.key == nil:
		return s.checkKey(in.entry.SPKI, in.leaf.PublicKey)
	}
	here, err := s.dir.Has(disk.Keys, in.entry.SPKI)
	if err != nil {
		return err
	}
	text, err := formats.KeyPEM(in.key)
	if err != nil {
		return err
	}
	if here {
		defer clear(text)
		return begun(s.putKey(in.entry.SPKI, text))
	}
	keys[in.entry.SPKI] = text
	return nil
}

// finishImport writes the line of one import, and completes the chains of others with what it brought.
func (s *Store) finishImport(ctx context.Context, one *importing) {
	s.mu.Lock()
	news := one.in.link || s.bringsNewCA(one.in)
	s.mu.Unlock()
	id, err := s.commitImport(ctx, one.in, one.request, &one.Found)
	if err != nil {
		one.Err = begun(err)
		return
	}
	if news {
		one.Found.Completed = s.completeOthers(ctx, one.in, one.request)
	}
	one.Entry, one.Err = s.get(context.WithoutCancel(ctx), id)
}

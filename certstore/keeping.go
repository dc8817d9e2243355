package certstore

import (
	"crypto"
	"fmt"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// keepKey makes a key durable and proves it.
func (s *Store) keepKey(key crypto.Signer, spki string) error {
	text, err := formats.KeyPEM(key)
	if err != nil {
		return err
	}
	defer clear(text)
	if err := s.putKey(spki, text); err != nil {
		return err
	}
	return s.provenKey(key, spki)
}

// provenKey proves that what is on the disk is that key: read back through a new descriptor, parsed, and test-signed
// against the public half.
func (s *Store) provenKey(key crypto.Signer, spki string) error {
	kept, err := s.key(spki)
	if err != nil {
		return fmt.Errorf("read back the private key: %w", err)
	}
	if err := formats.CheckPair(kept, key.Public()); err != nil {
		return fmt.Errorf("the private key read back from the disk: %w", err)
	}
	return nil
}

// begun turns the refusal of an operation that has written something already into a failure: exit codes 2, 3 and 4
// promise that every byte is as it was.
func begun(err error) error {
	if err == nil || fail.Of(err).Code.Exit() == 1 {
		return err
	}
	e := fail.Of(err)
	return &fail.Error{Code: fail.Failed, Text: e.Text, Hint: e.Hint, Err: err}
}

// putKey keeps the file that is there if it holds the same key in other bytes: a key file is write-once.
func (s *Store) putKey(spki string, text []byte) error {
	err := s.dir.Put(ledger.Keys, spki, text)
	if !fail.Is(err, fail.Damaged) {
		return err
	}
	if _, readable := s.key(spki); readable != nil {
		return err
	}
	return nil
}

// checkKey proves that the key of that name is here and works, and is the one of pub, unless pub is nil.
func (s *Store) checkKey(spki string, pub crypto.PublicKey) error {
	key, err := s.key(spki)
	if err != nil {
		return err
	}
	if pub == nil {
		pub = key.Public()
	}
	return formats.CheckPair(key, pub)
}

// key reads a private key and checks that it is the one its name promises.
func (s *Store) key(spki string) (crypto.Signer, error) {
	raw, err := s.dir.Get(ledger.Keys, spki)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	key, err := formats.ParseKeyPEM(raw)
	if err != nil {
		return nil, err
	}
	if have, err := formats.SPKI(key.Public()); err != nil || have != spki {
		return nil, fail.New(fail.Damaged, doctorHint, "%s is damaged: its content is not the key that its file name says", s.dir.Path(ledger.Keys, spki))
	}
	return key, nil
}

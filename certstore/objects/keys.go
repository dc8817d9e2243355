package objects

import (
	"crypto"
	"fmt"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
)

// KeepKey makes a key durable and proves it.
func (f Files) KeepKey(key crypto.Signer, spki string) error {
	text, err := formats.KeyPEM(key)
	if err != nil {
		return err
	}
	defer clear(text)
	if err := f.PutKey(spki, text); err != nil {
		return err
	}
	return f.Proven(key, spki)
}

// Proven proves that what is on the disk is that key: read back through a new descriptor, parsed, and test-signed
// against the public half.
func (f Files) Proven(key crypto.Signer, spki string) error {
	kept, err := f.Key(spki)
	if err != nil {
		return fmt.Errorf("read back the private key: %w", err)
	}
	if err := formats.CheckPair(kept, key.Public()); err != nil {
		return fmt.Errorf("the private key read back from the disk: %w", err)
	}
	return nil
}

// PutKey keeps the file that is there if it holds the same key in other bytes: a key file is write-once.
func (f Files) PutKey(spki string, text []byte) error {
	err := f.dir.Put(ledger.Keys, spki, text)
	if !fail.Is(err, fail.Damaged) {
		return err
	}
	if _, readable := f.Key(spki); readable != nil {
		return err
	}
	return nil
}

// CheckKey proves that the key of that name is here and works, and is the one of pub, unless pub is nil.
func (f Files) CheckKey(spki string, pub crypto.PublicKey) error {
	key, err := f.Key(spki)
	if err != nil {
		return err
	}
	if pub == nil {
		pub = key.Public()
	}
	return formats.CheckPair(key, pub)
}

// Key reads a private key and checks that it is the one its name promises.
func (f Files) Key(spki string) (crypto.Signer, error) {
	raw, err := f.dir.Get(ledger.Keys, spki)
	if err != nil {
		return nil, err
	}
	defer clear(raw)
	key, err := formats.ParseKeyPEM(raw)
	if err != nil {
		return nil, err
	}
	if have, err := formats.SPKI(key.Public()); err != nil || have != spki {
		return nil, fail.New(fail.Damaged, Hint, "%s is damaged: its content is not the key that its file name says",
			f.dir.Path(ledger.Keys, spki))
	}
	return key, nil
}

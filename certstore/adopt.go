package certstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// Adopt takes a certificate that a service serves into the store, with its key from the service's file, and records
// that the service uses it; of one that the store has by now, adopted from another service, only that. The file is
// read, never changed. Errors beside Import's: NotPermitted where this user may
// not read the key's file, NotFound where no file is known for it.
func (s *Store) Adopt(ctx context.Context, x enabling.Stranger) (ledger.Entry, error) {
	if err := s.ready(ctx, "adopt"); err != nil {
		return ledger.Entry{}, err
	}
	e, err := s.liveEntry(ctx, x.Entry.SHA256)
	if err != nil || !e.HasKey {
		e, err = s.importServed(ctx, x)
	}
	if err != nil {
		return ledger.Entry{}, fmt.Errorf("adopt what %s serves: %w", ledger.ServiceTitle(x.Service), err)
	}
	if err := s.bindAs(ctx, e, x); err != nil {
		return e, err
	}
	return s.get(ctx, e.ID)
}

// liveEntry is the live entry of a certificate.
func (s *Store) liveEntry(ctx context.Context, sha256 string) (ledger.Entry, error) {
	s.mu.Lock()
	id := s.state.EntryOf(sha256)
	s.mu.Unlock()
	return s.get(ctx, id)
}

func (s *Store) importServed(ctx context.Context, x enabling.Stranger) (ledger.Entry, error) {
	r, err := sourcesOf(x)
	if err != nil {
		return ledger.Entry{}, err
	}
	defer clear(r.Sources[1].Data)
	e, _, err := s.Import(ctx, r)
	return e, err
}

// sourcesOf are the chain as it is served, and the file with its key.
func sourcesOf(x enabling.Stranger) (importing.Request, error) {
	if x.Files.Key == "" {
		return importing.Request{}, fail.New(fail.NotFound, "import the certificate and its key from their files",
			"certdesk cannot tell which file holds the key that %s serves with", ledger.ServiceTitle(x.Service))
	}
	key, err := readKeyFile(x.Files.Key)
	if err != nil {
		return importing.Request{}, err
	}
	var chain []byte
	for _, c := range x.Sent {
		chain = append(chain, formats.CertPEM(c.Raw)...)
	}
	return importing.Request{Sources: []importing.Source{
		{Label: "what " + ledger.ServiceTitle(x.Service) + " serves", Data: chain},
		{Label: x.Files.Key, Data: key},
	}}, nil
}

// keyFileLimit is far more than a key with its chain takes.
const keyFileLimit = 1 << 20

func readKeyFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	if err == nil && (!info.Mode().IsRegular() || info.Size() > keyFileLimit) {
		err = errors.New("it is not a key file")
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(path)
	}
	if errors.Is(err, fs.ErrPermission) {
		return nil, fail.New(fail.NotPermitted,
			fail.Denied(os.Geteuid(), printable.Text(filepath.Dir(path)), "run certdesk as root"),
			"this user may not read the key %s", printable.Text(path))
	}
	if err != nil {
		return nil, fail.New(fail.Failed, "look at the service's configuration", "read the key %s: %w",
			printable.Text(path), err)
	}
	return data, nil
}

// bindAs records that slots of a service were found serving an entry, beside what they serve with keys of other types.
func (s *Store) bindAs(ctx context.Context, e ledger.Entry, x enabling.Stranger) error {
	_, err := s.write(ctx, func() (change, error) {
		line := ledger.Enabled{Service: x.Service, Outcome: ledger.OutcomeServed}
		for _, b := range x.Bindings(e) {
			for _, other := range s.state.BoundAt(x.Service, b.Slot) {
				if other.Key != b.Key {
					other.Slot, other.Prove = b.Slot, b.Prove
					line.Bindings = append(line.Bindings, other)
				}
			}
			line.Bindings = append(line.Bindings, b)
		}
		return change{op: ledger.OpBind, data: ledger.Data{IDs: []int64{e.ID}, Enable: &line}}, nil
	})
	return err
}

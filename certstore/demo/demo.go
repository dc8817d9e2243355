// Package demo makes a throw-away store of the organisation in the article that started certdesk (ProExchange.Global
// and BelgianBeers.Rock), with an entry in every state certdesk can compute. Its keys are compiled in and worth
// nothing; its dates follow the clock it is given.
//
// It has services too: it listens at free ports of loopback itself, so that enabling really changes what is served and
// a handshake proves it. Nothing of the machine's own daemons is read or touched, and all of it ends with the desk.
package demo

import (
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/x509"
	_ "embed" // keys.pem
	"encoding/pem"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/disk"
	"certdesk/certstore/formats"
	"certdesk/certstore/issuing"
	"certdesk/certstore/trust"
)

//go:embed keys.pem
var keysPEM []byte

// Server is the host the demo pretends to run on.
const Server = "ex2007ee.proexchange.global"

// Desk is an open demo.
type Desk struct {
	Store    *certstore.Store
	Uses     certstore.Services // those that the demo has a service for
	Settings string             // its configuration file
	Close    func()             // ends its services and removes every trace

	// Reopen opens the store as a changed configuration has it.
	Reopen func(c config.Config) (*certstore.Store, error)
}

// New makes the store below a fresh temporary directory, as it would have become over the months before now; readOnly
// opens what was made for reading alone.
func New(ctx context.Context, now func() time.Time, readOnly bool) (Desk, error) {
	dir, err := os.MkdirTemp("", "certdesk-demo-")
	if err != nil {
		return Desk{}, err
	}
	b := &builder{ctx: ctx, dir: dir, now: now, today: now().Truncate(time.Hour)}
	b.past = b.today
	err = b.build()
	if err == nil && readOnly {
		b.store, err = b.opened(true, b.trusted())
	}
	if err == nil {
		err = os.WriteFile(b.settings(), []byte(fmt.Sprintf(settings, Server, b.trusted()[0])), 0o600)
	}
	if err != nil {
		b.end()
		return Desk{}, fmt.Errorf("make the demo: %w", err)
	}
	reopen := func(c config.Config) (*certstore.Store, error) {
		return b.opened(readOnly, c.Trust)
	}
	return Desk{Store: b.store, Uses: b.machine.uses(), Settings: b.settings(), Reopen: reopen, Close: b.end}, nil
}

// settings is the demo's configuration.
const settings = `# The settings of the demo. They go with it.
server = %q
trust  = [%q]  # the CA of the house

[accepted_domains]
names = ["proexchange.global", "belgianbeers.rock"]

[[filter]]
name = "soon"
show = "days<30"

[[filter]]
name = "mail"
show = "svc:smtp,imap,pop"
`

func (b *builder) settings() string { return filepath.Join(b.dir, "certdesk.toml") }

// trusted are the files of the roots that the configuration trusts.
func (b *builder) trusted() []string { return []string{filepath.Join(b.dir, "internal-root.pem")} }

// builder plays the months before now: its clock jumps from event to event, then follows the real one.
type builder struct {
	ctx     context.Context
	dir     string
	now     func() time.Time
	today   time.Time // what its dates are counted from: for an hour, one demo has the thumbprints of the last
	past    time.Time // the moment being played
	done    bool
	keys    []*rsa.PrivateKey
	serial  int64
	store   *certstore.Store
	machine *machine
	public  authority  // a public CA: root in the "system", and its intermediate
	inside  authority  // the organisation's own CA, trusted by configuration
	other   authority  // a CA nobody here trusts
	revoked []*big.Int // what the public CA has taken back
}

func (b *builder) clock() time.Time {
	if b.done {
		return b.now()
	}
	return b.past
}

// end leaves nothing behind.
func (b *builder) end() {
	if b.machine != nil {
		b.machine.close()
	}
	os.RemoveAll(b.dir)
}

func (b *builder) build() (err error) {
	if err := b.parseKeys(); err != nil {
		return err
	}
	if b.machine, err = openMachine(b.dir); err != nil {
		return err
	}
	if err := b.makeAuthorities(); err != nil {
		return err
	}
	if err := b.open(); err != nil {
		return err
	}
	for _, step := range story {
		b.past = b.today.Add(-step.ago)
		if err := step.play(b); err != nil {
			return err
		}
	}
	b.done = true
	_, _, err = b.store.AskCAs(b.ctx)
	return err
}

func (b *builder) parseKeys() error {
	for block, rest := pem.Decode(keysPEM); block != nil; block, rest = pem.Decode(rest) {
		key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
		if err != nil {
			return err
		}
		b.keys = append(b.keys, key.(*rsa.PrivateKey))
	}
	return nil
}

// takeKey gives the next fixed key of that size.
func (b *builder) takeKey(spec issuing.KeySpec) (crypto.Signer, error) {
	if b.done {
		return issuing.GenerateKey(spec)
	}
	for i, key := range b.keys {
		if key.N.BitLen() == spec.Bits {
			b.keys = append(b.keys[:i:i], b.keys[i+1:]...)
			return key, nil
		}
	}
	return nil, fmt.Errorf("no fixed key of %d bits is left", spec.Bits)
}

func (b *builder) nextSerial() (*big.Int, error) {
	b.serial++
	return new(big.Int).Add(big.NewInt(0x5eed<<32), big.NewInt(b.serial)), nil
}

func (b *builder) open() (err error) {
	if err := os.WriteFile(b.trusted()[0], formats.CertPEM(b.inside.root.Raw), 0o600); err != nil {
		return err
	}
	b.store, err = b.opened(false, b.trusted())
	return err
}

// opened opens the store with these roots beside the demo's own public CA.
func (b *builder) opened(readOnly bool, trusted []string) (*certstore.Store, error) {
	system := x509.NewCertPool()
	system.AddCert(b.public.root)
	roots := trust.NewRoots(trust.Sources{
		Trust:    trusted,
		LocalDir: filepath.Join(b.dir, "none"),
		System:   func() (*x509.CertPool, error) { return system, nil },
	})
	return certstore.Open(certstore.Options{
		Dir: filepath.Join(b.dir, "store"), ReadOnly: readOnly, Roots: roots, Now: b.clock, NewKey: b.takeKey,
		Serial: b.nextSerial, FS: unsynced{disk.OS()}, Web: pages{b},
		Services: b.machine.instances(), Host: b.machine.host(),
	})
}

package certstore

import (
	"context"
	"crypto"
	"errors"
	"io/fs"
	"math/big"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"sync"
	"time"

	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/config"
	"certdesk/certstore/disk"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/issuing"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/objects"
	"certdesk/certstore/ordering"
	"certdesk/certstore/probe"
	"certdesk/certstore/publishing"
	"certdesk/certstore/revocation"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
)

// Options say which store to open and how. The zero value of a field gives the real thing.
type Options struct {
	Dir      string                                       // the store; see Locate
	ReadOnly bool                                         // no writer is reachable
	Readers  string                                       // a group that may read all but keys
	Trust    []string                                     // PEM files of roots beside the system's
	Roots    *trust.Roots                                 // instead of the system's and Trust; in tests and the demo
	Now      func() time.Time                             // the clock
	NewKey   func(issuing.KeySpec) (crypto.Signer, error) // key making; fixed keys in the demo and in tests
	Serial   func() (*big.Int, error)                     // of self-signed certificates; fixed ones in tests
	FS       disk.FS                                      // the file system; a faulty one in tests
	LockWait time.Duration                                // how long another writer is waited for; 0: 10 s
	Actor    *ledger.Actor                                // who; nil: this process
	// fetches issuers' certificates and what CAs say of revocations; nil: public addresses alone are asked
	Web             http.RoundTripper
	RevocationAllow []netip.Prefix // networks beside the public internet that are asked about revocations
	// bytes of the journal read, called while a List reads much of it
	Progress func(done, total int64)

	Services []services.Instance // the daemons of the configuration
	Discover bool                // where it names none: those found on this host
	Host     services.Host       // the machine whose daemons are changed
	// HOST:PORT of servers that must not present the same SMTP certificate
	Peers  []string
	Server string                                            // this server's full name, which clients may ask for
	Ask    func(context.Context, probe.Request) probe.Report // asks a port; a slow or lying one in tests

	Publish publishing.Place // the directory that certificates are published in; the zero one for none

	Authorities []config.ACME                                     // the ACME authorities of the configuration
	Solver      func(challenge.Options) (challenge.Solver, error) // how names are proven; another in tests

	Notify []config.Notify // who is told of what
}

// Store is an open certificate store.
type Store struct {
	o       Options
	dir     *disk.Dir
	journal ledger.Journal // of dir
	roots   *trust.Roots
	daemons *enabling.Daemons
	orders  *ordering.Orders
	objects objects.Files

	mu    sync.Mutex
	state *ledger.State
	at    ledger.Position
	bad   []ledger.BadLine

	sought  bool // objects that no line names were looked for since the journal was read from its beginning
	unnamed int  // how many there are

	revoked revocation.Known // what CAs say
	learned disk.Info        // the file of it that was read last

	unpurged string              // why a purge that died could not be finished, or ""
	stuck    []ledger.OpenExport // dead exports whose file could not be deleted
}

// Open opens a store. A directory that does not exist is an empty store, created by the first write.
// Errors: NotPermitted (the message names the group that may), UnsafeStore, Usage for an unknown group.
func Open(o Options) (*Store, error) {
	o = withDefaults(o)
	gid, err := groupID(o.Readers)
	if err != nil {
		return nil, err
	}
	dir, err := disk.Open(disk.Options{Dir: o.Dir, Write: !o.ReadOnly, ReadersGID: gid, FS: o.FS, Now: o.Now,
		Actor: *o.Actor, LockWait: o.LockWait})
	if err != nil {
		return nil, err
	}
	s := &Store{o: o, dir: dir, objects: objects.Of(dir), journal: dir.Journal(), roots: o.Roots,
		state: ledger.NewState(guard.UserName)}
	s.daemons, s.orders = s.daemonsOf(), s.ordersOf()
	return s, nil
}

func withDefaults(o Options) Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.NewKey == nil {
		o.NewKey = issuing.GenerateKey
	}
	if o.Serial == nil {
		o.Serial = issuing.RandomSerial
	}
	if o.FS == nil {
		o.FS = disk.OS()
	}
	if o.Actor == nil {
		who := disk.ThisProcess()
		o.Actor = &who
	}
	if o.Roots == nil {
		o.Roots = trust.Usual(o.Trust)
	}
	if o.Ask == nil {
		o.Ask = probe.Ask
	}
	return o
}

// chains judges certificates by their bytes alone.
func (s *Store) chains() judging.Chains {
	return judging.Chains{Roots: s.roots, Certificate: s.objects.Certificate, Now: s.o.Now(), Revocation: s.revoked.Of}
}

// judge judges by what the store knows now, too. The caller holds s.mu, or has the state to itself.
func (s *Store) judge() judging.Judge {
	return judging.Judge{Chains: s.chains(), State: s.state, Request: s.objects.RequestOf}
}

// Dir is the store's directory.
func (s *Store) Dir() string { return s.o.Dir }

// Exists says whether there is a store at Dir yet; the first write makes one.
func (s *Store) Exists() bool {
	_, err := s.o.FS.Stat(s.o.Dir)
	return !errors.Is(err, fs.ErrNotExist)
}

// ReadOnly says why nothing can be written ("opened read-only", "owned by root"), or "".
func (s *Store) ReadOnly() string { return s.dir.Writable() }

// Banner is what a person must be told about the store before anything else, or "".
func (s *Store) Banner() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case len(s.openBad()) > 0:
		return s.openBad()[0].Text() + "; the store is read-only until `certdesk doctor --repair`"
	case len(s.state.Problems) > 0:
		return s.state.Problems[0]
	case s.dir.Banner() != "":
		return s.dir.Banner()
	case s.unpurged != "":
		return s.unpurged
	case len(s.stuck) > 0:
		return s.stuckBanner()
	case s.unnamed > 0:
		return s.unnamedBanner()
	}
	return s.roots.Problem()
}

// Changes sends whenever the journal changed; it is closed when ctx ends. At most one send is pending.
func (s *Store) Changes(ctx context.Context) <-chan struct{} { return s.journal.Changes(ctx) }

// ready refuses, before anything is written, a verb on a store that cannot be written or whose journal is damaged.
func (s *Store) ready(ctx context.Context, verb string) error {
	if err := s.writable(verb); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return err
	}
	for _, b := range s.dir.Bad() {
		if !b.Tail {
			return fail.New(fail.Damaged, "run `certdesk doctor --repair`: it records what is damaged, then the store can be "+
				"written again",
				"%s: nothing is written: %s", verb, b.Text())
		}
	}
	return nil
}

// writable refuses, with the reason, a verb on a store that cannot be written.
func (s *Store) writable(verb string) error {
	if s.dir.InDoubt() {
		return fail.New(fail.InDoubt, "start certdesk again: it will see what was written",
			"%s: an earlier write to the journal may or may not have happened", verb)
	}
	why := s.dir.Writable()
	if why == "" {
		return nil
	}
	return fail.New(fail.ReadOnly, s.ReadOnlyHint(), "%s: the store %s is read-only here: %s", verb,
		printablePath(s.o.Dir), why)
}

// ReadOnlyHint is what lets the store be written where ReadOnly says why it cannot be; "" where nothing does.
func (s *Store) ReadOnlyHint() string {
	owner, owned := strings.CutPrefix(s.dir.Writable(), "owned by ")
	switch {
	case s.o.ReadOnly:
		return "run certdesk without --read-only"
	case owned:
		return "run certdesk as " + owner
	case s.dir.Writable() == "no permission":
		return fail.Denied(os.Geteuid(), "", "run certdesk as a user who may write there, or name another store with --store")
	case s.dir.Writable() == "on a read-only file system":
		return "mount it for writing, or name another store with --store"
	}
	return ""
}

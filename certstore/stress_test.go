package certstore

import (
	"context"
	"crypto/rand"
	"fmt"
	"maps"
	"math/big"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

const stressWriters = 6

// stressTime is short in the plain run.
func stressTime() time.Duration {
	if os.Getenv("CERTDESK_ALL") != "" {
		return 20 * time.Second
	}
	return 800 * time.Millisecond
}

func TestManyWritersAtOnceLoseNothing(t *testing.T) { stress(t, 0) }

func TestManyWritersOnADiskThatFailsNowAndThenLoseNothing(t *testing.T) { stress(t, 150) }

// crowd is what the writers of a stress know of each other.
type crowd struct {
	*fixture
	out  string // where requests are written
	odds int    // one operation of so many fails; 0: none
	stop time.Time

	mu     sync.Mutex
	doomed map[string]bool // SPKI of every key that somebody asked to purge
	did    map[string]int  // by verb and outcome
}

// stress lets writers, each with its own store on one directory, do anything at once, and then looks what is left.
func stress(t *testing.T, odds int) {
	c := &crowd{fixture: newFixture(t), out: t.TempDir(), odds: odds, stop: time.Now().Add(stressTime()), doomed: map[string]bool{}, did: map[string]int{}}
	c.make(request("seed.example.org"))
	var wait sync.WaitGroup
	for n := range stressWriters {
		wait.Go(func() { c.write(n) })
	}
	wait.Wait()
	for _, what := range slices.Sorted(maps.Keys(c.did)) {
		t.Logf("%4d %s", c.did[what], what)
	}
	c.lookBack()
}

// dice gives a number below n. There are keys nearby, so it is from crypto/rand.
func dice(n int) int {
	i, err := rand.Int(rand.Reader, big.NewInt(int64(n)))
	if err != nil {
		panic(err)
	}
	return int(i.Int64())
}

func (c *crowd) fault(string, string) error {
	if c.odds > 0 && dice(c.odds) == 0 {
		return syscall.EIO
	}
	return nil
}

// open tries until it succeeds: a fault may hit Open too.
func (c *crowd) open() *Store {
	for {
		s, err := Open(Options{Dir: c.store.Dir(), FS: &faultFS{disk.OS(), c.fault}, Roots: rootsOf(nil, c.ca.root),
			Now: func() time.Time { return c.now }, Actor: &ledger.Actor{UID: os.Geteuid()}})
		if err == nil {
			return s
		}
	}
}

// write does one thing after another until the time is over. A store in doubt is opened again, as a person would.
func (c *crowd) write(n int) {
	s := c.open()
	for i := 0; time.Now().Before(c.stop); i++ {
		verb := stressVerbs[dice(len(stressVerbs))]
		err := verb.do(c, s, fmt.Sprintf("h%d-%d.example.org", n, i))
		c.count(verb.name, err)
		if s.ReadOnly() != "" {
			s = c.open()
		}
	}
}

func (c *crowd) count(verb string, err error) {
	outcome := "done"
	if err != nil {
		outcome = string(fail.Of(err).Code)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.did[verb+": "+outcome]++
}

// any picks an entry, live or removed; the zero Entry where there is none.
func (c *crowd) any(s *Store, removed bool) ledger.Entry {
	list, err := s.List(context.Background(), removed)
	if err != nil || len(list) == 0 {
		return ledger.Entry{}
	}
	return list[dice(len(list))]
}

// stressVerbs are what a writer does; those that come often stand here more than once.
var stressVerbs = []struct {
	name string
	do   func(c *crowd, s *Store, host string) error
}{
	{"new", (*crowd).makes}, {"new", (*crowd).makes}, {"import", (*crowd).imports}, {"import", (*crowd).imports}, {"import", (*crowd).imports},
	{"remove", (*crowd).removes}, {"remove", (*crowd).removes}, {"restore", (*crowd).restores}, {"rename", (*crowd).renames}, {"purge", (*crowd).purges},
	{"purge", (*crowd).purges}, {"renew", (*crowd).renews}, {"doctor", (*crowd).examines},
}

func (c *crowd) makes(s *Store, host string) error {
	r := request(host)
	r.Path = filepath.Join(c.out, host+".req")
	_, err := s.New(context.Background(), r)
	return err
}

func (c *crowd) imports(s *Store, _ string) error {
	e := c.any(s, false)
	der, err := s.objects.RequestDER(e.Request)
	if err != nil {
		return err
	}
	answer := c.ca.answer(c.T, der, c.now.AddDate(0, 0, 30+dice(300)))
	_, _, err = s.Import(context.Background(), files(answer, c.ca.chain()))
	return err
}

func (c *crowd) removes(s *Store, _ string) error {
	_, err := s.Remove(context.Background(), []ledger.Entry{c.any(s, false)}, true)
	return err
}

func (c *crowd) restores(s *Store, _ string) error {
	_, err := s.Restore(context.Background(), []int64{c.any(s, true).ID})
	return err
}

func (c *crowd) renames(s *Store, host string) error {
	_, err := s.Rename(context.Background(), c.any(s, false).ID, host)
	return err
}

func (c *crowd) purges(s *Store, _ string) error {
	e := c.any(s, true)
	c.mu.Lock()
	c.doomed[e.SPKI] = true
	c.mu.Unlock()
	_, err := s.Purge(context.Background(), []int64{e.ID})
	return err
}

func (c *crowd) renews(s *Store, _ string) error {
	r, err := s.RenewalRequest(context.Background(), c.any(s, false).ID)
	if err != nil {
		return err
	}
	r.ReuseKey = true
	_, err = s.New(context.Background(), r)
	return err
}

func (c *crowd) examines(s *Store, _ string) error {
	_, err := s.Doctor(context.Background(), dice(2) == 0)
	return err
}

// lookBack checks what the crowd left, on a disk that works again.
func (c *crowd) lookBack() {
	c.Helper()
	s := c.again()
	if _, err := s.New(c.Context(), request("last.example.org")); err != nil {
		c.Errorf("the store cannot be written: %v", err)
	}
	report, err := s.Doctor(c.Context(), false)
	c.must(err)
	for _, x := range report.Findings {
		if x.Severity == trust.Error {
			c.Errorf("doctor: %s", x.Text)
		}
	}
	if _, _, err := s.VerifyHistory(""); err != nil {
		c.Errorf("the chain of the journal: %v", err)
	}
	c.nothingTwice(s)
	c.everyRequestHasItsKey(s)
}

func (c *crowd) nothingTwice(s *Store) {
	seen := map[string]int64{}
	for _, removed := range []bool{false, true} {
		list, err := s.List(c.Context(), removed)
		c.must(err)
		for _, e := range list {
			if other, ok := seen[e.SHA256]; ok {
				c.Errorf("the entries %d and %d are one object", other, e.ID)
			}
			seen[e.SHA256] = e.ID
		}
	}
}

// everyRequestHasItsKey looks at the requests that left: unless a purge was asked for, the key of each is here.
func (c *crowd) everyRequestHasItsKey(s *Store) {
	paths, err := filepath.Glob(filepath.Join(c.out, "*.req"))
	c.must(err)
	for _, path := range paths {
		text, err := os.ReadFile(path)
		c.must(err)
		spki := requestSPKI(c.T, text)
		if _, err := s.objects.Key(spki); err != nil && !c.doomed[spki] {
			c.Errorf("%s left, its key: %v", filepath.Base(path), err)
		}
	}
}

// TestOneStoreServesManyAtOnce is the desk: commands run beside each other on one Store, and none stays behind.
func TestOneStoreServesManyAtOnce(t *testing.T) {
	f := newFixture(t)
	before := runtime.NumGoroutine()
	ctx, cancel := context.WithCancel(t.Context())
	changes := f.store.Changes(ctx)
	var wait sync.WaitGroup
	var made atomic.Int64
	for n := range stressWriters {
		wait.Go(func() {
			for i := range 4 {
				serveOnce(f, fmt.Sprintf("h%d-%d.example.org", n, i))
				made.Add(1)
			}
		})
	}
	wait.Wait()
	<-changes
	if n := len(f.list(true)); n != int(made.Load()) || len(f.list(false)) != 0 {
		t.Errorf("%d of %d entries were made, completed and removed", n, made.Load())
	}
	cancel()
	for range changes { // until it is closed
	}
	for end := time.Now().Add(5 * time.Second); runtime.NumGoroutine() > before; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		}
	}
}

// serveOnce makes, reads, completes and removes one entry. It runs beside the test, so that it may not stop it.
func serveOnce(f *fixture, host string) {
	ctx := f.Context()
	made, err := f.store.New(ctx, request(host))
	if err != nil {
		f.Error(err)
		return
	}
	_, listed := f.store.List(ctx, false)
	_, shown := f.store.Show(ctx, made.Entry.ID)
	_, found := f.store.Find(ctx, made.Entry.Thumbprint, false)
	_, named := f.store.FriendlyNames(ctx)
	done, _, imported := f.store.Import(ctx, files(f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	_, removed := f.store.Remove(ctx, []ledger.Entry{done}, false)
	_, told := f.store.History(ctx)
	_, examined := f.store.Doctor(ctx, false)
	for _, err := range []error{listed, shown, found, named, imported, removed, told, examined} {
		if err != nil {
			f.Error(host, err)
		}
	}
	f.store.Banner()
}

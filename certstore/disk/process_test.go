//go:build linux || darwin || freebsd

package disk_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// 20 processes, each with a goroutine's worth of records, write at once into a store that none of them has made.
func TestManyProcesses(t *testing.T) {
	const processes, each = 20, 5
	dir := filepath.Join(t.TempDir(), "deep", "store")
	var wait sync.WaitGroup
	for range processes {
		cmd := helper(t, "append", dir, fmt.Sprint(each))
		wait.Go(func() {
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Errorf("%v\n%s", err, out)
			}
		})
	}
	wait.Wait()
	wantRecords(t, dir, processes*each)
}

// A writer killed at any moment leaves a store whose records all have their objects, and the next one goes on.
func TestKilledWriters(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	for i := range 30 {
		cmd := helper(t, "append", dir, "1000")
		must(cmd.Start())
		time.Sleep(time.Duration(5+i) * time.Millisecond)
		cmd.Process.Kill()
		cmd.Wait()
		d := openStore(t, dir)
		must(appendTo(d, "new", lineData{}))
		all, err := readAll(d)
		must(err)
		if err := complete(d, all, nil); err != nil {
			t.Fatal(err)
		}
	}
	if _, n, err := openStore(t, dir).VerifyChain(""); err != nil || n < 30 {
		t.Errorf("%d records, %v", n, err)
	}
}

func TestManyGoroutines(t *testing.T) {
	const writers, each = 20, 5
	d, dir := newStore(t)
	var wait sync.WaitGroup
	for range writers {
		wait.Go(func() {
			for range each {
				put(t, d, ledger.Certs, "the same for all")
				must(appendTo(d, "new", lineData{Needs: []string{ref(ledger.Certs, "the same for all")}}))
				if _, _, err := d.Read(disk.Position{}, func([]ledger.Record) error { return nil }, nil); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wait.Wait()
	wantRecords(t, dir, writers*each)
}

func wantRecords(t *testing.T, dir string, want int64) {
	t.Helper()
	d := openStore(t, dir)
	if _, n, err := d.VerifyChain(""); n != want || err != nil {
		t.Errorf("%d records, want %d: %v", n, want, err)
	}
	all, err := readAll(d)
	must(err)
	if err := complete(d, all, nil); err != nil {
		t.Error(err)
	}
}

// hold starts a process that holds the lock of a store.
func hold(t *testing.T, dir string) *exec.Cmd {
	t.Helper()
	cmd := helper(t, "hold", dir)
	out, err := cmd.StdoutPipe()
	must(err)
	must(cmd.Start())
	if line, _ := bufio.NewReader(out).ReadString('\n'); line != "held\n" {
		t.Fatalf("the helper said %q", line)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd
}

func impatient(t *testing.T, dir string) *disk.Dir {
	t.Helper()
	o := realOptions(dir)
	o.LockWait = 200 * time.Millisecond
	d, err := disk.Open(o)
	must(err)
	return d
}

// A writer that waits too long is told whom it waits for, also if that one is stopped; readers never wait; a holder
// that dies holds nothing.
func TestLockedStore(t *testing.T) {
	_, dir := newStore(t)
	holder := hold(t, dir)
	must(holder.Process.Signal(syscall.SIGSTOP))
	d := impatient(t, dir)
	began := time.Now()
	err := appendTo(d, "new", lineData{})
	wantCode(t, err, fail.Locked)
	if took := time.Since(began); took < 200*time.Millisecond {
		t.Errorf("gave up after %s", took)
	}
	wantAll(t, err.Error(), fmt.Sprintf("pid %d (", holder.Process.Pid))
	if _, _, err := d.Read(disk.Position{}, nil, nil); err != nil {
		t.Errorf("a reader: %v", err)
	}
	put(t, d, ledger.Keys, "keys are made outside the lock")
	must(holder.Process.Kill())
	holder.Wait()
	must(appendTo(d, "new", lineData{}))
}

func TestLockedByThisProcess(t *testing.T) {
	_, dir := newStore(t)
	d := impatient(t, dir)
	must(d.Update(context.Background(), func(*disk.Tx) error {
		done := make(chan error)
		go func() { done <- appendTo(d, "new", lineData{}) }()
		err := <-done
		wantCode(t, err, fail.Locked)
		wantAll(t, err.Error(), "this process")
		return nil
	}))
}

// A writer waits LockWait in all, for those of its own process and for others.
func TestOneLimitForAllWaiting(t *testing.T) {
	_, dir := newStore(t)
	hold(t, dir)
	o := realOptions(dir)
	o.LockWait = 600 * time.Millisecond
	d, err := disk.Open(o)
	must(err)
	first, cancel := context.WithTimeout(t.Context(), 400*time.Millisecond)
	defer cancel()
	go d.Update(first, func(*disk.Tx) error { return nil })
	time.Sleep(50 * time.Millisecond)
	began := time.Now()
	wantCode(t, appendTo(d, "new", lineData{}), fail.Locked)
	if took := time.Since(began); took > 850*time.Millisecond {
		t.Errorf("gave up after %s", took)
	}
}

// Whoever may open a directory may lock it: what readers may open stops no writer.
func TestReadersStopNoWriter(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Keys, "webmail")
	must(appendTo(d, "new", lineData{}))
	for _, name := range []string{"", "certs", "requests", "journal"} {
		f, err := os.Open(filepath.Join(dir, name))
		must(err)
		defer f.Close()
		must(syscall.Flock(int(f.Fd()), syscall.LOCK_EX))
	}
	d = impatient(t, dir)
	for _, kind := range []ledger.ObjectKind{ledger.Keys, ledger.Certs, ledger.Requests} {
		put(t, d, kind, "smtp")
	}
	must(appendTo(d, "import", lineData{}))
	must(d.Delete(ledger.Certs, nameOf("smtp")))
}

// A writer of objects that hangs is not waited for longer than any other.
func TestTurnIsWaitedForOnlySoLong(t *testing.T) {
	d, dir := newStore(t)
	put(t, d, ledger.Keys, "webmail")
	keys, err := os.Open(filepath.Join(dir, "keys"))
	must(err)
	must(syscall.Flock(int(keys.Fd()), syscall.LOCK_EX))
	d = impatient(t, dir)
	err = d.Put(ledger.Certs, nameOf("webmail"), nil)
	wantCode(t, err, fail.Locked)
	wantAll(t, err.Error(), "writes objects")
	must(keys.Close())
	put(t, d, ledger.Certs, "webmail")
}

func TestWaitCanBeCanceled(t *testing.T) {
	d, dir := newStore(t)
	hold(t, dir)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := d.Update(ctx, func(*disk.Tx) error { return nil })
	wantCode(t, err, fail.Canceled)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

// A refused transaction leaves every byte as it was, those of the lock included.
func TestRefusalLeavesNoTrace(t *testing.T) {
	d, dir := newStore(t)
	must(appendTo(d, "new", lineData{}))
	before := contents(t, dir)
	d.Update(t.Context(), func(*disk.Tx) error { return fail.New(fail.NotFound, "", "no such entry") })
	if after := contents(t, dir); before != after {
		t.Errorf("before:\n%s\nafter:\n%s", before, after)
	}
}

func contents(t *testing.T, dir string) string {
	t.Helper()
	var all strings.Builder
	must(filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		data, err := os.ReadFile(path)
		fmt.Fprintf(&all, "%s %q\n", path, data)
		return err
	}))
	return all.String()
}

// In doubt, nothing more is written and nothing is deleted.
func TestInDoubt(t *testing.T) {
	m := start(scenario{prepare: webmailMade})
	p, err := come(m)
	must(err)
	m.FailAt(lastSync(), syscall.EIO)
	if p.d.InDoubt() {
		t.Error("in doubt before anything was done")
	}
	err = p.record("remove", lineData{})
	wantCode(t, err, fail.InDoubt)
	if !p.d.InDoubt() || p.d.Writable() == "" || !strings.Contains(p.d.Banner(), "not known") {
		t.Errorf("writable %q, banner %q", p.d.Writable(), p.d.Banner())
	}
	before := len(m.Ops())
	wantCode(t, p.record("remove", lineData{}), fail.InDoubt)
	wantCode(t, p.d.Put(ledger.Certs, nameOf("x"), nil), fail.InDoubt)
	wantCode(t, p.d.Delete(ledger.Keys, nameOf("webmail")), fail.InDoubt)
	_, err = p.d.Repair(t.Context())
	wantCode(t, err, fail.InDoubt)
	if len(m.Ops()) != before {
		t.Errorf("in doubt, it still did %v", m.Ops()[before:])
	}
	other, err := come(m)
	must(err)
	must(other.record("remove", lineData{}))
}

// lastSync is the index of the fsync that follows the append of a remove.
func lastSync() (n int) {
	m := start(scenario{prepare: webmailMade})
	must(remove(m))
	for i, op := range m.Ops() {
		if op.Kind == "fsync" {
			n = i
		}
	}
	return n
}

package disk

import (
	"context"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
)

func TestLockEnableNamesItsHolder(t *testing.T) {
	dir := t.TempDir()
	open := func() *Dir {
		d, err := Open(Options{Dir: dir, Write: true, ReadersGID: -1, LockWait: 50 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	one, two := open(), open()
	if who := two.EnableHolder(); who != "" {
		t.Errorf("held by %q before anybody took it", who)
	}
	release, err := one.LockEnable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	if who := two.EnableHolder(); !strings.HasPrefix(who, "pid ") {
		t.Errorf("holder %q", who)
	}
	if _, err := two.LockEnable(context.Background()); !fail.Is(err, fail.Locked) || !strings.Contains(err.Error(), "by pid ") {
		t.Errorf("a second one: %v", err)
	}
	release()
	again, err := two.LockEnable(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	again()
	if who := one.EnableHolder(); who != "" {
		t.Errorf("still held by %q", who)
	}
}

// Who orders certificates keeps nobody from enabling one, nor from writing the store.
func TestLockACMEIsOneOfItsOwn(t *testing.T) {
	d, err := Open(Options{Dir: t.TempDir(), Write: true, ReadersGID: -1, LockWait: 50 * time.Millisecond})
	if err != nil {
		t.Fatal(err)
	}
	release, err := d.LockACME(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.LockACME(t.Context()); !fail.Is(err, fail.Locked) || !strings.Contains(err.Error(), "certificates are being ordered by pid ") {
		t.Errorf("a second one: %v", err)
	}
	enable, err := d.LockEnable(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	enable()
	release()
}

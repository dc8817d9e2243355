package disk_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// inMounts runs a helper in a mount namespace of its own.
func inMounts(t *testing.T, order ...string) string {
	t.Helper()
	needRoot(t)
	cmd := helper(t, order...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNS}
	out, err := cmd.CombinedOutput()
	if errors.Is(err, syscall.EPERM) || strings.Contains(string(out), "mount: operation not permitted") {
		missing(t, "mounting is not allowed here")
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return string(out)
}

// A disk that fills up: what was committed stays, the errors say what to do, and a little room is enough to go on.
func TestFullDisk(t *testing.T) {
	wantAll(t, inMounts(t, "fill", t.TempDir()), "committed kept: true", "hint: the disk is full", "after making room: <nil>")
}

func TestReadOnlyMount(t *testing.T) {
	wantAll(t, inMounts(t, "romount", t.TempDir()), `writable: "on a read-only file system"`, "records: 1 <nil>", "cert: <nil>", "cannot be written: on a read-only file system")
}

// A store mounted elsewhere is the store there too.
func TestMountedStoreHolds(t *testing.T) {
	wantAll(t, inMounts(t, "bind", t.TempDir()), "at the mount: true", "beside it: false")
}

func helpBind(dir string) error {
	if err := mountTmpfs(dir, "size=1m,mode=0755"); err != nil {
		return err
	}
	store, other := filepath.Join(dir, "store"), filepath.Join(dir, "other")
	d, err := disk.Open(realOptions(store))
	if err != nil {
		return err
	}
	if err := errors.Join(appendTo(d, "new", lineData{}), os.Mkdir(other, 0o700)); err != nil {
		return err
	}
	if err := syscall.Mount(store, other, "", syscall.MS_BIND, ""); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	fmt.Println("at the mount:", d.Holds(filepath.Join(other, "keys", "x.key")))
	fmt.Println("beside it:", d.Holds(filepath.Join(dir, "x.key")))
	return nil
}

func mountTmpfs(dir, options string) error {
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	return nil
}

func helpReadOnlyMount(dir string) error {
	if err := mountTmpfs(dir, "size=1m,mode=0755"); err != nil {
		return err
	}
	store := filepath.Join(dir, "store")
	d, err := disk.Open(realOptions(store))
	if err != nil {
		return err
	}
	for _, kind := range []ledger.ObjectKind{ledger.Certs, ledger.Keys} {
		if err := d.Put(kind, nameOf("webmail"), bytesOf(kind, nameOf("webmail"))); err != nil {
			return err
		}
	}
	if err := appendTo(d, "new", lineData{}); err != nil {
		return err
	}
	if err := syscall.Mount("", dir, "", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		return fmt.Errorf("mount: %w", err)
	}
	return helpLook(store)
}

// helpFill writes into 64 KiB until nothing fits, checks what was committed, and makes room.
func helpFill(dir string) error {
	if err := mountTmpfs(dir, "size=64k,mode=0755"); err != nil {
		return err
	}
	store, ballast := filepath.Join(dir, "store"), filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 8192), 0o600); err != nil {
		return err
	}
	committed, err := fillUp(store)
	say(err)
	d, err := disk.Open(realOptions(store))
	if err != nil {
		return err
	}
	kept := true
	for _, label := range committed {
		data, err := d.Get(ledger.Keys, nameOf(label))
		kept = kept && err == nil && string(data) == string(bytesOf(ledger.Keys, nameOf(label)))
	}
	all, err := readAll(d)
	kept = kept && err == nil && len(all) >= len(committed) && complete(d, all, nil) == nil
	fmt.Printf("committed kept: %v (%d)\n", kept, len(committed))
	if err := os.Remove(ballast); err != nil {
		return err
	}
	fmt.Println("after making room:", appendTo(d, "new", lineData{}))
	return nil
}

func fillUp(store string) (committed []string, err error) {
	for i := 0; ; i++ {
		d, err := disk.Open(realOptions(store))
		if err != nil {
			return committed, err
		}
		label := fmt.Sprint(i)
		if err := d.Put(ledger.Keys, nameOf(label), bytesOf(ledger.Keys, nameOf(label))); err != nil {
			return committed, err
		}
		err = appendTo(d, "new", lineData{Needs: []string{ref(ledger.Keys, label)}})
		if err != nil && !fail.Is(err, fail.InDoubt) {
			return committed, err
		}
		if err == nil {
			committed = append(committed, label)
		}
	}
}

func init() {
	helpers["bind"] = helpBind
	helpers["fill"] = helpFill
	helpers["romount"] = helpReadOnlyMount
}

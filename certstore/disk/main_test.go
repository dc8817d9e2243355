package disk_test

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// helperEnv makes the test binary do one thing as another process: "append STORE COUNT", "hold STORE", ….
const helperEnv = "CERTDESK_DISK_HELPER"

func TestMain(m *testing.M) {
	if order := os.Getenv(helperEnv); order != "" {
		if err := help(strings.Fields(order)); err != nil {
			fmt.Println("error:", err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// helper starts the test binary as another process.
func helper(t *testing.T, order ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), helperEnv+"="+strings.Join(order, " "))
	return cmd
}

// helpers are the orders that need nothing but a store.
var helpers = map[string]func(dir string) error{"hold": helpHold, "look": helpLook}

func help(order []string) error {
	if order[0] == "append" {
		return helpAppend(order[1], order[2])
	}
	if do := helpers[order[0]]; do != nil {
		return do(order[1])
	}
	return fmt.Errorf("no such helper: %v", order)
}

func say(err error) {
	e := fail.Of(err)
	fmt.Printf("%s: %s\nhint: %s\n", e.Code, e.Text, e.Hint)
}

func realOptions(dir string) disk.Options {
	return disk.Options{Dir: dir, Write: true, ReadersGID: -1, Actor: disk.ThisProcess()}
}

// helpAppend appends records, each of which needs an object.
func helpAppend(dir, count string) error {
	d, err := disk.Open(realOptions(dir))
	if err != nil {
		return err
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		return err
	}
	for i := range n {
		label := fmt.Sprintf("%d-%d", os.Getpid(), i)
		if err := d.Put(ledger.Keys, nameOf(label), bytesOf(ledger.Keys, nameOf(label))); err != nil {
			return err
		}
		if err := appendTo(d, "new", lineData{Needs: []string{ref(ledger.Keys, label)}}); err != nil {
			return err
		}
	}
	return nil
}

func appendTo(d *disk.Dir, op string, data any) error {
	return d.Update(context.Background(), func(tx *disk.Tx) error {
		_, err := tx.Append(op, data)
		return err
	})
}

// helpHold takes the lock, says so, and keeps it until it is killed.
func helpHold(dir string) error {
	d, err := disk.Open(realOptions(dir))
	if err != nil {
		return err
	}
	return d.Update(context.Background(), func(*disk.Tx) error {
		fmt.Println("held")
		time.Sleep(time.Minute)
		return nil
	})
}

// helpLook says what the user it runs as may do with a store.
func helpLook(dir string) error {
	d, err := disk.Open(realOptions(dir))
	if err != nil {
		say(err)
		return nil
	}
	if banner := d.Banner(); banner != "" {
		fmt.Println("banner:", banner)
	}
	_, n, err := d.VerifyChain("")
	fmt.Printf("writable: %q\nrecords: %d %v\n", d.Writable(), n, err)
	_, err = d.Get(ledger.Certs, nameOf("webmail"))
	fmt.Printf("cert: %v\n", err)
	_, err = d.Get(ledger.Keys, nameOf("webmail"))
	fmt.Printf("key: %v\n", err)
	fmt.Printf("put: %v\n", d.Put(ledger.Certs, nameOf("other"), []byte("x")))
	return nil
}

//go:build unix

package cli

import (
	"bytes"
	"context"
	"io"
	"syscall"
	"testing"
	"time"
)

// What waits for a pipe that nobody writes to ends when the process is told to end, as an interrupt does it.
func TestAWaitForAPipeEndsWithTheContext(t *testing.T) {
	o := newOffice(t)
	e := o.entry("new", "--domain-name", "mail.example.org", "--private-key-exportable")
	fifo := o.path("fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	silent, never := io.Pipe()
	defer never.Close()
	o.stdin = silent
	for _, args := range [][]string{
		{"import", "-"},
		{"import", "--password-file", "-", o.path("root.pem")},
		{"import", "--password-file", fifo, o.path("root.pem")},
		{"export", e.Thumbprint, "--path", o.path("mail.pfx"), "--password-file", fifo},
		{"export", e.Thumbprint, "--path", o.path("mail.pfx"), "--password-file", "-"},
	} {
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		ended := make(chan int, 1)
		go func() {
			var out, errs bytes.Buffer
			ended <- Run(ctx, o.args(args), o.io(&out, &errs))
		}()
		select {
		case code := <-ended:
			if code == 0 {
				t.Errorf("%v: done", args)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%v: it still waits", args)
		}
		cancel()
	}
}

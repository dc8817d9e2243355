//go:build linux

package console

import (
	"context"
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/ui/ptytest"
)

// at asks something at a person's terminal, and does what they do meanwhile.
func at[T any](p *ptytest.Terminal, meanwhile func(), ask func(Console) (T, error)) (T, error) {
	p.Helper()
	var answer T
	done := make(chan error, 1)
	go func() {
		var err error
		answer, err = ask(Console{In: p.TTY, Err: p.TTY})
		done <- err
	}()
	meanwhile()
	select {
	case err := <-done:
		return answer, err
	case <-time.After(30 * time.Second):
		p.Fatalf("it still waits; shown: %q", p.Shown())
		return answer, nil
	}
}

// Only yes is yes, in whatever case; an end of input and everything else is no.
func TestAQuestionIsAnsweredByYesAlone(t *testing.T) {
	for answer, yes := range map[string]bool{"y\n": true, "YES \n": true, "\n": false, "n\n": false, "yep\n": false,
		"\x04": false} {
		p := ptytest.Open(t, 80, 24)
		_, err := at(p, func() { p.Sees("Go on? [y/N] "); p.Types(answer) }, func(c Console) (bool, error) {
			return true, c.Confirm(t.Context(), "Go on?", "")
		})
		if yes != (err == nil) || !yes && !fail.Is(err, fail.Canceled) {
			t.Errorf("%q: %v", answer, err)
		}
	}
	for answer, yes := range map[string]bool{"Lose The Key\n": true, "lose\n": false, "y\n": false} {
		p := ptytest.Open(t, 80, 24)
		_, err := at(p, func() { p.Sees(`Type "lose the key" to go on: `); p.Types(answer) }, func(c Console) (bool, error) {
			return true, c.Typed(t.Context(), "It is gone.", "lose the key", "")
		})
		if yes != (err == nil) {
			t.Errorf("%q: %v", answer, err)
		}
	}
}

// A password never shows, what is typed ahead of its prompt either; the terminal is left as it was found.
func TestAPasswordNeverShows(t *testing.T) {
	for second, want := range map[string]fail.Code{"canary\n": "", "other\n": fail.Canceled} {
		p := ptytest.Open(t, 80, 24)
		before := p.Modes()
		got, err := at(p, func() { p.Sees("Password for the file: "); p.Types("canary\n" + second) },
			func(c Console) ([]byte, error) { return c.NewPassword(t.Context()) })
		if want == "" && (err != nil || string(got) != "canary") || want != "" && !fail.Is(err, want) {
			t.Errorf("%q: %q, %v", second, got, err)
		}
		if strings.Contains(p.Shown(), "canary") || p.Modes() != before {
			t.Errorf("it was shown, or echo stays off: %q", p.Shown())
		}
	}
}

// The end of the context ends every wait, and leaves the terminal as it was found.
func TestTheContextEndsAWait(t *testing.T) {
	fifo := t.TempDir() + "/fifo"
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, ask := range map[string]func(Console, context.Context) ([]byte, error){
		"a password":      func(c Console, ctx context.Context) ([]byte, error) { return c.Password(ctx, "Password: ") },
		"a question":      func(c Console, ctx context.Context) ([]byte, error) { return nil, c.Confirm(ctx, "Go on?", "") },
		"a password file": func(c Console, ctx context.Context) ([]byte, error) { return c.FilePassword(ctx, fifo) },
	} {
		p := ptytest.Open(t, 80, 24)
		before := p.Modes()
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		_, err := at(p, func() {}, func(c Console) ([]byte, error) { return ask(c, ctx) })
		cancel()
		if !fail.Is(err, fail.Canceled) || p.Modes() != before {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where nobody can be asked the answer is no, and the error says what answers instead.
func TestWithoutATerminalTheAnswerIsNo(t *testing.T) {
	c := Console{In: strings.NewReader("y\n"), Err: os.Stderr,
		OpenTTY: func() (*os.File, error) { return nil, errors.New("none") }}
	err := c.Confirm(t.Context(), "Go on?", "--yes goes on")
	if !fail.Is(err, fail.ConfirmationNeeded) || fail.Of(err).Hint != "--yes goes on" || c.CanAsk() {
		t.Errorf("%v", err)
	}
	if _, err := c.Password(t.Context(), "Password: "); !fail.Is(err, fail.PasswordNeeded) {
		t.Errorf("%v", err)
	}
}

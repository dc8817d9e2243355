// Package console is the terminal of the commands: what is asked there, passwords, how wide it is, the signals that end
// a run, and what keeps the process's memory and files from others.
//
// It promises: where nobody can be asked the answer is no, and an error says what answers instead; a secret is never
// shown; whatever ends a wait (an answer, ^C, ^Z, a hang-up, the context) leaves the terminal as it was found.
package console

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Console is what a run is connected to, as far as a person may be asked there.
type Console struct {
	In      io.Reader
	Err     io.Writer
	OpenTTY func() (*os.File, error) // the controlling terminal, for passwords while In is a pipe; nil for none
}

// terminal is where a person can be asked: what is typed comes from in, what is asked goes to out.
type terminal struct {
	in    *os.File
	out   io.Writer
	close func()
}

// terminal gives the one this run sits on; false where nobody would see a question or answer it.
func (c Console) terminal() (terminal, bool) {
	in, ok := c.In.(*os.File)
	switch {
	case !ok || !IsTerminal(in):
		return terminal{}, false
	case IsTerminal(c.Err):
		return terminal{in, c.Err, func() {}}, true
	}
	return c.controlling()
}

// CanAsk says whether somebody would see a question and could answer it.
func (c Console) CanAsk() bool {
	t, ok := c.terminal()
	if ok {
		t.close()
	}
	return ok
}

func (c Console) controlling() (terminal, bool) {
	if c.OpenTTY == nil {
		return terminal{}, false
	}
	tty, err := c.OpenTTY()
	if err != nil {
		return terminal{}, false
	}
	return terminal{tty, tty, func() { tty.Close() }}, true
}

// Confirm asks a question whose default is no. Without a terminal nobody said yes: hint tells what would.
func (c Console) Confirm(ctx context.Context, question, hint string) error {
	answer, err := c.answer(ctx, question+" [y/N] ", hint)
	if err != nil {
		return err
	}
	if answer = strings.ToLower(answer); answer == "y" || answer == "yes" {
		return nil
	}
	return fail.New(fail.Canceled, "", "nothing was done")
}

// Typed asks for a word that cannot be typed by accident.
func (c Console) Typed(ctx context.Context, question, want, hint string) error {
	answer, err := c.answer(ctx, fmt.Sprintf("%s\nType \"%s\" to go on: ", question, want), hint)
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, want) {
		return fail.New(fail.Canceled, "type it exactly as shown, without the quotes",
			"nothing was done: that was not \"%s\"", want)
	}
	return nil
}

func (c Console) answer(ctx context.Context, prompt, hint string) (string, error) {
	t, ok := c.terminal()
	if !ok {
		return "", fail.New(fail.ConfirmationNeeded, hint,
			"a person must answer a question first, and there is no terminal to ask on")
	}
	defer t.close()
	for i, line := range strings.Split(prompt, "\n") {
		if i > 0 {
			fmt.Fprintln(t.out)
		}
		fmt.Fprint(t.out, printable.Text(line))
	}
	line, err := readLine(ctx, t.in)
	return strings.TrimSpace(string(line)), err
}

// maxLine bounds an answer, in bytes.
const maxLine = 4096

// readLine reads to the end of a line and no byte further, or until ctx ends. The read that is then left behind
// ends with the process.
func readLine(ctx context.Context, in io.Reader) ([]byte, error) {
	return Await(ctx, func() ([]byte, error) { return scanLine(in) })
}

func scanLine(in io.Reader) ([]byte, error) {
	var line []byte
	var b [1]byte
	for len(line) < maxLine {
		n, err := in.Read(b[:])
		switch {
		case n == 1 && b[0] == '\n':
			return line, nil
		case n == 1:
			line = append(line, b[0])
		case err == io.EOF && len(line) > 0:
			return line, nil
		case err != nil:
			return nil, fail.New(fail.Canceled, "", "no answer: nothing was done")
		}
	}
	return nil, fail.New(fail.LimitExceeded, "", "the answer is longer than %d bytes", maxLine)
}

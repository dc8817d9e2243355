package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// terminal is where a person can be asked: what is typed comes from in, what is asked goes to out.
type terminal struct {
	in    *os.File
	out   io.Writer
	close func()
}

// terminal gives the one this run sits on; false where nobody would see a question or answer it.
func (a *app) terminal() (terminal, bool) {
	in, ok := a.io.In.(*os.File)
	switch {
	case !ok || !isTerminal(in):
		return terminal{}, false
	case isTerminal(a.io.Err):
		return terminal{in, a.io.Err, func() {}}, true
	}
	return a.controlling()
}

// secretTerminal also serves while standard input is the file that is being read.
func (a *app) secretTerminal() (terminal, bool) {
	if t, ok := a.terminal(); ok {
		return t, true
	}
	return a.controlling()
}

func (a *app) controlling() (terminal, bool) {
	if a.io.OpenTTY == nil {
		return terminal{}, false
	}
	tty, err := a.io.OpenTTY()
	if err != nil {
		return terminal{}, false
	}
	return terminal{tty, tty, func() { tty.Close() }}, true
}

// confirm asks a question whose default is no. Without a terminal nobody said yes: hint tells what would.
func (a *app) confirm(ctx context.Context, question, hint string) error {
	answer, err := a.answer(ctx, question+" [y/N] ", hint)
	if err != nil {
		return err
	}
	if answer = strings.ToLower(answer); answer == "y" || answer == "yes" {
		return nil
	}
	return fail.New(fail.Canceled, "", "nothing was done")
}

// typed asks for a word that cannot be typed by accident.
func (a *app) typed(ctx context.Context, question, want, hint string) error {
	answer, err := a.answer(ctx, fmt.Sprintf("%s\nType \"%s\" to go on: ", question, want), hint)
	if err != nil {
		return err
	}
	if !strings.EqualFold(answer, want) {
		return fail.New(fail.Canceled, "type it exactly as shown, without the quotes", "nothing was done: that was not \"%s\"", want)
	}
	return nil
}

func (a *app) answer(ctx context.Context, prompt, hint string) (string, error) {
	t, ok := a.terminal()
	if !ok {
		return "", fail.New(fail.ConfirmationNeeded, hint, "a person must answer a question first, and there is no terminal to ask on")
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
	return await(ctx, func() ([]byte, error) { return scanLine(in) })
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

package lines

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/words"
)

// maxAnswer bounds a line, in bytes.
const maxAnswer = 1 << 20

var errLongAnswer = errors.New("the line is too long")

// lineReader reads one line when it is asked for one. A terminal gives no more than a line at a time, so that a
// password that is typed next is still there for who turns the echo off.
type lineReader struct {
	in     *bufio.Reader
	answer chan lineRead
	asked  bool // a read is under way
}

type lineRead struct {
	line string
	err  error
}

func newLineReader(in io.Reader) *lineReader {
	return &lineReader{in: bufio.NewReader(in), answer: make(chan lineRead, 1)}
}

// next starts a read, unless one is under way that an interrupt left behind.
func (r *lineReader) next() <-chan lineRead {
	if !r.asked {
		r.asked = true
		go func() { r.answer <- r.read() }()
	}
	return r.answer
}

func (r *lineReader) read() lineRead {
	var line []byte
	for {
		part, err := r.in.ReadSlice('\n')
		line = append(line, part...)
		switch {
		case len(line) > maxAnswer:
			return lineRead{err: errLongAnswer}
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case err == io.EOF && len(line) > 0, err == nil:
			return lineRead{line: strings.TrimRight(string(line), "\r\n")}
		}
		return lineRead{err: err}
	}
}

// say prints a sentence, broken between words where a person sees the end of the line.
func (l *lineDesk) say(text string) { l.sayAll(broken(kit.Printable(text), l.io.Width)) }

// sayAll prints lines as they are: what is long in them is data, and must be whole where it is taken from there.
// Whatever they hold, no byte of them moves a cursor.
func (l *lineDesk) sayAll(lines []string) {
	for _, line := range lines {
		fmt.Fprintln(l.io.Out, strings.TrimRight(kit.Printable(line), " "))
	}
}

// put prints a prompt; the answer goes behind it.
func (l *lineDesk) put(prompt string) {
	if prompt == "" {
		return
	}
	lines := broken(strings.TrimRight(kit.Printable(prompt), " "), l.io.Width-1)
	last := len(lines) - 1
	l.sayAll(lines[:last])
	fmt.Fprint(l.io.Out, lines[last]+" ")
}

// broken breaks a sentence at blanks alone; 0 cells is no limit.
func broken(text string, w int) (lines []string) {
	for w > 0 && kit.Width(text) > w {
		at := strings.LastIndexByte(kit.Cut(text, w+1, ""), ' ')
		if at <= 0 {
			break
		}
		lines, text = append(lines, text[:at]), text[at+1:]
	}
	return append(lines, text)
}

// ask prints a prompt and reads a line; false where there is none to that question, since the desk is left or asks
// another.
func (l *lineDesk) ask(prompt string) (string, bool) { return l.askShown(prompt, true) }

func (l *lineDesk) askShown(prompt string, shown bool) (string, bool) {
	for {
		l.put(prompt)
		select {
		case got := <-l.in.next():
			l.in.asked = false
			return l.answered(got, shown)
		case <-l.io.Interrupts:
			fmt.Fprintln(l.io.Out)
			top := l.app.Top()
			l.send(kit.PressKey("ctrl+c"))
			if l.quit || l.app.Top() != top {
				return "", false
			}
			l.notices()
		case <-l.ctx.Done():
			return "", false
		}
	}
}

// heard forgets what holds until the next answer.
func (l *lineDesk) heard() { l.fired, l.silent = map[string]bool{}, 0 }

func (l *lineDesk) answered(got lineRead, shown bool) (string, bool) {
	l.heard()
	switch {
	case l.io.Echo && shown && got.err == nil:
		l.say(got.line)
	case l.io.Echo || got.err != nil:
		fmt.Fprintln(l.io.Out)
	}
	if got.err == nil {
		return got.line, true
	}
	if got.err != io.EOF {
		l.say(words.Stop(got.err.Error()))
	}
	l.end()
	return "", false
}

// askSecret asks for what must not show.
func (l *lineDesk) askSecret(prompt string) (string, bool) {
	if l.io.Secret == nil {
		l.put(prompt)
		got := <-l.in.next()
		l.in.asked = false
		return l.answered(got, false)
	}
	ctx, end := context.WithCancel(l.ctx)
	defer end()
	done := make(chan lineRead, 1)
	go func() {
		secret, err := l.io.Secret(ctx, prompt)
		done <- lineRead{string(secret), err}
	}()
	select {
	case got := <-done:
		return l.secret(got)
	case <-l.io.Interrupts: // what reads the terminal now cannot be called back: the next line would be its own
		end()
		<-done
		l.end()
		return "", false
	}
}

func (l *lineDesk) secret(got lineRead) (string, bool) {
	l.heard()
	if got.err != nil {
		l.end()
	}
	return got.line, got.err == nil
}

// askText reads lines up to one with a dot alone. They are not written out: a key may be among them.
func (l *lineDesk) askText(prompt string) (string, bool) {
	var text strings.Builder
	for {
		line, ok := l.askShown(prompt, false)
		if !ok || line == "." {
			return text.String(), ok
		}
		if text.Len() == 0 && (line == "" || line == "?" || isBack(line)) {
			return line, true
		}
		text.WriteString(line + "\n")
		prompt = ""
	}
}

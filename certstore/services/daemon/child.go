package daemon

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"os/exec"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
)

const (
	childTime = 20 * time.Second       // the deadline of a child where the context has none sooner
	pipeTime  = 500 * time.Millisecond // what a daemon it leaves behind may hold its output open
	keptBytes = 4 << 20                // of each stream's end; a mail host of thousands of names lists them in less
)

// Command is a program to run, its path absolute.
type Command struct {
	Argv []string
	Env  []string      // beside PATH, LC_ALL and LANG
	Time time.Duration // its deadline; 0 for childTime
	In   []byte        // its standard input; nil for none
}

// Output is how a program ended and what it wrote.
type Output struct {
	Exit           int
	Stdout, Stderr string
	Cut            bool // the beginning of either was too long to keep
}

// Exec runs a program in a session of its own, so that it can reach no terminal, with nothing more on its standard
// input than the command says, under a deadline after which all of its session is killed. Errors: Failed.
func Exec(ctx context.Context, c Command) (Output, error) {
	ctx, cancel := context.WithTimeout(ctx, cmp.Or(c.Time, childTime))
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Argv[0], c.Argv[1:]...)
	var stdout, stderr tail
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if c.In != nil {
		cmd.Stdin = bytes.NewReader(c.In)
	}
	cmd.Env = append([]string{"PATH=" + strings.Join(guard.SystemBin, ":"), "LC_ALL=C", "LANG=C"}, c.Env...)
	cmd.Dir = "/"
	cmd.WaitDelay = pipeTime
	ownSession(cmd)
	err := cmd.Run()
	out := Output{Stdout: stdout.String(), Stderr: stderr.String()}
	out.Cut = stdout.cut || stderr.cut
	var exit *exec.ExitError
	shown := printable.Text(strings.Join(c.Argv, " "))
	switch {
	case errors.Is(ctx.Err(), context.Canceled):
		return out, fail.New(fail.Failed, "", "%s was interrupted", shown)
	case ctx.Err() != nil:
		return out, fail.New(fail.Failed, "", "%s did not end in time and was stopped", shown)
	case errors.As(err, &exit) && exit.ExitCode() >= 0:
		out.Exit = exit.ExitCode()
	case err != nil && !errors.Is(err, exec.ErrWaitDelay):
		return out, fail.New(fail.Failed, "", "%s: %w", shown, err)
	}
	return out, nil
}

// Reason is the line in which a program said why, else the last one it wrote, standard error first.
func (o Output) Reason() string {
	for _, stream := range []string{o.Stderr, o.Stdout} {
		all := strings.Split(strings.TrimSpace(stream), "\n")
		if i := slices.IndexFunc(all, tellsWhy); i >= 0 {
			all = all[:i+1]
		}
		all = slices.DeleteFunc(all, pointsToHelp)
		for i := len(all) - 1; i >= 0; i-- {
			text := strings.TrimSpace(all[i])
			if text != "" && !strings.HasSuffix(text, "Configuration check failed") { // Apache's, behind its reason
				return discreet(text)
			}
		}
	}
	return ""
}

// tellsWhy says whether a line is of those that give the reason; what follows it may only sum up ("test failed").
func tellsWhy(line string) bool {
	line = strings.ToLower(line)
	return strings.Contains(line, "[emerg]") || strings.Contains(line, "fatal:") || strings.Contains(line, "error:")
}

// pointsToHelp says whether a line only tells where the program is explained ("Try 'chmod --help' for more
// information"): it is never the reason, and nothing that a person of certdesk can act on.
func pointsToHelp(line string) bool {
	line = strings.ToLower(strings.TrimSpace(line))
	return strings.HasPrefix(line, "try ") && strings.Contains(line, "help") || strings.HasPrefix(line, "usage:") ||
		strings.HasPrefix(line, "for more details see ")
}

const longLine = 300 // the length of a foreign line that still fits a message

// Shorten cuts a foreign line that is too long for a message.
func Shorten(s string) string {
	if len(s) <= longLine {
		return s
	}
	return strings.ToValidUTF8(s[:longLine], "") + "…"
}

// tail keeps the end of a stream.
type tail struct {
	kept []byte
	cut  bool
}

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p...)
	if len(t.kept) > 2*keptBytes {
		t.trim()
	}
	return len(p), nil
}

func (t *tail) trim() {
	if more := len(t.kept) - keptBytes; more > 0 {
		t.kept, t.cut = append([]byte(nil), t.kept[more:]...), true
	}
}

func (t *tail) String() string {
	t.trim()
	return string(t.kept)
}

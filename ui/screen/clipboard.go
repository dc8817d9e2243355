package screen

import (
	"io"
	"strings"

	"github.com/aymanbagabas/go-osc52/v2"

	"certdesk/certstore/fail"
)

// Clipboard is the terminal's, reached by OSC 52: a sequence that a terminal puts into its clipboard, or drops.
type Clipboard struct {
	Out  io.Writer
	Tmux bool // Tmux stands between
}

// maxCopy is how many bytes terminals take: hterm and others end at 100,000 bytes of the whole sequence.
const maxCopy = 74_994

// Send gives a text to the terminal; whether it arrives is not told.
//
// Measured in tmux 3.3a: the plain sequence fills a paste buffer and goes on to the terminal where set-clipboard is
// "on", and is dropped where it is "external", the default. Wrapped for passthrough it goes on to the terminal where
// allow-passthrough is on, whatever set-clipboard says, and fills no buffer. What is not allowed leaves no trace, and
// both together hand the same text over twice: so within tmux both are sent.
func (c Clipboard) Send(text string) error {
	if len(text) > maxCopy {
		return fail.New(fail.LimitExceeded, "", "it has %d bytes, and terminals take %d", len(text), maxCopy)
	}
	sequence := osc52.New(text).String()
	if c.Tmux {
		sequence += osc52.New(text).Tmux().String()
	}
	if _, err := io.WriteString(c.Out, sequence); err != nil {
		return fail.New(fail.Failed, "", "the terminal did not take it: %w", err)
	}
	return nil
}

// InTmux says whether the terminal is tmux, also one at the other end of an SSH connection where its TERM tells.
func InTmux(env func(string) string) bool {
	return env("TMUX") != "" || strings.HasPrefix(env("TERM"), "tmux")
}

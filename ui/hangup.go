package ui

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"
)

// errHangup ends a desk whose terminal is gone.
var errHangup = errors.New("the terminal is gone")

// hangup is the terminal a desk reads from. A desk that is in another session than its terminal, as one started by
// su -c is, gets no SIGHUP when that goes: the end of what can be read is all it learns, and it ends the desk.
type hangup struct {
	*os.File
	end context.CancelCauseFunc
}

// Read reads keys, and ends the desk where none can come any more.
func (h hangup) Read(p []byte) (int, error) {
	n, err := h.File.Read(p)
	if err != nil && !errors.Is(err, syscall.EINTR) && !errors.Is(err, syscall.EAGAIN) || err == nil &&
		n == 0 && len(p) > 0 {
		h.end(errHangup)
		return n, io.EOF
	}
	return n, err
}

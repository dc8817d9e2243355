package probe

import (
	"errors"
	"net"

	"certdesk/certstore/printable"
)

const (
	maxBytes = 1 << 20 // read in one question; a chain has a few thousand
	maxHeard = 128     // kept of what was said, to show
)

var errTooMuch = errors.New("too much was sent in answer")

// wire is a connection that counts what it reads and keeps the beginning of what was said last.
type wire struct {
	net.Conn
	read  int
	heard []byte
}

func (w *wire) Read(p []byte) (int, error) {
	if w.read >= maxBytes {
		return 0, errTooMuch
	}
	n, err := w.Conn.Read(p[:min(len(p), maxBytes-w.read)])
	w.read += n
	if room := maxHeard - len(w.heard); room > 0 {
		w.heard = append(w.heard, p[:min(n, room)]...)
	}
	return n, err
}

// forget begins anew to keep what is said.
func (w *wire) forget() { w.heard = nil }

// said is what was kept, as a person may see it: the first line where it is text.
func (w *wire) said() string { return quotable(w.heard) }

func quotable(b []byte) string {
	for i, c := range b {
		if c == '\r' || c == '\n' {
			b = b[:i]
			break
		}
	}
	return printable.Text(string(b[:min(len(b), maxHeard)]))
}

// isText says whether bytes look like the words of a text protocol.
func isText(b []byte) bool {
	for _, c := range b {
		if c != '\r' && c != '\n' && c != '\t' && (c < 0x20 || c > 0x7e) {
			return false
		}
	}
	return len(b) > 0
}

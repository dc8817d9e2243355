package ui

import (
	"os"
	"sync"
)

// sharedTerminal is a terminal that several write to, each write whole: a frame of Bubble Tea's is one write. It is no
// *os.File inside, whose other methods would write past the lock.
type sharedTerminal struct {
	file *os.File
	mu   sync.Mutex
}

// Write writes all of p before the next.
func (t *sharedTerminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.file.Write(p)
}

// Read, Close and Fd make it the file that Bubble Tea asks for the size.
func (t *sharedTerminal) Read(p []byte) (int, error) { return t.file.Read(p) }

// Close closes the terminal.
func (t *sharedTerminal) Close() error { return t.file.Close() }

// Fd is the terminal's descriptor.
func (t *sharedTerminal) Fd() uintptr { return t.file.Fd() }

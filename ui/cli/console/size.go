package console

import "golang.org/x/term"

// descriptor is what a terminal has, and a file.
type descriptor interface{ Fd() uintptr }

// IsTerminal says whether a stream is a terminal.
func IsTerminal(stream any) bool {
	f, ok := stream.(descriptor)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Size is how many cells a stream has, 0 where it is no terminal.
func Size(stream any) (w, h int) {
	if !IsTerminal(stream) {
		return 0, 0
	}
	w, h, err := term.GetSize(int(stream.(descriptor).Fd()))
	if err != nil {
		return 0, 0
	}
	return w, h
}

//go:build linux

package e2e

import (
	"fmt"
	"testing"
)

// TestAnEmptyLineOfAnUnbracketedPasteMakesNothing sends a list with two line ends a name, as keys: however far the
// form is walked by it, nothing is made.
func TestAnEmptyLineOfAnUnbracketedPasteMakesNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.ok(s.request("waiting")[4:]...)
	p := newTmux(t).desk(s, "admin")
	p.does("What do you need?", "n")
	p.does("Which names", "C-n")
	var keys []string
	for i := range 40 {
		keys = append(keys, fmt.Sprintf("host%02d.example.org", i), "C-m", "C-m")
	}
	p.keys(keys...)
	settled(p)
	p.escapes()
	if rows := s.rows(); len(rows) != 1 {
		t.Errorf("a paste made a request: %+v", rows)
	}
}

// TestAHeldKeyMovesOnASlowLine sends what a slow line makes of a key that is held down: many letters at once.
func TestAHeldKeyMovesOnASlowLine(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).desk(s, "admin")
	p.onto("waiting")
	p.typed("jj")
	p.onto("second")
	p.typed("kk")
	p.onto("waiting")
}

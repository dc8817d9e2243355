//go:build linux

package e2e

import (
	"os/exec"
	"regexp"
	"testing"
	"time"

	"certdesk/certstore/storetest"
)

// query is what a program sends to ask a terminal something: colours, cursor position, attributes, modes.
var query = regexp.MustCompile(`\x1b\][0-9]+;\?|\x1b\[\??6n|\x1b\[[>=]?[0-9]*c|\x1b\[\?[0-9]+\$p|\x1b\[>[0-9]*q|\x1bP\+q`)

// TestNoTerminalIsEverAsked: a console that answers nothing must not hold an admin up. The 2 s are no budget, they
// are what nobody forgives.
func TestNoTerminalIsEverAsked(t *testing.T) {
	big := newSite(t)
	if err := storetest.Fill(big.store, 10_000, time.Now()); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		site *site
		args []string
		word string
	}{
		{"--help", newSite(t), []string{"--help"}, "Usage"},
		{"a list", newSite(t), []string{"list"}, "no certificates"},
		{"the desk", newSite(t), nil, "No certificate"},
		{"the desk on 10,000 entries", big, nil, "Reading the store"},
	} {
		started := time.Now()
		term := c.site.terminal(exec.Command(binary(t), c.site.args(c.args...)...))
		term.Wait(c.word, 0)
		if took := time.Since(started); took > 2*time.Second {
			t.Errorf("%s: first word after %v", c.what, took)
		}
		time.Sleep(200 * time.Millisecond)
		if asked := query.FindString(term.Shown()); asked != "" {
			t.Errorf("%s asks the terminal %q", c.what, asked)
		}
		term.Cmd.Process.Kill()
		_ = term.Ended()
	}
}

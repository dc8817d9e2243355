//go:build linux

package e2e

import (
	"regexp"
	"strings"
	"testing"
)

// sgr is a sequence that styles text; colours are those of its parameters that choose a colour.
var (
	sgr     = regexp.MustCompile(`\x1b\[([0-9;:]*)m`)
	colours = regexp.MustCompile(`^(3[0-8]|4[0-8]|9[0-7]|10[0-7])$`)
)

func coloured(styled string) bool {
	for _, m := range sgr.FindAllStringSubmatch(styled, -1) {
		for _, parameter := range regexp.MustCompile(`[;:]`).Split(m[1], -1) {
			if colours.MatchString(parameter) {
				return true
			}
		}
	}
	return false
}

// TestNoColorIsObeyed looks at the same screens with colours and with NO_COLOR.
func TestNoColorIsObeyed(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	for _, env := range []string{"NO_COLOR=", "NO_COLOR=1"} {
		p := newTmux(t).open("admin", "80", "24", append([]string{"env", env, binary(t)}, s.args()...)...)
		p.shows("second")
		p.goTo("second", "j")
		looks := map[string]string{"table": p.styled()}
		p.does("Remove second?", "D")
		looks["dialog"] = p.styled()
		p.escapes()
		wizardPage(2)(p, s)
		looks["form"] = p.styled()
		for screen, styled := range looks {
			if coloured(styled) != (env == "NO_COLOR=") {
				t.Errorf("%s: the %s has colours: %v\n%q", env, screen, coloured(styled), styled)
			}
		}
	}
}

// TestTheShellGetsItsTerminalBack suspends the desk, brings it back and quits, below an interactive shell.
func TestTheShellGetsItsTerminalBack(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).open("shell", "80", "24", need(t, "sh"), "-i")
	p.shows("$")
	before := p.modes("before")
	p.typed(binary(t) + " " + strings.Join(s.args(), " ") + "\r")
	p.shows("2 valid")
	if p.ask("#{alternate_on}") != "1" {
		t.Error("the desk does not use the alternate screen")
	}
	p.goTo("second", "j")
	p.keys("C-z")
	p.backInShell()
	if during := p.modes("during"); during != before {
		t.Errorf("suspended, the terminal's modes are\n%s\nwere\n%s", during, before)
	}
	s.ok("remove", s.row("first").Thumbprint, "--yes")
	p.typed("fg\r")
	p.shows("second", "1 valid")
	p.onto("second")
	p.keys("q")
	p.backInShell()
	if after := p.modes("after"); after != before {
		t.Errorf("after the desk the terminal's modes are\n%s\nwere\n%s", after, before)
	}
	if flags := p.ask("#{cursor_flag} #{mouse_any_flag}"); flags != "1 0" {
		t.Errorf("cursor and mouse: %s, want 1 0", flags)
	}
}

// backInShell waits until the desk reads no more keys, and its screen is gone.
func (p *pane) backInShell() {
	p.Helper()
	p.until("the shell's screen", func(string) bool {
		return p.ask("#{pane_current_command}") != "certdesk"
	})
	if p.ask("#{alternate_on}") != "0" {
		p.Error("the desk has left the alternate screen on")
	}
}

// modes asks the shell for its terminal's modes.
func (p *pane) modes(when string) string {
	p.Helper()
	p.typed("stty -a; echo looked''" + when + "\r")
	screen := p.shows("looked" + when)
	screen = screen[strings.LastIndex(screen, "speed "):]
	if modes, _, _ := strings.Cut(screen, "looked"+when); strings.Contains(modes, " icanon") && strings.Contains(modes, " echo ") {
		return modes
	}
	p.Fatalf("the terminal is not sane: %s", screen)
	return ""
}

// TestADeskEndsWithItsTerminal kills the terminal under an open desk, as a lost connection does.
func TestADeskEndsWithItsTerminal(t *testing.T) {
	t.Parallel()
	s := screensSite(t)
	p := newTmux(t).desk(s, "admin")
	pid := p.ask("#{pane_pid}")
	keep := p.open("other", "80", "24", need(t, "sh"), "-i") // a server without a session ends
	p.call("kill-session", "-t", p.name)
	keep.until("the desk's end", func(string) bool { return gone(pid) })
	s.ok("history", "verify")
}

//go:build linux

package e2e

import (
	"strings"
	"testing"
)

// hostile are bytes that would steer a terminal or a reader's eye; raw none of them may reach the screen.
const hostile = "\x1b]0;owned\a\x1b]2;owned\x1b\\\x1b[31m\u202egro.evil\u2066\u009b31m\r\nStatus: valid"

var hostileRaw = []string{"\x1b]", "\a", "\u202e", "\u2066", "\u009b", "\x9b31m", "\nStatus: valid", "\rStatus"}

// TestAHostileCertificateOnEveryScreen looks at a certificate whose subject would steer a terminal, in a file whose
// name would too, on every screen that shows it. tmux records the very bytes the desk sends.
func TestAHostileCertificateOnEveryScreen(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	hostileFile(s)
	p := newTmux(t).desk(s, "admin")
	p.call("set-option", "-w", "-t", p.name, "automatic-rename", "off", ";", "set-option", "-w", "-t", p.name, "allow-rename", "on")
	p.call("pipe-pane", "-t", p.name, "cat > "+s.file("sent"))
	title := p.ask("#{pane_title} #{window_name}")
	texts := append(importHostile(p, s), lookAtHostile(p)...)
	if now := p.ask("#{pane_title} #{window_name}"); now != title {
		t.Errorf("the title is %q, was %q", now, title)
	}
	p.call("pipe-pane", "-t", p.name)
	sent := s.read(s.file("sent"))
	if len(sent) < 1000 {
		t.Fatalf("no more than %d bytes were recorded", len(sent))
	}
	for i, text := range append(texts, sent) {
		for _, raw := range hostileRaw {
			if strings.Contains(text, raw) {
				t.Errorf("screen %d of %d holds %q raw:\n%q", i, len(texts), raw, text)
			}
		}
	}
}

// hostileFile makes the certificate and its key, in one file.
func hostileFile(s *site) {
	s.Helper()
	s.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "evil.key", "-out", "evil.crt", "-days", "5", "-utf8",
		"-subj", "/O="+hostile+"/CN=evil.example.org", "-addext", "subjectAltName=DNS:evil.example.org")
	s.write(s.file("\x1b]0;owned\a\u202eevil\x1b[31m.pem"), s.read(s.file("evil.crt"))+s.read(s.file("evil.key")))
}

// look is the screen, plain and with its styles, once it shows the words.
func (p *pane) look(words ...string) []string {
	p.Helper()
	return []string{p.shows(words...), p.styled()}
}

// importHostile picks the file from the list and imports it.
func importHostile(p *pane, s *site) (texts []string) {
	p.Helper()
	p.does("What do you want to import?", "i")
	p.typed(s.home + "/")
	p.shows("evil.crt")
	p.does(`► \u{1b}]0;owned\u{7}\u{202e}evil`, "Down")
	texts = append(texts, p.look("evil")...)
	p.does("[x] ", "Space")
	texts = append(texts, p.look("Chosen")...)
	p.keys("Up")
	p.does("A certificate with its key", "C-n")
	p.resize("140", "45", `\1B]0\;owned\07`)
	texts = append(texts, p.look("Subject")...)
	p.finishImport("Import")
	p.resize("80", "24", "evil.example.org")
	return append(texts, p.look("evil.example.org")...)
}

// lookAtHostile opens every screen that tells of the selected row.
func lookAtHostile(p *pane) (texts []string) {
	p.Helper()
	for _, screen := range []struct{ key, word string }{
		{"Enter", "Names ("}, {"D", "Remove evil.example.org?"}, {"x", "Export evil"}, {"R", "Renew evil"},
		{"L", "WHEN"}, {"y", "Copy of evil"}, {"H", "The store is healthy."},
	} {
		p.does(screen.word, screen.key)
		texts = append(texts, p.look(screen.word)...)
		if screen.key == "Enter" {
			settled(p) // the page is longer once the store has answered
			p.keys("G")
			texts = append(texts, p.look("Exchange Management Shell")...)
			p.keys("g")
		}
		p.call("resize-window", "-t", p.name, "-x", "200", "-y", "50")
		texts = append(texts, p.look(screen.word)...)
		p.escapes()
		texts = append(texts, p.look("Issuer")...) // the pane beside the table
		p.call("resize-window", "-t", p.name, "-x", "80", "-y", "24")
		p.hides("Issuer")
	}
	return texts
}

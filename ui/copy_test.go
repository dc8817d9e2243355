package ui

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/screen"
	"certdesk/wizard"
)

// copying is a desk that sends what is copied into a buffer.
func copying(r *driver) *bytes.Buffer {
	var sent bytes.Buffer
	r.app.d.Clip.Out = &sent
	return &sent
}

// osc is the sequence that gives a text to a terminal's clipboard.
func osc(text string) string {
	return "\x1b]52;c;" + base64.StdEncoding.EncodeToString([]byte(text)) + "\x07"
}

// Each short thing is sent with two keys and stands on the screen too; nothing is ever said to be copied.
func TestWhatIsShortIsSentAndShown(t *testing.T) {
	for key, want := range map[string]string{
		"t": "000000000000000000000000000000009A3F0003",
		"n": "webmail.belgianbeers.rock\na.belgianbeers.rock\nb.belgianbeers.rock\nc.belgianbeers.rock",
		"s": "CN=webmail.belgianbeers.rock,O=ProExchange,C=BE",
		"c": "certdesk show 000000000000",
	} {
		r := articleDesk(t, 80, 24)
		sent := copying(r)
		r.onto(3)
		r.keys("y", key)
		if sent.String() != osc(want) {
			t.Errorf("%s sent %q, want %q", key, sent, want)
		}
		r.sees("sent to the terminal")
		r.sees(strings.Split(want, "\n")...)
		r.seesNot("opied")
		r.keys("enter")
		if r.depth() != 1 {
			t.Errorf("%s: %d screens", key, r.depth())
		}
	}
}

// The request is the file's text, and the file is named as the other way.
func TestARequestIsSentAndItsFileNamed(t *testing.T) {
	r := liveDesk(t, "first.example.org")
	sent := copying(r)
	list, err := r.app.d.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	r.keys("enter", "y")
	r.seesNot("PEM")
	r.keys("enter")
	file := filepath.Join(r.app.d.Store.Dir(), "requests", list[0].Request+".req")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if sent.String() != osc(string(text)) {
		t.Errorf("sent %q", sent)
	}
	r.exact(200, 45)
	r.sees("The request was sent to the terminal", filepath.Base(file))
}

// Within tmux the text goes both ways that tmux may let through, in one write.
func TestWithinTmuxBothWaysAreTried(t *testing.T) {
	r := articleDesk(t, 80, 24)
	sent := copying(r)
	r.app.d.Clip.Tmux = true
	r.onto(3)
	r.keys("y", "t")
	plain := osc("000000000000000000000000000000009A3F0003")
	if want := plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"; sent.String() != want {
		t.Errorf("sent %q, want %q", sent, want)
	}
	r.sees("set -g set-clipboard on")
	for _, test := range []struct {
		env  map[string]string
		want bool
	}{{map[string]string{"TMUX": "/tmp/tmux-0/default,1,0"}, true}, {map[string]string{"TERM": "tmux-256color"}, true}, {map[string]string{"TERM": "xterm"}, false}} {
		if got := screen.InTmux(func(name string) string { return test.env[name] }); got != test.want {
			t.Errorf("%v: %v", test.env, got)
		}
	}
}

// What terminals do not take is not sent: the screen says so and names the other way.
func TestWhatIsTooLongIsNotSent(t *testing.T) {
	e := certificate(1, "many", "valid", "Valid", 10, 90, strings.Split(strings.Repeat("host.example.org ", 5000), " ")...)
	r := drive(t, hub(), 80, 24, e)
	sent := copying(r)
	r.keys("y", "n")
	r.sees("The names were not sent", "85000 bytes, and terminals take 74994", "Select it here", "more lines")
	if sent.Len() > 0 {
		t.Errorf("%d bytes were sent", sent.Len())
	}
	r.exactEverywhere(false)
}

// What is read can be copied from a store that is only read; nothing is written anywhere.
func TestCopyingFromAStoreThatIsOnlyRead(t *testing.T) {
	r := articleDesk(t, 80, 24)
	sent := copying(r)
	r.app.d.ReadOnly = true
	r.keys("y", "t")
	if sent.Len() == 0 {
		t.Error("nothing was sent")
	}
	r.keys("esc", "y", "esc")
	if r.depth() != 1 {
		t.Errorf("%d screens", r.depth())
	}
}

// A paste into the menu, or a private key, cannot be sent by accident.
func TestTheCopyMenuHasNoKeyFile(t *testing.T) {
	r := articleDesk(t, 80, 24)
	sent := copying(r)
	r.keys("y")
	r.paste("t\n")
	r.seesNot("rivate")
	if sent.Len() > 0 || r.depth() != 2 {
		t.Error("a paste was obeyed")
	}
	if text := copyItems[0].text(certstore.Details{PEM: []byte("PEM")}, wizard.Env{}); text != "PEM" {
		t.Errorf("the PEM is %q", text)
	}
}

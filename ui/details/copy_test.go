package details_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/ui/details"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// copying is a desk that sends what is copied into a buffer.
func copying(r *uitest.Driver) *bytes.Buffer {
	var sent bytes.Buffer
	r.Desk.Clip.Out = &sent
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
		r := uitest.ArticleDesk(t, 80, 24)
		sent := copying(r)
		r.Onto(3)
		r.Keys("y", key)
		if sent.String() != osc(want) {
			t.Errorf("%s sent %q, want %q", key, sent, want)
		}
		r.Sees("sent to the terminal")
		r.Sees(strings.Split(want, "\n")...)
		r.SeesNot("opied")
		r.Keys("enter")
		if r.Depth() != 1 {
			t.Errorf("%s: %d screens", key, r.Depth())
		}
	}
}

// A certificate is found in Exchange by its thumbprint; a request has another one there.
func TestTheCommandOfExchangeIsSent(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	sent := copying(r)
	r.Onto(3)
	r.Keys("y", "x")
	if want := osc("Get-ExchangeCertificate -Thumbprint 000000000000000000000000000000009A3F0003 | Format-List"); sent.String() != want {
		t.Errorf("sent %q, want %q", sent, want)
	}
	r = uitest.ArticleDesk(t, 80, 24)
	r.Onto(2)
	r.Keys("y")
	r.Sees("Copy of secure_client")
	r.SeesNot("x Exchange  ")
}

// The request is the file's text, and the file is named as the other way.
// The rows of the table are sent with two keys; the menu of a page, which has no rows, does not have them.
func TestTheRowsShownAreSent(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	sent := copying(r)
	r.Typing("/webmail")
	r.Keys("enter", "y")
	r.Sees("v CSV", "the 3 rows shown")
	r.Keys("v")
	r.Sees("The CSV was sent to the terminal", "in the table writes it to a file", "thumbprint,kind,status")
	text, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(strings.TrimPrefix(sent.String(), "\x1b]52;c;"), "\x07"))
	if err != nil || strings.Count(string(text), "\n") != 4 || !strings.Contains(string(text), "webmail 2023") {
		t.Errorf("%v: %s", err, text)
	}
	r.Keys("enter", "enter", "y")
	r.SeesNot("CSV")
}

func TestARequestIsSentAndItsFileNamed(t *testing.T) {
	r := uitest.LiveDesk(t, "first.example.org")
	sent := copying(r)
	list, err := r.Desk.Store.List(context.Background(), false)
	if err != nil {
		t.Fatal(err)
	}
	r.Keys("enter", "y")
	r.SeesNot("PEM")
	r.Keys("enter")
	file := filepath.Join(r.Desk.Store.Dir(), "requests", list[0].Request+".req")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if sent.String() != osc(string(text)) {
		t.Errorf("sent %q", sent)
	}
	r.Exact(200, 45)
	r.Sees("The request was sent to the terminal", filepath.Base(file))
}

// Within tmux the text goes both ways that tmux may let through, in one write.
func TestWithinTmuxBothWaysAreTried(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	sent := copying(r)
	r.Desk.Clip.Tmux = true
	r.Onto(3)
	r.Keys("y", "t")
	plain := osc("000000000000000000000000000000009A3F0003")
	if want := plain + "\x1bPtmux;\x1b" + plain + "\x1b\\"; sent.String() != want {
		t.Errorf("sent %q, want %q", sent, want)
	}
	r.Sees("set -g set-clipboard on")
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
	e := uitest.Certificate(1, "many", "valid", "Valid", 10, 90, strings.Split(strings.Repeat("host.example.org ", 5000), " ")...)
	r := uitest.Drive(t, uitest.Hub(), 80, 24, e)
	sent := copying(r)
	r.Keys("y", "n")
	r.Sees("The names were not sent", "85000 bytes, and terminals take 74994", "Select it here", "more lines")
	if sent.Len() > 0 {
		t.Errorf("%d bytes were sent", sent.Len())
	}
	r.ExactEverywhere(false)
}

// What is read can be copied from a store that is only read; nothing is written anywhere.
func TestCopyingFromAStoreThatIsOnlyRead(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	sent := copying(r)
	r.Desk.ReadOnly = true
	r.Keys("y", "t")
	if sent.Len() == 0 {
		t.Error("nothing was sent")
	}
	r.Keys("esc", "y", "esc")
	if r.Depth() != 1 {
		t.Errorf("%d screens", r.Depth())
	}
}

// A paste into the menu, or a private key, cannot be sent by accident.
func TestTheCopyMenuHasNoKeyFile(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	sent := copying(r)
	r.Keys("y")
	r.Paste("t\n")
	r.SeesNot("rivate")
	if sent.Len() > 0 || r.Depth() != 2 {
		t.Error("a paste was obeyed")
	}
	if text := details.CopyItems[0].Text()(certstore.Details{PEM: []byte("PEM")}, wizard.Env{}); text != "PEM" {
		t.Errorf("the PEM is %q", text)
	}
}

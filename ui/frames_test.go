package ui

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/disk"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// shownDetails is a details page of the article's certificate, as the store answers.
func shownDetails(r *driver) {
	e, _ := r.app.d.Entry(1)
	r.onto(1)
	r.keys("enter")
	r.send(shownMsg{details: certstore.Details{
		Entry: e, Files: []string{"/var/lib/certdesk/certs/" + e.SHA256 + ".pem", "/var/lib/certdesk/keys/" + e.SPKI + ".key"},
		History: []certstore.Event{
			{Seq: 1, Time: noon.AddDate(0, -2, 0), Op: "new", Text: "made the request secure_smtp", Who: "root"},
			{Seq: 3, Time: noon.AddDate(0, -2, 1), Op: "import", Text: "imported the CA's answer to secure_smtp", Who: "alice as root"},
		},
	}})
}

// scenes are the screens of this half of the desk, each with how to get there.
var scenes = []struct {
	name string
	open func(r *driver)
}{
	{"table", func(*driver) {}},
	{"table-filter", func(r *driver) { r.keys("/"); r.typing("web") }},
	{"table-empty", func(r *driver) { r.relisted() }},
	{"details", shownDetails},
	{"details-end", func(r *driver) { shownDetails(r); r.keys("end") }},
	{"help", func(r *driver) { r.keys("?") }},
	{"remove", func(r *driver) { r.keys("D"); r.wait() }},
	{"history", func(r *driver) {
		r.keys("L")
		r.send(pastMsg{past: preparePast(story(), trash())})
		r.keys("down", "down", "down")
	}},
	{"history-line", func(r *driver) {
		r.keys("L")
		r.send(pastMsg{past: preparePast(story(), trash())})
		r.keys("down", "down", "enter", "down")
	}},
	{"removed", func(r *driver) { r.keys("T"); r.send(trashed(trash(), nil)) }},
	{"remove-just-opened", func(r *driver) { r.keys("D", "enter") }},
	{"purge", func(r *driver) {
		r.keys("T")
		r.send(trashed(trash(), nil))
		r.keys("P")
		r.send(doomMsg{doom: certstore.Doom{Files: []string{"a.req", "a.key"}, Key: true}})
		r.wait()
	}},
	{"doctor", func(r *driver) { r.keys("H"); r.send(ills()) }},
	{"doctor-sound", func(r *driver) { r.keys("H"); r.send(examMsg{exam: exam{at: noon, sound: true}}) }},
	{"copy", func(r *driver) { r.onto(3); r.keys("y") }},
	{"copy-sent", func(r *driver) { r.onto(3); r.keys("y", "n") }},
	{"remove-pending", func(r *driver) { r.onto(2); r.keys("D"); r.wait() }},
	{"table-ports", func(r *driver) { surveyedDesk(r); r.onto(3) }},
	{"ports", func(r *driver) { surveyedDesk(r); r.keys("t") }},
	{"ports-none", func(r *driver) { r.keys("t") }},
	{"adopt", func(r *driver) {
		surveyedDesk(r)
		r.onto(words.StrangerID(strings.Repeat("ab", 32)))
		r.keys("a")
		r.wait()
	}},
	{"enable-plan", func(r *driver) { planScene(r) }},
	{"enable-question", func(r *driver) { planScene(r); r.keys("tab", "enter"); r.wait() }},
	{"enable-steps", stepsScene},
	{"enable-back", backScene},
}

// Every frame is exactly the terminal's size; the table at every pair of sizes when CERTDESK_ALL is set.
func TestFramesAreExact(t *testing.T) {
	for _, scene := range scenes {
		t.Run(scene.name, func(t *testing.T) {
			r := articleDesk(t, 80, 24)
			scene.open(r)
			r.exactEverywhere(scene.name == "table")
		})
	}
}

func TestGoldenFrames(t *testing.T) {
	for _, scene := range scenes {
		for _, size := range []struct {
			name string
			w, h int
		}{{"80x24", 80, 24}, {"140x45", 140, 45}} {
			r := articleDesk(t, size.w, size.h)
			scene.open(r)
			r.golden(scene.name+"-"+size.name, false)
		}
	}
}

// The table once with its colours, once as NO_COLOR shows it, once with the signs of a UTF-8 locale.
func TestGoldenThemes(t *testing.T) {
	for _, test := range []struct {
		name  string
		theme string
		env   map[string]string
	}{
		{"table-dark", "dark", nil},
		{"table-light", "light", nil},
		{"table-nocolor", "dark", map[string]string{"NO_COLOR": "1"}},
		{"table-utf8", "dark", map[string]string{"LANG": "en_GB.UTF-8"}},
	} {
		for _, size := range []struct {
			name string
			w, h int
		}{{"80x24", 80, 24}, {"140x45", 140, 45}} {
			r := articleDesk(t, size.w, size.h)
			r.app.d.Styles = theme.New(test.theme, func(name string) string { return test.env[name] })
			r.golden(test.name+"-"+size.name, true)
		}
	}
}

// hostile is what a certificate may try to say to a terminal.
const hostile = "evil\x1b[31m\x1b]0;owned\x07\u202e\u200b\r\nnext\tline\u009b2J\u2028\x00\xff日本"

// No byte of a hostile certificate reaches the terminal raw, on any screen that shows it.
func TestHostileTextIsShownNotObeyed(t *testing.T) {
	e := certificate(1, hostile, "untrusted", trust.Untrusted, 10, 90, hostile, hostile)
	e.Subject, e.Issuer, e.Serial, e.KeyAlgorithm, e.SignatureAlgorithm = "CN="+hostile, "CN="+hostile, hostile, hostile, hostile
	e.Verdict.Reason, e.Verdict.Findings = hostile, []trust.Finding{{Severity: trust.Warning, Text: hostile}}
	for i := range e.Chain {
		e.Chain[i].Subject = "CN=" + hostile
	}
	c := screen.Config{Server: hostile, Role: hostile, StoreNote: hostile}
	for _, way := range [][]string{{}, {"enter"}, {"D"}, {"enter", "?"}, {"y"}, {"y", "n"}} {
		r := drive(t, c, 140, 45, e)
		r.app.d.Banner = ""
		r.keys(way...)
		if len(way) == 1 && way[0] == "enter" {
			r.send(shownMsg{details: certstore.Details{Entry: e, Files: []string{hostile},
				History: []certstore.Event{{Text: hostile, Who: hostile}}}})
		}
		r.harmless()
		r.exactEverywhere(false)
	}
}

// Nor in the history, the removed entries, the purge dialog or what the doctor finds.
func TestHostileTextInTheHistory(t *testing.T) {
	e := certificate(1, hostile, "valid", trust.Valid, 10, 90, hostile)
	e.Removed, e.RemovedBy, e.Issuer = noon, hostile, "CN="+hostile
	events := []certstore.Event{{Seq: 1, Time: noon, Who: hostile, Op: hostile, Text: hostile, IDs: []int64{1, 2}, Sum: hostile, Actor: disk.Actor{Sudo: hostile, TTY: hostile}}}
	r := articleDesk(t, 140, 45)
	for _, scene := range []func(){
		func() { r.keys("L"); r.send(pastMsg{past: preparePast(events, []certstore.Entry{e})}) },
		func() { r.keys("enter") },
		func() { r.keys("enter"); r.send(trashed([]certstore.Entry{e}, nil)) },
		func() { r.keys("P"); r.send(doomMsg{doom: certstore.Doom{Heirs: []certstore.Entry{e}}}) },
	} {
		scene()
		r.harmless()
		r.exactEverywhere(false)
	}
}

// harmless fails if the frame holds a control but certdesk's own colours, or a mark that hides or turns text.
func (r *driver) harmless() {
	r.t.Helper()
	frame := r.app.View()
	for _, bad := range []string{"\x1b[31mnext", "\x1b]", "\x07", "\u202e", "\u200b", "\r", "\t", "\u009b", "\u2028", "\x00", "\xff"} {
		if strings.Contains(frame, bad) {
			r.t.Fatalf("the frame holds %q:\n%s", bad, r.screen())
		}
	}
	for _, c := range r.screen() {
		if c < 0x20 && c != '\n' || c == 0x7f {
			r.t.Fatalf("the frame holds the control %q", c)
		}
	}
}

// looks are how a desk may look: by theme, by NO_COLOR, by locale.
var looks = []struct {
	name  string
	theme string
	env   map[string]string
}{
	{"dark", "dark", map[string]string{"LANG": "C.UTF-8"}},
	{"light", "light", map[string]string{"LANG": "C.UTF-8"}},
	{"mono", "mono", map[string]string{"LANG": "C.UTF-8"}},
	{"ascii", "dark", map[string]string{"LANG": "C", "NO_COLOR": "1"}},
}

// everyScene is the way to each screen of a desk on the demo's store; points says that a cursor must be seen on it.
var everyScene = []struct {
	name   string
	says   string
	points bool
	open   func(r *driver)
}{
	{"table", "1 of 10", true, func(*driver) {}},
	{"filter", "/ web", true, func(r *driver) { r.keys("/"); r.typing("web") }},
	{"filter that finds nothing", "No row passes this filter", false, func(r *driver) { r.keys("/"); r.typing("nowhere"); r.keys("enter") }},
	{"details", "Valid until", false, func(r *driver) { r.onName("voice"); r.keys("enter") }},
	{"help", "The table", false, func(r *driver) { r.keys("?") }},
	{"palette", "What can be done here", true, func(r *driver) { r.keys(":") }},
	{"ports", "No service is known", false, func(r *driver) { r.keys("t") }},
	{"enable plan", "What will be done", true, func(r *driver) { planScene(r) }},
	{"enable proof", "was put back", false, backScene},
	{"remove", "Remove voice?", true, func(r *driver) { r.onName("voice"); r.keys("D"); r.wait() }},
	{"remove a request", "that is not", true, func(r *driver) { r.onName("secure_client"); r.keys("D"); r.wait(); r.typing("lose"); r.keys("enter") }},
	{"purpose", "1 of 7", true, func(r *driver) { r.keys("n") }},
	{"names", "2 of 7", true, func(r *driver) { r.toNames() }},
	{"subject", "3 of 7", true, func(r *driver) { r.toNames(); r.keys("ctrl+n") }},
	{"key", "4 of 7", true, func(r *driver) { r.toNames(); r.keys("ctrl+n", "ctrl+n") }},
	{"services", "5 of 7", true, func(r *driver) { r.toNames(); r.keys("ctrl+n", "ctrl+n", "ctrl+n") }},
	{"file", "6 of 7", true, func(r *driver) { r.toNames(); r.keys("ctrl+n", "ctrl+n", "ctrl+n", "ctrl+n") }},
	{"review", "7 of 7", false, func(r *driver) { r.toNames(); r.toReview() }},
	{"create", "Makes the key", true, func(r *driver) { r.toNames(); r.toReview(); r.keys("tab") }},
	{"resume", "Resume the unfinished form?", true, func(r *driver) { r.toNames(); r.keys("esc", "esc", "n") }},
	{"quit", "Quit with an unfinished form?", true, func(r *driver) { r.toNames(); r.keys("esc", "esc", "q") }},
	{"renew", "Renew secure_smtp", false, func(r *driver) { r.onName("secure_smtp"); r.keys("R") }},
	{"import", "What do you want to import?", true, func(r *driver) { r.keys("i") }},
	{"import found", "The answer to your request", true, importsAnswer},
	{"imported", "is in the store", false, func(r *driver) { importsAnswer(r); r.keys("enter") }},
	{"export", "Who will open this?", true, func(r *driver) { r.onName("secure_smtp"); r.keys("x") }},
	{"export refused", "Who will open this?", true, func(r *driver) { r.onName("secure_smtp"); r.keys("x", "ctrl+n") }},
}

// Every screen in every look, at three sizes: exactly so many cells, each line's style ended with it, no colour where
// none is wanted, nothing but ASCII where the locale has no more, and a cursor that shows without colour.
func TestEveryScreenInEveryLook(t *testing.T) {
	for _, scene := range everyScene {
		t.Run(scene.name, func(t *testing.T) {
			r := demoDesk(t, 80, 24, "dark")
			scene.open(r)
			r.sees(scene.says)
			for _, look := range looks {
				r.app.d.Styles = theme.New(look.theme, func(name string) string { return look.env[name] })
				for _, size := range [][2]int{{60, 18}, {80, 24}, {140, 45}} {
					r.send(tea.WindowSizeMsg{Width: size[0], Height: size[1]})
					if err := r.wellDrawn(look.name, size[0], size[1], scene.points); err != nil {
						t.Errorf("%s %s: %v\n%s", look.name, sizeName(size), err, r.screen())
					}
				}
			}
		})
	}
}

func (r *driver) wellDrawn(look string, w, h int, points bool) error {
	rows, err := sized(r.app.View(), w, h)
	if err != nil {
		return err
	}
	plain, pointed := look == "mono" || look == "ascii", false
	for i, row := range rows {
		for x, c := range row {
			switch {
			case plain && c.ink.colour >= 0:
				return fmt.Errorf("line %d has a colour", i+1)
			case look == "ascii" && c.text >= "\x7f":
				return fmt.Errorf("line %d holds %q", i+1, c.text)
			}
			pointed = pointed || c.ink.reverse || x < 3 && c.text == r.app.d.Styles.Glyphs.Cursor
		}
	}
	if points && !pointed {
		return errors.New("nothing shows where the cursor is")
	}
	return nil
}

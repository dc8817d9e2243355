package lines_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/lines"
	"certdesk/ui/screen"
	"certdesk/ui/table"
	"certdesk/ui/uitest"
)

// talk is a desk in lines on a store below a directory of the test.
type talk struct {
	testing.TB
	dir    string
	store  *certstore.Store
	secret func(context.Context, string) ([]byte, error)
	newKey func(issuing.KeySpec) (crypto.Signer, error)
}

func newTalk(t testing.TB) *talk {
	t.Helper()
	k := &talk{TB: t, dir: t.TempDir()}
	ca, _ := uitest.CA()
	k.write("root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}))
	k.open()
	return k
}

func (k *talk) open() {
	k.Helper()
	newKey := k.newKey
	if newKey == nil {
		newKey = uitest.SmallKeys
	}
	store, err := certstore.Open(certstore.Options{Dir: k.dir + "/store", Now: func() time.Time { return uitest.Noon },
		NewKey: newKey, Trust: []string{k.dir + "/root.pem"}})
	if err != nil {
		k.Fatal(err)
	}
	k.store = store
}

func (k *talk) file(name string) string { return k.dir + "/" + name }

func (k *talk) write(name string, data []byte) {
	k.Helper()
	if err := os.WriteFile(k.file(name), data, 0o600); err != nil {
		k.Fatal(err)
	}
}

func (k *talk) read(name string) []byte {
	k.Helper()
	data, err := os.ReadFile(k.file(name))
	if err != nil {
		k.Fatal(err)
	}
	return data
}

func (k *talk) config() screen.Config {
	return screen.Config{Store: k.store, Env: uitest.ArticleEnv(), Server: "mail01.proexchange.global", Now: func() time.Time { return uitest.Noon }}
}

// says answers a desk in lines from its start to the end of the answers, and gives what it printed.
func (k *talk) says(answers ...string) string {
	k.Helper()
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(answers, "\n") + "\n")
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
	defer cancel()
	if err := lines.Run(ctx, k.config(), lines.IO{In: in, Out: &out, Echo: true, Secret: k.secret}); err != nil {
		k.Fatalf("%v after\n%s", err, out.String())
	}
	for _, b := range out.Bytes() {
		if b < 0x20 && b != '\n' || b == 0x7f {
			k.Fatalf("the byte %#x was sent:\n%q", b, out.String())
		}
	}
	return out.String()
}

func (k *talk) entries() []certstore.Entry {
	k.Helper()
	list, err := k.store.List(context.Background(), false)
	if err != nil {
		k.Fatal(err)
	}
	return list
}

func (k *talk) only() certstore.Entry {
	k.Helper()
	list := k.entries()
	if len(list) != 1 {
		k.Fatalf("the store holds %d entries, want 1", len(list))
	}
	return list[0]
}

func holds(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// request answers the whole form for a request.
func (k *talk) request(name, typed string) string {
	return k.says("new", "1", name, typed, "", "n", "n", "n", "n", "", "", "ProExchange", "", "Brussels", "", "belgium",
		"RSA 2048", "yes", "y", "no", "no", "no", "no", "1", k.file(name+".req"), "y", "q")
}

func TestARequestIsMadeByLines(t *testing.T) {
	k := newTalk(t)
	out := k.request("secure_client", "webmail.proexchange.global, autodiscover.proexchange.global")
	e := k.only()
	if e.Subject != "CN=webmail.proexchange.global,O=ProExchange,L=Brussels,C=BE" || e.FriendlyName != "secure_client" || e.Wanted != certstore.IIS || !e.KeyExportable {
		t.Errorf("made %+v\n%s", e, out)
	}
	holds(t, out, "New certificate - 1 of 7", "Names (2 of 2 on):", "CN=webmail.proexchange.global,O=ProExchange,L=Brussels,C=BE",
		"Create the request? (y or N): y", "The request is made", "1 pending: secure_client")
	if block, _ := pem.Decode(k.read("secure_client.req")); block == nil {
		t.Error("no request was written")
	}
}

// At the button of the review another version of Exchange can be asked for, and on the page of an entry.
func TestTheVersionOfExchangeByLines(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", "own", "own.example.org", "", "n", "n", "n", "n", "", "", "", "", "", "", "", "RSA 2048", "no", "no", "no", "no", "no", "no",
		"1", k.file("own.req"), "v", "y", "", "details 1", "m", "m", "exchange", "m", "m", "q", "q")
	k.only()
	holds(t, out, "Exchange 2016 CU23, 2019 CU12 and later (v: others)", "-RequestFile", "Exchange 2010 (v: others)")
}

func TestAWrongAnswerIsAskedForAgain(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "7", "1", "", "a_b.example", "mail.example.org", "", "maybe", "y", "n", "n", "n", "", "off 9", "")
	holds(t, out, "Problem: answer with a number from 1 to 2.", `Problem: "a_b.example"`, "Problem: answer yes or no.", `Problem: "9" is not in the list`)
	if strings.Contains(out, "a_b.example, ") {
		t.Error("a refused name went into the list")
	}
}

func TestNamesAreSwitchedOffOnAndOut(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "", "", "one.example.org two.example.org three.example.org", "", "", "", "", "", "",
		"cn 3", "off two.example.org 3", "on 2", "out 3", "", "<<")
	holds(t, out, "1 on: three.example.org, common name", "off: two.example.org", "Names (2 of 2 on):", "your answers are kept")
}

func TestBackKeepsAnswersAndTheFormIsResumed(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "", "kept name", "<", "", "", "<", "<", "new", "1", "<", "q", "2")
	holds(t, out, "your answers are kept: n continues with them.", "Resume the unfinished form?", "Friendly name, now kept name:",
		"Quit with an unfinished form?")
	if len(k.entries()) != 0 {
		t.Error("something was made")
	}
}

func TestTheEndOfTheInputSaysWhatIsLost(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", "half")
	holds(t, out, "The input has ended. The unfinished form is lost")
}

func TestWhatAnswersMeanEverywhereCanBeTyped(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", `\?`, "<", "1", "-", "<", "1", "?", "")
	holds(t, out, "Friendly name, now ?:", "Friendly name (the common name):", "The friendly name is only a label for people")
}

func TestAnImportByLinesCompletesARequest(t *testing.T) {
	for name, source := range map[string]func(k *talk) []string{
		"a file": func(k *talk) []string { return []string{"Files", k.file("missing.crt"), k.file("answer.crt"), ""} },
		"a folder": func(k *talk) []string {
			return []string{"", k.dir + "/", "2", ""}
		},
		"pasted text": func(k *talk) []string { return []string{"pasted", string(k.read("answer.crt")) + "."} },
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t)
			k.request("webmail", "webmail.example.org")
			k.write("answer.crt", uitest.Answer(t, k.read("webmail.req")))
			answers := append([]string{"import"}, source(k)...)
			out := k.says(append(answers, "", "IIS SMTP", "y", "q")...)
			e := k.only()
			if e.Kind != certstore.Certificate || e.FriendlyName != "webmail" || e.Wanted != certstore.IIS|certstore.SMTP {
				t.Errorf("%+v\n%s", e, out)
			}
			holds(t, out, "The answer to your request webmail", "Complete the request? (y or N): y", "webmail is valid until 21 Feb 2027")
		})
	}
}

func TestRemovingAsksAsTheDeskDoes(t *testing.T) {
	k := newTalk(t)
	k.request("secure_smtp", "mail.example.org")
	out := k.says("remove", "", "remove 1", "lose the kee", "", "D", "lose the key", "q")
	holds(t, out, "Remove the pending request secure_smtp?", `Type "lose the key" to go on, or an empty line for Cancel: `,
		`Problem: that is not "lose the key"`, "secure_smtp is removed; u takes it back, or: certdesk restore")
	if len(k.entries()) != 0 {
		t.Error("the request is still there")
	}
}

func TestOneMayBeSureThatNothingIsRemoved(t *testing.T) {
	for _, answers := range [][]string{{""}, {"1"}, {"n"}, {"<"}, {"yes please", ""}, {}} {
		k := newTalk(t)
		k.selfSigned("own")
		k.says(append([]string{"remove"}, answers...)...)
		if len(k.entries()) != 1 {
			t.Errorf("%q removed it", answers)
		}
	}
	k := newTalk(t)
	k.selfSigned("own")
	holds(t, k.says("remove", "y", "q"), "own is removed;")
	if len(k.entries()) != 0 {
		t.Error("yes removed nothing")
	}
}

func (k *talk) selfSigned(name string) {
	k.Helper()
	k.says("new", "2", name, "30", name+".example.org", "", "", "", "", "", "", "", "", "", "", "", "", "", "y", "", "", "", "", "", "y", "q")
	if n := len(k.entries()); n == 0 {
		k.Fatal("no certificate was made")
	}
}

func TestAnExportByLines(t *testing.T) {
	k := newTalk(t)
	k.selfSigned("own")
	pfx := k.file("own.pfx")
	out := k.says("export", "1", pfx, "secret word", "another", "secret word", "y", "q")
	holds(t, out, "Who will open this?", "Problem: the two passwords differ: type the same one twice.", "Written", pfx)
	if strings.Contains(out, "secret word") || strings.Contains(out, "another") {
		t.Errorf("a password was written out:\n%s", out)
	}
	k.read("own.pfx")

	out = k.says("export", "windows-2019", pfx, "pw", "pw", "no", "1", "", "pw", "pw", "y", "", "y", "2", "q")
	holds(t, out, "Nothing was done.", "Replace the file?", "1 Cancel, 2 Replace; an empty line for Cancel: ")

	asked := []string{}
	k.secret = func(_ context.Context, prompt string) ([]byte, error) {
		asked = append(asked, prompt)
		return []byte("unseen"), nil
	}
	k.says("export", "1", k.file("second.pfx"), "y", "q")
	if len(asked) != 2 || asked[0] != "Password: " {
		t.Errorf("asked unseen: %q", asked)
	}
	k.read("second.pfx")
}

func TestARenewalByLinesAsksWhichForm(t *testing.T) {
	k := newTalk(t)
	k.selfSigned("own")
	out := k.says("new", "1", "half", "<<", "renew", "2", "", "<<", "q", "q")
	holds(t, out, "Which form?", "Renew own - 1 of 6", "Friendly name, now own")
}

func TestAPastedKeyIsNotWrittenOut(t *testing.T) {
	k := newTalk(t)
	key := "-----BEGIN PRIVATE KEY-----\nMIIBVgIBADANBgkqhkiG\n-----END PRIVATE KEY-----"
	if out := k.says("import", "2", key, "."); strings.Contains(out, "MIIBVg") {
		t.Errorf("the key is in\n%s", out)
	}
}

// The rows are numbered as they were printed, whatever others do meanwhile, and what changed is told.
func TestRowsThatOthersChangeAreTold(t *testing.T) {
	k := newTalk(t)
	k.selfSigned("first")
	var out bytes.Buffer
	in, answers := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- lines.Run(context.Background(), k.config(), lines.IO{In: in, Out: &out})
	}()
	io.WriteString(answers, "?\n")
	k.request("worse", "mail.example.org")
	io.WriteString(answers, "details 1\nq\nq\n")
	answers.Close()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	holds(t, out.String(), "1 row changed meanwhile.\npending: worse", "first\n  valid", "1 pending: worse")
}

func TestALongListIsPrintedAScreenfulAtATime(t *testing.T) {
	var entries []certstore.Entry
	for i := range 45 {
		entries = append(entries, uitest.Certificate(int64(i+1), fmt.Sprintf("web %d", i+1), "valid", trust.Valid, 80+i, 398, "a.example.org"))
	}
	l, out := lineDeskOf(t, entries, "45", "m", "more", "m", "46", "/web 44", "q")
	l.Run()
	holds(t, out.String(), "20 of 45 rows. m prints more.", "40 of 45 rows.", "45 valid: web 45", "There is no more.",
		"Row 45 of 45. web 45", "There is no row 46: there are 45.", `1 of 45 contains "web" and "44":`)
}

// onTerminal says that the lines are seen on a terminal of w×h cells.
func onTerminal(l *lines.LineDesk, w, h int) {
	talk := l.IO()
	talk.Width, talk.Height = w, h
	l.SetIO(talk)
}

// lineDeskOf is a desk in lines that shows entries without a store.
func lineDeskOf(t testing.TB, entries []certstore.Entry, answers ...string) (*lines.LineDesk, *bytes.Buffer) {
	t.Helper()
	var out bytes.Buffer
	c := uitest.Hub()
	c.Now = func() time.Time { return uitest.Noon }
	l := lines.NewLineDesk(context.Background(), c, lines.IO{In: strings.NewReader(strings.Join(answers, "\n") + "\n"), Out: &out})
	l.Send(screen.TimerMsg{Msg: table.ListedMsg{Listing: table.Prepare(entries, table.Sorting{})}})
	return l, &out
}

func TestHostileTextMovesNoCursor(t *testing.T) {
	bad := uitest.Certificate(1, "evil\x1b[2Jname\u202e", "valid", trust.Valid, 80, 398, "a\x07.example.org")
	bad.Subject, bad.Verdict.Reason = "CN=\x1b]0;title\x07", "\x9b31m"
	l, out := lineDeskOf(t, []certstore.Entry{bad}, "1", "details", "q", "no\x1b[Asuch", "export", "\x1b[A", "<", "q")
	l.Run()
	for _, r := range out.String() {
		if r < 0x20 && r != '\n' || r >= 0x7f && r < 0xa0 || r == 0x202e {
			t.Fatalf("%q was sent:\n%q", r, out.String())
		}
	}
	holds(t, out.String(), `evil\u{1b}[2Jname`)
}

// plainPage is a screen that knows nothing of lines: a list of which one line is chosen.
type plainPage struct {
	uitest.Recorder
	at     int
	opened []int
}

func (p *plainPage) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	k, ok := msg.(tea.KeyMsg)
	switch {
	case !ok:
	case kit.Pressed(k, screen.Keys.Home):
		p.at = 0
	case kit.Pressed(k, screen.Keys.Down):
		p.at++
	case kit.Pressed(k, screen.Keys.Open):
		p.opened = append(p.opened, p.at)
	case kit.Pressed(k, screen.Keys.Leave):
		return p, screen.Pop
	}
	return p, nil
}

func (p *plainPage) View(w, h int) string {
	lines := []string{"", "Events", ""}
	for i, text := range []string{"made", "imported", "removed"} {
		lead := "   "
		if i == p.at {
			lead = " > "
		}
		lines = append(lines, lead+text)
	}
	return kit.Fit(strings.Join(lines, "\n"), w, h)
}

func (p *plainPage) Verbs() []kit.Verb {
	return append([]kit.Verb{screen.Keys.Open, screen.Keys.Leave}, screen.Moves()...)
}
func (p *plainPage) Title() string { return "A page" }

func TestAScreenThatKnowsNothingOfLinesWorks(t *testing.T) {
	l, out := lineDeskOf(t, uitest.Article(), "details 3", "down", "open", "nonsense", "?", "", "q")
	p := &plainPage{}
	l.D().Push(func(*screen.Desk) screen.Screen { return p })
	l.Run()
	if len(p.opened) != 1 || p.opened[0] != 2 {
		t.Errorf("opened %v, want the third line", p.opened)
	}
	holds(t, out.String(), "A page\nEvents\n\n > made\n   imported\n   removed\n", " > removed", `Nothing here is called "nonsense".`, "  details, enter: everything about this one", "What needs attention")
}

// What ? lists are the verbs of the screen, as the footer and the palette do: all but the one that takes a terminal, and
// those that only a mouse and the palette press.
func TestLinesOfferTheVerbsOfAScreen(t *testing.T) {
	for _, place := range []screen.Place{nil, screen.ToDetails{Entry: uitest.Article()[0]}} {
		l, out := lineDeskOf(t, uitest.Article(), "?")
		if place != nil {
			l.D().Open(place)
			l.Send(nil)
		}
		verbs := screen.VerbsOf(l.Top().Verbs())
		l.Run()
		text := out.String()
		for _, v := range verbs {
			if listed := strings.Contains(text, "\n  "+v.Word); listed == (v.Is(screen.Keys.Copy) || len(v.Keys) == 0) {
				t.Errorf("%T: %s is listed: %v, in\n%s", place, v.ID, listed, text)
			}
		}
	}
}

// shared is a buffer that a test reads while a desk writes it.
type shared struct {
	mutex sync.Mutex
	text  bytes.Buffer
}

func (b *shared) Write(p []byte) (int, error) {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.Write(p)
}

func (b *shared) String() string {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	return b.text.String()
}

func (b *shared) awaits(t testing.TB, text string) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !strings.Contains(b.String(), text); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("%q never came:\n%s", text, b.String())
		}
	}
}

// What takes long is said once; ctrl+c cancels it, and with nothing running its second press leaves.
func TestAnInterruptCancelsWhatRunsAndThenLeaves(t *testing.T) {
	k := newTalk(t)
	started, goOn := make(chan bool, 1), make(chan bool)
	k.newKey = func(spec issuing.KeySpec) (crypto.Signer, error) {
		started <- true
		<-goOn
		return uitest.SmallKeys(spec)
	}
	k.open()
	out, interrupts := &shared{}, make(chan os.Signal)
	in, answers := io.Pipe()
	defer answers.Close()
	done := make(chan error, 1)
	go func() {
		done <- lines.Run(context.Background(), k.config(), lines.IO{In: in, Out: out, Interrupts: interrupts})
	}()
	io.WriteString(answers, "new\n2\nown\n\nmail.example.org\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\ny\n")
	select {
	case <-started:
	case <-time.After(20 * time.Second):
		t.Fatal(out.String())
	}
	out.awaits(t, "making the key, then the certificate ...")
	interrupts <- os.Interrupt
	close(goOn)
	out.awaits(t, "nothing was made")
	interrupts <- os.Interrupt
	out.awaits(t, "ctrl+c again to quit")
	interrupts <- os.Interrupt
	out.awaits(t, "Quit with an unfinished form?")
	io.WriteString(answers, "2\n")
	if err := <-done; err != nil {
		t.Error(err)
	}
	if len(k.entries()) != 0 {
		t.Error("something was made")
	}
}

func TestTheEndOfTheContextEndsIt(t *testing.T) {
	k := newTalk(t)
	ctx, cancel := context.WithCancelCause(context.Background())
	in, answers := io.Pipe()
	defer answers.Close()
	out, done := &shared{}, make(chan error, 1)
	go func() { done <- lines.Run(ctx, k.config(), lines.IO{In: in, Out: out}) }()
	out.awaits(t, "certdesk> ")
	why := errors.New("terminated")
	cancel(why)
	if err := <-done; err != why {
		t.Errorf("ended with %v", err)
	}
}

func TestRowsAreFoundByNumberAndName(t *testing.T) {
	entries := append(uitest.Article(), uitest.Certificate(9, "partner", "valid", trust.Valid, 90, 365, "b.example.org"))
	l, out := lineDeskOf(t, entries, "this server", "details webmail 2025", "q", "remove nobody", "remove partner", "sort name", "9", "sort nothing", "esc", "/svc:smtp", "", "/befor:25dec", "/before:25dec", "/webmail.pro", "/", "copy", "q")
	l.Run()
	holds(t, out.String(), "Row 9 of 9. this server", "webmail 2025\n", `No row is called "nobody".`, "2 rows are called so",
		"in the order that was chosen:\n1 invalid: broken", "2 not yet valid: next year", "Row 9 of 9. webmail 2025 is valid", `Nothing here is called "nothing".`, "1 of 9 is for SMTP:",
		`No filter word is called "befor:"; did you mean before:?`, "2 of 9 expire before 25 Dec:")
	if strings.Contains(out.String(), "Remove ") {
		t.Error("a row that was not meant was to be removed")
	}
}

func TestSentencesAreBrokenAtBlanksAndDataIsWhole(t *testing.T) {
	text := "one two three-and-four " + strings.Repeat("x", 30) + " five"
	if got, want := lines.Broken(text, 12), []string{"one two", "three-and-four " + strings.Repeat("x", 30) + " five"}; !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	if got := lines.Broken("aaaa bbbb cccc", 9); !slices.Equal(got, []string{"aaaa bbbb", "cccc"}) {
		t.Errorf("%q", got)
	}
	l, out := lineDeskOf(t, uitest.Article(), "details webmail 2025", "q", "q")
	onTerminal(l, 40, 0)
	l.Run()
	holds(t, out.String(), fmt.Sprintf("SHA-256        %064x", 3))
}

func TestTheWorksheetByLines(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", "", "", "", "", "", "", "yes", "1 1 webmail.example.org", "3 2 a_b", "smtp inside mail.example.org", "",
		"cn webmail.example.org", "down 2", "", "<<")
	holds(t, out, "By which names is each service reached?", "Problem: ", "1 on: webmail.example.org, common name", "on: mail.example.org, SMTP inside")
}

func TestSeveralAnswersAreImportedByLines(t *testing.T) {
	k := newTalk(t)
	k.request("one", "one.example.org")
	k.request("two", "two.example.org")
	k.write("one.crt", uitest.Answer(t, k.read("one.req")))
	k.write("two.crt", uitest.Answer(t, k.read("two.req")))
	out := k.says("import", "", k.file("one.crt"), k.file("two.crt"), k.file("root.pem"), "", "y", "q")
	for _, e := range k.entries() {
		if e.Kind != certstore.Certificate {
			t.Errorf("%s is still pending", e.FriendlyName)
		}
	}
	holds(t, out, "one, completes one", "two, completes two", "Import 2? (y or N): y", "done, one", "done, two")
}

// A row that is named behind an action is the one it is done to, or none: never the marked ones instead.
func TestMarkedRowsAreNeverTakenForTheOneThatWasNamed(t *testing.T) {
	k := newTalk(t)
	k.selfSigned("one")
	k.selfSigned("two")
	k.selfSigned("three")
	out := k.says("mark one", "mark two", "remove three", "y", "clear marks", "remove three", "y", "q")
	holds(t, out, "2 marked.", "Rows are marked, and this acts on all of them", "three is removed;")
	if n := len(k.entries()); n != 2 {
		t.Errorf("%d are left", n)
	}
	out = k.says("mark all", "remove", "y", "q")
	holds(t, out, "Remove these 2?", "All 2 removed.")
	if n := len(k.entries()); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestHistoryAndRemovedEntriesByLines(t *testing.T) {
	k := newTalk(t)
	k.selfSigned("one")
	k.selfSigned("two")
	out := k.says("remove one", "y", "remove two", "y",
		"history", "/made", "2", "/", "restore 1", // two comes back
		"removed", "one", "purge", "abcdef", "", "restore one", "q")
	holds(t, out, "History\n1 23 Nov 2026 12:00: root removed two", "Row 2 of 2. root made the self-signed certificate one", "two is restored",
		"Removed entries\n1 one, one.example.org, from itself, until 23 Dec 2026, removed on 23 Nov 2026 by root", "Purge one for good?", "one is restored")
	if n := len(k.entries()); n != 2 {
		t.Errorf("%d entries are live, want 2", n)
	}
	one := k.entries()[0]
	out = k.says("remove one", "y", "T", "P one", one.Thumbprint[len(one.Thumbprint)-6:], "health", "", "q")
	holds(t, out, "one is purged", "Nothing is removed.", "The store's health")
}

func TestATerminalIsFilledOnceAtATime(t *testing.T) {
	l, out := lineDeskOf(t, uitest.Article(), "m", "m", "q")
	onTerminal(l, 60, 14)
	l.Run()
	holds(t, out.String(), "4 of 8 rows. m prints more.", "8 valid: this server")
}

// An action that help lists elsewhere or at another time says why it is not done now.
func TestAnActionThatCannotBeDoneNowSaysWhyByLines(t *testing.T) {
	for answer, says := range map[string]string{
		"undo":        "nothing to undo: nothing was removed here; T shows what was removed earlier.",
		"clear marks": "nothing is marked.",
		"adopt":       "webmail 2025 is in the store already.",
		"purge":       `"purge" is not for this page, or not for now. ? lists what can be done.`,
		"copy":        "Lines are copied by whoever reads them: details prints all there is.",
		"nonsense":    `Nothing here is called "nonsense".`,
	} {
		l, out := lineDeskOf(t, uitest.Article(), "webmail 2025", answer, "q", "q")
		l.Run()
		if !strings.Contains(out.String(), says) {
			t.Errorf("%s: %s", answer, out.String())
		}
	}
	l, out := lineDeskOf(t, uitest.Article(), "enable secure_client", "renew secure_smtp", "<<", "q", "q")
	l.Run() // renew is not among the actions of the request that is selected then: it is for the row that is named
	holds(t, out.String(), "its certificate can be enabled once the CA's answer is imported.", "Renew secure_smtp")
}

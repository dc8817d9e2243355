package ui_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/services"
	"certdesk/ui"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/theme"
	"certdesk/ui/uitest"
)

// TestRandomKeys presses random keys on every screen, pastes, resizes, changes the store from outside, and lets answers
// and timers come late. It runs for three seconds, with CERTDESK_ALL for a minute, in both the same sessions whatever
// the machine; or for CERTDESK_FUZZ (such as 10m). CERTDESK_SEED begins with that session.
func TestRandomKeys(t *testing.T) {
	play := fuzzRoom(t)
	end := time.Now().Add(fuzzTime(t))
	seed, steps, last := fuzzSeed(t), 0, fuzzSeed(t)+40
	if os.Getenv("CERTDESK_FUZZ") != "" {
		last = math.MaxUint64
	}
	for ; time.Now().Before(end) && seed < last; seed++ {
		script, err := randomSession(t, play, seed)
		steps += len(script)
		if err != nil {
			short, err := shrink(t, play, script, err)
			t.Fatalf("seed %d: %v\nreplay these %d steps with replayed(t, ...):\n%s", seed, err, len(short), quotedSteps(short))
		}
	}
	t.Logf("%d steps, the last session was %d; played: %v", steps, seed-1, played)
}

// Each operation is within reach of the player, and confirmed by what it takes for a confirmation; without it, not.
func TestTheConfirmationsOfThePlayer(t *testing.T) {
	play := fuzzRoom(t)
	for _, c := range []struct {
		on     string // the screen on top when it is done
		script []string
	}{
		{"wizardScreen", []string{"key n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "answers", "timers", "key enter", "answers"}},
		{"importScreen", []string{"key i", "answers", "type answer.cer", "key ctrl+n", "answers", "key ctrl+n", "key enter", "answers"}},
		{"exportScreen", []string{"key x", "key ctrl+n", "type out.pem", "key ctrl+n", "key ctrl+n", "key enter", "answers"}},
		{"batchScreen", []string{"key *", "key x", "key end", "key tab", "type .", "key ctrl+n", "answers", "key ctrl+n", "key enter", "answers"}},
		{"removedScreen", []string{"key T", "answers", "key P", "answers", "timers", "type digits", "key enter", "key enter", "answers"}},
		{"removedScreen", []string{"key T", "answers", "key r", "answers"}},
		{"enableScreen", []string{"key end", "key e", "answers", "key ctrl+n", "key enter", "answers", "timers", "key ctrl+n", "key enter", "answers"}},
		{"renameScreen", []string{"key end", "key N", "type x", "key enter", "timers", "key enter", "answers"}},
		{"tableScreen", []string{"key end", "key D", "timers", "key tab", "key enter", "answers", "key u", "answers"}},
		{"editScreen", []string{"key ,", "answers", "key enter", "type beer.example", "key enter", "answers", "timers", "key enter", "answers"}},
		{"removeScreen", []string{"key end", "key D", "timers", "key tab", "key enter", "answers"}},
	} {
		what := "changes confirmed on " + c.on
		before := played[what]
		if err := replayed(t, play, c.script); err != nil {
			t.Errorf("%s: %v", c.on, err)
		}
		if played[what] == before {
			t.Errorf("%s: nothing was changed by %s", c.on, quotedSteps(c.script))
		}
	}
}

// What random keys have found once stays mended.
func TestWhatRandomKeysFound(t *testing.T) {
	play := fuzzRoom(t)
	for name, script := range map[string][]string{
		"a key in a tiny terminal":                   {"key ctrl+d", "size 14x37", "key enter", "together Dy"},
		"a filter of the trash, cut within a letter": {"key T", "answers", "key /", "type 12", "paste one line"},
		"a filter cut within a letter":               {"size 200x40", "key /", "type 12", "paste one line"},
		"the word enter, pasted without brackets onto a button": {"key pgdown", "key R", "answers", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key tab", "key enter", "key enter",
			"key ctrl+n", "timers", "key ctrl+n", "together enter", "answers"},
		"Create by the palette, before the review page takes a key": {"key n", "key  ", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+n", "key ctrl+p",
			"key enter", "timers", "answers"},
	} {
		if err := replayed(t, play, script); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzKeys lets the fuzzer of go test choose the steps.
func FuzzKeys(f *testing.F) {
	for seed := range uint64(8) {
		data := make([]byte, 400)
		r := rand.New(rand.NewPCG(seed, 0))
		for i := range data {
			data[i] = byte(r.UintN(256))
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		play := fuzzRoom(t)
		script, err := session(t, play, bytesChance(data), len(data)/4)
		if err != nil {
			t.Fatalf("%v\n%s", err, quotedSteps(script))
		}
	})
}

// played counts the messages each screen got and the changes that were confirmed, so that the log shows how far play
// came.
var played = map[string]int{}

// sessionSteps is how long one desk is played with before the next begins with a fresh store.
const sessionSteps = 400

func fuzzTime(t *testing.T) time.Duration {
	if text := os.Getenv("CERTDESK_FUZZ"); text != "" {
		d, err := time.ParseDuration(text)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	if os.Getenv("CERTDESK_ALL") != "" {
		return time.Minute
	}
	return 3 * time.Second
}

func fuzzSeed(t *testing.T) (seed uint64) {
	if text := os.Getenv("CERTDESK_SEED"); text != "" {
		if _, err := fmt.Sscan(text, &seed); err != nil {
			t.Fatal(err)
		}
	}
	return seed
}

// chance gives a number below n.
type chance func(n int) int

func randomSession(t *testing.T, play string, seed uint64) ([]string, error) {
	return session(t, play, rand.New(rand.NewPCG(seed, 0)).IntN, sessionSteps)
}

// bytesChance takes its numbers from data, then 0.
func bytesChance(data []byte) chance {
	return func(n int) int {
		if len(data) == 0 {
			return 0
		}
		b := data[0]
		data = data[1:]
		return int(b) % n
	}
}

// session plays n steps, each chosen by what the desk shows, and gives those that were played.
func session(t *testing.T, play string, roll chance, n int) (script []string, err error) {
	p := newPlayer(t, play)
	defer os.RemoveAll(p.dir)
	for range n {
		step := p.choose(roll)
		script = append(script, step)
		if err := p.step(step); err != nil {
			return script, err
		}
	}
	return script, nil
}

// replayed plays steps again, such as those of a failure.
func replayed(t *testing.T, play string, script []string) error {
	p := newPlayer(t, play)
	defer os.RemoveAll(p.dir)
	for _, step := range script {
		if err := p.step(step); err != nil {
			return err
		}
	}
	return nil
}

// shrink leaves out what a failure does not need: halves, then quarters, down to single steps.
func shrink(t *testing.T, play string, script []string, err error) ([]string, error) {
	for size := len(script) / 2; size > 0; size /= 2 {
		for at := 0; at+size <= len(script); {
			less := slices.Delete(slices.Clone(script), at, at+size)
			if e := replayed(t, play, less); e != nil {
				script, err = less, e
			} else {
				at += size
			}
		}
	}
	return script, err
}

func quotedSteps(script []string) string { return fmt.Sprintf("%#v", script) }

// fuzzRoom is a directory to work in, so that a file somebody exports falls nowhere else. It holds the store that each
// session gets a copy of.
func fuzzRoom(t *testing.T) string {
	dir := t.TempDir()
	t.Setenv("HOME", dir)
	t.Chdir(dir)
	if err := os.Mkdir(dir+"/stock", 0o700); err != nil {
		t.Fatal(err)
	}
	if err := stockStore(dir + "/stock"); err != nil {
		t.Fatal(err)
	}
	return dir
}

// stockStore makes two pending requests, an answered one, two self-signed certificates and a removed one.
func stockStore(dir string) error {
	ctx := context.Background()
	s, err := fuzzStore(dir + "/store")
	if err != nil {
		return err
	}
	for i, host := range []string{"web.example.org", "mail.example.org", "answered.example.org", "own.example.org", "imap.example.org", "old.example.org"} {
		r := requestFor(host)
		r.SelfSigned, r.Exportable = i > 2, i%2 == 0
		made, err := s.New(ctx, r)
		if err != nil {
			return err
		}
		if err := os.WriteFile(fmt.Sprintf("%s/%d.req", dir, i), made.PEM, 0o600); err != nil {
			return err
		}
	}
	list, err := s.List(ctx, false)
	if err != nil {
		return err
	}
	_, err = s.Remove(ctx, list[len(list)-1:], false)
	return err
}

func fuzzStore(dir string) (*certstore.Store, error) {
	install := filepath.Join(filepath.Dir(dir), "web")
	return certstore.Open(certstore.Options{
		Dir: dir, Now: func() time.Time { return uitest.Noon }, NewKey: quickKeys, Ask: uitest.Served(install),
		Services: []services.Instance{{Use: "IIS", Driver: "command", Install: install, Listen: []string{"tls://127.0.0.1:5061"}, Reload: []string{"/bin/true"}}},
	})
}

// player plays steps on a desk over a copy of the store.
type player struct {
	t       *testing.T
	dir     string
	store   *certstore.Store
	other   *certstore.Store // of another process
	answer  []byte           // of a CA, to the request answered.example.org
	app     *ui.App
	timers  []screen.TimerMsg
	waiting []promise
	quit    bool
	seen    map[string]int // screens and changes, for the log
	themes  int
	changes int
	drawn   int
}

// promise is a command that has not been carried out, and whether a person confirmed what it does.
type promise struct {
	cmd       tea.Cmd
	confirmed bool
}

func newPlayer(t *testing.T, play string) *player {
	t.Helper()
	dir, err := os.MkdirTemp(play, "session")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(dir, os.DirFS(play+"/stock")); err != nil {
		t.Fatal(err)
	}
	if err := os.Chdir(dir); err != nil {
		t.Fatal(err)
	}
	p := &player{t: t, dir: dir, seen: played}
	for _, s := range []**certstore.Store{&p.store, &p.other} {
		if *s, err = fuzzStore(dir + "/store"); err != nil {
			t.Fatal(err)
		}
	}
	request, err := os.ReadFile(dir + "/2.req")
	if err != nil {
		t.Fatal(err)
	}
	p.answer = uitest.Answer(t, request)
	for name, data := range map[string][]byte{"answer.cer": p.answer, "certdesk.toml": []byte("# settings\nrole = \"hub\"\n")} {
		if err := os.WriteFile(dir+"/"+name, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	p.open(80, 24)
	return p
}

// open starts a desk, as a person does who has left the one before. Its look is another each time.
func (p *player) open(w, h int) {
	looks := []struct{ theme, lang, plain, term string }{{"dark", "C", "", ""}, {"light", "C.UTF-8", "", "xterm-256color"},
		{"mono", "C.UTF-8", "", ""}, {"auto", "C", "1", ""}, {"dark", "C.UTF-8", "", "xterm-256color"}}
	look := looks[p.themes%len(looks)]
	p.themes++
	now := func() time.Time { return uitest.Noon }
	env := func(name string) string {
		return map[string]string{"LANG": look.lang, "NO_COLOR": look.plain, "TERM": look.term}[name]
	}
	c := screen.Config{Store: p.store, Env: uitest.ArticleEnv(), Server: "mail01.proexchange.global", Now: now, Settings: p.dir + "/certdesk.toml"}
	c.Reopen = func(to config.Config) (next screen.Config, err error) {
		if to.Server != "" {
			return c, errors.New("a test looks up no name")
		}
		next = c
		next.Store, err = fuzzStore(p.dir + "/store")
		return next, err
	}
	d := screen.NewDesk(context.Background(), c, theme.New(look.theme, env))
	p.timers, p.waiting, p.quit = nil, nil, false
	d.Clock = func(_ time.Duration, msg screen.TimerMsg) tea.Cmd {
		p.timers = append(p.timers, msg)
		return nil
	}
	p.app = ui.New(d)
	p.tell(tea.WindowSizeMsg{Width: w, Height: h}, false)
	p.later(p.app.Start(), false)
	p.later(p.app.Relist(), false)
	p.answers()
}

// step plays one step. A panic, a frame that is not whole, and a line in the journal that nobody confirmed are errors.
func (p *player) step(step string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("after %q: %s", step, screen.Traced(r).Trace)
		}
	}()
	kind, what, _ := strings.Cut(step, " ")
	if err := p.play(kind, what); err != nil {
		return fmt.Errorf("after %q: %w\n%s", step, err, p.screen())
	}
	if p.quit {
		p.open(p.app.D().Width, p.app.D().Height)
	}
	if err := p.whole(); err != nil {
		return fmt.Errorf("after %q: %w\n%s", step, err, p.screen())
	}
	return nil
}

func (p *player) play(kind, what string) error {
	switch kind {
	case "key":
		return p.press(kit.PressKey(what))
	case "together": // on a slow line
		return p.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(what)})
	case "type":
		if what == "digits" {
			what = p.lastDigits()
		}
		for _, c := range what {
			if err := p.press(letter(c)); err != nil {
				return err
			}
		}
	case "paste":
		return p.press(tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune(p.pastes()[what]), Paste: true})
	case "size":
		var size tea.WindowSizeMsg
		if _, err := fmt.Sscanf(what, "%dx%d", &size.Width, &size.Height); err != nil {
			return err
		}
		return p.held(size, false)
	case "wheel", "click":
		return p.mouse(kind, what)
	case "change":
		return p.change()
	case "timers":
		return p.timersFire()
	case "answers":
		return p.answers()
	}
	return nil
}

// mouse turns the wheel, up for 0, or presses at a cell.
func (p *player) mouse(kind, what string) error {
	var x, y int
	_, _ = fmt.Sscan(what, &x, &y)
	if kind == "wheel" {
		button := tea.MouseButtonWheelUp
		if x > 0 {
			button = tea.MouseButtonWheelDown
		}
		return p.held(uitest.Pointed(button, 5, 5), false)
	}
	return p.held(uitest.Pointed(tea.MouseButtonLeft, x, y), p.confirmsClick(x, y))
}

func letter(c rune) tea.KeyMsg {
	if c == ' ' {
		return kit.PressKey(" ")
	}
	return tea.KeyMsg{Type: tea.KeyRunes, Runes: []rune{c}}
}

func (p *player) press(k tea.KeyMsg) error { return p.held(k, p.confirms(k)) }

// held gives the desk a message. Only what a command does later may change the store, never Update itself.
func (p *player) held(msg tea.Msg, confirmed bool) error {
	before := p.journal()
	_, cmd := p.app.Update(msg)
	if after := p.journal(); !bytes.Equal(before, after) {
		return fmt.Errorf("an update has written %q", bytes.TrimPrefix(after, before))
	}
	p.follow(cmd, confirmed)
	return nil
}

func (p *player) tell(msg tea.Msg, confirmed bool) {
	_, cmd := p.app.Update(msg)
	p.follow(cmd, confirmed)
}

// follow takes in what an update asks for. Where it left a screen, what that had asked of the store comes about now.
func (p *player) follow(cmd tea.Cmd, confirmed bool) {
	p.later(cmd, confirmed)
	p.navigate()
	p.seen[kindOf(p.app.Top())]++
}

func (p *player) later(cmd tea.Cmd, confirmed bool) {
	if cmd != nil {
		p.waiting = append(p.waiting, promise{cmd, confirmed})
	}
}

// navigate carries out at once what only opens and closes screens, as the real loop does within a frame; the calls of
// the store stay.
func (p *player) navigate() {
	for range 100 {
		if len(p.waiting) == 0 || uitest.Calls(p.app.D()) > 0 {
			return
		}
		if err := p.first(); err != nil {
			panic(err)
		}
	}
}

// answers carries out every command, and what follows.
func (p *player) answers() error {
	for range 1000 {
		if len(p.waiting) == 0 {
			return nil
		}
		if err := p.first(); err != nil {
			return err
		}
	}
	return fmt.Errorf("a thousand commands and no end")
}

// first carries out the oldest command.
func (p *player) first() error {
	next := p.waiting[0]
	p.waiting = p.waiting[1:]
	before := p.journal()
	msg := next.cmd()
	if after := p.journal(); !bytes.Equal(before, after) {
		if !next.confirmed {
			return fmt.Errorf("nobody confirmed %q", bytes.TrimPrefix(after, before))
		}
		p.seen["changes confirmed on "+kindOf(p.app.Top())]++
	}
	return p.deliver(msg, next.confirmed)
}

func (p *player) deliver(msg tea.Msg, confirmed bool) error {
	switch msg := msg.(type) {
	case nil:
	case tea.QuitMsg:
		p.quit = true
	case screen.PanicMsg:
		return fmt.Errorf("%s", msg.Trace)
	case screen.ReplyMsg:
		if trouble, ok := msg.Msg.(screen.PanicMsg); ok {
			return fmt.Errorf("%s", trouble.Trace)
		}
		p.update(msg, goesOn(msg.Msg)) // else it is carried out: what the answer leads to wants its own confirmation
	default:
		if members, ok := uitest.Commands(msg); ok {
			for _, cmd := range members {
				p.later(cmd, confirmed)
			}
			return nil
		}
		p.update(msg, confirmed)
	}
	return nil
}

// goesOn says that one confirmation was for more than this: the tasks of a batch, and the look at what is there before.
func goesOn(msg tea.Msg) bool {
	if there, is := msg.(screen.ThereMsg); is {
		return len(there.Paths) == 0
	}
	return strings.HasSuffix(fmt.Sprintf("%T", msg), ".taskMsg")
}

func (p *player) update(msg tea.Msg, confirmed bool) {
	_, cmd := p.app.Update(msg)
	p.later(cmd, confirmed)
}

func (p *player) timersFire() error {
	due := p.timers
	p.timers = nil
	for _, timer := range due {
		if err := p.held(timer, false); err != nil {
			return err
		}
	}
	return nil
}

// change lets another process make, or remove, an entry; the desk follows.
func (p *player) change() error {
	ctx := context.Background()
	p.changes++
	list, err := p.other.List(ctx, false)
	if err != nil {
		return err
	}
	if p.changes%2 == 0 && len(list) > 2 {
		_, err = p.other.Remove(ctx, list[p.changes%len(list):][:1], true)
	} else {
		_, err = p.other.New(ctx, requestFor(fmt.Sprintf("other%d.example.org", p.changes)))
	}
	p.later(p.app.Relist(), false)
	return err
}

func (p *player) journal() []byte {
	data, err := os.ReadFile(filepath.Join(p.dir, "store", "journal"))
	if err != nil {
		p.t.Fatal(err)
	}
	return data
}

// whole says why the frame is not what a terminal of that size wants; drawing it changes nothing.
func (p *player) whole() error {
	w, h := p.app.D().Width, p.app.D().Height
	frame := p.app.View()
	if p.drawn++; p.drawn%8 == 0 && p.app.View() != frame {
		return fmt.Errorf("drawn again the frame is another")
	}
	if problem := tangled(p.app.Top().Verbs()); problem != "" {
		return errors.New(problem)
	}
	_, err := uitest.Sized(frame, w, h)
	return err
}

func (p *player) screen() string { return (&uitest.Driver{App: p.app}).Screen() }

// kindOf is what kind of screen it is, whatever room it is in.
func kindOf(s screen.Screen) string {
	_, kind, _ := strings.Cut(fmt.Sprintf("%T", s), ".")
	return kind
}

package ui

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
)

// stocked is a desk on a store with two exportable self-signed certificates of one friendly name and a pending request.
func stocked(t *testing.T) *driver {
	r := storeDesk(t, 80, 24)
	for _, host := range []string{"one.example.org", "two.example.org"} {
		_, err := r.app.d.Store.New(context.Background(), certstore.Request{
			SelfSigned: true, Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
			Key: certstore.KeySpec{Algorithm: "rsa", Bits: 2048}, FriendlyName: "mail server", Exportable: true,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	pending(r, "webmail.example.org")
	return r
}

// opened puts a screen on the desk, and lets its dialog wake.
func (r *driver) opened(s screen) {
	r.t.Helper()
	r.run(r.app.push(s))
	r.wait()
}

func TestSeveralAreExportedUnderNamesOfTheirOwn(t *testing.T) {
	r := stocked(t)
	dir := t.TempDir()
	r.opened(newExportAll(r.app.d, r.entries()))
	r.sees("Who will open these 3?", "2 of 3", "mail_server.pfx, mail_server-2.pfx", "web is a request")
	r.keys("tab")
	r.typing(dir)
	r.keys("enter")
	r.typing("canary-sesame")
	r.keys("enter")
	r.typing("canary-sesame")
	r.keys("ctrl+n", "enter")
	r.sees("2 of 3 exported", "done", "refused", "web")
	r.seesNot("canary")
	for _, name := range []string{"mail_server.pfx", "mail_server-2.pfx"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := formats.DecodeContext(t.Context(), data, []byte("canary-sesame")); err != nil || len(b.Keys) != 1 {
			t.Errorf("%s: %v %v", name, b, err)
		}
	}
	r.keys("enter")
	if r.depth() != 1 {
		t.Error("enter is not the way to the table")
	}
}

func TestNoneOfSeveralFilesIsReplacedWithoutAsking(t *testing.T) {
	r := stocked(t)
	dir := t.TempDir()
	precious := filepath.Join(dir, "mail_server-2.cer")
	if err := os.WriteFile(precious, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	r.opened(newExportAll(r.app.d, r.entries()[:2]))
	r.keys("down", "down", "down", "tab")
	r.typing(dir)
	r.keys("ctrl+n", "enter")
	r.sees("Replace 1 file?", "mail_server-2.cer", "( Cancel )")
	r.wait()
	r.keys("enter")
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Fatal("something was written though the answer was Cancel")
	}
	r.sees("Who will open these 2?")
	r.keys("enter")
	r.wait()
	r.keys("tab", "enter")
	r.sees("All 2 exported")
	if data, _ := os.ReadFile(precious); !strings.Contains(string(data), "BEGIN CERTIFICATE") {
		t.Errorf("%q", data)
	}
}

func TestADirectoryThatIsNotThereIsToldOf(t *testing.T) {
	r := stocked(t)
	file := fileWith(t, "file", nil)
	for _, path := range []string{"/no/such/directory", file, filepath.Dir(file) + "/missing/"} {
		r.opened(newExportAll(r.app.d, r.entries()[:2]))
		r.keys("tab")
		r.typing(path)
		r.keys("ctrl+n")
		r.sees("there is no such directory")
		r.keys("ctrl+u", "esc")
	}
}

func TestSeveralAreRenewedEachInItsWay(t *testing.T) {
	r := stocked(t)
	request := pending(r, "shop.example.org")
	path := fileWith(t, "answer.cer", answer(t, request))
	r.keys("i")
	r.typing(path)
	r.keys("ctrl+n", "ctrl+n", "enter", "enter")
	dir := t.TempDir()
	r.opened(newRenewAll(r.app.d, r.entries()))
	r.sees("Renew 3 of these 4?", "2 self-signed certificates made anew", "1 request: web.req", "left out: web")
	r.keys("tab")
	r.typing(dir)
	r.keys("ctrl+n", "enter")
	r.sees("3 of 4 renewals made", "web.req", "a new self-signed one", "Send the requests")
	if list := r.entries(); len(list) != 7 {
		t.Errorf("%d entries, want 4 old and 3 new", len(list))
	}
	if data, err := os.ReadFile(filepath.Join(dir, "web.req")); err != nil || !strings.Contains(string(data), "CERTIFICATE REQUEST") {
		t.Errorf("%q %v", data, err)
	}
	r.opened(newRenewAll(r.app.d, r.entries()))
	r.sees("Renew 4 of these 7?", "left out")
}

func TestNothingToRenewSaysWhyAndMakesNothing(t *testing.T) {
	r := stocked(t)
	pending(r, "other.example.org")
	r.opened(newRenewAll(r.app.d, r.entries()[2:]))
	r.sees("None of these can be renewed now", "web: this is a pending request")
	r.keys("enter")
	if r.depth() != 1 || len(r.entries()) != 4 {
		t.Error("something happened")
	}
}

func TestSeveralAreRemovedOnlyForTheWords(t *testing.T) {
	r := stocked(t)
	r.opened(askRemoveAll(r.app.d, r.entries()))
	r.sees("Remove these 3?", "pending", "web", "mail server", "1 is a pending request", `Type "lose the key"`)
	r.keys("tab", "enter")
	r.sees("Remove these 3?")
	r.keys("shift+tab")
	r.typing("lose the key")
	r.keys("enter", "enter")
	r.sees("All 3 removed")
	if n := len(r.entries()); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestCancelIsTheDefaultForSeveral(t *testing.T) {
	r := stocked(t)
	r.opened(askRemoveAll(r.app.d, r.entries()[:2]))
	r.seesNot("Type")
	r.keys("enter")
	if r.depth() != 1 || len(r.entries()) != 3 {
		t.Error("enter removed something")
	}
}

// What was removed by somebody else meanwhile is refused, the others go.
func TestEachOfSeveralHasItsOwnResult(t *testing.T) {
	r := stocked(t)
	list := r.entries()[:2]
	r.opened(askRemoveAll(r.app.d, list))
	if _, err := r.app.d.Store.Remove(context.Background(), list[:1], false); err != nil {
		t.Fatal(err)
	}
	r.keys("tab", "enter")
	r.sees("1 of 2 removed", "refused", "has already been removed")
}

// batchOf is a batch that notes how far it came; each task may cancel.
func batchOf(n int, do func(i int)) batch {
	b := batch{verb: "Test", doing: "testing", did: "tested"}
	for i := range n {
		name := fmt.Sprintf("thing %d", i+1)
		b.tasks = append(b.tasks, task{name, func(ctx context.Context) []result {
			do(i)
			return []result{{name: name, said: "tested"}}
		}})
	}
	return b
}

func TestABatchIsStoppedBetweenTwo(t *testing.T) {
	r := articleDesk(t, 80, 24)
	done := 0
	b := batchOf(12, func(i int) {
		if done++; i == 2 {
			r.app.d.cancel() // as esc does while it runs
		}
	})
	r.opened(newBatch(r.app.d, b))
	if done != 3 {
		t.Errorf("%d were done", done)
	}
	r.sees("3 of 12 tested", "not yet", "thing 4")
}

func TestABatchShowsHowFarItIs(t *testing.T) {
	r := articleDesk(t, 80, 24)
	s := &batchScreen{d: r.app.d, batch: batchOf(12, func(int) {})}
	s.at = 2
	s.busy.start(r.app.d, s.progress())
	r.app.open(s)
	r.sees("testing 3 of 12: thing 3", "esc cancel")
	r.exactEverywhere(false)
}

// resultsOf is the page of a batch of every kind of result.
func resultsOf(d *desk, name string) *batchScreen {
	s := &batchScreen{d: d, batch: batch{verb: "Export", doing: "writing", did: "exported", next: "Send them to your CA."}}
	s.results = []result{
		{name: "secure_smtp", id: 1, path: "/root/out/secure_smtp.pfx", more: "Only you can read the file."},
		{name: name, err: fail.New(fail.NotFound, "import the CA's answer first", "%s is a request", kit.Printable(name))},
		{name: "webmail 2025", err: errNotReached},
	}
	s.finish()
	return s
}

func TestBatchFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		for name, open := range map[string]func(d *desk) screen{
			"batch-results":     func(d *desk) screen { return resultsOf(d, "secure_client") },
			"batch-export":      func(d *desk) screen { return newExportAll(d, article()) },
			"batch-remove":      func(d *desk) screen { return askRemoveAll(d, article()) },
			"batch-remove-some": func(d *desk) screen { return askRemoveAll(d, article()[2:5]) },
			"batch-renew":       renewAllOf,
			"batch-import":      importSeveralOf,
		} {
			r := articleDesk(t, size[0], size[1])
			r.opened(open(r.app.d))
			r.frames(name, size)
		}
	}
}

func renewAllOf(d *desk) screen {
	s := newRenewAll(d, article()).(*renewAllScreen)
	var msg renewalsMsg
	for i, e := range article() {
		if e.Kind == certstore.PendingReq {
			msg.refused = append(msg.refused, result{name: title(e), id: e.ID, err: fail.New(fail.RenewalPending, "import the answer", "this is a pending request")})
			continue
		}
		msg.can = append(msg.can, renewal{entry: e, request: certstore.Request{SelfSigned: i == 3}})
	}
	s.loaded(msg)
	return s
}

func importSeveralOf(d *desk) screen {
	s := newImport(d).(*importScreen)
	s.keep.paths = []string{"/root/smtp.cer", "/root/web.cer", "/root/notes.txt", "/root/old.cer"}
	s.open(stageSource)
	s.groups = []certstore.Group{
		{From: []string{"/root/smtp.cer"}, Found: certstore.Found{Action: certstore.Completes, Leaf: article()[0], Existing: article()[1]}},
		{From: []string{"/root/web.cer"}, Found: certstore.Found{Action: certstore.Adds, BringsKey: true, Leaf: article()[2]}},
		{From: []string{"/root/notes.txt"}, Err: fail.New(fail.UnsupportedFormat, "import the file the CA sent", "read /root/notes.txt: no certificate is in it")},
		{From: []string{"/root/old.cer"}, Found: certstore.Found{Action: certstore.Exists, Leaf: article()[3], Existing: article()[3]}},
	}
	s.open(stageSeveral)
	return shownAs{s}
}

// shownAs is a screen that is on the page it was put on.
type shownAs struct{ *importScreen }

func (s shownAs) Init() tea.Cmd { return nil }

// No byte of a hostile name reaches the terminal raw on the pages for several.
func TestHostileNamesOnThePagesForSeveral(t *testing.T) {
	list := article()
	for i := range list {
		list[i].FriendlyName, list[i].Subject = hostile, "CN="+hostile
	}
	for _, open := range []func(d *desk) screen{
		func(d *desk) screen { return resultsOf(d, hostile) },
		func(d *desk) screen { return newExportAll(d, list) },
		func(d *desk) screen { return askRemoveAll(d, list) },
	} {
		r := articleDesk(t, 80, 24)
		r.opened(open(r.app.d))
		frame := r.app.View()
		for _, bad := range []string{"\u202e", "\x1b]", "\u200b", "\u009b", "\a", "\r"} {
			if strings.Contains(frame, bad) {
				t.Errorf("%q reaches the terminal:\n%s", bad, r.screen())
			}
		}
		r.exactEverywhere(false)
	}
}

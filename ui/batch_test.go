package ui_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// stocked is a desk on a store with two exportable self-signed certificates of one friendly name and a pending request.
func stocked(t *testing.T) *uitest.Driver {
	r := uitest.StoreDesk(t, 80, 24)
	for _, host := range []string{"one.example.org", "two.example.org"} {
		_, err := r.Desk.Store.New(context.Background(), issuing.Request{
			SelfSigned: true, Subject: names.Subject{{Type: "CN", Value: host}}, Names: []names.Name{{Kind: names.DNS, Value: host}},
			Key: issuing.KeySpec{Algorithm: "rsa", Bits: 2048}, FriendlyName: "mail server", Exportable: true,
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	uitest.Pending(r, "webmail.example.org")
	return r
}

func TestSeveralAreExportedUnderNamesOfTheirOwn(t *testing.T) {
	r := stocked(t)
	dir := t.TempDir()
	r.Opened(screen.At(screen.ToExportAll{List: r.Entries()}))
	r.Sees("Who will open these 3?", "2 of 3")
	r.Keys("tab")
	r.Sees("mail_server.pfx, mail_server-2.pfx", "web is a request")
	r.Typing(dir)
	r.Keys("enter")
	r.Typing("canary-sesame")
	r.Keys("enter")
	r.Typing("canary-sesame")
	r.Keys("ctrl+n", "enter")
	r.Sees("2 of 3 exported", "done", "refused", "web")
	r.SeesNot("canary")
	for _, name := range []string{"mail_server.pfx", "mail_server-2.pfx"} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if b, err := formats.DecodeContext(t.Context(), data, []byte("canary-sesame")); err != nil || len(b.Keys) != 1 {
			t.Errorf("%s: %v %v", name, b, err)
		}
	}
	r.Keys("enter")
	if r.Depth() != 1 {
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
	r.Opened(screen.At(screen.ToExportAll{List: r.Entries()[:2]}))
	r.Keys(slices.Repeat([]string{"down"}, 7)...)
	r.Keys("enter")
	r.Typing(dir)
	r.Keys("ctrl+n", "enter")
	r.Sees("Replace 1 file?", "mail_server-2.cer", "( Cancel )")
	r.Wait()
	r.Keys("enter")
	if list, _ := os.ReadDir(dir); len(list) != 1 {
		t.Fatal("something was written though the answer was Cancel")
	}
	r.Sees("Who will open these 2?")
	r.Keys("enter")
	r.Wait()
	r.Keys("tab", "enter")
	r.Sees("All 2 exported")
	if data, _ := os.ReadFile(precious); !strings.Contains(string(data), "BEGIN CERTIFICATE") {
		t.Errorf("%q", data)
	}
}

func TestADirectoryThatIsNotThereIsToldOf(t *testing.T) {
	r := stocked(t)
	file := uitest.FileWith(t, "file", nil)
	for _, path := range []string{"/no/such/directory", file, filepath.Dir(file) + "/missing/"} {
		r.Opened(screen.At(screen.ToExportAll{List: r.Entries()[:2]}))
		r.Keys("tab")
		r.Typing(path)
		r.Keys("ctrl+n")
		r.Sees("there is no such directory")
		r.Keys("ctrl+u", "esc")
	}
}

func TestSeveralAreRenewedEachInItsWay(t *testing.T) {
	r := stocked(t)
	pem := uitest.Pending(r, "shop.example.org")
	path := uitest.FileWith(t, "answer.cer", uitest.Answer(t, pem))
	r.Keys("i")
	r.Typing(path)
	r.Keys("ctrl+n", "ctrl+n", "enter", "enter")
	dir := t.TempDir()
	r.Opened(screen.At(screen.ToRenewAll{List: r.Entries()}))
	r.Sees("Renew 3 of these 4?", "2 self-signed certificates made anew", "1 request: web.req", "left out: web")
	r.Keys("tab")
	r.Typing(dir)
	r.Keys("ctrl+n", "enter")
	r.Sees("3 of 4 renewals made", "web.req", "a new self-signed one", "Send the requests")
	if list := r.Entries(); len(list) != 7 {
		t.Errorf("%d entries, want 4 old and 3 new", len(list))
	}
	if data, err := os.ReadFile(filepath.Join(dir, "web.req")); err != nil || !strings.Contains(string(data), "CERTIFICATE REQUEST") {
		t.Errorf("%q %v", data, err)
	}
	r.Opened(screen.At(screen.ToRenewAll{List: r.Entries()}))
	r.Sees("Renew 4 of these 7?", "left out")
}

func TestNothingToRenewSaysWhyAndMakesNothing(t *testing.T) {
	r := stocked(t)
	uitest.Pending(r, "other.example.org")
	r.Opened(screen.At(screen.ToRenewAll{List: r.Entries()[2:]}))
	r.Sees("None of these can be renewed now", "web: this is a pending request")
	r.Keys("enter")
	if r.Depth() != 1 || len(r.Entries()) != 4 {
		t.Error("something happened")
	}
}

func TestSeveralAreRemovedOnlyForTheWords(t *testing.T) {
	r := stocked(t)
	r.Opened(screen.At(screen.ToRemoveAll{List: r.Entries()}))
	r.Sees("Remove these 3?", "pending", "web", "mail server", "1 is a pending request", `Type "lose the key"`)
	r.Keys("tab", "enter")
	r.Sees("Remove these 3?")
	r.Keys("shift+tab")
	r.Typing("lose the key")
	r.Keys("enter", "enter")
	r.Sees("All 3 removed")
	if n := len(r.Entries()); n != 0 {
		t.Errorf("%d are left", n)
	}
}

func TestCancelIsTheDefaultForSeveral(t *testing.T) {
	r := stocked(t)
	r.Opened(screen.At(screen.ToRemoveAll{List: r.Entries()[:2]}))
	r.SeesNot("Type")
	r.Keys("enter")
	if r.Depth() != 1 || len(r.Entries()) != 3 {
		t.Error("enter removed something")
	}
}

// What was removed by somebody else meanwhile is refused, the others go.
func TestEachOfSeveralHasItsOwnResult(t *testing.T) {
	r := stocked(t)
	list := r.Entries()[:2]
	r.Opened(screen.At(screen.ToRemoveAll{List: list}))
	if _, err := r.Desk.Store.Remove(context.Background(), list[:1], false); err != nil {
		t.Fatal(err)
	}
	r.Keys("tab", "enter")
	r.Sees("1 of 2 removed", "refused", "has already been removed")
}

// batchOf is a batch that notes how far it came; each task may cancel.
func batchOf(n int, do func(i int)) screen.Batch {
	b := screen.Batch{Verb: "Test", Doing: "testing", Did: "tested"}
	for i := range n {
		name := fmt.Sprintf("thing %d", i+1)
		b.Tasks = append(b.Tasks, screen.Task{Name: name, Do: func(ctx context.Context) []screen.Result {
			do(i)
			return []screen.Result{{Name: name, Said: "tested"}}
		}})
	}
	return b
}

func TestABatchIsStoppedBetweenTwo(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	done := 0
	b := batchOf(12, func(i int) {
		if done++; i == 2 {
			r.Desk.Cancel() // as esc does while it runs
		}
	})
	r.Opened(batchScreen(b))
	if done != 3 {
		t.Errorf("%d were done", done)
	}
	r.Sees("3 of 12 tested", "not yet", "thing 4")
}

func TestABatchShowsHowFarItIs(t *testing.T) {
	r := uitest.ArticleDesk(t, 80, 24)
	r.Opened(batchScreen(batchOf(12, func(i int) {
		if i == 2 {
			r.Sees("testing 3 of 12: thing 3", "esc cancel")
			r.ExactEverywhere(false)
		}
	})))
}

func batchScreen(b screen.Batch) screen.Make {
	return func(d *screen.Desk) screen.Screen { return screen.NewBatch(d, b) }
}

// resultsOf is the page of a batch of every kind of result.
func resultsOf(name string) screen.Make {
	late := fail.New(fail.Canceled, "what was done before stays done; begin again for the rest", "not done: it was cancelled")
	return batchScreen(screen.Batch{Verb: "Export", Doing: "writing", Did: "exported", Next: "Send them to your CA.", Refused: []screen.Result{
		{Name: "secure_smtp", ID: 1, Path: "/root/out/secure_smtp.pfx", More: "Only you can read the file."},
		{Name: name, Err: fail.New(fail.NotFound, "import the CA's answer first", "%s is a request", kit.Printable(name))},
		{Name: "webmail 2025", Err: late},
	}})
}

func TestBatchFrames(t *testing.T) {
	for _, size := range [][2]int{{80, 24}, {140, 45}} {
		for name, open := range map[string]screen.Make{
			"batch-results":     resultsOf("secure_client"),
			"batch-export":      screen.At(screen.ToExportAll{List: uitest.Article()}),
			"batch-remove":      screen.At(screen.ToRemoveAll{List: uitest.Article()}),
			"batch-remove-some": screen.At(screen.ToRemoveAll{List: uitest.Article()[2:5]}),
		} {
			r := uitest.ArticleDesk(t, size[0], size[1])
			r.Opened(open)
			r.Frames(name, size)
		}
	}
}

// No byte of a hostile name reaches the terminal raw on the pages for several.
func TestHostileNamesOnThePagesForSeveral(t *testing.T) {
	list := uitest.Article()
	for i := range list {
		list[i].FriendlyName, list[i].Subject = uitest.Hostile, "CN="+uitest.Hostile
	}
	for _, open := range []screen.Make{
		resultsOf(uitest.Hostile),
		screen.At(screen.ToExportAll{List: list}),
		screen.At(screen.ToRemoveAll{List: list}),
	} {
		r := uitest.ArticleDesk(t, 80, 24)
		r.Opened(open)
		frame := r.App.View()
		for _, bad := range []string{"\u202e", "\x1b]", "\u200b", "\u009b", "\a", "\r"} {
			if strings.Contains(frame, bad) {
				t.Errorf("%q reaches the terminal:\n%s", bad, r.Screen())
			}
		}
		r.ExactEverywhere(false)
	}
}

// Several are exported for every reader that one is exported for: each gets the files that this reader takes.
func TestSeveralAreExportedForEveryReader(t *testing.T) {
	r := stocked(t)
	for at, reader := range exporting.Readers() {
		dir := t.TempDir()
		r.Opened(screen.At(screen.ToExportAll{List: r.Entries()}))
		r.Keys("home")
		for range at {
			r.Keys("down")
		}
		r.Keys("space")
		r.Sees("(o) " + reader.Name)
		r.Keys("tab", "ctrl+u")
		r.Typing(dir)
		r.Keys("ctrl+n", "enter")
		files, err := os.ReadDir(dir)
		made := exporting.Request{Path: "a.pem", Format: reader.Forms[0].Format}
		want := 2 * len(made.Files(r.Entries()[0]))
		if made.Format.OfRequest() {
			want = 1
		}
		if err != nil || len(files) != want {
			t.Errorf("%s: %d files, want %d, %v\n%s", reader.Name, len(files), want, err, r.Screen())
		}
		r.Keys("enter")
	}
}

package settings_test

import (
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
)

// Who is told is asked, tried by a message that is a test, shown and saved; the address of a webhook is on no page, in no
// difference and in no line of the history, and stays as it is where something beside it is changed.
func TestWhoIsToldIsSetUpFromTheDesk(t *testing.T) {
	h := daemontest.NewHook(t)
	r, path := houseDesk(t, "# ours\n")
	r.Exact(120, 45)
	seen := ""
	looks := func(texts ...string) {
		t.Helper()
		r.Sees(texts...)
		seen += r.Screen()
	}
	onto := func() { // the last row about who is told
		for r.Keys("end"); !strings.Contains(r.Screen(), "Who is told of what expires"); r.Keys("up") {
		}
	}
	r.Keys(",")
	onto()
	looks("who is told: by mail")
	r.Keys("enter")
	looks("Who is told?", "By mail", "Webhook file", "Told of")
	r.Keys("tab", "tab")
	r.Typing(h.URL)
	looks("Shape", "Signed with", "CA file")
	r.Keys("tab", "tab", "tab")
	r.Typing(h.RootsFile)
	r.Keys("ctrl+n")
	looks("This would be written", "A test was sent: 127.0.0.1", "took it: 200 OK", "+webhook", "(not shown, ")
	r.Wait()
	r.Keys("enter")
	looks("saved, and in use", "Told 1", "by webhook")
	if n := len(h.Posts()); n != 1 {
		t.Errorf("%d tests", n)
	}
	if got := content(t, path); !strings.Contains(got, "[[notify]]\nwebhook = \""+h.URL) {
		t.Error(got)
	}
	h.Answers(daemontest.Says(404, "no_service"))
	onto()
	r.Keys("up", "enter")
	looks("as it is, and not shown", "Shape")
	r.Typing("anna@example.org")
	r.Keys("tab", "tab") // to the program: no mail leaves a test
	r.Typing("/bin/true")
	r.Keys("ctrl+n")
	looks("This would be written", "could not be told: 127.0.0.1", `answered "404 Not Found": no_service`, "anna@example.org", "in the queue of /bin/true")
	r.Wait()
	r.Keys("enter")
	looks("saved, and in use")
	if got := content(t, path); !strings.Contains(got, h.URL) || !strings.Contains(got, `["anna@example.org"]`) || !strings.Contains(got, "ca_file") {
		t.Error(got)
	}
	onto()
	r.Keys("up", "D")
	looks("This would be written", "-[[notify]]")
	if all := seen + history(t, r); strings.Contains(all, daemontest.HookSecret) || !strings.Contains(all, "notify 1, webhook") {
		t.Error("the address of the webhook is shown, or its change is not told of")
	}
}

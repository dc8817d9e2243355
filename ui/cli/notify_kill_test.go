package cli

import (
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
)

// A run that is killed when the message has left, and before it is written down, has it sent once more, under the same
// id; the run after that sends nothing.
func TestARunKilledBetweenMessageAndLineTellsOnceMore(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	o.binary = binary(t)
	h := daemontest.NewHook(t)
	o.now = time.Now().AddDate(0, 0, -10) // the process has the system's clock
	o.selfSigned("mail.example.org", "--valid-days", "5")
	o.notify(o.hook(h))
	run, started := exec.Command(o.binary, o.args([]string{"renew", "--due"})...), make(chan bool)
	h.Answers(func(http.ResponseWriter, *http.Request) {
		<-started
		_ = run.Process.Kill() // before it has an answer
	})
	if err := run.Start(); err != nil {
		t.Fatal(err)
	}
	close(started)
	if err := run.Wait(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatal(err)
	}
	h.Answers(nil)
	var ids []string
	for range 3 {
		for _, p := range h.Posts() {
			ids = append(ids, p.Header.Get("X-Certdesk-Delivery"))
		}
		said, err := exec.Command(o.binary, o.args([]string{"renew", "--due"})...).CombinedOutput()
		if err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	if len(ids) != 2 || ids[0] != ids[1] || ids[0] == "" || len(h.Posts()) != 0 {
		t.Errorf("ids %q", ids)
	}
}

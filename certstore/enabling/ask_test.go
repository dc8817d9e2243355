package enabling

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore/probe"
	"certdesk/certstore/services"
)

// TestAQuestionWaitsAsLongAsTheDaemonDoes: postscreen may be told to greet later than a port is asked for otherwise.
func TestAQuestionWaitsAsLongAsTheDaemonDoes(t *testing.T) {
	s, _ := holding(t, nil)
	sw := services.Switch{Prove: []services.Proof{{URL: "smtp://127.0.0.1:25"}}, Wait: 12 * time.Second}
	for _, p := range s.formerPorts(sw) {
		if got := s.question(p).Wait; got != sw.Wait {
			t.Errorf("waits for %s", got)
		}
	}
	if got := s.question(Port{Listen: "smtp://127.0.0.1:25"}).Wait; got != 0 {
		t.Errorf("waits for %s", got)
	}
}

// A port that cannot be asked is no port that refused.
func TestAPortThatCannotBeAskedSaysWhy(t *testing.T) {
	t.Parallel()
	ds, _ := holding(t, nil)
	ports := ds.ask(t.Context(), []Port{{Listen: "gopher://127.0.0.1:70"}})
	r := ports[0].Report
	if r.Result != probe.NoAnswer || !strings.Contains(r.Text, "it was not asked: gopher://127.0.0.1:70 cannot be asked") {
		t.Errorf("%+v", r)
	}
}

package certstore

import (
	"os"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
)

// Issue 9, kind 1: Apache takes a key that is another's, its own check too, and ends when it has been told to reload.
// It serves the old certificate again at once, not when the proof's patience is over.
func TestADaemonThatEndsOnReloadIsStartedAgainAtOnce(t *testing.T) {
	if os.Getenv("CERTDESK_ALL") == "" {
		t.Skip("in the full run: Apache")
	}
	for _, proof := range []bool{true, false} {
		m := kind{"IIS", "apache", daemontest.Apache, all}.serve(t)
		first, next := m.bought(request(daemontest.Name)), m.bought(request(daemontest.Name))
		m.states(m.enable(first, ledger.IIS, enabling.Options{}), enabling.Enabled)
		other, err := os.ReadFile(m.inStore("keys", first.SPKI+".key"))
		m.must(err)
		var told, noticed, back time.Time
		out := m.enable(next, ledger.IIS, enabling.Options{NoProve: !proof, Watch: func(s enabling.Progress) {
			switch {
			case s.Step == enabling.StepCheck && s.Done:
				m.eachKey(func(path string, _ []byte) { m.must(os.WriteFile(path, other, 0o600)) })
			case s.Step == enabling.StepReload && s.Done:
				told = time.Now()
			case s.Step == enabling.StepRollback && !s.Done:
				noticed = time.Now()
			case s.Step == enabling.StepRollback:
				back = time.Now()
			}
		}})
		m.states(out, enabling.RolledBack)
		m.served(first.SHA256)
		t.Logf("proof %v: noticed after %v, back after %v: %v %q", proof, noticed.Sub(told), back.Sub(told), out[0].Err, out[0].Trouble)
		if noticed.Sub(told) > 2*time.Second {
			t.Errorf("its end was noticed after %v", noticed.Sub(told))
		}
		m.settled()
	}
}

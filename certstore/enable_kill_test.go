package certstore

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// errand is what another process is asked to do: enable an entry, and be killed when so many steps were told.
type errand struct {
	Store, Roots string
	Now          time.Time
	Service      services.Instance
	Install      string
	ID           int64
	KillAt       int // 0: never
}

const errandVariable = "CERTDESK_TEST_ERRAND"

func TestMain(m *testing.M) {
	if text := os.Getenv(errandVariable); text != "" {
		os.Exit(runErrand(text))
	}
	if text := os.Getenv(dnsErrandVariable); text != "" {
		os.Exit(orderAndDie(text))
	}
	os.Exit(m.Run())
}

func runErrand(text string) int {
	var e errand
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 2
	}
	ctx := context.Background()
	s, err := Open(Options{Dir: e.Store, Trust: []string{e.Roots}, Now: func() time.Time { return e.Now },
		Actor: &ledger.Actor{UID: os.Geteuid()}, Services: []services.Instance{e.Service}, Host: services.Host{Install: e.Install}})
	if err == nil {
		var p enabling.Plan
		if p, err = s.PlanEnable(ctx, enabling.Request{ID: e.ID, Services: ledger.UseOf(e.Service)}); err == nil {
			var out []enabling.Outcome
			out, err = s.Enable(ctx, p, enabling.Options{ReplaceSMTP: true, Watch: e.watch()})
			if err == nil && !out[0].Fine() {
				err = fmt.Errorf("%s: %w", out[0].State, out[0].Err)
			}
		}
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// watch counts the beginnings and ends of steps and has the process killed, as if the machine's owner did.
func (e errand) watch() func(enabling.Progress) {
	told := 0
	return func(s enabling.Progress) {
		if s.Ports != nil {
			return
		}
		if told++; told == e.KillAt {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
	}
}

// send runs the errand in a process of its own; killed says that it did not come to its end.
func (e errand) send(t *testing.T) (killed bool) {
	t.Helper()
	text, _ := json.Marshal(e)
	cmd := exec.Command(os.Args[0], "-test.run=^$")
	cmd.Env = append(os.Environ(), errandVariable+"="+string(text))
	out, err := cmd.CombinedOutput()
	state, _ := cmd.ProcessState.Sys().(syscall.WaitStatus)
	if state.Signaled() {
		return true
	}
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	return false
}

// killed is a service whose enabling is killed at every step.
type killed struct {
	*fixture
	in      services.Instance
	install string
	serves  func(sum string) bool // judged by somebody else than our prober where the daemon is real
}

func TestKilledAtEveryStepItIsFinishedOrRolledBack(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	k := killed{f, v.as("UM"), "", func(sum string) bool {
		s := f.survey()
		return s.Ports[0].Report.SHA256 == sum
	}}
	k.everywhere()
}

// everywhere kills at one step after the other; after each, the change is finished and rolled back in turn.
func (k killed) everywhere() {
	k.Helper()
	use := ledger.UseOf(k.in)
	old := k.bought(request("mail.example.test"))
	k.states(k.enable(old, use, enabling.Options{ReplaceSMTP: true}), enabling.Enabled)
	roots := filepath.Join(k.TempDir(), "root.pem")
	k.must(os.WriteFile(roots, formats.CertPEM(k.ca.root.Raw), 0o644))
	steps := 0
	for at := 1; ; at++ {
		next := k.bought(request("mail.example.test"))
		e := errand{Store: k.store.Dir(), Roots: roots, Now: k.now, Service: k.in, Install: k.install, ID: next.ID, KillAt: at}
		if !e.send(k.T) {
			break
		}
		steps++
		old = k.settle(at, old, next)
	}
	if steps < 10 {
		k.Errorf("killed at %d steps only", steps)
	}
	k.Logf("killed at %d steps", steps)
}

// settle does what the next run does, and gives what is served then.
func (k killed) settle(at int, old, next ledger.Entry) ledger.Entry {
	k.Helper()
	list, err := k.store.Unfinished(k.Context())
	k.must(err)
	served := old
	if len(list) == 0 { // before the begin, or after the end, stood in the journal
		if k.entry(next.ID).Services != 0 {
			served = next
		}
		return k.isServed(at, "nothing to settle", served)
	}
	_, err = k.store.Enable(k.Context(), k.plan(old, ledger.UseOf(k.in)), enabling.Options{ReplaceSMTP: true})
	k.wants(err, fail.Unfinished)
	finish := at%2 == 0
	out, err := k.store.Settle(k.Context(), list[0], finish, enabling.Options{})
	k.must(err)
	switch out.State {
	case enabling.Enabled:
		served = next
	case enabling.RolledBack:
	default:
		k.Fatalf("killed at %d: left %s: %v", at, out.State, out.Err)
	}
	if !finish && out.State != enabling.RolledBack {
		k.Errorf("killed at %d: %s instead of rolled back", at, out.State)
	}
	k.settled()
	key, err := os.ReadFile(k.inStore("keys", next.SPKI+".key"))
	k.must(err)
	if left := keyCopies(filepath.Join(k.install, k.in.Install), key); out.State == enabling.RolledBack && len(left) > 0 {
		k.Errorf("killed at %d: copies of the key are left: %v", at, left)
	}
	return k.isServed(at, string(out.State), served)
}

func (k killed) isServed(at int, how string, e ledger.Entry) ledger.Entry {
	k.Helper()
	if !k.serves(e.SHA256) {
		k.Fatalf("killed at %d, %s: %s is not served", at, how, e.FriendlyName)
	}
	if got := k.entry(e.ID).Services; got != ledger.UseOf(k.in) {
		k.Errorf("killed at %d, %s: bound to %v", at, how, got)
	}
	return e
}

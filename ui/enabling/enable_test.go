package enabling_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	desk "certdesk/ui/enabling"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

func stepsScene(r *uitest.Driver) {
	s := uitest.PlanScene(r).(*desk.EnableScreen)
	s.Busy().Start(r.Desk, "enabling webmail 2025")
	for _, step := range []enabling.Step{enabling.StepRecord, enabling.StepApply, enabling.StepCheck, enabling.StepReload} {
		r.Send(desk.MakeStepMsg(enabling.Progress{Service: uitest.Postfix, Step: step, Done: true}, false))
		s.SetSteps(append(s.Steps(), enabling.Progress{Service: uitest.Postfix, Step: step, Done: true}))
	}
	s.SetSteps(append(s.Steps(), enabling.Progress{Service: uitest.Postfix, Step: enabling.StepProof, Ports: uitest.Mixed().Ports[:2]}))
}

func backScene(r *uitest.Driver) {
	uitest.PlanScene(r)
	served := uitest.Port("smtp://127.0.0.1:25", probe.Matches, 5, uitest.LeafOf("webmail.belgianbeers.rock", -40))
	r.Send(desk.MakeOutcomesMsg([]enabling.Outcome{{Service: uitest.Postfix, State: enabling.RolledBack, Ports: []enabling.Port{served},
		Err:     fail.New(fail.Failed, "", "not every port serves it: smtp://127.0.0.1:25: it refuses STARTTLS"),
		Trouble: []string{"postfix/smtpd: warning: cannot get RSA private key from file"}}}))
}

func TestTheTableTellsWhatPortsServe(t *testing.T) {
	r := uitest.ArticleDesk(t, 140, 24)
	uitest.SurveyedDesk(r)
	r.Sees("old one served", "not in the store", "ports 2/4")
	r.Onto(3)
	r.Sees("smtps://127.0.0.1:465 still serves the old certificate", "Next: e reloads")
	r.Keys("t")
	r.Sees("2 of 4 ports do not serve what they should", "nothing listens there", "it should be webmail 2025", "doveconf could not be run")
	r.Keys("q")
	r.Onto(words.StrangerID(strings.Repeat("ab", 32)))
	r.Sees("IIS (nginx) serves shop.proexchange.global, which is not in this store")
	r.Keys("a")
	r.Sees("Take shop.proexchange.global into the store?", "/etc/nginx/shop.key")
	r.Keys("esc", "x", "D", "R")
	if r.Depth() != 1 {
		t.Errorf("a verb of the store's entries acts on what is not in it:\n%s", r.Screen())
	}
	r.Keys("*")
	r.Sees("8 marked")
}

func TestEnableLeadsFromTheServicesToTheProof(t *testing.T) {
	var r *uitest.Driver
	install := ""
	r, install = uitest.VoiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return uitest.Served(install)(ctx, req) })
	e := r.SelfSigned("voice.proexchange.global")
	r.Keys("e")
	r.Sees("Which services are given", "[x] UM", "No service is configured or found for")
	r.Keys("tab", "enter")
	r.Sees("What will be done, and nothing else", "fullchain.pem", "proof    tls://127.0.0.1:5061", "self-signed")
	if left, _ := os.ReadDir(install); len(left) > 0 {
		t.Fatalf("the plan touched something: %v", left)
	}
	r.Keys("tab", "enter")
	r.Sees("( Enable it )", "one moment: this page has only just opened")
	if left, _ := os.ReadDir(install); len(left) > 0 {
		t.Fatal("a key that was in flight enabled it")
	}
	r.Wait()
	r.Keys("enter")
	r.Sees("is enabled for UM", "enabled, proven by 1 handshake on 1 port", "tls://127.0.0.1:5061")
	r.Keys("enter")
	r.Sees("  UM  ", "ports 1/1")
	r.Keys("D")
	r.Sees("is in use for UM: enable another certificate there first")
	if got := r.Entries()[0]; got.ID != e.ID || got.Services != certstore.UM {
		t.Errorf("%+v", got)
	}
}

func TestWhatIsServedAndNotInTheStoreIsTakenIn(t *testing.T) {
	var r *uitest.Driver
	install := ""
	r, install = uitest.VoiceAt(t, func(ctx context.Context, req probe.Request) probe.Report { return uitest.Served(install)(ctx, req) })
	other, _ := uitest.VoiceAt(t, nil)
	e := other.SelfSigned("voice.proexchange.global")
	for from, to := range map[string]string{"certs/" + e.SHA256 + ".pem": "fullchain.pem", "keys/" + e.SPKI + ".key": "key.pem"} {
		data, err := os.ReadFile(filepath.Join(other.Desk.Store.Dir(), from))
		if err := errors.Join(err, os.WriteFile(filepath.Join(install, to), data, 0o600), os.WriteFile(filepath.Join(install, "combined.pem"), data, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
	r.Send(screen.AskPortsMsg{})
	r.Sees("not in the store", "ports 1/1")
	r.Keys("home", "a")
	r.Wait()
	r.Sees("Take voice.proexchange.global into the store?")
	r.Keys("enter")
	r.Sees("is in the store now, with its key", "  UM  ")
	if list := r.Entries(); len(list) != 1 || !list[0].HasKey || list[0].SHA256 != e.SHA256 {
		t.Errorf("%+v", list)
	}
}

// Before a renewal takes the place of the old one, one key says what would be lost.
func TestTheOldOneIsComparedBeforeItsRenewalIsEnabled(t *testing.T) {
	list := uitest.Article()
	list[2].RenewalOf = list[4].ID
	r := uitest.Drive(t, uitest.Hub(), 100, 30, list...)
	uitest.PlanScene(r)
	r.Sees("What will be done", "c compare")
	r.Keys("c")
	r.Sees("Old  webmail 2023", "New  webmail 2025", "Nothing is lost")
	r.Keys("q")
	r.Sees("What will be done")
}

package certstore

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// script writes a program that the configuration may name.
func (f *fixture) script(path, text string) []string {
	f.Helper()
	f.must(os.WriteFile(path, []byte("#!/bin/sh\n"+text+"\n"), 0o700))
	return []string{path}
}

// dieAfter enables an entry in a process that is killed when so many steps were told.
func (f *fixture) dieAfter(steps int, in services.Instance, e ledger.Entry) ledger.Unfinished {
	f.Helper()
	roots := filepath.Join(f.TempDir(), "root.pem")
	f.must(os.WriteFile(roots, formats.CertPEM(f.ca.root.Raw), 0o644))
	if !(errand{Store: f.store.Dir(), Roots: roots, Now: f.now, Service: in, ID: e.ID, KillAt: steps}).send(f.T) {
		f.Fatal("it lived")
	}
	list, err := f.store.Unfinished(f.Context())
	f.must(err)
	if len(list) != 1 {
		f.Fatalf("unfinished: %v", list)
	}
	return list[0]
}

func (f *fixture) settled() {
	f.Helper()
	list, err := f.store.Unfinished(f.Context())
	f.must(err)
	left, err := os.ReadDir(f.inStore("undo"))
	f.must(err)
	if len(list) > 0 || len(left) > 0 {
		f.Errorf("left unfinished: %v, in the store's undo: %v", list, left)
	}
}

// Issue 9, kind 5: what somebody else broke meanwhile ends in a complete roll-back, whether or not the daemon can then
// be told to read its files again.
func TestAForeignFaultIsRolledBackWhole(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ check, reload string }{
		"its check fails":            {"[ ! -e broken ]", "touch reloaded"},
		"its reload fails":           {"true", "[ ! -e broken ] && touch reloaded"},
		"check and reload both fail": {"[ ! -e broken ]", "[ ! -e broken ] && touch reloaded"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, v := newFixture(t), newVoice(t)
			in := v.as("UM")
			in.Check = f.script(filepath.Join(v.dir, "check"), "cd "+v.dir+"; "+c.check)
			in.Reload = f.script(filepath.Join(v.dir, "reload"), "cd "+v.dir+"; "+c.reload)
			f.serving(in)
			old, next := f.bought(request("voice.example.org")), f.bought(request("voice.example.org"))
			f.states(f.enable(old, ledger.UM, enabling.Options{}), enabling.Enabled)
			o := quick
			o.Watch = func(s enabling.Progress) {
				if s.Step == enabling.StepApply && s.Done {
					f.must(os.WriteFile(filepath.Join(v.dir, "broken"), nil, 0o600))
				}
			}
			out := f.enable(next, ledger.UM, o)
			f.states(out, enabling.RolledBack)
			if out[0].Err == nil || f.entry(old.ID).Services != ledger.UM || f.survey().Right() != 1 {
				t.Errorf("%+v", out[0])
			}
			f.settled()
			if strings.Contains(c.check, "broken") {
				_, err := f.store.PlanEnable(f.Context(), enabling.Request{ID: next.ID, Services: ledger.UM})
				f.wants(err, fail.Damaged)
			}
			f.must(os.Remove(filepath.Join(v.dir, "broken")))
			f.states(f.enable(next, ledger.UM, enabling.Options{}), enabling.Enabled)
		})
	}
}

// What breaks between the plan and the change is seen before the change is begun.
func TestAFaultBehindThePlanLeavesTheServiceAlone(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	in := v.as("UM")
	in.Check = f.script(filepath.Join(v.dir, "check"), "[ ! -e "+v.dir+"/broken ]")
	f.serving(in)
	f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{})
	p := f.plan(f.bought(request("voice.example.org")), ledger.UM)
	f.must(os.WriteFile(filepath.Join(v.dir, "broken"), nil, 0o600))
	f.unchanged("enable", func() {
		out, err := f.store.Enable(f.Context(), p, enabling.Options{})
		f.must(err)
		f.states(out, enabling.LeftAlone)
		f.wants(out[0].Err, fail.Damaged)
	})
}

// keyCopies are the files below a directory that hold a key.
func keyCopies(dir string, key []byte) (found []string) {
	line := strings.SplitN(string(key), "\n", 3)[1]
	filepath.WalkDir(dir, func(path string, _ os.DirEntry, _ error) error {
		if have, err := os.ReadFile(path); err == nil && strings.Contains(string(have), line) {
			found = append(found, path)
		}
		return nil
	})
	return found
}

// A process may die while it writes a version, or while it puts a file back: either leaves a copy of a key behind.
func TestSettlingSweepsCopiesOfKeys(t *testing.T) {
	t.Parallel()
	for _, finish := range []bool{false, true} {
		f, v := newFixture(t), newVoice(t)
		f.serving(v.as("UM"))
		f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{})
		next := f.bought(request("voice.example.org"))
		u := f.dieAfter(2, v.as("UM"), next) // the begin stands, nothing else
		key, err := os.ReadFile(f.inStore("keys", next.SPKI+".key"))
		f.must(err)
		f.must(os.Mkdir(filepath.Join(v.dir, ".new-0badcafe"), 0o700))
		f.must(os.WriteFile(filepath.Join(v.dir, ".new-0badcafe", "key.pem"), key, 0o600))
		f.must(os.WriteFile(filepath.Join(v.dir, ".current.certdesk-0badcafe"), key, 0o600))
		for _, name := range []string{strings.Repeat("0badcafe", 8) + ".json", ".tmp-DEAD"} { // a process died before its begin stood
			f.must(os.WriteFile(f.inStore("undo", name), key, 0o600))
		}
		out, err := f.store.Settle(f.Context(), u, finish, enabling.Options{})
		f.must(err)
		f.states([]enabling.Outcome{out}, enabling.RolledBack)
		if left := keyCopies(v.dir, key); len(left) > 0 {
			t.Errorf("finish %v: copies are left: %v", finish, left)
		}
		f.settled()
	}
}

func TestThePurgeFindsCopiesBelowAnEarlierInstall(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	e := f.bought(request("voice.example.org"))
	f.enable(e, ledger.UM, enabling.Options{})
	half := filepath.Join(v.dir, ".new-0badcafe")
	key, err := os.ReadFile(f.inStore("keys", e.SPKI+".key"))
	f.must(err)
	f.must(os.Mkdir(half, 0o700))
	f.must(os.WriteFile(filepath.Join(half, "key.pem"), key, 0o600))
	_, err = f.store.Disable(f.Context(), e.ID, ledger.UM)
	f.must(err)
	f.serving() // the configuration has forgotten the service, and with it where its files are
	f.remove(e.ID)
	doom, err := f.store.WouldPurge(f.Context(), []int64{e.ID})
	f.must(err)
	if len(doom.Copies) != 2 {
		t.Errorf("it would destroy %v", doom.Copies)
	}
	_, err = f.store.Purge(f.Context(), []int64{e.ID})
	f.must(err)
	if left := keyCopies(v.dir, key); len(left) > 0 {
		t.Errorf("copies are left: %v", left)
	}
}

// Issue 9, kind 0: what root runs to finish is what the configuration says today.
func TestFinishingRunsTheCommandsOfToday(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	then := v.as("UM")
	then.Reload = f.script(filepath.Join(v.dir, "then"), "touch "+v.dir+"/ran-then "+v.dir+"/reloaded")
	f.serving(then)
	next := f.bought(request("voice.example.org"))
	f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{})
	u := f.dieAfter(4, then, next)
	f.must(os.Remove(filepath.Join(v.dir, "ran-then")))
	f.serving()
	_, err := f.store.Settle(f.Context(), u, true, enabling.Options{})
	f.wants(err, fail.Unfit)
	f.serving(v.as("UM"))
	out, err := f.store.Settle(f.Context(), u, true, enabling.Options{})
	f.must(err)
	f.states([]enabling.Outcome{out}, enabling.Enabled)
	if _, err := os.Stat(filepath.Join(v.dir, "ran-then")); err == nil {
		t.Error("the command that was recorded ran")
	}
	f.settled()
}

// The undo is the store's own, for its owner alone, and is obeyed only as it was when the change was begun.
func TestAnUndoThatIsNotTheOneOfTheBeginIsNotObeyed(t *testing.T) {
	t.Parallel()
	f, v := newFixture(t), newVoice(t)
	f.serving(v.as("UM"))
	f.enable(f.bought(request("voice.example.org")), ledger.UM, enabling.Options{})
	u := f.dieAfter(4, v.as("UM"), f.bought(request("voice.example.org")))
	target := filepath.Join(f.TempDir(), "root-only")
	forged := fmt.Sprintf(`{"version":%q,"changes":[{"path":%q,"before":{"kind":"file","data":"eA==","mode":420,"uid":0,"gid":0},"after":{"kind":"absent","uid":0,"gid":0}}]}`,
		u.Line.Version, target)
	f.must(os.WriteFile(filepath.Join(u.Line.Version, "switch.json"), []byte(forged), 0o600)) // where an older certdesk looked
	path := f.store.dir.Path(ledger.Undo, u.Line.Undo)
	if mode := stat(t, path).Mode().Perm(); mode != 0o600 {
		t.Errorf("mode %o", mode)
	}
	whole, err := os.ReadFile(path)
	f.must(err)
	f.must(os.WriteFile(path, []byte(forged), 0o600))
	_, err = f.store.Settle(f.Context(), u, false, enabling.Options{})
	f.wants(err, fail.Damaged)
	f.must(os.WriteFile(path, whole, 0o600))
	out, err := f.store.Settle(f.Context(), u, false, enabling.Options{})
	f.must(err)
	f.states([]enabling.Outcome{out}, enabling.RolledBack)
	if _, err := os.Lstat(target); err == nil {
		t.Error("a forged undo was obeyed")
	}
	f.settled()
}

// A change that a person chose to put back is over once nothing of it is left, whatever somebody else made of the files
// and whatever the ports serve: the daemon's own account must not be able to keep root from enabling anything.
func TestWhatIsPutBackIsOver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hurt  func(f *fixture, v *voice)
		state enabling.State
		says  string
	}{
		"a file is somebody else's": {func(f *fixture, v *voice) {
			f.must(os.Remove(filepath.Join(v.dir, "current")))
			f.must(os.Symlink("elsewhere", filepath.Join(v.dir, "current")))
		}, enabling.RolledBack, "current was changed by somebody else in the meantime and stays as it is"},
		"the ports serve nothing": {func(_ *fixture, v *voice) { v.set(false, true) }, enabling.Doubtful, "putting it back failed too"},
	} {
		t.Run(name, func(t *testing.T) {
			f, v := newFixture(t), newVoice(t)
			f.serving(v.as("UM"))
			old := f.bought(request("voice.example.org"))
			f.enable(old, ledger.UM, enabling.Options{})
			u := f.dieAfter(4, v.as("UM"), f.bought(request("voice.example.org")))
			c.hurt(f, v)
			out, err := f.store.Settle(f.Context(), u, false, quick)
			f.must(err)
			f.states([]enabling.Outcome{out}, c.state)
			if out.Err == nil || !strings.Contains(out.Err.Error(), c.says) {
				t.Error(out.Err)
			}
			f.settled()
			if left, _ := filepath.Glob(filepath.Join(v.dir, "v2-*")); len(left) > 0 {
				t.Errorf("of the change is left %v", left)
			}
		})
	}
}

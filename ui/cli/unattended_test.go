package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// What is shipped to run certdesk by itself calls a command that there is, and is what systemd understands.
func TestWhatRunsUnattended(t *testing.T) {
	commands := 0
	for _, name := range []string{"certdesk.service", "certdesk.timer", "certdesk.cron"} {
		text, err := os.ReadFile(filepath.Join("unattended", name))
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range regexp.MustCompile(`(?m)(?:^ExecStart=|\|\| )certdesk ([^>\n]*)`).FindAllStringSubmatch(string(text), -1) {
			commands++
			o := newOffice(t)
			if r := o.run(append(strings.Fields(found[1]), "--dry-run")...); r.code != 0 {
				t.Errorf("%s runs %q: exit %d, %s", name, found[0], r.code, r.err)
			}
		}
	}
	if commands != 2 {
		t.Errorf("%d commands, want one of the service and one of cron", commands)
	}
	verify, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("SKIPPED: systemd-analyze is not here")
	}
	dir := t.TempDir()
	for _, name := range []string{"certdesk.service", "certdesk.timer"} {
		text, _ := os.ReadFile(filepath.Join("unattended", name))
		here := strings.Replace(string(text), "ExecStart=certdesk", "ExecStart=/bin/true", 1) // it is not installed here
		if err := os.WriteFile(filepath.Join(dir, name), []byte(here), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	said, err := exec.Command(verify, "verify", filepath.Join(dir, "certdesk.service"), filepath.Join(dir, "certdesk.timer")).CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
}

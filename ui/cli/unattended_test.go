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
	analyze, err := exec.LookPath("systemd-analyze")
	if err != nil {
		t.Skip("SKIPPED: systemd-analyze is not here, so that nobody has read the units")
	}
	dir := t.TempDir()
	for _, name := range []string{"certdesk.service", "certdesk.timer"} {
		text, _ := os.ReadFile(filepath.Join("unattended", name))
		here := strings.Replace(string(text), "ExecStart=certdesk", "ExecStart=/bin/true", 1) // it is not installed here
		if err := os.WriteFile(filepath.Join(dir, name), []byte(here), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	service := filepath.Join(dir, "certdesk.service")
	said, err := exec.Command(analyze, "verify", service, filepath.Join(dir, "certdesk.timer")).CombinedOutput()
	if err != nil || len(said) > 0 {
		t.Errorf("systemd-analyze verify: %v\n%s", err, said)
	}
	// what a service of root that reloads daemons may still do is 3.8 of 10; an unhardened one has 9.6
	said, err = exec.Command(analyze, "security", "--offline=yes", "--threshold=40", "--no-pager", service).CombinedOutput()
	if err != nil {
		t.Errorf("systemd-analyze security: %v\n%s", err, said)
	}
	timer, _ := os.ReadFile(filepath.Join("unattended", "certdesk.timer"))
	when := regexp.MustCompile(`(?m)^OnCalendar=(.*)$`).FindSubmatch(timer)
	said, err = exec.Command(analyze, "calendar", "--iterations=4", string(when[1])).CombinedOutput()
	if hours := regexp.MustCompile(` (00|06|12|18):00:00 UTC`).FindAll(said, -1); err != nil || len(hours) < 4 {
		t.Errorf("systemd-analyze calendar: %v\n%s", err, said)
	}
}

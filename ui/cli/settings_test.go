package cli

import (
	"bytes"
	"context"
	"os"
	"strings"
	"testing"

	"certdesk/ui/lines"
	"certdesk/ui/screen"
)

// deskOf is what the desk in lines is given.
func (o *office) deskOf(args ...string) (c screen.Config) {
	o.t.Helper()
	var out, errs bytes.Buffer
	streams := o.io(&out, &errs)
	streams.Lines = func(_ context.Context, given screen.Config, _ lines.IO) error { c = given; return nil }
	if code := Run(context.Background(), o.args(append(args, "--accessible")), streams); code != 0 {
		o.t.Fatal(errs.String())
	}
	return c
}

func TestTheColoursOfTheConfigurationGiveWayToTheFlag(t *testing.T) {
	o := newOffice(t)
	if c := o.deskOf(); c.Theme != "auto" || c.ThemeSaid {
		t.Errorf("%q %v", c.Theme, c.ThemeSaid)
	}
	o.write("certdesk.toml", "theme = \"dark\"\n")
	if c := o.deskOf(); c.Theme != "dark" || c.ThemeSaid {
		t.Errorf("%q %v", c.Theme, c.ThemeSaid)
	}
	if c := o.deskOf("--theme", "mono"); c.Theme != "mono" || !c.ThemeSaid {
		t.Errorf("%q %v", c.Theme, c.ThemeSaid)
	}
}

// TestSettingsByLines changes a setting without a screen: the command sees it, the history tells of it, and a file that
// could not be opened again is not saved.
func TestSettingsByLines(t *testing.T) {
	o := newOffice(t)
	before, err := os.ReadFile(o.config)
	if err != nil {
		t.Fatal(err)
	}
	o.stdin = strings.NewReader("settings\nchange 10\nno such group\n<<\nchange 1\nproexchange.global, beer.example\ny\nq\nq\n")
	r := o.must("--accessible")
	contains(t, r.out, `the readers' group "no such group" does not exist`)
	contains(t, r.out, `+names = ["proexchange.global", "beer.example"]`)
	contains(t, r.out, "saved, and in use; the history (L) says by whom")
	o.stdin = nil
	if got := o.must("domains").out; got != "proexchange.global  (configuration)\nbeer.example  (configuration)\n" {
		t.Error(got)
	}
	contains(t, o.must("history").out, `accepted_domains.names is ["proexchange.global", "beer.example"], it was ["proexchange.global", "belgianbeers.rock"]`)
	after, err := os.ReadFile(o.config)
	if want := strings.Replace(string(before), "belgianbeers.rock", "beer.example", 1); err != nil || string(after) != want {
		t.Errorf("%s\nwant\n%s", after, want)
	}
}

func TestTheDemoHasSettingsToTry(t *testing.T) {
	o := newOffice(t)
	var out, errs bytes.Buffer
	streams := o.io(&out, &errs)
	streams.In = strings.NewReader("settings\ntake 6\ny\nq\nq\n")
	if code := Run(context.Background(), []string{"--demo", "--accessible"}, streams); code != 0 {
		t.Fatal(errs.String())
	}
	contains(t, out.String(), "becomes untrusted")
	contains(t, out.String(), "saved, and in use")
}

// The desk opens where the configuration that is named is still missing, since its settings make it, as they make that of
// the default path; a command, which would do as if it said nothing, refuses.
func TestTheDeskMakesTheConfigurationThatIsNamed(t *testing.T) {
	o := newOffice(t)
	if err := os.Remove(o.config); err != nil {
		t.Fatal(err)
	}
	r := o.run("list")
	if contains(t, r.err, "there is no configuration file"); r.code == 0 {
		t.Error("a command went on without the configuration it was given")
	}
	o.stdin = strings.NewReader("settings\nchange 1\nbeer.example\ny\nq\nq\n")
	o.must("--accessible")
	if got := o.must("domains").out; got != "beer.example  (configuration)\n" {
		t.Error(got)
	}
}

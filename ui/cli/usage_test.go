package cli

import (
	"os"
	"slices"
	"strings"
	"testing"
)

func TestWrongUsageExitsTwoAndTouchesNothing(t *testing.T) {
	for _, line := range []string{
		"nonsense", "list extra", "list --nonsense", "list --status purple", "list --services FAX", "list --domain-name a..b",
		"show", "show a b", "show xyz", "new extra", "new --key-size 1000 --domain-name a.example", "new --key-size many",
		"new --path x.req --domain-name a.example", "new --binary-encoded --domain-name a.example",
		"new --generate-request --valid-days 3 --domain-name a.example", "new --valid-days 0 --domain-name a.example",
		"new --key-algorithm dsa --domain-name a.example", "new --key-algorithm ecdsa-p256 --key-size 2048",
		"new --services FAX", "new --friendly-name=", "new --subject-name CN= --domain-name a.example",
		"new --subject-name X=1,CN=a.example", "import", "import - - ", "import - --password-file -",
		"export abcdef", "export --path x.pfx", "export abcdef --path x.pfx --for ancient",
		"export abcdef --path x.req --request --with-key", "remove", "remove abcdef --expired", "renew", "restore", "purge",
		"renew abcdef --reuse-key --key-size 2048", "domains extra", "doctor extra", "history extra", "history verify extra",
		"list --theme pink", "enable abcdef --services SMTP", "disable abcdef", "test", "check", "list --demo",
	} {
		t.Run(line, func(t *testing.T) {
			o := newOffice(t)
			r := o.run(strings.Fields(line)...)
			if r.code != 2 || r.out != "" {
				t.Errorf("exit %d, stdout %q, stderr %q; want exit 2 and nothing on stdout", r.code, r.out, r.err)
			}
			if !strings.HasPrefix(r.err, "certdesk: ") || !strings.Contains(r.err, "\nhint: ") {
				t.Errorf("stderr %q; want a sentence and a hint", r.err)
			}
			if _, err := os.Stat(o.store()); err == nil {
				t.Error("a store was made")
			}
		})
	}
}

func TestErrorsAsJSON(t *testing.T) {
	o := newOffice(t)
	for line, code := range map[string]string{
		"nonsense --json": "usage", "--json list --nonsense": "usage", "show abcdef12 --json": "not-found",
		"new --domain-name a_b.example --json":                                               "invalid-name",
		"new --subject-name nonsense --json":                                                 "invalid-subject",
		"import /nonexistent/file.cer --json":                                                "",
		"new --friendly-name " + strings.Repeat("x", 65) + " --domain-name a.example --json": "invalid-name",
	} {
		r := o.run(strings.Fields(line)...)
		var got struct{ Error jsonError }
		o.decode(r.err, &got)
		if code != "" && string(got.Error.Code) != code {
			t.Errorf("%s: code %q, want %q", line, got.Error.Code, code)
		}
		if got.Error.Message == "" || got.Error.Code == "" || r.code == 0 || r.out != "" {
			t.Errorf("%s: %+v", line, r)
		}
	}
}

func TestHelpListsOnlyWhatExists(t *testing.T) {
	o := newOffice(t)
	r := o.must("--help")
	var listed []string
	_, rest, _ := strings.Cut(r.out, "Available Commands:\n")
	for line := range strings.Lines(rest) {
		if strings.TrimSpace(line) == "" {
			break
		}
		listed = append(listed, strings.Fields(line)[0])
	}
	want := []string{"completion", "doctor", "domains", "export", "help", "history", "import", "list", "new", "purge",
		"remove", "renew", "restore", "show"}
	if !slices.Equal(listed, want) {
		t.Errorf("help lists %v, want %v", listed, want)
	}
	complete := o.must("__complete", "").out
	for _, absent := range []string{"enable", "disable", "test\t", "check\t"} {
		if strings.Contains(complete, "\n"+absent) || strings.HasPrefix(complete, absent) {
			t.Errorf("completion offers %q", absent)
		}
	}
}

func TestWithoutACommandOrATerminalUsageIsShown(t *testing.T) {
	r := newOffice(t).run()
	if r.code != 2 || r.out != "" || !strings.Contains(r.err, "Usage:") {
		t.Errorf("%+v; want usage on stderr and exit 2", r)
	}
}

func TestForeignTextIsPrintableInErrors(t *testing.T) {
	o := newOffice(t)
	for _, args := range [][]string{{"no\x1b[31mthing"}, {"list", "--status", "\x1b]0;x\x07"}, {"show", "\u202e\x1b[2J"},
		{"import", "/no\x1bthing\n"}, {"new", "--domain-name", "\x1b[1m"}, {"new", "--subject-name", "CN=\x1b[1m"}} {
		r := o.run(args...)
		if strings.ContainsAny(r.err, "\x1b\x07\u202e") || strings.Count(r.err, "\n") > 2 {
			t.Errorf("%q: %q", args, r.err)
		}
		if r.code == 0 {
			t.Errorf("%q was accepted", args)
		}
	}
}

func TestAConfigurationThatIsNamedMustBeThere(t *testing.T) {
	o := newOffice(t)
	o.config = o.path("none.toml")
	if r := o.run("list"); r.code == 0 || !strings.Contains(r.err, "none.toml") {
		t.Errorf("%+v", r)
	}
}

func TestUnknownConfigurationKeyIsNamed(t *testing.T) {
	o := newOffice(t)
	o.write("certdesk.toml", "server = \"a.example\"\nreders = \"helpdesk\"\n")
	r := o.run("list")
	if r.code != 2 {
		t.Errorf("exit %d, want 2", r.code)
	}
	contains(t, r.err, "reders", "2")
}

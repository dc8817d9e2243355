package cli

import (
	"bytes"
	"context"
	"os"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

func TestWrongUsageExitsTwoAndTouchesNothing(t *testing.T) {
	t.Parallel()
	for _, line := range []string{
		"nonsense", "list extra", "list --nonsense", "list --status purple", "list --services FAX", "list --domain-name a..b",
		"show", "show a b", "show xyz", "new extra", "new --key-size 1000 --domain-name a.example", "new --key-size many",
		"new --path x.req --domain-name a.example", "new --binary-encoded --domain-name a.example",
		"new --generate-request --valid-days 3 --domain-name a.example", "new --valid-days 0 --domain-name a.example",
		"new --key-algorithm dsa --domain-name a.example", "new --key-algorithm ecdsa-p256 --key-size 2048",
		"new --services FAX", "new --friendly-name=", "new --subject-name CN= --domain-name a.example",
		"new --subject-name X=1,CN=a.example", "import", "import - - ", "import - --password-file -",
		"export abcdef", "export --path x.pfx", "export abcdef --path x.pfx --for oldest",
		"export abcdef --path x.req --request --with-key", "compare", "compare abcdef", "compare a b c", "compare xyz abcdef",
		"rename", "rename abcdef", "rename abcdef fedcba --friendly-name x", "rename xyz --friendly-name x", "remove", "remove abcdef --expired", "renew", "restore", "purge",
		"renew abcdef --reuse-key --key-size 2048", "renew --due abcdef", "renew abcdef --dry-run", "renew --dry-run", "renew --due --force", "renew --due --path x.req", "domains extra", "doctor extra", "history extra", "history verify extra",
		"list --theme pink", "version extra", "list --version", "list --demo", "enable", "enable a b", "enable abcdef --finish", "enable --finish --roll-back", "enable --roll-back --print",
		"enable --finish --services SMTP", "enable abcdef --services SMTP --print --no-prove", "disable", "disable a b", "disable abcdef --services FAX",
		"import --served a.cer --services SMTP", "import --served --friendly-name x", "test abcdef mail:25", "test abcdef --name mail.example", "test --name mail.example",
		"test mail", "test mail:0", "test ftp://mail", "test mail:25 nonsense", "test mail:25 --name *.example", "test mail:25 --name a@b.example",
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

// A script whose variable was never filled must not get another certificate, or every entry, instead.
func TestAnEmptyValueIsWrongUsage(t *testing.T) {
	for _, args := range [][]string{
		{"new", "--domain-name", ""}, {"new", "--domain-name="}, {"new", "--domain-name", " "}, {"new", "--domain-name", ","},
		{"new", "--domain-name", "a.example,"}, {"new", "--domain-name", "a.example,,b.example"}, {"new", "--domain-name", "a.example", "--domain-name", ""},
		{"new", "--subject-name", "", "--domain-name", "a.example"}, {"new", "--friendly-name", "", "--domain-name", "a.example"},
		{"new", "--services", "", "--domain-name", "a.example"}, {"new", "--services", ",", "--domain-name", "a.example"},
		{"new", "--generate-request", "--path", "", "--domain-name", "a.example"}, {"new", "--key-algorithm", ""},
		{"list", "--domain-name", ""}, {"list", "--status", ""}, {"list", "--services", ""}, {"list", "--theme", ""},
		{"import", ""}, {"import", "a.cer", ""}, {"import", "a.cer", "--password-file", ""}, {"import", "a.cer", "--friendly-name", ""},
		{"show", ""}, {"remove", ""}, {"remove", "", "--yes"}, {"restore", ""}, {"purge", "", "--force"}, {"renew", ""},
		{"rename", "ABCDEF", "--friendly-name", ""}, {"rename", "", "--friendly-name", "x"}, {"compare", "", "ABCDEF"},
		{"renew", "ABCDEF", "--friendly-name", ""}, {"renew", "ABCDEF", "--path", ""}, {"renew", "ABCDEF", "--key-size", ""},
		{"export", "ABCDEF", "--path", ""}, {"export", "", "--path", "a.cer"}, {"history", "verify", "--head", ""}, {"test", ""},
		{"test", "mail:25", "--name", ""}, {"enable", ""}, {"enable", "ABCDEF", "--services", ""}, {"disable", ""}, {"disable", "ABCDEF", "--services", ""},
		{"import", "--served", ""},
	} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			o := newOffice(t)
			r := o.run(args...)
			if r.code != 2 || r.out != "" || !strings.Contains(r.err, "\nhint: ") {
				t.Errorf("exit %d, stdout %q, stderr %q; want exit 2 and nothing on stdout", r.code, r.out, r.err)
			}
			if _, err := os.Stat(o.store()); err == nil {
				t.Error("a store was made")
			}
		})
	}
	o := newOffice(t)
	for _, args := range [][]string{{"list", "--store", ""}, {"list", "--config", ""}} {
		var out, errs bytes.Buffer
		if code := Run(context.Background(), args, o.io(&out, &errs)); code != 2 || out.Len() != 0 {
			t.Errorf("%q: exit %d, %q", args, code, out.String())
		}
	}
	o.must("new") // as Exchange's, which needs nothing
}

func TestWrongUsageIsSaidInAPersonsWords(t *testing.T) {
	o := newOffice(t)
	for line, want := range map[string]string{
		"new --valid-days abc":                  "--valid-days abc: it takes a whole number",
		"new --key-size 2o48":                   "--key-size 2o48: it takes a whole number",
		"new --valid-days 1e3":                  "--valid-days 1e3: it takes a whole number",
		"list --json=maybe":                     "it takes no value, true or false",
		"list --nonsense":                       "there is no flag --nonsense",
		"list -x":                               "there is no flag -x",
		"list ---x":                             "---x is not a flag",
		"lst":                                   "did you mean `certdesk list`?",
		"improt a.cer":                          "did you mean `certdesk import`?",
		"frobnicate":                            "certdesk --help lists the commands",
		"enable":                                "the thumbprint is missing",
		"test abcdef mail:25":                   "name certificates or ports, not both",
		"test mail":                             `"mail" is neither a thumbprint nor a friendly name here`,
		"history verfy":                         "did you mean `certdesk history verify`?",
		"help foo":                              "\"foo\" is no command",
		"help lst":                              "did you mean `certdesk list`?",
		"help history foo":                      "\"foo\" is no command",
		"completion foo":                        "\"foo\" is not a shell: use bash, fish, powershell or zsh",
		"renew ABCDEF --key-size 3000":          "a key of 3000 bits cannot be made",
		"renew ABCDEF --key-size 0":             "a key of 0 bits cannot be made",
		"new --valid-days 99999999999999999999": "the number is too large",
	} {
		r := o.run(strings.Fields(line)...)
		if r.code != 2 || r.out != "" {
			t.Errorf("%s: exit %d, stdout %q; want exit 2 and nothing", line, r.code, r.out)
		}
		contains(t, r.err, want)
		for _, word := range []string{"strconv", "invalid syntax", "flag needs an argument", "shorthand"} {
			if strings.Contains(r.err, word) {
				t.Errorf("%s: %q holds the programmer's word %q", line, r.err, word)
			}
		}
	}
	var out, errs bytes.Buffer
	if code := Run(context.Background(), []string{"export", "ABCDEF", "--path"}, o.io(&out, &errs)); code != 2 {
		t.Errorf("exit %d, want 2", code)
	}
	contains(t, errs.String(), "--path needs a value")
}

func TestHelpOfCommands(t *testing.T) {
	o := newOffice(t)
	for line, want := range map[string]string{"help list": "certdesk list [flags]", "help history verify": "--head", "help": "Available Commands",
		"completion": "powershell", "completion bash": "__start_certdesk", "help completion": "powershell", "help completion bash": "bash"} {
		var out, errs bytes.Buffer
		if code := Run(context.Background(), strings.Fields(line), o.io(&out, &errs)); code != 0 || !strings.Contains(out.String(), want) {
			t.Errorf("%s: exit %d, %q is missing in\n%s%s", line, code, want, out.String(), errs.String())
		}
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
		var got struct{ Error wire.Error }
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
	want := []string{"acme", "check", "compare", "completion", "disable", "doctor", "domains", "enable", "export", "help", "history", "import", "list", "new", "notify", "purge",
		"remove", "rename", "renew", "restore", "show", "test", "version", "why"}
	if !slices.Equal(listed, want) {
		t.Errorf("help lists %v, want %v", listed, want)
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

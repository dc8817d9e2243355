package cli

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

// The questions, where nobody is there to answer.
func TestQuestionsWithoutATerminal(t *testing.T) {
	o := newOffice(t)
	cert := o.selfSigned("cert.example.org")
	pending, _ := o.request("pending.example.org")
	trash := o.selfSigned("trash.example.org")
	o.must("remove", trash.Thumbprint, "--yes")
	for _, c := range []struct {
		args []string
		exit int
	}{
		{[]string{"remove", cert.Thumbprint}, 3},
		{[]string{"remove", pending.Thumbprint}, 3},
		{[]string{"remove", pending.Thumbprint, "--yes"}, 3},
		{[]string{"remove", cert.Thumbprint, pending.Thumbprint, "--yes"}, 3}, // and the certificate stays
		{[]string{"remove", cert.Thumbprint, "ABCDEF123456", "--yes"}, 4},
		{[]string{"purge", trash.Thumbprint}, 3},
		{[]string{"purge", trash.Thumbprint, "--yes"}, 3},
		{[]string{"purge", cert.Thumbprint, "--force"}, 4},
		{[]string{"restore", cert.Thumbprint}, 4},
	} {
		before := o.snapshot()
		r := o.run(c.args...)
		if r.code != c.exit || r.out != "" {
			t.Errorf("%v: exit %d, stdout %q; want %d\n%s", c.args, r.code, r.out, c.exit, r.err)
		}
		contains(t, r.err, "certdesk: ", "hint: ")
		o.unchanged(before)
	}
	for _, args := range [][]string{{"remove", cert.Thumbprint, "--yes"}, {"remove", pending.Thumbprint, "--force"},
		{"purge", trash.Thumbprint, "--force"}, {"restore", cert.Thumbprint}, {"remove", cert.Thumbprint, "--force"}} {
		o.must(args...)
	}
	if left := o.list(); len(left) != 0 {
		t.Errorf("%d entries are left", len(left))
	}
}

func TestRefusalsAsJSON(t *testing.T) {
	o := newOffice(t)
	pending, _ := o.request("pending.example.org")
	r := o.run("remove", pending.Thumbprint, "--yes", "--json")
	var got wire.Results
	o.decode(r.out, &got)
	if r.code != 3 || len(got.Done) != 0 || got.Done == nil || len(got.Refused) != 1 ||
		got.Refused[0].Thumbprint != pending.Thumbprint || got.Refused[0].Error.Code != "confirmation-needed" {
		t.Errorf("exit %d, %+v", r.code, got)
	}
	var e struct{ Error wire.Error }
	o.decode(r.err, &e)
	if e.Error.Code != "confirmation-needed" {
		t.Errorf("%+v", e)
	}
}

func TestRemoveEverySelfSignedAndRestoreOne(t *testing.T) {
	o := newOffice(t)
	kept := o.valid("kept.example.org")
	one, two := o.selfSigned("one.example.org"), o.selfSigned("two.example.org")
	r := o.must("remove", "--self-signed", "--yes")
	contains(t, r.err, "one.example.org", "two.example.org", "no service uses it")
	if left := o.list(); len(left) != 1 || left[0].ID != kept.ID {
		t.Errorf("left: %+v", left)
	}
	o.must("restore", one.Thumbprint)
	if trash := o.list("--removed"); len(trash) != 1 || trash[0].ID != two.ID || trash[0].Removed == nil {
		t.Errorf("trash: %+v", trash)
	}
	if all := o.list(); !slices.ContainsFunc(all, func(e wire.Entry) bool { return e.ID == one.ID }) {
		t.Error("the restored one is not back")
	}
}

func TestRemoveOfAnEmptySetDoesNothing(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("one.example.org")
	before := o.snapshot()
	var got wire.Results
	o.decode(o.must("remove", "--expired", "--json").out, &got)
	if got.Done == nil || len(got.Done)+len(got.Refused) != 0 {
		t.Errorf("%+v", got)
	}
	o.unchanged(before)
}

func TestReadOnlyReachesNoWriter(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("one.example.org")
	before := o.snapshot()
	for _, args := range [][]string{{"new", "--domain-name", "x.example.org"}, {"remove", e.Thumbprint, "--force"}, {"import", o.path("root.pem")},
		{"export", e.Thumbprint, "--path", o.path("a.pem"), "--for", "haproxy"}, {"renew", e.Thumbprint}, {"restore", e.Thumbprint}, {"purge", e.Thumbprint, "--force"}, {"doctor", "--repair"}} {
		r := o.run(append(args, "--read-only")...)
		if r.code != 3 {
			t.Errorf("%v: exit %d, want 3: %s", args, r.code, r.err)
		}
		want := "certdesk: " + args[0] + ": the store " + o.store() + " is read-only here: opened read-only\nhint: run certdesk without --read-only\n"
		if r.err != want {
			t.Errorf("%v: %q, want %q", args, r.err, want)
		}
		o.unchanged(before)
	}
	contains(t, o.must("export", e.Thumbprint, "--path", o.path("a.cer"), "--read-only").err, "The history does not name this export")
	o.unchanged(before)
	o.must("list", "--read-only")
	o.must("show", e.Thumbprint, "--read-only")
}

func TestTheDemoCanBeReadOnlyToo(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	run := func(args ...string) (int, string, string) {
		var out, errs bytes.Buffer
		code := Run(context.Background(), append([]string{"--demo", "--read-only"}, args...), o.io(&out, &errs))
		return code, out.String(), errs.String()
	}
	if code, out, errs := run("list"); code != 0 || !strings.Contains(out, "secure_client") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
	if code, out, errs := run("new", "--domain-name", "a.example"); code != 3 || out != "" || !strings.Contains(errs, "run certdesk without --read-only") {
		t.Errorf("exit %d\n%s%s", code, out, errs)
	}
}

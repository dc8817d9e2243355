package cli

import (
	"strings"
	"testing"

	"certdesk/ui/cli/wire"
)

func TestRename(t *testing.T) {
	o := newOffice(t)
	e := o.valid("mail.example.org", "--friendly-name", "old name")
	waits, _ := o.request("waits.example.org")
	contains(t, o.must("rename", "old name", "--friendly-name", "new name").out, "old name ("+e.Thumbprint[:12]+") is now called new name")
	if got := o.entry("show", "new name"); got.ID != e.ID || !strings.Contains(got.History[2].Text, "renamed old name (") {
		t.Errorf("%+v", got)
	}
	var got wire.Results
	o.decode(o.must("rename", waits.Thumbprint, "--friendly-name", "New Name", "--json").out, &got)
	if f := got.Done[0].Findings; got.Done[0].FriendlyName != "New Name" || len(f) == 0 || f[len(f)-1].Code != "friendly-name-taken" {
		t.Errorf("%+v", got)
	}
	r := o.must("rename", e.Thumbprint, "--friendly-name", "NEW NAME")
	contains(t, r.err, "warning: New Name ("+waits.Thumbprint[:12]+") has that name too")
	before := o.snapshot()
	for _, c := range []struct {
		args []string
		code int
	}{
		{[]string{"new name", "--friendly-name", "x"}, 4},
		{[]string{"ABCDEF999999", "--friendly-name", "x"}, 4},
		{[]string{e.Thumbprint, "--friendly-name", strings.Repeat("x", 65)}, 2},
		{[]string{e.Thumbprint, "--friendly-name", "a\tb"}, 2},
		{[]string{e.Thumbprint, "--friendly-name", "x", "--read-only"}, 3},
		{[]string{e.Thumbprint, "--friendly-name", "NEW NAME"}, 0},
	} {
		if r := o.run(append([]string{"rename"}, c.args...)...); r.code != c.code {
			t.Errorf("%q: exit %d, want %d: %s", c.args, r.code, c.code, r.err)
		}
	}
	o.unchanged(before)
}

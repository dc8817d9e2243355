package cli

import (
	"strings"
	"testing"

	"certdesk/certstore/renewing"
	"certdesk/ui/cli/wire"
)

// What a timer finds to do where no ACME authority is: the request is made once, and told; nothing else is said, or asked.
func TestRenewDue(t *testing.T) {
	t.Parallel()
	o := newOffice(t)
	if r := o.must("renew", "--due"); r.out != "nothing here renews itself\n" || r.err != "" {
		t.Errorf("without a store: %+v", r)
	}
	o.newVoice("IMAP", "imaps")
	e := o.valid("mail.example.org")
	o.must("enable", e.Thumbprint, "--services", "IMAP")
	before := o.snapshot()
	if r := o.must("renew", "--due"); r.out != "nothing here renews itself\n" {
		t.Errorf("%+v", r)
	}
	o.unchanged(before)
	o.now = o.now.AddDate(0, 11, 10)
	r := o.must("renew", "--due", "--dry-run")
	contains(t, r.out, "due now:\n  mail.example.org ("+e.Thumbprint[:12]+"): make the request that its CA has to answer\n      expires in ")
	var plan, done wire.Renewals
	o.decode(o.must("renew", "--due", "--dry-run", "--json").out, &plan)
	if len(plan.Done) != 0 || len(plan.Tasks) != 1 || plan.Tasks[0].Thumbprint != e.Thumbprint || !plan.Tasks[0].Due || plan.Tasks[0].Task != renewing.Prepare || plan.Tasks[0].At == nil {
		t.Errorf("%+v", plan)
	}
	o.unchanged(before)
	o.decode(o.must("renew", "--due", "--json").out, &done)
	if len(done.Done) != 1 || done.Done[0].Kind != "request" || len(done.Tasks) != 0 || len(done.Refused) != 0 {
		t.Errorf("%+v", done)
	}
	o.must("remove", done.Done[0].Thumbprint, "--force") // declined: it is not made again
	if r := o.must("renew", "--due"); r.out != "nothing here renews itself\n" || len(o.list("--status", "pending")) != 0 {
		t.Errorf("%+v", r)
	}
	if r := o.run("renew", "--due", "--read-only"); r.code != 3 || !strings.Contains(r.err, "read-only") {
		t.Errorf("%+v", r)
	}
}

package request_test

import (
	"context"
	"testing"

	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// The form asks the sources each time it is opened, and what they lack stands in it.
func TestTheFormHasTheDomainsOfEverySource(t *testing.T) {
	all := domains.Listing{Domains: []domains.Domain{{Name: "proexchange.global"}, {Name: "hidden.example.org", Skipped: "outbound only"}}}
	asked := 0
	read := func(context.Context) domains.Listing {
		asked++
		return all
	}
	r := uitest.Drive(t, screen.Config{Env: uitest.ArticleEnv(), Domains: read}, 100, 30)
	s := startWizard(r)
	r.Keys("ctrl+n")
	r.Sees("accepted domains", "  proexchange.global")
	r.SeesNot("belgianbeers.rock")
	r.Keys("tab", "space")
	r.Sees("hidden.example.org", "accepted domain, outbound only", "(2 of 3 on)")
	all = domains.Listing{Remarks: []domains.Remark{{Source: "ldaps://dc.test",
		Err: fail.New(fail.Failed, "start the directory", "nothing listens there"), Whole: true}}}
	r.Keys("esc", "esc", "n")
	r.Wait()
	r.Keys("enter", "ctrl+n")
	r.Sees("none could be read", "nothing listens there")
	if asked != 2 || s.Draft() == nil {
		t.Error(asked)
	}
}

package cli

import (
	"strings"
	"testing"

	"certdesk/certstore/dnstest"
	"certdesk/ui/cli/wire"
)

// What a renewal would be is shown with what has changed since; DNS is asked for --evidence alone, and nothing is made.
func TestARenewalShowsWhatHasChanged(t *testing.T) {
	o := newOffice(t)
	dns := dnstest.New(t, "mail.example.org. A 9.9.9.1\nweb.example.org. A 9.9.9.2\n")
	settings := "dns = \"" + dns.At + "\"\npublic_addresses = [\"9.9.9.1\"]\n[accepted_domains]\nnames = [\"example.org\"]\n"
	o.write("certdesk.toml", settings)
	e := o.valid("mail.example.org", "--domain-name", "web.example.org,old.example.org")
	o.write("certdesk.toml", strings.Replace(settings, "example.org\"]", "example.org\", \"example.net\"]", 1))
	before := o.snapshot()
	argv := []string{"renew", e.Thumbprint, "--what-if"}
	out := o.must(argv...).out
	contains(t, out, "Nothing is made", "request for a CA, a renewal", "web.example.org  (from the old certificate)",
		"warning: example.net is accepted now", "certdesk renew "+e.Thumbprint[:12], "Get-ExchangeCertificate -Thumbprint")
	if strings.Contains(out, "not in DNS") || len(dns.Asked()) != 0 {
		t.Error(dns.Asked(), out)
	}
	out = o.must(append(argv, "--evidence", "--exchange", "2010")...).out
	contains(t, out, "old.example.org: not in DNS", "warning: old.example.org is not in DNS any more", "info: web.example.org leads to another host now", "2010")
	var draft wire.Draft
	o.decode(o.must(append(argv, "--evidence", "--json")...).out, &draft)
	if len(draft.Names) != 3 || len(draft.Findings) < 3 || draft.Names[1].Evidence == nil {
		t.Errorf("%+v", draft)
	}
	o.unchanged(before)
	for _, more := range [][]string{{"--evidence"}, {"--exchange", "2010"}} {
		if r := o.run(append([]string{"renew", e.Thumbprint}, more...)...); r.code != 2 {
			t.Error(r)
		}
	}
}

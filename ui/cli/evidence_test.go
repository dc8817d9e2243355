package cli

import (
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/dnstest"
	"certdesk/ui/cli/wire"
)

func TestEvidenceIsAskedForAlone(t *testing.T) {
	o := newOffice(t)
	dns := dnstest.New(t, `
example.org. MX 10 mail.example.org.
example.org. CAA 0 issue "letsencrypt.org"
mail.example.org. A 9.9.9.1
1.9.9.9.in-addr.arpa. PTR mail.example.org.
www.example.org. A 9.9.9.2
`)
	o.write("certdesk.toml", "dns = \""+dns.At+"\"\npublic_addresses = [\"9.9.9.1\"]\n[accepted_domains]\nnames = [\"example.org\"]\n")
	argv := []string{"new", "--generate-request", "--domain-name", "mail.example.org,www.example.org,none.example.org", "--what-if"}
	o.must(argv...)
	if asked := dns.Asked(); len(asked) != 0 {
		t.Error(asked)
	}
	out := o.must(append(argv, "--evidence")...).out
	contains(t, out, "What DNS says", "  mail.example.org: here\n", "www.example.org: elsewhere\n", "none.example.org: not in DNS, 1 warning",
		"info: the MX of example.org (preference 10)", "CAA of example.org lets only letsencrypt.org issue")
	if asked := dns.Asked(); !slices.Contains(asked, "A mail.example.org.") {
		t.Error(asked)
	}
	var draft wire.Draft
	o.decode(o.must(append(argv, "--evidence", "--json")...).out, &draft)
	if e := draft.Names[2].Evidence; e == nil || e.Word != "not in DNS" || len(e.Facts) == 0 {
		t.Errorf("%+v", draft.Names)
	}
	if text := o.must(append(argv, "--json")...).out; strings.Contains(text, "evidence") {
		t.Error(text)
	}
	if r := o.run("new", "--domain-name", "a.org", "--evidence"); r.code != 2 || !strings.Contains(r.err, "--what-if") {
		t.Error(r)
	}
	o.write("certdesk.toml", "dns = \"off\"\n")
	o.must(argv...)
	if r := o.run(append(argv, "--evidence")...); r.code != 1 || !strings.Contains(r.err, "dns = \"off\"") {
		t.Error(r)
	}
	o.write("certdesk.toml", "dns = \"resolver.example.org\"\n")
	if r := o.run("list"); r.code != 2 || !strings.Contains(r.err, "is not the address of a server") {
		t.Error(r)
	}
}

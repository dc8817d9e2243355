package domains

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// exim answers as Exim 4.96 does to -be (measured): the two stand in each other's way on Debian with Postfix, so that
// the tests cannot have both.
func eximHost(t *testing.T, lists map[string]string) (daemon.Host, string) {
	t.Helper()
	dir := t.TempDir()
	script := "#!/bin/sh\ncase \"$4\" in\n'$primary_hostname') echo Mail.a.org ;;\n"
	for name, text := range lists {
		daemontest.Put(t, filepath.Join(dir, name), strings.ReplaceAll(text, "DIR", dir))
		script += "*listnamed_d:" + name + "*) cat " + dir + "/" + name + " ;;\n"
	}
	script += "*) echo 'Failed: \"x\" is not a domain named list' ;;\nesac\n"
	daemontest.Put(t, filepath.Join(dir, "exim4"), script)
	if err := os.Chmod(filepath.Join(dir, "exim4"), 0o755); err != nil {
		t.Fatal(err)
	}
	return daemon.Host{Bin: []string{dir}}, dir
}

func TestDomainsAreExims(t *testing.T) {
	host, dir := eximHost(t, map[string]string{
		"local_domains": "@ : localhost : Example.org : !no.example.com : no.example.com : lsearch;DIR/Keys : dsearch;DIR/hosts : *.sub.org : a.sub.org\n",
		"relay_to_domains": "DIR/list : !*.below.org : x.below.org : dbm;DIR/none : ^re : @[] : * : nwildlsearch;DIR/gone : a_b.org : " +
			"partial-lsearch,ret=key;DIR/Keys\n",
		"Keys": "k1.org: x\n# c\nk2.org\n  more\n\"K3.org\": y\n*.w.org\n",
		"list": "# c\nf1.org\n!f2.org # not\nf2.org\n",
	})
	if err := os.MkdirAll(filepath.Join(dir, "hosts", "d.org"), 0o755); err != nil {
		t.Fatal(err)
	}
	all := Sources{Exim: "/etc/exim.conf"}.Read(t.Context(), host)
	var got []string
	for _, d := range all.Domains {
		mark := ""
		if d.Skipped != "" {
			mark = "-"
		}
		got = append(got, mark+d.Name)
	}
	const want = "-mail.a.org -localhost example.org k1.org k2.org k3.org *.w.org d.org *.sub.org a.sub.org f1.org"
	if text := strings.Join(got, " "); text != want {
		t.Errorf("got  %s\nwant %s", text, want)
	}
	for _, text := range []string{"dbm;" + dir + "/none cannot be listed", "^re cannot be listed", "any domain (*)", "gone are missing", "a_b.org"} {
		if !slices.ContainsFunc(all.Remarks, func(r Remark) bool { return strings.Contains(r.Text(), text) && r.Err.Hint != "" }) {
			t.Errorf("%q is not in %v", text, all.Remarks)
		}
	}
	if len(all.Remarks) != 5 || all.Failed() != nil {
		t.Error(all.Remarks)
	}
}

func TestAnEximThatCannotBeReadIsAFailedSource(t *testing.T) {
	all := Sources{Exim: "/etc/exim.conf"}.Read(t.Context(), daemon.Host{Bin: []string{"/nowhere"}})
	if !fail.Is(all.Failed(), fail.NotFound) || !strings.Contains(all.Failed().Error(), "exim4 is not installed") {
		t.Error(all.Failed())
	}
	host, _ := eximHost(t, nil)
	all = Sources{Exim: "/etc/exim.conf"}.Read(t.Context(), host)
	isTold(t, all, fail.NotFound, "no domains in local_domains", "accepted_domains.names")
}

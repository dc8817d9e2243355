package domains

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// configured makes a configuration directory of Postfix; DIR in its files stands for it.
func configured(t *testing.T, main string, files map[string]string, tables ...string) string {
	t.Helper()
	dir := t.TempDir()
	files["main.cf"], files["master.cf"] = "compatibility_level = 3.6\nmyhostname = mail.a.org\nmydestination =\nmaillog_file =\n"+main, ""
	for name, text := range files {
		path := filepath.Join(dir, name)
		daemontest.Put(t, path, strings.ReplaceAll(text, "DIR", dir))
		old := time.Now().Add(-time.Minute) // Postfix waits while a file has only just been changed
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range tables {
		if out, err := exec.Command("postmap", "-c", dir, strings.ReplaceAll(table, "DIR", dir)).CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
	}
	return dir
}

// TestDomainsArePostfixs holds the domains to those that Postfix takes mail for, in ten configurations: "-" before one
// says that it is not offered.
func TestDomainsArePostfixs(t *testing.T) {
	t.Parallel()
	daemontest.Need(t, "postconf", "postmap")
	for name, c := range map[string]struct {
		main   string
		files  map[string]string
		tables []string
		want   string
		said   []string
	}{
		"names and this server": {main: "mydestination = $myhostname, localhost.$mydomain localhost, A.org\n b.org, corp, house.lan\n",
			want: "-mail.a.org -localhost.a.org -localhost a.org b.org -corp -house.lan"},
		"nothing": {},
		"the defaults follow the maps": {main: "virtual_alias_maps = hash:DIR/virtual\nvirtual_mailbox_maps = texthash:DIR/boxes\n", tables: []string{"hash:DIR/virtual"},
			files: map[string]string{"virtual": "One.org x\nuser@two.org y\n@three.org z\npostmaster root\n", "boxes": "four.org x\nme@four.org y\n"},
			want:  "four.org one.org -postmaster"},
		"a file and one in it": {main: "relay_domains = DIR/list\n", files: map[string]string{"list": "# two\none.org, two.org\n  three.org\nDIR/more\n", "more": "four.org\n#five.org\n"},
			want: "one.org two.org three.org four.org"},
		"exclusions count where they come first": {main: "relay_domains = !no.one.org, one.org, no.one.org, !two.org three.org !three.org !!four.org\n", want: "one.org three.org four.org"},
		"an excluded file and an excluded table": {main: "virtual_alias_domains = !DIR/not, !inline:{ three.org=x }, one.org, two.org, three.org\n",
			files: map[string]string{"not": "one.org\n"}, want: "two.org"},
		"what is below is excluded with its parent": {main: "relay_domains = !one.org, sub.one.org, two.org\n", want: "two.org"},
		"what is below without parents": {main: "parent_domain_matches_subdomains =\nrelay_domains = !one.org, sub.one.org, .two.org, !.three.org, a.three.org\n",
			want: "sub.one.org *.two.org"},
		"by a proxy in lists of every kind": {main: "virtual_mailbox_domains = proxy:btree:DIR/boxes\nrelay_domains = $virtual_mailbox_domains, inline:{ {x.org = a b}, y.org=c }\n",
			tables: []string{"btree:DIR/boxes"}, files: map[string]string{"boxes": "one.org x\nbücher.org y\n"}, want: "xn--bcher-kva.org one.org x.org y.org"},
		"what cannot be listed": {main: "virtual_alias_domains = regexp:DIR/re, hash:DIR/none, one.org, a_b.org, [192.0.2.1]\nrelay_domains = !regexp:DIR/re, DIR/none, two.org\n",
			files: map[string]string{"re": "/x/ y\n"}, want: "one.org two.org",
			said: []string{"re cannot be listed, only asked: the domains that it alone has are missing", "none.db", "a_b.org, [192.0.2.1]",
				"the domains that it excludes are not known", "the domains of DIR/none are missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			if c.files == nil {
				c.files = map[string]string{}
			}
			dir := configured(t, c.main, c.files, c.tables...)
			all := Sources{Postfix: dir}.Read(t.Context(), daemon.Host{})
			var got []string
			for _, d := range all.Domains {
				mark := ""
				if d.Skipped != "" {
					mark = "-"
				}
				got = append(got, mark+d.Name)
				if !strings.HasPrefix(d.Source, "Postfix in "+dir+" ") {
					t.Error(d)
				}
			}
			if text := strings.Join(got, " "); text != c.want {
				t.Errorf("got  %s\nwant %s", text, c.want)
			}
			for _, text := range c.said {
				text = strings.ReplaceAll(text, "DIR", dir)
				if !slices.ContainsFunc(all.Remarks, func(r Remark) bool { return strings.Contains(r.Text(), text) && r.Err.Hint != "" }) {
					t.Errorf("%q is not in %v", text, all.Remarks)
				}
			}
			if len(all.Remarks) != len(c.said) || all.Failed() != nil {
				t.Error(all.Remarks, all.Failed())
			}
			isPostmaps(t, dir, all, c.tables)
		})
	}
}

// isPostmaps wants every key of the tables that is a domain to be there, as postmap lists them.
func isPostmaps(t *testing.T, dir string, all Listing, tables []string) {
	t.Helper()
	for _, table := range tables {
		out, err := exec.Command("postmap", "-c", dir, "-s", strings.ReplaceAll(table, "DIR", dir)).Output()
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.SplitSeq(strings.TrimSpace(string(out)), "\n") {
			key, _, _ := strings.Cut(line, "\t")
			has := slices.ContainsFunc(all.Domains, func(d Domain) bool { return d.Name == key || strings.HasPrefix(d.Name, "xn--") && key[0] == 'b' })
			if has == strings.Contains(key, "@") {
				t.Errorf("%s: %q is listed: %v", table, key, has)
			}
		}
	}
}

func TestAPostfixThatCannotBeReadIsAFailedSource(t *testing.T) {
	t.Parallel()
	daemontest.Need(t, "postconf")
	all := Sources{Names: []string{"one.org"}, Postfix: t.TempDir()}.Read(t.Context(), daemon.Host{})
	if len(all.Domains) != 1 || !fail.Is(all.Failed(), fail.Failed) || fail.Of(all.Failed()).Hint == "" {
		t.Error(all, all.Failed())
	}
	all = Sources{Postfix: t.TempDir()}.Read(t.Context(), daemon.Host{Bin: []string{"/nowhere"}})
	if !fail.Is(all.Failed(), fail.NotFound) || !strings.Contains(all.Failed().Error(), "postconf is not installed") {
		t.Error(all.Failed())
	}
}

func TestADomainOfSeveralSourcesIsThereOnce(t *testing.T) {
	all := merge([]Listing{
		{Domains: []Domain{{Name: "a.org", Source: Configuration}}},
		{Domains: []Domain{{Name: "b.org", Source: "x", Skipped: "outbound only"}, {Name: "a.org", Source: "x", Skipped: "a single label"}}},
		{Domains: []Domain{{Name: "b.org", Source: "y", Type: "authoritative", Default: true}}},
	})
	if len(all.Domains) != 2 || all.Domains[0].Skipped != "" || !slices.Equal(all.Domains[0].Also, []string{"x"}) {
		t.Errorf("%+v", all.Domains)
	}
	if d := all.Domains[1]; d.Skipped != "" || d.Type != "authoritative" || !d.Default {
		t.Errorf("%+v", d)
	}
}

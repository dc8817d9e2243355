package cli

import (
	"cmp"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/spf13/pflag"

	"certdesk/certstore/acme/acmetest"
	"certdesk/certstore/config"
	"certdesk/certstore/daemontest"
)

// Each key of [[acme]] has a flag, and what a flag gives is written.
func TestEachKeyOfACAHasAFlag(t *testing.T) {
	var ca config.ACME
	fl := pflag.NewFlagSet("add", pflag.ContinueOnError)
	addFlags(fl, &ca)
	addProofFlags(fl, &ca)
	keys := append(tagsOf(reflect.TypeFor[config.ACME](), ""), tagsOf(reflect.TypeFor[config.ACMEDNS](), "dns.")...)
	for _, key := range slices.DeleteFunc(keys, func(key string) bool { return key == "name" || key == "dns" }) {
		name := strings.NewReplacer("_", "-", ".", "-").Replace(key)
		if key == "staging" {
			name = "staging-directory"
		}
		f := fl.Lookup(name)
		if f == nil {
			t.Errorf("%s has no flag", key)
			continue
		}
		value := map[string]string{"int": "80", "bool": "true"}[f.Value.Type()]
		if err := fl.Set(name, cmp.Or(value, "x")); err != nil {
			t.Error(err)
		}
		if !slices.ContainsFunc(ca.Changes(0), func(c config.Change) bool { return c.Key == key }) {
			t.Errorf("--%s is not written as %s", name, key)
		}
	}
}

func tagsOf(of reflect.Type, before string) (keys []string) {
	for i := range of.NumField() {
		keys = append(keys, before+of.Field(i).Tag.Get("toml"))
	}
	return keys
}

// A CA that proves by records in DNS is set up by command: the server is asked with the key before anything is written.
func TestProofsByDNSAreSetUpByCommand(t *testing.T) {
	t.Parallel()
	p := acmetest.Start(t, acmetest.Options{})
	named := daemontest.Named(t)
	at := strings.TrimPrefix(named.URLs[0], "dns://")
	o := newOffice(t)
	text := daemontest.Read(t, o.config)
	before := o.snapshot()
	add := func(args ...string) result {
		return o.run(append([]string{"acme", "add", "house", "--directory", p.Directory, "--ca-file", p.RootsFile, "--accept-terms",
			"--challenge", "dns-01"}, args...)...)
	}
	for _, c := range []struct {
		code int
		want string
		args []string
	}{
		{2, "dns-01 needs [acme.dns] with one of", nil},
		{2, "one of server, acme_dns and command", []string{"--dns-server", at, "--dns-command", "/bin/true"}},
		{2, "holds no key", []string{"--dns-server", at, "--dns-tsig-name", "no", "--dns-tsig-file", named.File}},
		{1, "does not answer", []string{"--dns-server", "127.0.0.1:1"}},
		{1, "the command that changes the DNS: cannot run", []string{"--dns-command", "/usr/local/bin/no-such-hook"}},
	} {
		if r := add(c.args...); r.code != c.code || !strings.Contains(r.err, c.want) {
			t.Errorf("%v: exit %d, %s", c.args, r.code, r.err)
		}
	}
	o.unchanged(before)
	r := add("--dns-server", at, "--dns-tsig-name", "certdesk", "--dns-tsig-file", named.File, "--dns-propagation", "30s", "--resolver", at)
	if r.code != 0 || !strings.Contains(r.err, "warning: ") {
		t.Errorf("exit %d, %s", r.code, r.err)
	}
	if got := daemontest.Read(t, o.config); !strings.HasPrefix(got, text) || !strings.HasSuffix(got, "[acme.dns]\nserver = \""+at+"\"\ntsig_name = \"certdesk\"\n"+
		"tsig_file = \""+named.File+"\"\npropagation = \"30s\"\n") {
		t.Error(got)
	}
}

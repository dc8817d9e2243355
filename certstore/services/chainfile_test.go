package services

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// A file of intermediates for all certificates of a host stays where one that stays is served with it, and the new one
// has the same; where both cannot be served whole, nothing is changed.
func TestAChainFileStaysWithTheCertificateThatStays(t *testing.T) {
	t.Parallel()
	ca, other, dir := daemontest.NewCA(t), daemontest.NewCA(t), t.TempDir()
	file := func(name string, data []byte) string {
		daemontest.Put(t, filepath.Join(dir, name), string(data))
		return filepath.Join(dir, name)
	}
	split := func(p daemontest.Pair) (leaf, chain []byte) {
		at := bytes.LastIndex(p.Chain, []byte("-----BEGIN CERTIFICATE"))
		return p.Chain[:at], p.Chain[at:]
	}
	fresh := func(ca *daemontest.CA) Pair {
		p := ca.Issue(t, daemontest.Wish{RSA: true})
		return Pair{Chain: p.Chain, Key: p.Key}
	}
	staying := ca.Issue(t, daemontest.Wish{})
	leaf, chain := split(staying)
	bare := []Beside{{Installed: daemon.Installed{Cert: file("bare.pem", leaf)}}}
	whole := []Beside{{Installed: daemon.Installed{Cert: file("whole.pem", staying.Chain)}}}
	middle, full, old := file("middle.pem", chain), file("full.pem", staying.Chain), file("gone.pem", []byte("x"))
	for _, c := range []struct {
		name   string
		site   daemon.Site
		pairs  []Pair
		kept   []Beside
		stays  bool
		refuse string
	}{
		{"nothing else is served", daemon.Site{Chain: middle}, []Pair{fresh(ca)}, nil, false, ""},
		{"no such file", daemon.Site{}, []Pair{fresh(ca)}, bare, false, ""},
		{"the same intermediates", daemon.Site{Chain: middle}, []Pair{fresh(ca)}, bare, true, ""},
		{"others", daemon.Site{Chain: middle}, []Pair{fresh(other)}, bare, false, "which are not those of the new certificate"},
		{"others, and a chain of its own", daemon.Site{Chain: middle}, []Pair{fresh(other)}, whole, false, ""},
		{"a leaf among them", daemon.Site{Chain: full}, []Pair{fresh(ca)}, bare, false, "which are not those of the new certificate"},
		{"a file that cannot be read", daemon.Site{Chain: old}, []Pair{fresh(ca)}, whole, false, ""},
		{"around, others", daemon.Site{Chain: middle, Around: true}, []Pair{fresh(other)}, whole, false, "the block around"},
		{"around, the same", daemon.Site{Chain: middle, Around: true}, []Pair{fresh(ca)}, whole, true, ""},
		{"around, two new ones", daemon.Site{Chain: middle, Around: true}, []Pair{fresh(ca), fresh(other)}, nil, false, "the block around"},
		{"around, two new ones of one CA", daemon.Site{Chain: middle, Around: true}, []Pair{fresh(ca), fresh(ca)}, nil, false, ""},
	} {
		sites := []daemon.Site{c.site}
		err := chainStays(sites, c.pairs, c.kept)
		if (err == nil) != (c.refuse == "") || err != nil && !strings.Contains(err.Error(), c.refuse) || sites[0].Chained != c.stays {
			t.Errorf("%s: stays %t, %v", c.name, sites[0].Chained, err)
		}
	}
}

package services

import (
	"net/url"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

const dovecotSlots = `listen = 127.0.0.1, 127.0.0.2
local_name "one.test two.test three.test" {
  PAIR
}
local_name *.wild.test {
  PAIR
}
local 127.0.0.2 {
  local_name on.test {
    PAIR
  }
}
local 127.0.0.3/32 {
  ssl_min_protocol = TLSv1.2
}
!include conf.d/*.conf
!include_try local.conf
`

// TestDovecotSlotsOfARealDaemon gives one slot after the other a certificate of its own, and asks all of them each time.
// LMTP serves its default to every name.
func TestDovecotSlotsOfARealDaemon(t *testing.T) {
	if daemontest.Plain("dovecot") {
		t.Skip("CERTDESK_ALL=1")
	}
	t.Parallel()
	ca := daemontest.NewCA(t)
	old := ca.Issue(t, daemontest.Wish{})
	d := daemontest.WholeDovecot(t, old, func(root, text string) string {
		pair := "ssl_cert = <" + root + "/tls/cert.pem\n  ssl_key = <" + root + "/tls/key.pem"
		daemontest.Put(t, root+"/conf.d/10-ssl.conf", "ssl_min_protocol = TLSv1.2\n")
		daemontest.Put(t, root+"/local.conf", "protocol imap {\n  mail_max_userip_connections = 9\n}\n")
		return text + strings.ReplaceAll(dovecotSlots, "PAIR", pair)
	})
	slots := []struct {
		name  string
		names []string // that it is asked for
		host  string
	}{
		{"two.test", []string{"one.test", "two.test", "three.test"}, "127.0.0.1"},
		{"a.wild.test", []string{"a.wild.test", "b.wild.test"}, "127.0.0.1"},
		{"on.test", []string{"on.test"}, "127.0.0.2"},
		{daemontest.Name, []string{daemontest.Name, "", "on.test", "a.b.wild.test"}, "127.0.0.1"},
	}
	sums := map[string]string{}
	for _, slot := range slots {
		sums[slot.name] = old.Sum()
	}
	for _, slot := range slots {
		in := daemon.Instance{Use: "IMAP", Driver: "dovecot", Config: d.Config, Name: slot.name}
		s, err := New(daemon.Host{Install: filepath.Join(d.Dir, "installed")}, in)
		if err != nil {
			t.Fatal(err)
		}
		next := ca.Issue(t, daemontest.Wish{Names: append([]string{"*.wild.test"}, slot.names[0], slot.name, "one.test", "three.test")})
		p := enable(t, s, next)
		if again := plan(t, s, next); !again.Nothing {
			t.Errorf("%s: a second plan would change\n%s", slot.name, again.Diff())
		}
		if files := changedFiles(p); slot.name != daemontest.Name && !slices.Equal(files, []string{"dovecot.conf"}) {
			t.Errorf("%s: %v change", slot.name, files)
		}
		sums[slot.name] = next.Sum()
		for _, other := range slots {
			holdsOn(t, handshakes(t, d.URLs[3:5], other.host, other.names[:1]), sums[other.name])
		}
	}
	lmtp := d.URLs[6:]
	for _, slot := range slots {
		holdsOn(t, handshakes(t, lmtp, slot.host, slot.names), sums[daemontest.Name])
		holdsOn(t, handshakes(t, d.URLs[:6], slot.host, slot.names), sums[slot.name])
	}
}

// holdsOn asks once: what a reload changes was awaited before.
func holdsOn(t *testing.T, proofs []daemon.Proof, sum string) {
	t.Helper()
	for _, p := range proofs {
		if got := daemontest.Served(p.URL, p.Name); got != sum {
			t.Errorf("%s (%s) serves %.8s, want %.8s", p.URL, p.Name, got, sum)
		}
	}
}

func changedFiles(p Plan) (names []string) {
	for _, c := range p.Changes {
		names = append(names, filepath.Base(c.Path))
	}
	return names
}

// handshakes are those of every port, on an address of the machine, with some names.
func handshakes(t *testing.T, urls []string, host string, names []string) (proofs []daemon.Proof) {
	t.Helper()
	for _, text := range urls {
		u, err := url.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			proofs = append(proofs, daemon.Proof{URL: u.Scheme + "://" + host + ":" + u.Port(), Name: name})
		}
	}
	return proofs
}

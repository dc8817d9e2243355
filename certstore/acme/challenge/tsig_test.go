//go:build unix

package challenge

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
)

// The key file is BIND's, with its comments, or the secret alone; no sentence about it holds the secret.
func TestTheTSIGKeyIsRead(t *testing.T) {
	const secret = "c2VjcmV0//c2VjcmV0c2VjcmV0c2VjcmV0c2Vjcm"
	const two = "key \"first.\" {\n\talgorithm hmac-sha512; // strong\n\tsecret \"" + secret +
		"\";\n};\n# key \"old\" { algorithm hmac-sha1; secret \"AAAA\"; };\n" +
		"/* key \"older\" {\n algorithm hmac-sha1; secret \"AAAA\"; }; */\nkey second { algorithm HMAC-SHA256; secret " +
		secret + "; };\n"
	for _, c := range []struct {
		name, keyName, text string
		want                key
		says                string
	}{
		{"of two", "First", two, key{"first.", dns.HmacSHA512, secret}, ""},
		{"without quotes", "second.", two, key{"second.", dns.HmacSHA256, secret}, ""},
		{"in a comment", "old", two, key{}, `holds no key "old"`},
		{"in the other comment", "older", two, key{}, `holds no key "older"`},
		{"no name and two keys", "", two, key{}, `holds no key ""`},
		{"no name and one key", "", `key "k" { algorithm "hmac-sha256"; secret "` + secret + `"; };`,
			key{"k.", dns.HmacSHA256, secret}, ""},
		{"the secret alone", "k", secret + "\r\n", key{"k.", dns.HmacSHA256, secret}, ""},
		{"the secret alone, without a name", "", secret, key{}, "and not its name"},
		{"MD5", "k", `key k { algorithm hmac-md5; secret "` + secret + `"; };`, key{}, `the algorithm "hmac-md5"`},
		{"no algorithm", "k", `key k { secret "` + secret + `"; };`, key{}, `the algorithm ""`},
		{"cut short", "k", secret[:21], key{}, "is not base64"},
		{"nothing", "k", "", key{}, "is not base64"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "tsig.key")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			got, err := readKey(c.keyName, file)
			check(t, err, c.says)
			if got != c.want {
				t.Errorf("read %v, want %v", got, c.want)
			}
			if err != nil && strings.Contains(err.Error()+fail.Of(err).Hint, secret[:20]) {
				t.Errorf("it shows the secret: %v", err)
			}
		})
	}
}

// A server that takes no updates of the zone is told from one that does not answer.
func TestAServerThatTakesNoUpdatesIsNamed(t *testing.T) {
	const primary = "127.0.0.2"
	for name, c := range map[string]struct {
		behave func(*dns.Msg, bool) *dns.Msg
		want   string
	}{
		"lame":      {code(dns.RcodeRefused), "the server 127.0.0.2:PORT is no authority (lame) for _acme-challenge.mail.example.test"},
		"no zone":   {nil, "holds no zone of _acme-challenge.mail.example.test"},
		"a failure": {code(dns.RcodeServerFailure), "answers SERVFAIL to the change of"},
		"silent":    {silent, "does not answer (nothing came in time) to the change of"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			port, servers := newDNSServers(t, "127.0.0.1", primary)
			zoneAt(t, servers["127.0.0.1"], primary)
			servers[primary].does(c.behave)
			a := newAsker(Options{Resolver: fmt.Sprintf("127.0.0.1:%d", port)})
			a.patience = 100 * time.Millisecond
			u, err := newUpdater(DNS{Server: fmt.Sprintf("%s:%d", primary, port)}, a)
			if err != nil {
				t.Fatal(err)
			}
			s := &byDNS{asker: a, keeper: u}
			check(t, s.Present(context.Background(), mail), strings.Replace(c.want, "PORT", fmt.Sprint(port), 1))
		})
	}
}

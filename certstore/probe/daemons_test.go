package probe_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/pem"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
)

const host = "mail.example.test"

var starters = map[string]func(testing.TB, daemontest.Pair, ...func(at, text string) string) *daemontest.Daemon{
	"postfix": daemontest.Postfix, "dovecot": daemontest.WholeDovecot, "nginx": daemontest.Nginx, "apache": daemontest.Apache,
}

// What every port of every daemon serves, asked for RSA and for ECDSA, is what openssl sees there.
func TestRealDaemonsServeWhatOpensslSees(t *testing.T) {
	for name, start := range starters {
		if daemontest.Plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := daemontest.NewCA(t)
			ecdsa := daemontest.Beside(t, name, ca.Issue(t, daemontest.Wish{Names: []string{host}}))
			d := start(t, ca.Issue(t, daemontest.Wish{RSA: true, Names: []string{host, "127.0.0.1"}}), ecdsa)
			seen := map[string]string{}
			for _, port := range d.URLs {
				for _, key := range []probe.Key{probe.RSA, probe.ECDSA} {
					req := requestOf(t, port)
					req.Key, req.Roots = key, ca.Roots()
					r := probe.Ask(t.Context(), req)
					if !r.Accepted() || r.Result != probe.Answers || r.Chain.Verdict != probe.Complete || r.Chain.OutOfOrder || len(r.Sent) != 2 {
						t.Errorf("%s %s: %+v", port, key, r)
					}
					seen[port+string(key)] = r.SHA256
				}
				kinds := probe.AskKinds(t.Context(), requestOf(t, port))
				if len(kinds) != 2 || kinds[0].SHA256 == kinds[1].SHA256 || kinds[0].Protocol != "TLS 1.3" {
					t.Errorf("%s: kinds %+v", port, kinds)
				}
			}
			if log := daemontest.Read(t, d.Log); strings.Contains(log, "lost connection") || strings.Count(log, "Disconnected: ") != strings.Count(log, "by logging out") {
				t.Errorf("the daemon was left without a word:\n%s", log)
			}
			for _, port := range d.URLs {
				for _, key := range []probe.Key{probe.RSA, probe.ECDSA} {
					if want := opensslSees(t, port, key); seen[port+string(key)] != want {
						t.Errorf("%s %s: %s, openssl sees %s", port, key, seen[port+string(key)], want)
					}
				}
			}
		})
	}
}

// After a renewal that was not loaded the old certificate is named as such.
func TestTheOldCertificateIsNamedUntilTheDaemonReloads(t *testing.T) {
	for name, start := range starters {
		if daemontest.Plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := daemontest.NewCA(t)
			before, after := ca.Issue(t, daemontest.Wish{Names: []string{host}}), ca.Issue(t, daemontest.Wish{Names: []string{host}})
			d := start(t, before)
			expect := probe.Expect{Wanted: before.Sum()}
			ask := func(want probe.Result) {
				t.Helper()
				for _, port := range d.URLs {
					req := requestOf(t, port)
					req.Expect = expect
					r := probe.Ask(t.Context(), req)
					for end := time.Now().Add(10 * time.Second); r.Result != want && time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
						r = probe.Ask(t.Context(), req)
					}
					if r.Result != want {
						t.Errorf("%s: %s %q, want %s", port, r.Result, r.Text, want)
					}
				}
			}
			ask(probe.Matches) // so that it has read the files
			after.Install(t, d.Cert, d.Key)
			expect = probe.Expect{Wanted: after.Sum(), Former: before.Sum()}
			if name != "postfix" { // a process that was not started yet reads the new files
				ask(probe.Old)
			}
			if out, err := exec.Command(d.Reload[0], d.Reload[1:]...).CombinedOutput(); err != nil {
				t.Fatalf("%v: %v\n%s", d.Reload, err, out)
			}
			ask(probe.Matches)
		})
	}
}

// A daemon whose key does not fit answers STARTTLS with an error, or with plain text: never with a certificate.
func TestABrokenPairIsANamedResult(t *testing.T) {
	ca := daemontest.NewCA(t)
	mismatch := ca.Issue(t, daemontest.Wish{Names: []string{host}})
	mismatch.Key = ca.Issue(t, daemontest.Wish{Names: []string{host}}).Key
	for name, want := range map[string]map[string]probe.Result{
		"postfix": {"smtp": probe.Refused, "smtps": probe.Refused},
		"dovecot": {"imap": probe.Plaintext, "imaps": probe.Refused, "pop3": probe.Plaintext, "pop3s": probe.Refused,
			"lmtp": probe.Plaintext, "sieve": probe.Plaintext, "smtp": probe.Plaintext},
	} {
		if daemontest.Plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := starters[name](t, mismatch)
			for _, port := range d.URLs {
				scheme, _, _ := strings.Cut(port, "://")
				r := probe.Ask(t.Context(), requestOf(t, port))
				if r.Result != want[scheme] || r.Text == "" || r.Served() {
					t.Errorf("%s: %s %q %q, want %s", port, r.Result, r.Text, r.Said, want[scheme])
				}
				t.Logf("%s: %s: %s: %q", port, r.Result, r.Text, r.Said)
			}
		})
	}
}

func request(t testing.TB, scheme probe.Scheme, address string) probe.Request {
	t.Helper()
	return requestOf(t, string(scheme)+"://"+address)
}

func requestOf(t testing.TB, url string) probe.Request {
	t.Helper()
	target, err := probe.ParseTarget(url)
	if err != nil {
		t.Fatal(err)
	}
	return probe.Request{Target: target, Name: host, Timeout: 5 * time.Second}
}

// opensslSees gives the SHA-256 of the leaf that s_client prints.
func opensslSees(t *testing.T, url string, key probe.Key) string {
	t.Helper()
	scheme, address, _ := strings.Cut(url, "://")
	args := []string{"s_client", "-connect", address, "-servername", host, "-tls1_2", "-cipher", "a" + string(key)}
	if probe.Scheme(scheme).StartTLS() {
		args = append(args, "-starttls", scheme)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, "openssl", args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	block, _ := pem.Decode(out)
	if block == nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	s := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(s[:])
}

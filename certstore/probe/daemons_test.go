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

	"certdesk/certstore/probe"
	"certdesk/certstore/probe/daemontest"
)

const host = "mail.example.test"

// plain says whether this is a plain run, in which one daemon stands for all: the full run (CERTDESK_ALL=1) has all.
func plain(daemon string) bool { return daemon != "nginx" && os.Getenv("CERTDESK_ALL") == "" }

// starters are the daemons, each with an RSA and an ECDSA certificate, and what openssl calls the schemes.
var (
	starters = map[string]func(testing.TB, daemontest.Pair, ...daemontest.Pair) *daemontest.Daemon{
		"postfix": daemontest.Postfix, "dovecot": daemontest.Dovecot, "nginx": daemontest.Nginx, "apache": daemontest.Apache,
	}
	schemes = map[string]probe.Scheme{"smtp": probe.SMTP, "submission": probe.SMTP, "smtps": probe.SMTPS, "imap": probe.IMAP,
		"imaps": probe.IMAPS, "pop3": probe.POP3, "pop3s": probe.POP3S, "https": probe.HTTPS, "lmtp": probe.LMTP, "sieve": probe.Sieve}
)

// What every port of every daemon serves, asked for RSA and for ECDSA, is what openssl sees there.
func TestRealDaemonsServeWhatOpensslSees(t *testing.T) {
	for name, start := range starters {
		if plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			openssl := daemontest.Need(t, "openssl")
			ca := daemontest.NewCA(t)
			d := start(t, ca.Issue(t, "rsa", nil, host, "127.0.0.1"), ca.Issue(t, "ecdsa", nil, host))
			seen := map[string]string{}
			for port, address := range d.Ports {
				for _, key := range []probe.Key{probe.RSA, probe.ECDSA} {
					req := request(t, schemes[port], address)
					req.Key, req.Roots = key, ca.Roots()
					r := probe.Ask(t.Context(), req)
					if !r.Accepted() || r.Result != probe.Answers || r.Chain.Verdict != probe.Complete || r.Chain.OutOfOrder || len(r.Sent) != 2 {
						t.Errorf("%s %s: %+v", port, key, r)
					}
					seen[port+string(key)] = r.SHA256
				}
				kinds := probe.AskKinds(t.Context(), request(t, schemes[port], address))
				if len(kinds) != 2 || kinds[0].SHA256 == kinds[1].SHA256 || kinds[0].Protocol != "TLS 1.3" {
					t.Errorf("%s: kinds %+v", port, kinds)
				}
			}
			if log := d.Log(); strings.Contains(log, "lost connection") || strings.Count(log, "Disconnected: ") != strings.Count(log, "by logging out") {
				t.Errorf("the daemon was left without a word:\n%s", log)
			}
			for port, address := range d.Ports {
				for _, key := range []probe.Key{probe.RSA, probe.ECDSA} {
					if want := opensslSees(t, openssl, schemes[port], address, key); seen[port+string(key)] != want {
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
		if plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ca := daemontest.NewCA(t)
			before, after := ca.Issue(t, "ecdsa", nil, host), ca.Issue(t, "ecdsa", nil, host)
			d := start(t, before)
			expect := probe.Expect{Wanted: sum(before)}
			ask := func(want probe.Result) {
				t.Helper()
				for port, address := range d.Ports {
					req := request(t, schemes[port], address)
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
			expect = probe.Expect{Wanted: sum(after), Former: sum(before)}
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
	good := ca.Issue(t, "rsa", nil, host)
	mismatch := daemontest.Pair{Chain: good.Chain, Key: ca.Issue(t, "rsa", nil, host).Key}
	for name, want := range map[string]map[string]probe.Result{
		"postfix": {"smtp": probe.Refused, "submission": probe.Refused, "smtps": probe.Refused},
		"dovecot": {"imap": probe.Plaintext, "imaps": probe.Refused, "pop3": probe.Plaintext, "pop3s": probe.Refused,
			"lmtp": probe.Plaintext, "sieve": probe.Plaintext},
	} {
		if plain(name) {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			d := starters[name](t, mismatch)
			for port, address := range d.Ports {
				r := probe.Ask(t.Context(), request(t, schemes[port], address))
				if r.Result != want[port] || r.Text == "" || r.Served() {
					t.Errorf("%s: %s %q %q, want %s", port, r.Result, r.Text, r.Said, want[port])
				}
				t.Logf("%s: %s: %s: %q", port, r.Result, r.Text, r.Said)
			}
		})
	}
}

func request(t testing.TB, scheme probe.Scheme, address string) probe.Request {
	t.Helper()
	target, err := probe.ParseTarget(string(scheme) + "://" + address)
	if err != nil {
		t.Fatal(err)
	}
	return probe.Request{Target: target, Name: host, Timeout: 5 * time.Second}
}

func sum(p daemontest.Pair) string {
	s := sha256.Sum256(p.Leaf().Raw)
	return hex.EncodeToString(s[:])
}

// opensslSees gives the SHA-256 of the leaf that s_client prints.
func opensslSees(t *testing.T, openssl string, scheme probe.Scheme, address string, key probe.Key) string {
	t.Helper()
	args := []string{"s_client", "-connect", address, "-servername", host, "-tls1_2", "-cipher", "a" + string(key)}
	if scheme.StartTLS() {
		args = append(args, "-starttls", string(scheme))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	cmd := exec.CommandContext(ctx, openssl, args...)
	cmd.Env = append(os.Environ(), "LC_ALL=C")
	out, err := cmd.Output()
	block, _ := pem.Decode(out)
	if block == nil {
		t.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
	s := sha256.Sum256(block.Bytes)
	return hex.EncodeToString(s[:])
}

//go:build unix

package challenge

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
)

// dying is what a process of the test puts out before it is killed.
const dying = "CERTDESK_TEST_PRESENT"

func TestMain(m *testing.M) {
	if text := os.Getenv(dying); text != "" {
		presentAndDie(text)
	}
	os.Exit(m.Run())
}

func presentAndDie(text string) {
	var given struct {
		Options Options
		Proof   Proof
	}
	err := json.Unmarshal([]byte(text), &given)
	if err == nil {
		var s Solver
		s, err = New(given.Options)
		if err == nil {
			err = s.Present(context.Background(), given.Proof)
		}
	}
	if err != nil {
		os.Stderr.WriteString(err.Error())
		os.Exit(1)
	}
	syscall.Kill(os.Getpid(), syscall.SIGKILL)
}

// killedAfter presents a proof in a process that is killed right after.
func killedAfter(t *testing.T, o Options, p Proof) {
	t.Helper()
	text, err := json.Marshal(map[string]any{"Options": forJSON(o), "Proof": p})
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), dying+"="+string(text))
	said, err := cmd.CombinedOutput()
	if err == nil || cmd.ProcessState.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("%v: %s", err, said)
	}
}

func forJSON(o Options) map[string]any {
	return map[string]any{"Type": o.Type, "Webroot": o.Webroot, "DNSPort": o.DNSPort, "Resolver": o.Resolver, "DNS": o.DNS}
}

// bind is a running BIND and how certdesk changes its zone.
type bind struct {
	*daemontest.Daemon
	at      string
	options Options
}

func newBind(t *testing.T) bind {
	t.Helper()
	d := daemontest.Named(t)
	at := strings.TrimPrefix(d.URLs[0], "dns://")
	_, port, _ := strings.Cut(at, ":")
	b := bind{d, at, Options{Type: DNS01, Resolver: at, DNS: DNS{Server: at, TSIGName: "certdesk", TSIGFile: d.File,
		Propagation: 5 * time.Second}}}
	if err := json.Unmarshal([]byte(port), &b.options.DNSPort); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b bind) solver(t *testing.T, change func(*DNS)) Solver {
	t.Helper()
	o := b.options
	change(&o.DNS)
	s, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// values are those of a name, in the order of the alphabet.
func (b bind) values(t *testing.T, name string) []string {
	t.Helper()
	answer, err := newAsker(b.options).exchange(context.Background(), b.at, question(name, dns.TypeTXT, false), key{})
	if err != nil {
		t.Fatal(err)
	}
	all := texts(answer)
	slices.Sort(all)
	return all
}

// One BIND with a signed zone and update-policy takes what it grants and is quoted for the rest.
func TestBINDTakesUpdates(t *testing.T) {
	b := newBind(t)
	ctx := context.Background()
	asIs := func(*DNS) {}
	at := "_acme-challenge.mail.example.test."
	wild := mail
	wild.Wildcard, wild.KeyAuthorization = true, "wild.thumb"

	t.Run("a name and its wildcard are proven together", func(t *testing.T) {
		s := b.solver(t, asIs)
		for _, p := range []Proof{mail, wild, mail} {
			check(t, s.Present(ctx, p), "")
		}
		check(t, s.Try(ctx, mail), "")
		check(t, s.Try(ctx, wild), "")
		want := []string{mail.value(), wild.value()}
		slices.Sort(want)
		if got := b.values(t, at); !slices.Equal(got, want) {
			t.Errorf("%q, want %q", got, want)
		}
		check(t, s.Remove(ctx, mail), "")
		b.await(t, at, wild.value())
		check(t, s.Remove(ctx, wild), "")
		check(t, s.Remove(ctx, wild), "")
		b.await(t, at)
	})
	t.Run("what a killed process put out is taken away", func(t *testing.T) {
		killedAfter(t, b.options, mail)
		b.await(t, at, mail.value())
		check(t, b.solver(t, asIs).Remove(ctx, mail), "")
		b.await(t, at)
	})
	t.Run("an alias leads to the granted name", func(t *testing.T) {
		alias := mail
		alias.Name = "alias.example.test"
		s := b.solver(t, asIs)
		check(t, s.Present(ctx, alias), "")
		check(t, s.Try(ctx, alias), "")
		check(t, s.Remove(ctx, alias), "")
		b.await(t, at)
	})
	secret := keysIn(daemontest.Read(t, b.File))[0].secret
	keyFile := func(text string) func(*DNS) {
		path := filepath.Join(t.TempDir(), "key")
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return func(d *DNS) { d.TSIGFile = path }
	}
	for _, c := range []struct {
		name, proven string
		change       func(*DNS)
		want, hint   string
	}{
		{"the secret alone", "mail.example.test", keyFile(secret + "\n"), "", ""},
		{"no key", "mail.example.test", func(d *DNS) { d.TSIGFile = "" }, "for somebody without a key", "tsig_file"},
		{"outside of the grant", "www.example.test", asIs,
			"refuses (REFUSED) that the key certdesk changes _acme-challenge.www.example.test",
			"grant certdesk name _acme-challenge.www.example.test. TXT;"},
		{"a key without a grant", "mail.example.test", func(d *DNS) { d.TSIGName, d.TSIGFile = "other", b.Key },
			"refuses (REFUSED) that the key other changes", "grant other name"},
		{"another secret", "mail.example.test", keyFile("c2VjcmV0IG9mIHNvbWVib2R5IGVsc2U="), "the secret is another (BADSIG)",
			"the secret that"},
		{"an unknown key", "mail.example.test", func(d *DNS) { keyFile(secret)(d); d.TSIGName = "nobody" },
			"does not know the TSIG key nobody (BADKEY)", "name and algorithm"},
		{"another algorithm", "mail.example.test",
			keyFile(`key certdesk { algorithm hmac-sha512; secret "` + secret + `"; };`), "(BADKEY)", ""},
		{"a zone of others", "mail.example.org", asIs, "the resolver " + b.at + " answers REFUSED", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := mail
			p.Name = c.proven
			s := b.solver(t, c.change)
			seen, wrong := Ahead(ctx, s, c.proven)
			check(t, cmp.Or(wrong, seen.Name), c.want)
			if forAll := strings.Contains(c.want, "(BAD"); forAll != (wrong != nil) || (c.want == "") != (seen.Text != "") {
				t.Errorf("before it is tried: %+v, %v", seen, wrong)
			}
			err := s.Present(ctx, p)
			check(t, err, c.want)
			if err != nil && (!strings.Contains(fail.Of(err).Hint, c.hint) || strings.Contains(err.Error(), secret)) {
				t.Errorf("%v, hint %q, want %q", err, fail.Of(err).Hint, c.hint)
			}
			if err == nil {
				check(t, s.Remove(ctx, p), "")
			}
		})
	}
	b.await(t, at)
}

// await waits for the server to serve these values and no others: a signed zone follows a moment after the update.
func (b bind) await(t *testing.T, name string, want ...string) {
	t.Helper()
	var got []string
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		got = b.values(t, name)
		if slices.Equal(got, want) {
			return
		}
	}
	t.Errorf("%s has %q, want %q", name, got, want)
}

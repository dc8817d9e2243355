//go:build unix

package challenge

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// acme-dns is told the value by the account of the name to which the alias leads.
func TestAcmeDNSIsTold(t *testing.T) {
	var told map[string]string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/api/update" || r.Header.Get("X-Api-User") != "user" || r.Header.Get("X-Api-Key") != "pass word" {
			w.WriteHeader(http.StatusUnauthorized)
			io.WriteString(w, `{"error": "forbidden\u001b"}`+"\x1b[2J")
			return
		}
		json.NewDecoder(r.Body).Decode(&told)
	}))
	t.Cleanup(server.Close)
	port, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "_acme-challenge.mail.example.test. CNAME d420.auth.example.test.",
		"_acme-challenge.wrong.example.test. CNAME else.example.test.", "d420.auth.example.test. TXT x",
		"else.example.test. TXT x")
	account := `{"username":"user","password":"pass word","fulldomain":"d420.auth.example.test","subdomain":"d420","allowfrom":[]}`
	for _, c := range []struct{ name, proven, text, want, hint string }{
		{"one account", "mail", account, "", ""},
		{"by name", "mail", `{"other.example.test":{"fulldomain":"x.auth.example.test","subdomain":"x"},"mail.example.test":` + account + `}`, "", ""},
		{"no alias", "www", account, "_acme-challenge.www.example.test does not lead (CNAME) to d420.auth.example.test",
			"publish: _acme-challenge.www.example.test. CNAME d420.auth.example.test."},
		{"another alias", "wrong", account, "does not lead (CNAME) to d420.auth.example.test", "publish: "},
		{"no account for it", "www", `{"mail.example.test":` + account + `}`,
			"holds no account for _acme-challenge.www", "register"},
		{"another password", "mail", strings.Replace(account, "pass word", "no", 1),
			`/api/update answers 401 Unauthorized ("{"error": "forbidden\u001b"}\u{1b}[2J")`, "may be changed from this host"},
		{"no JSON", "mail", "user:password", "does not hold an account of acme-dns", "POST /register"},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "acme-dns.json")
			if err := os.WriteFile(file, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
			told = nil
			p := mail
			p.Name = c.proven + ".example.test"
			s, err := New(Options{Type: DNS01, Resolver: fmt.Sprintf("127.0.0.1:%d", port),
				DNS: DNS{AcmeDNS: server.URL + "/api", AcmeDNSFile: file}})
			if err == nil {
				seen, wrong := Ahead(context.Background(), s, p.Name)
				if quiet := strings.Contains(c.want, "401"); told != nil || wrong != nil || (seen.Name == nil) != (c.want == "" || quiet) {
					t.Errorf("before it is told anything: %+v, %v, told %q", seen, wrong, told)
				}
				err = s.Present(context.Background(), p)
			}
			check(t, err, c.want)
			switch {
			case err == nil && (told["subdomain"] != "d420" || told["txt"] != p.value()):
				t.Errorf("told %q", told)
			case err != nil && (!strings.Contains(fail.Of(err).Hint, c.hint) || strings.Contains(err.Error(), "pass word")):
				t.Errorf("%v, hint %q, want %q", err, fail.Of(err).Hint, c.hint)
			case err == nil:
				check(t, s.Remove(context.Background(), p), "")
			}
		})
	}
}

package wizard

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
)

// The commands of an entry are those that work for what it is: a request has no certificate to read, a removed entry is
// not found by show, and an export's ending is what its key allows.
func TestTheCommandsOfAnEntry(t *testing.T) {
	e := certstore.Entry{Kind: certstore.Certificate, Common: "*.example.org", Thumbprint: strings.Repeat("AB", 20), HasKey: true, Exportable: true}
	pending, removed, bare := e, e, e
	pending.Kind, bare.Exportable, removed.Removed = certstore.PendingReq, false, time.Unix(1, 0)
	files := []string{"/s t/certs/1.pem", "/s t/requests/2.req", "/s t/certs/3.pem", "/s t/keys/4.key"}
	for name, test := range map[string]struct {
		entry    certstore.Entry
		has, not []string
	}{
		"a certificate":  {e, []string{"certdesk show ABABABABABAB\n", "--path ./wildcard.example.org.pfx\n", "cd '/s t/certs/'\nopenssl x509 -noout -text -in 1.pem\n", "-in 2.req\n"}, []string{"3.pem", "4.key", "restore"}},
		"not exportable": {bare, []string{"--path ./wildcard.example.org.cer\n"}, nil},
		"a request":      {pending, []string{"--path ./wildcard.example.org.req\n", "openssl req"}, []string{"openssl x509"}},
		"removed":        {removed, []string{"certdesk restore ABABABABABAB\n"}, []string{"certdesk show", "certdesk export"}},
	} {
		all := ""
		for _, c := range EntryCommands(test.entry, files, Env{}) {
			all += c.Command + "\n"
		}
		for _, text := range test.has {
			if !strings.Contains(all, text) {
				t.Errorf("%s: %q is not among\n%s", name, text, all)
			}
		}
		for _, text := range test.not {
			if strings.Contains(all, text) {
				t.Errorf("%s: %q is among\n%s", name, text, all)
			}
		}
	}
}

package certstore

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/directory"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/publishing"
	"certdesk/certstore/services"
)

// house is a store with a service, and a real slapd in which its certificates are published.
type house struct {
	*fixture
	*voice
	slapd *daemontest.Daemon
	place publishing.Place
}

func newHouse(t *testing.T, change func(*publishing.Place)) house {
	t.Helper()
	ca := daemontest.NewCA(t)
	pair := ca.Issue(t, daemontest.Wish{Names: []string{"127.0.0.1", "localhost"}})
	h := house{newFixture(t), newVoice(t), daemontest.Slapd(t, pair, ca, daemontest.SlapdServerLDIF), publishing.Place{}}
	password := filepath.Join(t.TempDir(), "password")
	h.must(os.WriteFile(password, []byte(daemontest.SlapdAdminPassword+"\n"), 0o600))
	h.place = publishing.Place{Entry: daemontest.SlapdServer, Server: directory.Server{URL: h.slapd.URLs[1],
		BindDN: daemontest.SlapdAdmin, PasswordFile: password, CAFile: ca.RootFile(t)}}
	change(&h.place)
	h.must(h.place.Check())
	h.store = h.openWith(Options{Dir: h.store.Dir(), Roots: rootsOf(nil, h.ca.root), Services: []services.Instance{h.as("UM")}, Publish: h.place})
	return h
}

// values are what the directory holds.
func (h house) values(attribute string) [][]byte {
	h.Helper()
	conn, err := ldap.DialURL(h.slapd.URLs[0])
	h.must(err)
	defer conn.Close()
	h.must(conn.Bind(daemontest.SlapdAdmin, daemontest.SlapdAdminPassword))
	res, err := conn.Search(ldap.NewSearchRequest(daemontest.SlapdServer, ldap.ScopeBaseObject, 0, 0, 0, false, "(objectClass=*)", []string{attribute}, nil))
	h.must(err)
	return res.Entries[0].GetRawAttributeValues(attribute)
}

// put is what somebody else has there.
func (h house) put(attribute string, value []byte) {
	h.Helper()
	conn, err := ldap.DialURL(h.slapd.URLs[0])
	h.must(err)
	defer conn.Close()
	h.must(conn.Bind(daemontest.SlapdAdmin, daemontest.SlapdAdminPassword))
	m := ldap.NewModifyRequest(daemontest.SlapdServer, nil)
	m.Add(attribute, []string{string(value)})
	h.must(conn.Modify(m))
}

// holds wants these values in the directory and no other, in any order.
func (h house) holds(attribute string, want ...[]byte) {
	h.Helper()
	got := h.values(attribute)
	slices.SortFunc(got, bytes.Compare)
	slices.SortFunc(want, bytes.Compare)
	if !slices.EqualFunc(got, want, bytes.Equal) {
		h.Errorf("%d values of %s, want %d", len(got), attribute, len(want))
	}
}

func (h house) der(e ledger.Entry) []byte {
	h.Helper()
	cert, err := h.store.objects.Certificate(e.SHA256)
	h.must(err)
	return cert.Raw
}

// ails are the codes that doctor finds, but for those of files.
func (h house) ails(repair bool) (codes []string) {
	h.Helper()
	r, err := h.store.Doctor(h.Context(), repair)
	h.must(err)
	for _, f := range r.Findings {
		if strings.HasPrefix(f.Code, "directory") {
			codes = append(codes, f.Code)
			if r.OK || f.Text == "" {
				h.Errorf("%+v", f)
			}
		}
	}
	return codes
}

func (h house) head() int64 {
	h.Helper()
	list, err := h.store.History(h.Context())
	h.must(err)
	return list[len(list)-1].Seq
}

// What services have is in the directory beside what others put there; a successor takes its place; while the directory
// is down the store is right, and what is due is done later, even for what was purged meanwhile.
func TestCertificatesArePublishedInADirectory(t *testing.T) {
	t.Parallel()
	const attribute = "userCertificate;binary"
	h := newHouse(t, func(*publishing.Place) {})
	foreign := h.der(h.bought(request("foreign.example.org")))
	h.put(attribute, foreign)
	a, b := h.bought(request("voice.example.org")), h.bought(request("voice.example.org"))
	aDER, bDER := h.der(a), h.der(b)

	h.states(h.enable(a, ledger.UM, enabling.Options{}), enabling.Enabled)
	h.holds(attribute, foreign, aDER)
	if list := h.store.published(a.SHA256); len(list) != 1 || !strings.Contains(list[0], daemontest.SlapdServer) || len(h.ails(false)) != 0 {
		t.Error(list, h.ails(false))
	}
	before := h.head()
	h.must(h.store.Publish(t.Context()))
	if h.head() != before {
		t.Error("what is published is published again")
	}

	h.slapd.Stop(t)
	out := h.enable(b, ledger.UM, enabling.Options{})
	h.states(out, enabling.Enabled)
	if !strings.Contains(out[0].Unpublished, "nothing listens there") || h.entry(b.ID).Services != ledger.UM {
		t.Errorf("%+v", out[0])
	}
	if got := fmt.Sprint(h.ails(true)); got != "[directory-due]" {
		t.Error(got)
	}
	res, err := h.store.Remove(t.Context(), []ledger.Entry{h.entry(a.ID)}, false)
	if h.must(err); len(res.Done) != 1 || len(res.Notes) != 1 {
		t.Errorf("%+v", res)
	}
	_, err = h.store.Purge(t.Context(), []int64{a.ID})
	h.must(err)
	if got := h.ails(true); len(got) != 2 || !slices.Contains(got, "directory-left-behind") {
		t.Error(got)
	}
	before = h.head()
	if err := h.store.Publish(t.Context()); !fail.Is(err, fail.Failed) || h.head() != before {
		t.Error("the same reason is written down again", err)
	}

	daemontest.StartSlapd(t, h.slapd)
	_, err = h.store.RenewDue(t.Context(), DueOptions{})
	h.must(err)
	h.holds(attribute, foreign, bDER)
	if got := h.ails(false); len(got) != 0 {
		t.Error(got)
	}

	h.slapd.Stop(t)
	c := h.bought(request("voice.example.org"))
	h.enable(c, ledger.UM, enabling.Options{})
	daemontest.StartSlapd(t, h.slapd)
	if got := h.ails(true); len(got) != 0 {
		t.Error(got)
	}
	h.holds(attribute, foreign, h.der(c))
}

// An attribute of one value holds the newest of ours, and another's stays; each reason has its words.
func TestADirectoryThatTakesOneValueOrNone(t *testing.T) {
	t.Parallel()
	const attribute = "msExchServerInternalTLSCert"
	h := newHouse(t, func(p *publishing.Place) { p.Attribute = attribute })
	a, b := h.bought(request("voice.example.org")), h.bought(request("voice.example.org"))
	h.enable(a, ledger.UM, enabling.Options{})
	h.holds(attribute, h.der(a))
	h.enable(b, ledger.UM, enabling.Options{})
	h.holds(attribute, h.der(b))

	der := h.der(a)
	none := func(string) bool { return false }
	if err := h.place.Set(t.Context(), der, none); !fail.Is(err, fail.Failed) || !strings.Contains(err.Error(), "that certdesk did not put there") {
		t.Error(err)
	}
	h.holds(attribute, h.der(b))
	plain := h.place
	plain.Attribute = "userCertificate" // slapd wants ;binary
	h.must(plain.Set(t.Context(), der, none))
	h.holds("userCertificate;binary", der)
	h.must(plain.Set(t.Context(), nil, func(sum string) bool { return sum == publishing.Sum(der) }))
	h.must(plain.Set(t.Context(), nil, func(sum string) bool { return sum == publishing.Sum(der) }))
	h.holds("userCertificate;binary")

	reader := filepath.Join(t.TempDir(), "reader")
	h.must(os.WriteFile(reader, []byte(daemontest.SlapdReaderPassword), 0o600))
	for want, change := range map[string]func(*publishing.Place){
		"may not write usercertificate": func(p *publishing.Place) { p.BindDN, p.PasswordFile = daemontest.SlapdReader, reader },
		"there is no entry cn=none":     func(p *publishing.Place) { p.Entry = "cn=none,dc=corp,dc=test" },
		"takes no nothing":              func(p *publishing.Place) { p.Attribute = "nothing" },
		"takes no mail":                 func(p *publishing.Place) { p.Attribute = "mail" },
		"name or password is wrong":     func(p *publishing.Place) { p.PasswordFile = reader },
	} {
		p := plain
		change(&p)
		if err := p.Set(t.Context(), der, none); err == nil || !strings.Contains(err.Error(), want) || fail.Of(err).Hint == "" {
			t.Errorf("%v, want %q", err, want)
		}
	}
}

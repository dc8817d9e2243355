package domains

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// slapd is one with 2,508 accepted domains, and how it is asked.
type slapd struct {
	*daemontest.Daemon
	ca *daemontest.CA
}

func newDirectory(t *testing.T, adapt ...func(string) string) slapd {
	t.Helper()
	ca := daemontest.NewCA(t)
	var ldif strings.Builder
	for i := range 2500 {
		ldif.WriteString(daemontest.AcceptedDomain(fmt.Sprint("d", i), fmt.Sprintf("D%d.example.org", i), i%3))
	}
	for i, d := range []struct {
		name  string
		flags int
	}{{"ProExchange.Global", 4}, {"*.BelgianBeers.Rock", 0}, {"relay.example.com", 2}, {"out.example.com", 256 | 1}, {"*", 0},
		{"müller.example.com", 0}, {"c=BE;a= ;p=Corp", 0}, {"proexchange.global", 0}} {
		ldif.WriteString(daemontest.AcceptedDomain(fmt.Sprint("special", i), d.name, d.flags))
	}
	for i, address := range []string{"https://EX1.corp.test/autodiscover/autodiscover.xml", "LDAP://corp.test", "none"} {
		fmt.Fprintf(&ldif, "dn: cn=point%d,%s\nobjectClass: serviceConnectionPoint\ncn: point%d\nkeywords: %s\nserviceBindingInformation: %s\n\n", i,
			daemontest.AcceptedDomainsDN, i, []string{"77378F46-2C66-4aa9-A6A6-3E7A48B19596", "67661d7F-8FC4-4fa7-BFAC-E1D7794C1F68", "other"}[i], address)
	}
	names := daemontest.Wish{Names: []string{"127.0.0.1", "localhost", "mail.example.test"}}
	return slapd{daemontest.Slapd(t, ca.Issue(t, names), ca, ldif.String(), adapt...), ca}
}

// asked is how the directory is asked with all as it should be.
func (d slapd) asked(t *testing.T) LDAP {
	t.Helper()
	return LDAP{URL: d.URLs[1], BindDN: daemontest.SlapdReader, PasswordFile: file(t, daemontest.SlapdReaderPassword+"\n"),
		CAFile: d.ca.RootFile(t)}
}

func file(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func read(l LDAP) Listing { return Sources{LDAP: l}.Read(context.Background(), daemon.Host{}) }

func TestAcceptedDomainsAreReadByPages(t *testing.T) {
	d := newDirectory(t)
	starttls := d.asked(t)
	starttls.URL, starttls.StartTLS = d.URLs[0], true
	for _, l := range []LDAP{d.asked(t), starttls} {
		began := time.Now()
		all := read(l)
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("%s took %v", l.URL, took)
		}
		if all.Failed() != nil || len(all.Domains) != 2505 {
			t.Fatalf("%v: %d domains", all.Failed(), len(all.Domains))
		}
		if points := fmt.Sprint(all.Points); points != "[{ex1.corp.test "+l.URL+"}]" {
			t.Error(points)
		}
		by := map[string]Domain{}
		for _, got := range all.Domains {
			by[got.Name] = got
		}
		for _, want := range []Domain{
			{Name: "proexchange.global", Type: "authoritative", Default: true}, {Name: "*.belgianbeers.rock", Type: "authoritative"},
			{Name: "relay.example.com", Type: "internal relay"}, {Name: "d1.example.org", Type: "external relay"},
			{Name: "out.example.com", Type: "external relay", Skipped: "outbound only"}, {Name: "xn--mller-kva.example.com", Type: "authoritative"},
		} {
			want.Source = l.URL
			if fmt.Sprint(by[want.Name]) != fmt.Sprint(want) {
				t.Errorf("got %+v, want %+v", by[want.Name], want)
			}
		}
		said := fmt.Sprint(all.Remarks[0].Err, all.Remarks[1].Err)
		if len(all.Remarks) != 2 || !strings.Contains(said, "any domain (*)") || !strings.Contains(said, "c=BE") {
			t.Error(all.Remarks)
		}
	}
	t.Run("another filter and attribute", func(t *testing.T) {
		l := d.asked(t)
		l.Base, l.Filter, l.Attribute = "dc=corp,dc=test", "(cn=d7)", "msexchaccepteddomainname"
		if all := read(l); len(all.Domains) != 1 || all.Domains[0].Name != "d7.example.org" || all.Domains[0].Type != "" {
			t.Errorf("%+v", all)
		}
	})
	t.Run("what is wrong is said", func(t *testing.T) { d.faults(t) })
}

// faults are the failures of a directory that is there.
func (d slapd) faults(t *testing.T) {
	for name, c := range map[string]struct {
		change     func(l *LDAP)
		code       fail.Code
		text, hint string
	}{
		"wrong password": {func(l *LDAP) { l.PasswordFile = file(t, "wrong") }, fail.WrongPassword, "name or password is wrong", "file"},
		"empty password": {func(l *LDAP) { l.PasswordFile = file(t, "\n") }, fail.InvalidConfig, "is empty", "write the password"},
		"no password":    {func(l *LDAP) { l.PasswordFile = "/nowhere" }, fail.NotPermitted, "/nowhere", "name another"},
		"nobody's":       {func(l *LDAP) { l.BindDN, l.PasswordFile = "", "" }, fail.NotPermitted, "does not let nobody read", "bind_dn"},
		"unknown CA":     {func(l *LDAP) { l.CAFile = "" }, fail.Failed, "a CA that is not trusted", "ca_file"},
		"unknown CA, StartTLS": {func(l *LDAP) { l.CAFile, l.URL, l.StartTLS = "", d.URLs[0], true }, fail.Failed, "a CA that is not trusted",
			"ca_file"},
		"another name":  {func(l *LDAP) { l.URL = strings.Replace(l.URL, "127.0.0.1", "127.0.0.2", 1) }, fail.Failed, "nothing listens", "url"},
		"no such base":  {func(l *LDAP) { l.Base = "dc=none,dc=test" }, fail.NotFound, "nothing at dc=none", "base"},
		"not a base":    {func(l *LDAP) { l.Base = "none" }, fail.NotFound, "nothing at none", "base"},
		"nothing found": {func(l *LDAP) { l.Base = "cn=reader,dc=corp,dc=test" }, fail.NotFound, "no accepted domain", "base"},
		"a CA file that is none": {func(l *LDAP) { l.CAFile = file(t, "x") }, fail.UnsupportedFormat, "has no certificate",
			"ca_file"},
		"no CA file":          {func(l *LDAP) { l.CAFile = "/nowhere.pem" }, fail.NotFound, "/nowhere.pem", "ca_file"},
		"TLS on the plain":    {func(l *LDAP) { l.URL = strings.Replace(d.URLs[0], "ldap:", "ldaps:", 1) }, fail.Failed, "ended the connection", "start_tls"},
		"plain on the secure": {func(l *LDAP) { l.URL = strings.Replace(d.URLs[1], "ldaps:", "ldap:", 1) }, fail.Failed, "ended the connection", "ldaps://"},
	} {
		t.Run(name, func(t *testing.T) {
			l := d.asked(t)
			c.change(&l)
			isTold(t, read(l), c.code, c.text, c.hint)
		})
	}
}

// isTold wants one remark of that kind.
func isTold(t *testing.T, all Listing, code fail.Code, text, hint string) {
	t.Helper()
	i := slices.IndexFunc(all.Remarks, func(r Remark) bool {
		return r.Err.Code == code && strings.Contains(r.Text(), text) && strings.Contains(r.Err.Hint, hint)
	})
	if i < 0 {
		for _, r := range all.Remarks {
			t.Errorf("%s: %s; %s", r.Err.Code, r.Text(), r.Err.Hint)
		}
		t.Errorf("want %s: %s; %s", code, text, hint)
	}
}

func TestADirectoryThatLimitsPagesIsSaidToLackDomains(t *testing.T) {
	d := newDirectory(t, func(text string) string {
		return strings.ReplaceAll(text, "size.prtotal=unlimited", "size.prtotal=1000")
	})
	all := read(d.asked(t))
	isTold(t, all, fail.LimitExceeded, "and then refused more", "paged")
	if len(all.Domains) < 400 || all.Failed() == nil {
		t.Error(len(all.Domains), all.Failed())
	}
}

func TestADirectoryForAnotherNameIsRefused(t *testing.T) {
	ca := daemontest.NewCA(t)
	pair := ca.Issue(t, daemontest.Wish{Names: []string{"dc01.corp.test"}}).TLS(t)
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	go func() {
		for {
			c, err := listener.Accept()
			if err != nil {
				return
			}
			c.(*tls.Conn).Handshake()
			c.Close()
		}
	}()
	all := read(LDAP{URL: strings.Replace("ldaps://"+listener.Addr().String(), "127.0.0.1", "localhost", 1), CAFile: ca.RootFile(t)})
	isTold(t, all, fail.Failed, "for another name: dc01.corp.test", "url")
}

// A server that is not there, says nothing, or never ends is given up in time.
func TestNoDirectoryIsWaitedForLong(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { silent.Close() })
	at := silent.Addr().String()
	for name, c := range map[string]struct {
		l          LDAP
		text, hint string
	}{
		"refused":          {LDAP{URL: "ldap://127.0.0.1:1"}, "nothing listens", "start the directory"},
		"no such host":     {LDAP{URL: "ldaps://dc01.invalid"}, "dc01.invalid", "url"},
		"silent":           {LDAP{URL: "ldap://" + at}, "does not answer", "firewall"},
		"silent, LDAPS":    {LDAP{URL: "ldaps://" + at}, "does not answer", "firewall"},
		"silent, StartTLS": {LDAP{URL: "ldap://" + at, StartTLS: true}, "does not answer", "firewall"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ctx, limit := t.Context(), 10*time.Second
			if os.Getenv("CERTDESK_ALL") == "" { // by itself each takes answerTime
				short, end := context.WithTimeout(ctx, time.Second)
				defer end()
				ctx, limit = short, 2*time.Second
			}
			began := time.Now()
			isTold(t, Sources{LDAP: c.l}.Read(ctx, daemon.Host{}), fail.Failed, c.text, c.hint)
			if took := time.Since(began); took > limit {
				t.Error(took)
			}
		})
	}
}

func TestWhatADirectoryAnswersIsPutInWords(t *testing.T) {
	at := LDAP{URL: "ldap://dc.test", BindDN: "cn=x"}
	for said, want := range map[string]string{
		"80090308: LdapErr: DSID-0C090447, comment: AcceptSecurityContext error, data 52e, v4563": "the password is wrong",
		"AcceptSecurityContext error, data 775, v1db1":                                            "the account is locked",
		"AcceptSecurityContext error, data 532, v1db1":                                            "the password has expired",
		"data xyz": "name or password is wrong",
	} {
		err := ldap.NewError(ldap.LDAPResultInvalidCredentials, fmt.Errorf("%s", said))
		if got := at.explain(t.Context(), err, 0); got.Code != fail.WrongPassword || !strings.Contains(got.Text, want) {
			t.Errorf("%s: %v", said, got)
		}
	}
	for code, want := range map[uint16]string{8: "without TLS", 13: "without TLS", 4: "gave 500 domains", 3: "ran out of time", 10: "another server",
		50: "does not let cn=x read", 1: "does not let cn=x read"} {
		if got := at.explain(t.Context(), ldap.NewError(code, fmt.Errorf("x")), 500); !strings.Contains(got.Text, want) || got.Hint == "" {
			t.Errorf("%d: %+v", code, got)
		}
	}
}

func TestWhatCannotBeAskedIsRefusedInTheConfiguration(t *testing.T) {
	for name, c := range map[string]struct {
		l    LDAP
		want string
	}{
		"no directory":            {LDAP{URL: "https://dc.test"}, "is none of a directory"},
		"no host":                 {LDAP{URL: "ldaps://"}, "is none of a directory"},
		"a filter that is none":   {LDAP{URL: "ldaps://dc.test", Filter: "objectClass=x", Attribute: "y"}, "filter"},
		"no attribute":            {LDAP{URL: "ldaps://dc.test", Filter: "(objectClass=x)"}, "which attribute"},
		"no password":             {LDAP{URL: "ldaps://dc.test", BindDN: "cn=x"}, "no password"},
		"a password in the clear": {LDAP{URL: "ldap://dc.test", BindDN: "cn=x", PasswordFile: "/x"}, "everybody to read"},
	} {
		if err := (Sources{LDAP: c.l}).Check(); !fail.Is(err, fail.InvalidConfig) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, l := range []LDAP{{}, {URL: "ldap://127.0.0.1", BindDN: "cn=x", PasswordFile: "/x"}, {URL: "ldaps://dc.test"}} {
		if err := (Sources{LDAP: l}).Check(); err != nil {
			t.Error(l, err)
		}
	}
}

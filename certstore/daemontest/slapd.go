package daemontest

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

//go:embed testdata/msexch.schema
var exchangeSchema string

const slapdConf = `include /etc/ldap/schema/core.schema
include DIR/msexch.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile DIR/pid
rootDSE DIR/rootdse.ldif
TLSCertificateFile DIR/cert.pem
TLSCertificateKeyFile DIR/key.pem
TLSCACertificateFile DIR/root.pem
access to dn.base="" by * read
database mdb
suffix "dc=corp,dc=test"
rootdn "cn=admin,dc=corp,dc=test"
rootpw secret
directory DIR/db
maxsize 268435456
sizelimit size.soft=500 size.hard=500 size.prtotal=unlimited
index objectClass eq
access to attrs=userPassword by anonymous auth by self read by * none
access to * by users read by anonymous auth
`

// The accounts of Slapd, and their passwords.
const (
	SlapdReader, SlapdReaderPassword = "cn=reader,dc=corp,dc=test", "readersecret"
	SlapdAdmin, SlapdAdminPassword   = "cn=admin,dc=corp,dc=test", "secret"
)

// AcceptedDomainsDN is below which Slapd has the accepted domains of an Exchange organisation.
const AcceptedDomainsDN = "CN=Accepted Domains,CN=Transport Settings,CN=First Organization,CN=Microsoft Exchange," +
	"CN=Services,CN=Configuration,dc=corp,dc=test"

const slapdTree = `dn: dc=corp,dc=test
objectClass: dcObject
objectClass: organization
o: corp
dc: corp

dn: cn=reader,dc=corp,dc=test
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: reader
userPassword: readersecret

`

// Slapd runs a directory as Active Directory with Exchange has it: 500 entries at once, all of them by pages. ldif are
// entries below AcceptedDomainsDN; adapt changes the configuration. Its URLs are ldap:// and ldaps://.
func Slapd(t testing.TB, p Pair, ca *CA, ldif string, adapt ...func(text string) string) *Daemon {
	t.Helper()
	Need(t, "slapd", "slapadd")
	root := dir(t, "db")
	n := ports(t, 2)
	d := &Daemon{Dir: root, Config: filepath.Join(root, "slapd.conf"), Log: filepath.Join(root, "log"),
		pid: filepath.Join(root, "pid"), URLs: []string{fmt.Sprintf("ldap://127.0.0.1:%d", n[0]),
			fmt.Sprintf("ldaps://127.0.0.1:%d", n[1])}}
	conf := slapdConf
	for _, change := range adapt {
		conf = change(conf)
	}
	write(t, d.Config, strings.ReplaceAll(conf, "DIR", root))
	write(t, filepath.Join(root, "msexch.schema"), exchangeSchema)
	write(t, filepath.Join(root, "rootdse.ldif"), "dn:\nconfigurationNamingContext: CN=Configuration,dc=corp,dc=test\n\n")
	write(t, filepath.Join(root, "root.pem"), string(PEM(ca.Root)))
	p.Install(t, filepath.Join(root, "cert.pem"), filepath.Join(root, "key.pem"))
	write(t, filepath.Join(root, "base.ldif"), slapdTree+containers()+ldif)
	run(t, "slapadd", "-q", "-f", d.Config, "-b", "dc=corp,dc=test", "-l", filepath.Join(root, "base.ldif"))
	return StartSlapd(t, d)
}

// StartSlapd starts a slapd that was stopped.
func StartSlapd(t testing.TB, d *Daemon) *Daemon {
	t.Helper()
	run(t, "slapd", "-f", d.Config, "-h", strings.Join(d.URLs, " "))
	return d.started(t)
}

// SlapdServer is the entry of a server in Slapd, to which certificates can be added.
const SlapdServer = "cn=mail01,dc=corp,dc=test"

// SlapdServerLDIF makes SlapdServer, for Slapd.
const SlapdServerLDIF = "dn: " + SlapdServer + "\nobjectClass: msExchExchangeServer\ncn: mail01\n\n"

// containers are the entries down to AcceptedDomainsDN.
func containers() string {
	var b strings.Builder
	parts := strings.Split(strings.TrimSuffix(AcceptedDomainsDN, ",dc=corp,dc=test"), ",")
	for i := len(parts) - 1; i >= 0; i-- {
		dn := strings.Join(parts[i:], ",") + ",dc=corp,dc=test"
		fmt.Fprintf(&b, "dn: %s\nobjectClass: container\ncn: %s\n\n", dn, strings.TrimPrefix(parts[i], "CN="))
	}
	return b.String()
}

// AcceptedDomain is an entry for Slapd.
func AcceptedDomain(cn, name string, flags int) string {
	return fmt.Sprintf("dn: CN=%s,%s\nobjectClass: msExchAcceptedDomain\ncn: %s\nmsExchAcceptedDomainName: %s\n"+
		"msExchAcceptedDomainFlags: %d\n\n", cn, AcceptedDomainsDN, cn, name, flags)
}

package daemontest

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/miekg/dns"
)

const zonesConf = `options { directory "DIR"; listen-on port %d { 127.0.0.1; }; listen-on-v6 { none; }; pid-file "DIR/pid";
  session-keyfile "DIR/session.key"; recursion no; dnssec-validation no; allow-transfer { none; }; };
controls {};
`

const unboundConf = `server:
  interface: 127.0.0.1@%d
  access-control: 127.0.0.0/8 allow
  do-daemonize: yes
  pidfile: DIR/unbound.pid
  logfile: DIR/unbound.log
  use-syslog: no
  chroot: ""
  username: ""
  directory: DIR
  do-not-query-localhost: no
  module-config: "validator iterator"
  trust-anchor-file: DIR/anchors
  domain-insecure: "plain.test"
  local-zone: "test." nodefault
`

// Resolvers are BIND, which has zones, and Unbound, which asks it and validates; addresses with ports. A zone called
// plain.test is not signed; the key that Unbound knows of bogus.test is another one's.
func Resolvers(t testing.TB, zones map[string]string) (authority, validating string) {
	t.Helper()
	Need(t, "named", "unbound")
	root := dir(t)
	n := ports(t, 2)
	authority, validating = fmt.Sprintf("127.0.0.1:%d", n[0]), fmt.Sprintf("127.0.0.1:%d", n[1])
	named, unbound := fmt.Sprintf(zonesConf, n[0]), fmt.Sprintf(unboundConf, n[1])
	for zone, text := range zones {
		write(t, filepath.Join(root, zone), "$TTL 300\n@ SOA ns hostmaster 1 3600 600 86400 60\n@ NS ns\nns A 127.0.0.1\n"+text)
		sign := " dnssec-policy default; inline-signing yes; key-directory \"DIR\";"
		if zone == "plain.test" {
			sign = ""
		}
		named += fmt.Sprintf("zone \"%s\" { type primary; file \"DIR/%s\";%s };\n", zone, zone, sign)
		unbound += fmt.Sprintf("stub-zone:\n  name: \"%s\"\n  stub-addr: 127.0.0.1@%d\n", zone, n[0])
	}
	conf := filepath.Join(root, "named.conf")
	write(t, conf, strings.ReplaceAll(named, "DIR", root))
	serve(t, root, "pid", authority, "named", "-c", conf)
	anchors := ""
	for zone := range zones {
		switch zone {
		case "plain.test":
		case "bogus.test":
			anchors += strings.ReplaceAll(keysOf(t, authority, "example.test"), "example.test.", "bogus.test.")
		default:
			anchors += keysOf(t, authority, zone)
		}
	}
	write(t, filepath.Join(root, "anchors"), anchors)
	conf = filepath.Join(root, "unbound.conf")
	write(t, conf, strings.ReplaceAll(unbound, "DIR", root))
	serve(t, root, "unbound.pid", validating, "unbound", "-c", conf)
	return authority, validating
}

// serve starts a server that goes into the background, and waits for its first answer.
func serve(t testing.TB, root, pid, at string, argv ...string) {
	t.Helper()
	if out, err := exec.Command(argv[0], argv[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	d := &Daemon{Config: argv[0], pid: filepath.Join(root, pid)}
	t.Cleanup(func() { d.Stop(t) })
	if !until(15*time.Second, func() bool { return asked(at, "example.test.", dns.TypeSOA) != nil }) {
		t.Fatalf("%s does not answer", argv[0])
	}
}

func asked(at, name string, kind uint16) *dns.Msg {
	m := new(dns.Msg)
	m.SetQuestion(name, kind)
	got, err := dns.Exchange(m, at)
	if err != nil || got.Rcode != dns.RcodeSuccess {
		return nil
	}
	return got
}

// keysOf are the DNSKEY records of a zone, once it is signed.
func keysOf(t testing.TB, at, zone string) (text string) {
	t.Helper()
	signed := until(15*time.Second, func() bool {
		text = ""
		if got := asked(at, zone+".", dns.TypeDNSKEY); got != nil {
			for _, record := range got.Answer {
				text += record.String() + "\n"
			}
		}
		return text != ""
	})
	if !signed {
		t.Fatalf("%s is not signed", zone)
	}
	return text
}

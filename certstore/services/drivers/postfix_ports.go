package drivers

import (
	"bytes"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// carrier is a service of master.cf that speaks TLS for a port, and how its parameters begin.
type carrier struct {
	*masterEntry
	index  int
	prefix string
}

// The beginnings of the parameters of certificates.
const (
	serverSide = "smtpd_tls_"
	proxySide  = "tlsproxy_tls_"
)

// carriers are the services that speak TLS for a port. Behind postscreen it is the smtpd it hands clients over to, and
// tlsproxy for those it tests itself.
func (p *postfixConf) carriers(port int) []carrier {
	e := &p.entries[port]
	own := []carrier{{e, port, serverSide}}
	if e.program != "postscreen" {
		return own
	}
	if i := p.service(p.get(e, "smtpd_service_name"), "pass"); i >= 0 {
		own = []carrier{{&p.entries[i], i, serverSide}}
	}
	if i := p.service(p.get(e, "tlsproxy_service_name"), "unix"); i >= 0 {
		return append(own, carrier{&p.entries[i], i, proxySide})
	}
	return own
}

// service finds a service of master.cf, -1 if there is none.
func (p *postfixConf) service(name, kind string) int {
	for i, e := range p.entries {
		if e.kind == kind && e.service == name {
			return i
		}
	}
	return -1
}

// sites lists each port that speaks TLS, then the names with certificates of their own.
func (p *postfixConf) sites() []daemon.Site {
	ports := p.ports()
	for i := range ports {
		ports[i].Outage = p.anyName(ports[i].Index)
	}
	return append(ports, p.sniSites(ports)...)
}

// ports lists each port of smtpd and postscreen that speaks TLS.
func (p *postfixConf) ports() []daemon.Site {
	var all []daemon.Site
	for i, e := range p.entries {
		if e.kind != "inet" || e.program != "smtpd" && e.program != "postscreen" || p.disabled(e) {
			continue
		}
		carriers := p.carriers(i)
		scheme := p.scheme(carriers[0].masterEntry)
		listen := p.listeners(&p.entries[i])
		if scheme == "" || len(listen) == 0 {
			continue
		}
		for j := range listen {
			listen[j].Scheme = scheme
		}
		s := daemon.Site{Listen: listen, Pairs: p.pairs(carriers[0].masterEntry, serverSide), Own: p.ownNames(&p.entries[i]),
			Where: "master.cf " + e.service, Fixed: p.unfollowed(i, carriers),
			Wait: p.wait(i, carriers[0]), Index: i}
		if p.wantsProxy(&p.entries[i]) {
			s.Proxied = listen
		}
		all = append(all, s)
	}
	return all
}

// disabled says whether master_service_disable keeps a port shut: the first of its patterns that fits decides.
func (p *postfixConf) disabled(e masterEntry) bool {
	for _, pattern := range fields(p.get(nil, "master_service_disable")) {
		name, not := strings.CutPrefix(pattern, "!")
		if name == e.kind || name == e.service+"/"+e.kind || name == e.service+"."+e.kind {
			return !not
		}
	}
	return false
}

// unfollowed says why a port is left alone, or "".
func (p *postfixConf) unfollowed(port int, carriers []carrier) string {
	for _, c := range carriers {
		for _, name := range append(pairParameters(c.prefix), c.prefix+"security_level", c.prefix+"wrappermode") {
			if _, known := p.written(c.masterEntry, name); !known {
				continue
			}
			if _, trouble := p.follow(c.masterEntry, name); trouble != "" {
				return "port " + printable.Text(p.entries[port].service) + " is left alone: " + trouble
			}
		}
	}
	first := describePairs(p.pairs(carriers[0].masterEntry, carriers[0].prefix))
	for _, c := range carriers[1:] {
		if describePairs(p.pairs(c.masterEntry, c.prefix)) != first {
			return "postscreen's TLS comes from tlsproxy, which has its own " +
				c.prefix + "chain_files or " + c.prefix + "cert_file: take them out"
		}
	}
	return ""
}

// ownNames are what the daemon calls itself at a port.
func (p *postfixConf) ownNames(e *masterEntry) []string {
	names := []string{strings.ToLower(p.get(e, "myhostname"))}
	for _, l := range p.listeners(e) {
		if net.ParseIP(l.Host) == nil && strings.Contains(l.Host, ".") && !strings.EqualFold(l.Host, names[0]) {
			names = append(names, strings.ToLower(l.Host))
		}
	}
	return names
}

// scheme is "" for a port that offers no TLS.
func (p *postfixConf) scheme(e *masterEntry) string {
	yes := func(name string) bool { return strings.EqualFold(p.get(e, name), "yes") }
	if yes("smtpd_tls_wrappermode") {
		return "smtps"
	}
	level := strings.ToLower(p.get(e, "smtpd_tls_security_level"))
	if level == "none" || level == "" && !yes("smtpd_use_tls") && !yes("smtpd_enforce_tls") {
		return ""
	}
	return "smtp"
}

// pairParameters are the parameters that name certificates and keys.
func pairParameters(prefix string) []string {
	names := []string{prefix + "chain_files"}
	for _, kind := range []string{"", "ec", "d"} {
		names = append(names, prefix+kind+"cert_file", prefix+kind+"key_file")
	}
	return names
}

// pairs is what a service loads: chain files, if any are named, win over all else.
func (p *postfixConf) pairs(e *masterEntry, prefix string) []daemon.Installed {
	if chain := fields(p.get(e, prefix+"chain_files")); len(chain) > 0 {
		return p.chainPairs(chain)
	}
	var pairs []daemon.Installed
	for _, kind := range []string{"", "ec", "d"} {
		cert, key := p.get(e, prefix+kind+"cert_file"), p.get(e, prefix+kind+"key_file")
		if cert == "" || cert == "none" {
			continue
		}
		if key == "" {
			key = cert
		}
		pairs = append(pairs, daemon.Installed{Cert: p.absolute(cert), Key: p.absolute(key)})
	}
	return pairs
}

// chainPairs pairs a list of chain files, which are read one behind the other: a key may stand in a file of its own
// before the file with its certificate.
func (p *postfixConf) chainPairs(list []string) (pairs []daemon.Installed) {
	key := ""
	for _, path := range list {
		path = p.absolute(path)
		data, err := daemon.ReadFile(path)
		hasKey := bytes.Contains(data, []byte(keyEnd))
		hasCert := bytes.Contains(data, []byte(certBegin))
		switch {
		case err == nil && hasKey && !hasCert:
			key = path
			continue
		case err == nil && hasCert && !hasKey && key != "":
			pairs = append(pairs, daemon.Installed{Cert: path, Key: key})
		default:
			pairs = append(pairs, daemon.Installed{Cert: path, Key: path})
		}
		key = ""
	}
	return pairs
}

// chainable says whether smtpd_tls_chain_files can name a pair: each key stands before its certificate, in its file or
// in one of its own before it.
func chainable(pair daemon.Installed) bool {
	key, err := daemon.ReadFile(pair.Key)
	defer clear(key)
	if err != nil {
		return false
	}
	keyAt, certAt := bytes.Index(key, []byte(keyEnd)), bytes.Index(key, []byte(certBegin))
	if pair.Key == pair.Cert {
		return keyAt >= 0 && certAt > keyAt
	}
	chain, err := daemon.ReadFile(pair.Cert)
	return err == nil && keyAt >= 0 && certAt < 0 && !bytes.Contains(chain, []byte(keyEnd))
}

// How PEM writes the beginning of a private key of any kind, and of a certificate.
const (
	keyEnd    = "PRIVATE KEY-----"
	certBegin = "-----BEGIN " + daemon.CertificateLabel + "-----"
)

func describePairs(pairs []daemon.Installed) string {
	var b strings.Builder
	for _, p := range pairs {
		b.WriteString(p.Cert + "\n" + p.Key + "\n")
	}
	return b.String()
}

// listeners finds the addresses and the port of a service of master.cf.
func (p *postfixConf) listeners(e *masterEntry) []daemon.Listener {
	host, port := "", e.service
	if i := strings.LastIndexByte(port, ':'); i >= 0 {
		host, port = strings.Trim(port[:i], "[]"), port[i+1:]
	}
	n := portNumber(port)
	if n == 0 {
		return nil
	}
	hosts := []string{host}
	if host == "" {
		hosts = fields(p.get(nil, "inet_interfaces"))
	}
	x := expansion{value: func(name string) (string, bool) { return p.written(e, name) }}
	var all []daemon.Listener
	for _, h := range hosts {
		if h, ok := p.address(strings.Trim(x.expand(h), "[]")); ok {
			all = append(all, daemon.Listener{Host: h, Port: n})
		}
	}
	return all
}

// address is where an interface is reached from here, as inet_protocols has it; false for one Postfix leaves out.
func (p *postfixConf) address(host string) (string, bool) {
	v4, v6 := p.protocols()
	pick := func(four, six string) (string, bool) {
		if v4 {
			return four, true
		}
		return six, true
	}
	switch strings.ToLower(host) {
	case "all":
		return pick("", "::")
	case "loopback-only", "localhost":
		return pick("127.0.0.1", "::1")
	}
	if ip := net.ParseIP(host); ip != nil {
		return host, ip.To4() != nil && v4 || ip.To4() == nil && v6
	}
	return host, host != ""
}

func (p *postfixConf) protocols() (v4, v6 bool) {
	for _, name := range fields(strings.ToLower(p.get(nil, "inet_protocols"))) {
		v4 = v4 || name == "all" || name == "ipv4"
		v6 = v6 || name == "all" || name == "ipv6"
	}
	return v4 || !v6, v6
}

// wait is how long a client waits for its greeting: postscreen listens whether it speaks too early, and smtpd may be
// told to sleep.
func (p *postfixConf) wait(port int, c carrier) (total time.Duration) {
	e := &p.entries[port]
	if e.program == "postscreen" {
		total = postfixTime(p.get(e, "postscreen_greet_wait"))
	}
	if strings.EqualFold(p.get(c.masterEntry, "smtpd_delay_reject"), "no") {
		words := fields(p.get(c.masterEntry, "smtpd_client_restrictions"))
		for i, w := range words[:max(0, len(words)-1)] {
			if w == "sleep" {
				total += postfixTime(words[i+1])
			}
		}
	}
	return total
}

// postfixUnits are the letters behind a time.
var postfixUnits = map[string]time.Duration{
	"s": time.Second, "m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// postfixTime reads a number with one letter for its unit, seconds without; 0 for what is none.
func postfixTime(text string) time.Duration {
	digits := strings.TrimRight(text, "smhdw")
	unit, ok := postfixUnits[text[len(digits):]]
	if ok {
		text = digits
	} else {
		unit = time.Second
	}
	n, err := strconv.Atoi(strings.TrimSpace(text))
	if err != nil || n < 0 {
		return 0
	}
	return time.Duration(n) * unit
}

func (p *postfixConf) wantsProxy(e *masterEntry) bool {
	if e.program == "postscreen" {
		return p.get(e, "postscreen_upstream_proxy_protocol") != ""
	}
	return p.get(e, "smtpd_upstream_proxy_protocol") != ""
}

// named are all files that the configuration names, for whatever purpose: every value that is set is looked at, since
// each new version of Postfix has more parameters that may name one.
func (p *postfixConf) named() []string {
	all := map[string]bool{}
	add := func(e *masterEntry, value string) {
		x := expansion{value: func(name string) (string, bool) { return p.written(e, name) }}
		apart := func(r rune) bool { return strings.ContainsRune(", \t\r\n{}=", r) }
		for _, word := range strings.FieldsFunc(x.expand(value), apart) {
			if i := strings.IndexByte(word, ':'); i >= 0 && !filepath.IsAbs(word) {
				word = word[i+1:]
			}
			if filepath.IsAbs(word) {
				all[filepath.Clean(word)] = true
			}
		}
	}
	for _, value := range p.raw {
		add(nil, value)
	}
	for i := range p.entries {
		for _, o := range p.entries[i].options {
			add(&p.entries[i], o.value)
		}
	}
	for _, t := range p.tables {
		t.named(all)
	}
	for _, s := range p.sites() {
		for _, pair := range s.Pairs {
			all[pair.Cert], all[pair.Key] = true, true
		}
	}
	return sortedKeys(all)
}

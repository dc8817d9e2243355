package drivers

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// nginxServer is a server block of http: its own certificates, and those that are effective for it.
type nginxServer struct {
	block       *nginxNode
	certs, keys []*nginxNode      // its own
	outer       *nginxNode        // the http block, which has those it does not have itself
	listen      []daemon.Listener // its TLS ports
	proxied     []daemon.Listener // those of them that want the PROXY protocol before TLS
	first       []daemon.Listener // those of them whose default it is
	tls         bool              // it has any, a unix socket or QUIC among them
	rejects     bool              // it refuses every handshake
}

func (s *nginxServer) where() string { return fmt.Sprintf("%s:%d", s.block.path, s.block.line) }

// effective are the directives that count. Certificates and keys are inherited apart.
func (s *nginxServer) effective() (certs, keys []*nginxNode) {
	certs = s.certs
	if len(certs) == 0 {
		certs = s.outer.named("ssl_certificate")
	}
	keys = s.keys
	if len(keys) == 0 {
		keys = s.outer.named("ssl_certificate_key")
	}
	return certs, keys
}

// nginxSocket is what all listen directives of one address say together: nginx takes ssl and proxy_protocol of any of
// them for the address.
type nginxSocket struct {
	tls, proxy, chosen bool
	def                *nginxServer // the one that says default_server, else the first
}

// understand lists the servers of http, with what they listen to.
func (n *nginxConf) understand() {
	n.servers = nil
	sockets, seen := map[string]*nginxSocket{}, map[directive]bool{}
	for _, http := range n.root.named("http") {
		for _, block := range http.named("server") {
			place := block.directive()
			if seen[place] {
				continue // of a file that is included twice: nginx ignores the names it has a second time
			}
			seen[place] = true
			s := &nginxServer{block: block, outer: http}
			s.certs, s.keys = block.named("ssl_certificate"), block.named("ssl_certificate_key")
			s.rejects = s.says("ssl_reject_handshake", "on")
			n.servers = append(n.servers, s)
			for _, d := range listens(block) {
				d.note(s, sockets)
			}
		}
	}
	for _, s := range n.servers {
		for _, d := range listens(s.block) {
			s.take(d, sockets)
		}
	}
}

// says gives what a directive of the server, or else of http, says.
func (s *nginxServer) says(name, value string) bool {
	if own := s.block.value(name); own != "" {
		return own == value
	}
	return s.outer.value(name) == value
}

// sites lists the servers that speak TLS and are reached, the default of each port before the others.
func (n *nginxConf) sites() []daemon.Site {
	var all []daemon.Site
	for i, s := range n.servers {
		switch {
		case !s.tls:
		case s.rejects:
			n.leaveAlone(s, "refuses every handshake (ssl_reject_handshake): it has no certificate")
		case len(s.listen) == 0:
			n.leaveAlone(s, "speaks TLS only on a unix socket or over QUIC: it is left alone")
		default:
			if site, ok := n.site(s); ok {
				site.Index = i
				all = append(all, site)
			}
		}
	}
	n.others()
	return n.inOrder(all)
}

func (n *nginxConf) leaveAlone(s *nginxServer, why string) {
	n.aside = append(n.aside, "the server at "+printable.Text(s.where())+" "+why)
}

func (n *nginxConf) site(s *nginxServer) (daemon.Site, bool) {
	site := daemon.Site{Listen: s.listen, Proxied: s.proxied, Where: s.where()}
	names := namesOf(s.block)
	site.Names = names.whole
	if len(names.whole) == 0 && len(s.first) == 0 {
		site.Names = names.short
	}
	if names.pattern && len(site.Names) > 0 {
		n.warnings = append(n.warnings,
			printable.Text(site.Where)+" is also for names that a pattern matches: they change with it")
	}
	certs, keys := s.effective()
	for i, c := range certs {
		p := daemon.Installed{Cert: n.file(c)}
		p.Key = p.Cert
		if i < len(keys) {
			p.Key = n.file(keys[i])
		}
		site.Pairs = append(site.Pairs, p)
	}
	site.Fixed = s.obstacle(certs, keys)
	if site.Fixed == "" && n.stuck(s) {
		site.Fixed = sharedApart
	}
	return site, len(site.Names) > 0 || len(s.first) > 0 || names.pattern
}

// file is what a directive names, below nginx's directory if it is a file.
func (n *nginxConf) file(d *nginxNode) string {
	if keptElsewhere(d.arg(0)) != "" {
		return d.arg(0)
	}
	return n.abs(d.arg(0))
}

// keptElsewhere gives the scheme of a certificate or key that is in no file, else "".
func keptElsewhere(value string) string {
	scheme, _, _ := strings.Cut(value, ":")
	if slices.Contains([]string{"data", "engine", "store"}, scheme) {
		return scheme
	}
	return ""
}

// obstacle says why certdesk does not change a server, "" if it can.
func (s *nginxServer) obstacle(certs, keys []*nginxNode) string {
	for _, d := range slices.Concat(certs, keys) {
		value := d.arg(0)
		scheme := keptElsewhere(value)
		switch {
		case scheme == "data":
			return "its certificate is in a variable (data:): change what sets it"
		case scheme != "":
			return "its key is in an " + scheme + ", not in a file"
		case strings.Contains(value, "$ssl_server_name") || strings.Contains(value, "${ssl_server_name}"):
			return "nginx reads " + printable.Text(value) + " at each handshake: write the files of the name there, " +
				"readable by its worker; it needs no reload"
		case strings.Contains(value, "$"):
			return "the path " + printable.Text(value) + " has a variable: change what sets it"
		}
	}
	for _, b := range []*nginxNode{s.block, s.outer} {
		for _, kind := range []string{"", "_block", "_file"} {
			if name := "ssl_certificate_by_lua" + kind; len(b.named(name)) > 0 {
				return "Lua chooses its certificate at each handshake (" + name + ")"
			}
		}
	}
	return ""
}

// others says of other blocks with TLS that they are left alone.
func (n *nginxConf) others() {
	for _, kind := range []string{"mail", "stream"} {
		for _, block := range n.root.named(kind) {
			block.walk(func(d *nginxNode) {
				if d.switchesTLS() {
					n.aside = append(n.aside, fmt.Sprintf("%s:%d speaks TLS in the %s block of nginx: it is left alone",
						printable.Text(d.path), d.line, kind))
				}
			})
		}
	}
}

func (d *nginxNode) switchesTLS() bool {
	switch d.name {
	case "listen":
		return slices.Contains(d.args, "ssl")
	case "ssl", "starttls":
		return d.arg(0) != "off"
	}
	return false
}

// inOrder puts the default of each port before the other servers of it.
func (n *nginxConf) inOrder(sites []daemon.Site) []daemon.Site {
	var all []daemon.Site
	for len(sites) > 0 {
		next := max(0, slices.IndexFunc(sites, func(s daemon.Site) bool {
			return !slices.ContainsFunc(sites, func(o daemon.Site) bool { return o.Index != s.Index && n.defaultFor(o, s) })
		}))
		all = append(all, sites[next])
		sites = slices.Delete(sites, next, next+1)
	}
	return all
}

// defaultFor says whether a site is the default of a port of another one.
func (n *nginxConf) defaultFor(s, other daemon.Site) bool {
	return slices.ContainsFunc(n.servers[s.Index].first,
		func(l daemon.Listener) bool { return slices.Contains(other.Listen, l) })
}

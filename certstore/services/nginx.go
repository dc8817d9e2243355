package services

import (
	"context"
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
)

// nginx changes ssl_certificate and ssl_certificate_key where they stand, per server; a server that has them from
// outside, where others would change with it, gets its own.
type nginx struct{}

func (nginx) config(h Host) string { return h.path("/etc/nginx/nginx.conf") }

var (
	pidPath    = regexp.MustCompile(`--pid-path=(\S+)`)
	prefixPath = regexp.MustCompile(`--prefix=(\S+)`)
)

func (nginx) read(ctx context.Context, h Host, in Instance) (*reading, error) {
	out, err := h.ask(ctx, []string{"nginx", "-V"})
	if err != nil {
		return nil, err
	}
	n := &nginxConf{texts: newTexts(), main: in.Config, dir: filepath.Dir(in.Config)}
	root, err := n.load(in.Config)
	if err != nil {
		return nil, err
	}
	_, version, _ := strings.Cut(out.Stderr, "nginx/")
	version, _, _ = strings.Cut(version, "\n")
	r := &reading{State: State{Version: version, Unit: "nginx"}, programs: []string{"nginx"}}
	if m := pidPath.FindStringSubmatch(out.Stderr); m != nil {
		r.pidFile = m[1]
	}
	prefix := ""
	if m := prefixPath.FindStringSubmatch(out.Stderr); m != nil {
		prefix = m[1]
	}
	if pid := root.value("pid"); pid != "" {
		r.pidFile = below(prefix, pid)
	}
	r.Log = h.path("/var/log/nginx/error.log")
	if log := root.value("error_log"); log != "" && log != "stderr" && !strings.Contains(log, ":") {
		r.Log = below(prefix, log)
	}
	run := func(more ...string) step { return step{argv: append([]string{"nginx", "-c", in.Config}, more...)} }
	r.check, r.reload, r.start = run("-t"), run("-s", "reload"), run()
	r.Sites = n.sites(root)
	r.Warnings = n.warnings
	r.edit = n.edit
	r.sitesOf = n.sitesOf
	return r, nil
}

// nginxServer is a server block: its own directives, and those it has from the http block.
type nginxServer struct {
	block       *nginxNode
	certs, keys []*nginxNode
	inherited   bool
}

type nginxConf struct {
	texts    *texts
	main     string
	dir      string
	servers  []nginxServer
	warnings []string
}

func (n *nginxConf) abs(path string) string { return below(n.dir, path) }

// below takes a path that does not begin at the root as one below dir.
func below(dir, path string) string {
	if path == "" || filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(dir, path)
}

// sites lists the servers of http that speak TLS. The default server of a port comes first.
func (n *nginxConf) sites(root *nginxNode) []Site {
	var first, rest []Site
	n.servers = nil
	for _, http := range root.named("http") {
		outer := pairOf(http)
		for _, server := range http.named("server") {
			listen, def := n.listeners(http, server)
			if len(listen) == 0 {
				continue
			}
			s := n.site(server, listen, outer)
			if def {
				first = append(first, s)
			} else {
				rest = append(rest, s)
			}
		}
	}
	for _, kind := range []string{"mail", "stream"} {
		if len(root.named(kind)) > 0 {
			n.warnings = append(n.warnings, "the "+kind+" block of nginx is left alone")
		}
	}
	return append(first, rest...)
}

func (n *nginxConf) site(server *nginxNode, listen []Listener, outer nginxServer) Site {
	own := pairOf(server)
	own.block = server
	apart := (len(own.certs) == 0) != (len(own.keys) == 0)
	if len(own.certs) == 0 && len(own.keys) == 0 {
		own.certs, own.keys, own.inherited = outer.certs, outer.keys, true
	}
	s := Site{Listen: listen, Where: fmt.Sprintf("%s:%d", server.path, server.line), index: len(n.servers)}
	n.servers = append(n.servers, own)
	for _, name := range server.words("server_name") {
		if name = strings.ToLower(name); isHostName(name) {
			s.Names = append(s.Names, strings.TrimPrefix(name, "."))
		}
	}
	if apart {
		s.Fixed = "ssl_certificate and ssl_certificate_key stand at different levels"
	}
	for i, c := range own.certs {
		p := Installed{Cert: n.abs(c.arg(0))}
		if p.Key = p.Cert; i < len(own.keys) {
			p.Key = n.abs(own.keys[i].arg(0))
		}
		s.Pairs = append(s.Pairs, p)
		if strings.ContainsAny(p.Cert+p.Key, "$") || strings.HasPrefix(c.arg(0), "data:") || strings.HasPrefix(p.Key, "engine:") {
			s.Fixed = "the certificate's path has a variable: nginx opens it at each handshake as its worker's user"
		}
	}
	return s
}

// isHostName leaves out what is no name of a certificate: "_", "", addresses, regular expressions.
func isHostName(name string) bool {
	return name != "" && net.ParseIP(name) == nil && name != "_" && !strings.HasPrefix(name, "~") && !strings.HasSuffix(name, ".*") && strings.Contains(name, ".")
}

func pairOf(b *nginxNode) nginxServer {
	return nginxServer{certs: b.named("ssl_certificate"), keys: b.named("ssl_certificate_key")}
}

// listeners are a server's TLS ports, and whether it is the default of one of them.
func (n *nginxConf) listeners(http, server *nginxNode) (all []Listener, def bool) {
	old := server.value("ssl") == "on" || http.value("ssl") == "on"
	for _, d := range server.named("listen") {
		tls := old
		for _, w := range d.args[min(1, len(d.args)):] {
			tls = tls || w == "ssl"
			def = def || w == "default_server" || w == "default"
		}
		l, ok := nginxListen(d.arg(0))
		if ok && tls && !hasListener(all, l) {
			all = append(all, l)
		}
	}
	return all, def
}

func hasListener(all []Listener, l Listener) bool {
	for _, have := range all {
		if have == l || have.Port == l.Port && have.Host == "" && l.Host == "::" {
			return true
		}
	}
	return false
}

// nginxListen reads the address of a listen directive: PORT, HOST, HOST:PORT, [V6]:PORT; not unix sockets.
func nginxListen(text string) (Listener, bool) {
	if strings.HasPrefix(text, "unix:") || text == "" {
		return Listener{}, false
	}
	host, port, err := net.SplitHostPort(text)
	if err != nil {
		if n := portNumber(text); n > 0 && isDigits(text) {
			return Listener{"https", "", n}, true
		}
		host, port = strings.Trim(text, "[]"), "80"
	}
	if host == "*" || host == "0.0.0.0" {
		host = ""
	}
	number := portNumber(port)
	return Listener{"https", host, number}, number > 0
}

func isDigits(s string) bool { return s != "" && strings.Trim(s, "0123456789") == "" }

func (n *nginxConf) edit(sites []Site, files []versionFiles) (edited, error) {
	e := edited{}
	var certs, keys []string
	for _, f := range files {
		e.pairs = append(e.pairs, Installed{f.cert, f.key})
		certs, keys = append(certs, f.cert), append(keys, f.key)
	}
	meant := map[int]bool{}
	for _, s := range sites {
		meant[s.index] = true
	}
	done := map[*nginxNode]bool{}
	for _, s := range sites {
		server := n.servers[s.index]
		switch {
		case len(server.certs) == 0 || len(server.keys) == 0, server.inherited && n.shared(server, meant) != "":
			n.insert(server.block, certs, keys)
		case !done[server.certs[0]]:
			done[server.certs[0]] = true
			if other := n.shared(server, meant); other != "" {
				e.warnings = append(e.warnings, "the server at "+other+" includes the same file and changes as well")
			}
			n.texts.repoint(directives(server.certs), certs, func(v string) string { return "ssl_certificate " + v + ";" })
			n.texts.repoint(directives(server.keys), keys, func(v string) string { return "ssl_certificate_key " + v + ";" })
		}
	}
	e.was, e.texts = n.texts.was, n.texts.changed()
	return e, nil
}

// shared names a server that has the same directives and is not meant, or "".
func (n *nginxConf) shared(server nginxServer, meant map[int]bool) string {
	for i, other := range n.servers {
		if !meant[i] && len(other.certs) > 0 && len(server.certs) > 0 && other.certs[0].same(server.certs[0]) {
			return fmt.Sprintf("%s:%d", other.block.path, other.block.line)
		}
	}
	return ""
}

// insert gives a server directives of its own, at its beginning.
func (n *nginxConf) insert(server *nginxNode, certs, keys []string) {
	text := n.texts.was[server.path]
	indent := directive{from: server.from}.indent(text) + "    "
	more := ""
	for i := range certs {
		more += "\n" + indent + "ssl_certificate " + certs[i] + ";\n" + indent + "ssl_certificate_key " + keys[i] + ";"
	}
	n.texts.edit(server.path, edit{server.inside, server.inside, more})
}

func directives(nodes []*nginxNode) []directive {
	var all []directive
	for _, d := range nodes {
		all = append(all, directive{path: d.path, line: d.line, from: d.from, to: d.to, valueFrom: d.argFrom, valueTo: d.argTo, value: d.arg(0)})
	}
	return all
}

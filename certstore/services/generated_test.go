package services

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strings"
)

// generated is a configuration made at random, with what its daemon must make of it.
type generated struct {
	main  string
	files map[string]string // by their path below the directory
	hosts []*generatedHost
	base  string // the pair of the block around the hosts, "" for none
}

type generatedHost struct {
	name  string
	certs []string // effective before, without ".pem", in order
	kept  bool     // certdesk must leave it alone
}

// generator makes one configuration. What stands in sections that are not active and in files that are not read names
// files that are not there: a daemon that took it would not start.
type generator struct {
	*rand.Rand
	dir  string
	port string
	out  *generated
}

func generate(seed uint64, dir, port string, write func(*generator)) *generated {
	g := &generator{rand.New(rand.NewPCG(seed, 9)), dir, port, &generated{files: map[string]string{}}}
	write(g)
	return g.out
}

func (g *generator) chance(percent int) bool { return g.IntN(100) < percent }

func (g *generator) one(of ...string) string { return of[g.IntN(len(of))] }

func (g *generator) add(certs ...string) *generatedHost {
	h := &generatedHost{name: fmt.Sprintf("h%d.test", len(g.out.hosts)), certs: certs}
	g.out.hosts = append(g.out.hosts, h)
	return h
}

// path names a file of the directory in one of the ways that are allowed.
func (g *generator) path(name string) string {
	return g.one(filepath.Join(g.dir, name), `"`+filepath.Join(g.dir, name)+`"`, name)
}

var apacheTrue = []string{"<IfModule ssl_module>", "<IfModule mod_ssl.c>", "<IfModule !mod_gnutls.c>", "<IfDefine ON>", "<IfDefine !OFF>", "<IfVersion >= 2.4>",
	"<IfVersion !< 2.4>", "<IfFile DIR/there>", "<IfDirective SSLEngine>", "<IfSection VirtualHost>", "<IfModule !env_module>"}

var apacheFalse = []string{"<IfModule !ssl_module>", "<IfModule mod_gnutls.c>", "<IfDefine OFF>", "<IfDefine !ON>", "<IfVersion < 2.4.8>", "<IfVersion = 2.2>",
	"<IfFile DIR/nowhere>", "<IfDirective NoSuch>", "<IfSection !VirtualHost>", "<IfModule env_module>", "<IfModule mod_env.c>"}

func (g *generator) section(opener, inside string) string {
	name, _, _ := strings.Cut(strings.Trim(opener, "<>"), " ")
	return strings.ReplaceAll(opener, "DIR", g.dir) + "\n" + inside + "</" + name + ">\n"
}

// active puts lines into sections that count, with others beside them that do not.
func (g *generator) active(inside string) string {
	for g.chance(45) {
		inside = g.section(g.one(apacheTrue...), inside)
		if g.chance(50) {
			inside = g.section(g.one(apacheFalse...), g.apachePair("gone")) + inside
		}
		if g.chance(30) {
			inside += g.section(g.one(apacheTrue...), g.section(g.one(apacheFalse...), g.apachePair("gone")))
		}
	}
	return inside
}

func (g *generator) apachePair(name string) string {
	cert := g.one("SSLCertificateFile ", "sslcertificatefile  ", "SSLCertificateFile \\\n   ") + g.one(g.path(name+".pem"), "${HERE}/"+name+".pem")
	key := g.one("SSLCertificateKeyFile ", "  SSLCertificateKeyFile\t") + g.path(name+".key")
	if g.chance(30) {
		cert, key = key, cert
	}
	return cert + "\n" + g.one("", "# SSLCertificateFile none\n", "\n") + key + "\n"
}

func makeApache(g *generator) {
	main := "ServerRoot " + g.dir + "\nPidFile " + g.dir + "/run/apache2.pid\nDefaultRuntimeDir " + g.dir + "/run\nMutex file:" + g.dir + "/run\nErrorLog " + g.dir + "/error.log\n" +
		"ServerName machine.test\nListen 127.0.0.1:" + g.port + " https\nStartServers 1\nDefine HERE " + g.dir + "\nDefine ON\n"
	for _, m := range []string{"mpm_event", "authz_core", "ssl", "macro"} {
		main += "LoadModule " + m + "_module /usr/lib/apache2/modules/mod_" + m + ".so\n"
	}
	g.out.files["there"] = ""
	if g.chance(40) {
		g.out.base = "base"
		main += g.active(g.apachePair("base"))
	}
	g.out.files["shared.conf"] = g.active(g.apachePair("shared") + g.one("", "SSLProtocol all\n"))
	g.out.files["outer/x.conf"] = "Include " + g.path("shared.conf") + "\n"
	main += "<Macro Inside $f>\n" + strings.ReplaceAll(g.apachePair("FILE"), "FILE", "$f") + "</Macro>\n"
	main += "<Macro Whole $n $f>\n" + g.apacheHost("$n", strings.ReplaceAll(g.apachePair("FILE"), "FILE", "$f")) + "</Macro>\n"
	sites := false
	for i := range 2 + g.IntN(4) {
		text := g.apacheKind(fmt.Sprintf("c%d", i))
		switch {
		case g.chance(30):
			g.out.files[fmt.Sprintf("sites/%d.conf", i)] = text
			if !sites {
				sites = true
				g.out.files["sites/.0.conf"] = g.apacheHost("dot.test", g.apachePair("gone"))
				g.out.files["sites/0.conf~"] = "no configuration"
				main += "IncludeOptional " + g.path("sites/*.conf") + "\n"
			}
		case g.chance(40):
			main += g.active(text)
		default:
			main += text
		}
		if g.chance(25) {
			main += g.section(g.one(apacheFalse...), g.apacheHost("off.test", g.apachePair("gone")))
		}
	}
	g.out.main = main + "LoadModule env_module /usr/lib/apache2/modules/mod_env.so\n"
}

func (g *generator) apacheHost(name, inside string) string {
	engine := g.one("SSLEngine on\n", "SSLEngine On\n", "SSLEngine off\nSSLEngine on\n")
	if g.chance(50) {
		inside += engine
	} else {
		inside = engine + inside
	}
	return "<VirtualHost 127.0.0.1:" + g.port + ">\nServerName " + name + "\n" + inside + "</VirtualHost>\n"
}

// apacheKind makes a host that has its certificate in one of the ways there are.
func (g *generator) apacheKind(own string) string {
	kind := g.IntN(9)
	if kind == 3 && g.out.base == "" {
		kind = 0
	}
	switch h := g.add(own); kind {
	case 1:
		g.out.files["inc-"+own+"/x.conf"] = g.active(g.apachePair(own))
		g.out.files["inc-"+own+"/.x.conf"] = g.apachePair("gone")
		return g.apacheHost(h.name, g.active("IncludeOptional "+g.path("inc-"+own+"/*.conf")+"\n"))
	case 2:
		h.certs = []string{"shared"}
		return g.apacheHost(h.name, g.one("Include "+g.path("shared.conf"), "Include "+g.path("outer"))+"\nLogLevel warn\n")
	case 3:
		h.certs = []string{"base"}
		return g.apacheHost(h.name, g.one("", "LogLevel warn\n"))
	case 4:
		h.kept = true
		return g.apacheHost(h.name, "Use Inside "+own+"\n")
	case 5:
		h.kept, h.certs = true, []string{own, own + "b"}
		return g.apacheHost(h.name, g.section(g.one(apacheTrue...), g.apachePair(own))+g.section(g.one(apacheTrue...), g.apachePair(own+"b")))
	case 6:
		h.kept = true
		return "Use Whole " + h.name + " " + own + "\n"
	case 7:
		g.out.files["dir-"+own+"/sub/.hidden"] = g.active(g.apachePair(own))
		g.out.files["dir-"+own+"/other"] = "LogLevel warn\n"
		return g.apacheHost(h.name, "Include "+g.path("dir-"+own)+"\n")
	default:
		return g.apacheHost(h.name, g.active(g.apachePair(own)))
	}
}

func (g *generator) nginxPair(name string) string {
	lines := []string{"ssl_certificate " + g.path(name+".pem") + ";", "ssl_certificate_key " + g.path(name+".key") + ";"}
	if g.chance(30) {
		lines[0], lines[1] = lines[1], lines[0]
	}
	return lines[0] + g.one("", " # } {", "\n# ssl_certificate none;") + "\n" + g.one("", "  ") + lines[1] + "\n"
}

func makeNginx(g *generator) {
	main := "pid " + g.dir + "/nginx.pid;\nerror_log " + g.dir + "/error.log notice;\nevents { worker_connections 64; }\nhttp {\naccess_log off;\n"
	for _, kind := range []string{"client_body", "proxy", "fastcgi", "uwsgi", "scgi"} {
		main += kind + "_temp_path " + g.dir + "/tmp;\n"
	}
	main += "map $host $where {\ndefault \"}\";\n'~^x{2}$' 1;\n}\n"
	if g.chance(40) {
		g.out.base = "base"
		main += g.nginxPair("base")
	}
	g.out.files["shared.conf"] = g.nginxPair("shared") + g.one("", "ssl_protocols TLSv1.2 TLSv1.3;\n", "keepalive_timeout 5; # no newline")
	g.out.files["outer/x.conf"] = "include shared.conf;\n"
	sites := false
	for i := range 2 + g.IntN(4) {
		text := g.nginxKind(fmt.Sprintf("c%d", i))
		if !g.chance(40) {
			main += text
			continue
		}
		g.out.files[fmt.Sprintf("sites/%d.conf", i)] = text
		if !sites {
			sites = true
			g.out.files["sites/.0.conf"] = "server {\n this is none"
			g.out.files["sites/0.conf~"] = "nor is this {"
			main += "include sites/*.conf;\n"
		}
	}
	if g.chance(30) {
		main += "server {\nlisten 127.0.0.1:" + g.port + " ssl default_server;\nserver_name _;\nssl_reject_handshake on;\n}\n"
	}
	g.out.main = main + "}\n"
}

func (g *generator) nginxServer(name, inside string) string {
	return "server {\nlisten 127.0.0.1:" + g.port + " ssl;\nserver_name " + name + ";\n" + inside + "location / {\nreturn 200 \"}{\";\n}\n}\n"
}

func (g *generator) nginxKind(own string) string {
	kind := g.IntN(6)
	if kind == 3 && g.out.base == "" {
		kind = 0
	}
	switch h := g.add(own); kind {
	case 1:
		g.out.files["inc-"+own+"/x.conf"] = g.nginxPair(own)
		g.out.files["inc-"+own+"/.x.conf"] = g.nginxPair("gone")
		return g.nginxServer(h.name, "include "+g.path("inc-"+own+"/*.conf")+";\n")
	case 2:
		h.certs = []string{"shared"}
		return g.nginxServer(h.name, "  include "+g.one("shared.conf", "outer/*.conf", "outer/[!y].conf")+";\n")
	case 3:
		h.certs = []string{"base"}
		return g.nginxServer(h.name, g.one("", "keepalive_timeout 7;\n"))
	case 4:
		h.kept, h.certs = true, []string{"$ssl_server_name"}
		return g.nginxServer(h.name, "ssl_certificate "+g.dir+"/$ssl_server_name.pem;\nssl_certificate_key "+g.dir+"/$ssl_server_name.key;\n")
	default:
		return g.nginxServer(h.name, g.nginxPair(own))
	}
}

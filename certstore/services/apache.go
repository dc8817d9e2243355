package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// apache changes SSLCertificateFile and SSLCertificateKeyFile where they stand in each <VirtualHost>. Which hosts there
// are, and in which file and line each begins, Apache is asked; only their insides are read here.
type apache struct{}

func (apache) config(h Host) string {
	for _, path := range []string{"/etc/apache2/apache2.conf", "/etc/httpd/conf/httpd.conf"} {
		if _, err := os.Stat(h.path(path)); err == nil {
			return h.path(path)
		}
	}
	return h.path("/etc/apache2/apache2.conf")
}

func (apache) read(ctx context.Context, h Host, in Instance) (*reading, error) {
	if _, err := readFile(in.Config); err != nil {
		return nil, cannot("read", in.Config, err)
	}
	run, err := apacheRun(h, in.Config)
	if err != nil {
		return nil, err
	}
	dump := run("-t", "-D", "DUMP_VHOSTS", "-D", "DUMP_RUN_CFG")
	out, err := h.ask(ctx, dump.argv, dump.env...)
	if err != nil {
		return nil, err
	}
	a := &apacheConf{texts: newTexts(), dump: parseVHosts(out.Stdout)}
	r := &reading{State: State{Unit: "apache2"}, programs: []string{"apache2", "httpd"}}
	if strings.HasSuffix(in.Config, "httpd.conf") {
		r.Unit = "httpd"
	}
	r.Config, r.pidFile, r.Log = in.Config, a.dump.pidFile, a.dump.errorLog
	if r.Sites, err = a.sites(); err != nil {
		return nil, err
	}
	r.check, r.reload, r.start = run("-t"), run("-k", "graceful"), run("-k", "start")
	r.edit = a.edit
	return r, nil
}

// apacheRun gives how this Apache is called. Debian's needs the variables of its envvars, which apache2ctl reads.
func apacheRun(h Host, config string) (func(args ...string) step, error) {
	dir := filepath.Dir(config)
	if _, err := os.Stat(filepath.Join(dir, "envvars")); err == nil {
		return func(args ...string) step {
			if args[0] == "-k" {
				args = args[1:] // apache2ctl's own words: they mind systemd
			}
			return step{argv: append([]string{"apache2ctl"}, args...), env: []string{"APACHE_CONFDIR=" + dir}}
		}, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, cannot("read", filepath.Join(dir, "envvars"), err)
	}
	program := "apache2"
	if _, err := h.program(program); err != nil {
		program = "httpd"
	}
	return func(args ...string) step {
		return step{argv: append([]string{program, "-f", config}, args...)}
	}, nil
}

// virtualHost is a <VirtualHost> as it stands in its file.
type virtualHost struct {
	vhost
	listen             []Listener
	certs, keys, chain []directive
	tls, named         bool
	fixed              string
}

type apacheConf struct {
	texts *texts
	dump  vhostDump
	hosts []*virtualHost
}

// sites lists the hosts with TLS. Apache names the first one of each port first.
func (a *apacheConf) sites() ([]Site, error) {
	a.hosts = nil
	byPlace := map[string]*virtualHost{}
	for _, v := range a.dump.hosts {
		place := fmt.Sprintf("%s:%d", v.path, v.line)
		host := byPlace[place]
		if host == nil {
			host = &virtualHost{vhost: v}
			if err := a.readHost(host); err != nil {
				return nil, err
			}
			byPlace[place] = host
			a.hosts = append(a.hosts, host)
		}
		if l := (Listener{"https", v.host, v.port}); !hasListener(host.listen, l) {
			host.listen = append(host.listen, l)
		}
	}
	var all []Site
	for i, h := range a.hosts {
		if h.tls {
			all = append(all, a.site(i, h))
		}
	}
	return all, nil
}

func (a *apacheConf) site(i int, h *virtualHost) Site {
	s := Site{Listen: h.listen, Where: fmt.Sprintf("%s:%d", h.path, h.line), Fixed: h.fixed, index: i}
	for i, name := range h.names {
		if i == 0 && !h.named {
			continue // the name of the machine, for want of one of its own
		}
		if isHostName(name) && !slices.Contains(s.Names, strings.ToLower(name)) {
			s.Names = append(s.Names, strings.ToLower(name))
		}
	}
	for j, c := range h.certs {
		p := Installed{below(a.dump.root, c.value), below(a.dump.root, c.value)}
		if j < len(h.keys) {
			p.Key = below(a.dump.root, h.keys[j].value)
		}
		s.Pairs = append(s.Pairs, p)
	}
	return s
}

// readHost reads the inside of a <VirtualHost>, with what it includes.
func (a *apacheConf) readHost(h *virtualHost) error {
	lines, err := a.load(h.path)
	if err != nil {
		return err
	}
	inside := false
	for _, l := range lines {
		switch {
		case l.line == h.line:
			inside = true
		case inside && l.name == "</virtualhost>":
			inside = false
		case inside:
			if err := a.take(h, l, 0); err != nil {
				return err
			}
		}
	}
	if h.tls && len(h.certs) == 0 && h.fixed == "" {
		h.fixed = "its certificate is set outside of the <VirtualHost>, for others as well: give it an SSLCertificateFile of its own"
	}
	return nil
}

func (a *apacheConf) load(path string) ([]apacheLine, error) {
	if _, ok := a.texts.was[path]; !ok {
		data, err := readFile(path)
		if err != nil {
			return nil, cannot("read", path, err)
		}
		a.texts.was[path] = string(data)
	}
	return parseApache(path, a.texts.was[path]), nil
}

func (a *apacheConf) take(h *virtualHost, l apacheLine, depth int) error {
	switch l.name {
	case "servername":
		h.named = true
	case "sslengine":
		h.tls = strings.EqualFold(l.value, "on") || strings.EqualFold(l.value, "optional")
	case "sslcertificatefile":
		h.certs = append(h.certs, l.directive)
	case "sslcertificatekeyfile":
		h.keys = append(h.keys, l.directive)
	case "sslcertificatechainfile":
		h.chain = append(h.chain, l.directive)
	case "include", "includeoptional":
		return a.takeFiles(h, l.value, depth+1)
	case "use":
		h.fixed = "it uses a macro, which certdesk does not look into"
	}
	if strings.HasPrefix(l.name, "sslcertificate") && strings.Contains(l.value, "${") {
		h.fixed = "the certificate's path has a variable"
	}
	return nil
}

func (a *apacheConf) takeFiles(h *virtualHost, pattern string, depth int) error {
	if depth > maxDepth {
		return fail.New(fail.LimitExceeded, "look for a file that includes itself", "%s includes too deeply", printable.Text(h.path))
	}
	paths, err := filepath.Glob(below(a.dump.root, pattern))
	if err != nil {
		return nil // Apache complains of it itself
	}
	sort.Strings(paths)
	for _, path := range paths {
		lines, err := a.load(path)
		if err != nil {
			return err
		}
		for _, l := range lines {
			if err := a.take(h, l, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

func (a *apacheConf) edit(sites []Site, files []versionFiles) (edited, error) {
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
	done := map[string]bool{}
	for _, s := range sites {
		h := a.hosts[s.index]
		place := fmt.Sprintf("%s:%d", h.certs[0].path, h.certs[0].line)
		if done[place] {
			continue
		}
		done[place] = true
		if other := a.shared(h, meant); other != "" {
			e.warnings = append(e.warnings, "the host at "+other+" includes the same file and changes as well")
		}
		a.repoint(h, certs, keys)
	}
	e.was, e.texts = a.texts.was, a.texts.changed()
	return e, nil
}

func (a *apacheConf) repoint(h *virtualHost, certs, keys []string) {
	writeKey := func(v string) string { return "SSLCertificateKeyFile " + v }
	a.texts.repoint(h.certs, certs, func(v string) string { return "SSLCertificateFile " + v })
	if len(h.keys) > 0 {
		a.texts.repoint(h.keys, keys, writeKey)
	} else {
		a.texts.addBehind(h.certs[len(h.certs)-1], keys, writeKey)
	}
	// The new file brings its chain; the old one would be sent with it.
	if len(h.chain) > 0 {
		a.texts.repoint(h.chain, nil, nil)
	}
}

func (a *apacheConf) shared(h *virtualHost, meant map[int]bool) string {
	for i, other := range a.hosts {
		if !meant[i] && len(other.certs) > 0 && other.certs[0].path == h.certs[0].path && other.certs[0].from == h.certs[0].from {
			return fmt.Sprintf("%s:%d", other.path, other.line)
		}
	}
	return ""
}

package services

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// dovecot gives IMAP and POP their certificates apart: a protocol block in a section of our own, read last, in
// conf.d/99-certdesk.conf where the configuration includes it, else at the end of dovecot.conf.
type dovecot struct{}

func (dovecot) config(h Host) string { return h.path("/etc/dovecot/dovecot.conf") }

// reloadPause is kept between two reloads of Dovecot: nearer ones were seen to stall its greeting for seconds.
const reloadPause = time.Second

func (dovecot) read(ctx context.Context, h Host, in Instance) (*reading, error) {
	version, err := h.ask(ctx, []string{"dovecot", "--version"})
	if err != nil {
		return nil, err
	}
	r := &reading{State: State{Version: strings.TrimSpace(version.Stdout), Unit: "dovecot"}, programs: []string{"dovecot"}, pause: reloadPause}
	if !strings.HasPrefix(r.Version, "2.3.") {
		return nil, fail.New(fail.UnsupportedFormat, "use driver command", "Dovecot %s: this version knows the settings of 2.3 alone", printable.Text(r.Version))
	}
	if _, err := readFile(in.Config); err != nil {
		return nil, cannot("read", in.Config, err)
	}
	out, err := h.ask(ctx, []string{"doveconf", "-c", in.Config, "-P"})
	if err != nil {
		return nil, err
	}
	d := &dovecotConf{in: in, host: h, root: parseDoveconf(out.Stdout)}
	r.pidFile = filepath.Join(d.root.get("base_dir"), "master.pid")
	if r.Log = d.root.get("log_path"); !filepath.IsAbs(r.Log) {
		r.Log = h.path("/var/log/mail.log")
	}
	r.check = step{argv: []string{"doveconf", "-c", in.Config, "-n"}}
	r.reload = step{argv: []string{"doveadm", "-c", in.Config, "reload"}}
	r.start = step{argv: []string{"dovecot", "-c", in.Config}}
	r.Sites = d.sites()
	r.edit = d.edit
	return r, nil
}

type dovecotConf struct {
	in   Instance
	host Host
	root *block
	at   []place // of the sites, by their index
}

// place is a filter of Dovecot's: the block heads that lead to it.
type place []string

func (d *dovecotConf) protocol() string {
	if d.in.Use == "POP" {
		return "pop3"
	}
	return "imap"
}

// sites are the protocol's default, then each local and local_name block that has a certificate of its own.
func (d *dovecotConf) sites() []Site {
	d.at = nil
	if !slices.Contains(strings.Fields(d.root.get("protocols")), d.protocol()) || d.root.get("ssl") == "no" {
		return nil
	}
	listen := d.listeners()
	if len(listen) == 0 {
		return nil
	}
	def := Site{Listen: listen, Pairs: d.root.pairs(nil), Where: "protocol " + d.protocol()}
	here := place{"protocol " + d.protocol()}
	var named []Site
	var paths []place
	d.root.walk(nil, func(path place, b *block) {
		names, addresses, ok := d.filter(path)
		if !ok || !b.hasTLS() {
			return
		}
		if len(names)+len(addresses) == 0 {
			def.Pairs = b.pairs(def.Pairs)
			return
		}
		s := Site{Listen: narrowed(listen, addresses), Names: names, Pairs: b.pairs(def.Pairs), Where: strings.Join(path, " / ")}
		if len(s.Listen) > 0 {
			named, paths = append(named, s), append(paths, path)
		}
	})
	d.at = append([]place{here}, paths...)
	all := append([]Site{def}, named...)
	for i := range all {
		all[i].index = i
	}
	return all
}

// filter reads a path of blocks: the names and addresses it is for, and whether it is for this protocol.
func (d *dovecotConf) filter(path place) (names, addresses []string, ok bool) {
	for _, head := range path {
		kind, value, _ := strings.Cut(head, " ")
		value = strings.ToLower(strings.Trim(strings.TrimSpace(value), `"`))
		switch kind {
		case "protocol":
			if strings.HasPrefix(value, "!") == (strings.TrimPrefix(value, "!") == d.protocol()) {
				return nil, nil, false
			}
		case "local_name":
			names = append(names, strings.Fields(value)...)
		case "local":
			addresses = append(addresses, value)
		default:
			return nil, nil, false
		}
	}
	return names, addresses, true
}

// narrowed keeps the listeners of some addresses; one that is for every address becomes one for each of them.
func narrowed(listen []Listener, addresses []string) []Listener {
	if len(addresses) == 0 {
		return listen
	}
	var all []Listener
	for _, l := range listen {
		for _, a := range addresses {
			if l.Host == "" || l.Host == a {
				l.Host = a
				all = append(all, l)
			}
		}
	}
	return all
}

// listeners are the ports of the protocol's login service.
func (d *dovecotConf) listeners() []Listener {
	login := d.root.child("service " + d.protocol() + "-login")
	if login == nil {
		return nil
	}
	var all []Listener
	for _, b := range login.blocks {
		port := portNumber(b.get("port"))
		if !strings.HasPrefix(b.head, "inet_listener ") || port == 0 {
			continue
		}
		scheme := d.protocol()
		if b.get("ssl") == "yes" {
			scheme += "s"
		}
		addresses := b.get("address")
		if addresses == "" {
			addresses = d.root.get("listen")
		}
		for _, a := range fields(addresses) {
			if a == "*" {
				a = ""
			}
			if a != "::" || !strings.Contains(addresses, "*") {
				all = append(all, Listener{scheme, strings.Trim(a, "[]"), port})
			}
		}
	}
	return all
}

// edit writes our section anew: what it had for the other protocol stays.
func (d *dovecotConf) edit(sites []Site, files []versionFiles) (edited, error) {
	if len(files) > 2 {
		return edited{}, fail.New(fail.Failed, "", "Dovecot serves two certificates at most")
	}
	e := edited{}
	for _, f := range files {
		e.pairs = append(e.pairs, Installed{f.cert, f.key})
	}
	path, text, err := d.target()
	if err != nil {
		return e, err
	}
	var body strings.Builder
	for _, s := range sites {
		at := d.at[s.index]
		if s.index == 0 && d.conflicts() {
			at = nil
			e.warnings = append(e.warnings, "IMAP and POP change together: Dovecot takes no certificate in a protocol block beside one in a local_name block")
		}
		d.write(&body, at, e.pairs)
	}
	e.was = map[string]string{path: text}
	e.texts = map[string]string{path: setSection(text, d.in.Use, body.String())}
	return e, nil
}

// target is the file our section belongs into, and what is in it.
func (d *dovecotConf) target() (path, text string, err error) {
	data, err := readFile(d.in.Config)
	if err != nil {
		return "", "", cannot("read", d.in.Config, err)
	}
	dropIn := filepath.Join(filepath.Dir(d.in.Config), "conf.d", "99-certdesk.conf")
	if !includes(string(data), filepath.Dir(d.in.Config), dropIn) {
		return d.in.Config, string(data), nil
	}
	data, err = readFile(dropIn)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", "", cannot("read", dropIn, err)
	}
	return dropIn, string(data), nil
}

// conflicts says whether a local or local_name block has a certificate for all protocols: Dovecot refuses a protocol
// block with another beside it, since neither is the narrower one.
func (d *dovecotConf) conflicts() bool {
	found := false
	d.root.walk(nil, func(path place, b *block) {
		if len(path) > 0 && !strings.HasPrefix(strings.Join(path, "\n"), "protocol ") && !strings.Contains(strings.Join(path, "\n"), "\nprotocol ") && b.hasTLS() {
			found = true
		}
	})
	return found
}

func (d *dovecotConf) write(b *strings.Builder, at place, pairs []Installed) {
	indent := ""
	for _, head := range at {
		b.WriteString(indent + head + " {\n")
		indent += "  "
	}
	alt := Installed{}
	if len(pairs) > 1 {
		alt = pairs[1]
	}
	set := func(name, path string) {
		if path != "" {
			path = " <" + path
		}
		b.WriteString(indent + name + " =" + path + "\n")
	}
	set("ssl_cert", pairs[0].Cert)
	set("ssl_key", pairs[0].Key)
	if alt.Cert != "" || d.root.anyAlt() {
		set("ssl_alt_cert", alt.Cert)
		set("ssl_alt_key", alt.Key)
	}
	for range at {
		indent = indent[2:]
		b.WriteString(indent + "}\n")
	}
}

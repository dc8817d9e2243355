package services

import (
	"context"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// postfix points smtpd_tls_chain_files at one combined file, or keeps to smtpd_tls_cert_file and smtpd_tls_key_file
// where the administrator does and one certificate is enough. Either way all lies in one file that is replaced whole,
// since smtpd processes that start meanwhile read it without any reload.
type postfix struct{}

func (postfix) config(h Host) string { return h.path("/etc/postfix") }

// asked are the parameters read by one postconf, in this order.
var asked = []string{"smtpd_tls_chain_files", "smtpd_tls_cert_file", "smtpd_tls_key_file", "smtpd_tls_eccert_file", "smtpd_tls_eckey_file",
	"smtpd_tls_dcert_file", "smtpd_tls_dkey_file", "smtpd_tls_security_level", "smtpd_use_tls", "smtpd_tls_wrappermode", "inet_interfaces", "tls_server_sni_maps",
	"maillog_file", "queue_directory", "mail_version", "tlsproxy_tls_chain_files", "tlsproxy_tls_cert_file"}

func (postfix) read(ctx context.Context, h Host, in Instance) (*reading, error) {
	main, master := filepath.Join(in.Config, "main.cf"), filepath.Join(in.Config, "master.cf")
	t := newTexts()
	for _, path := range []string{main, master} {
		data, err := readFile(path)
		if err != nil {
			return nil, cannot("read", path, err)
		}
		t.was[path] = string(data)
	}
	out, err := h.ask(ctx, append([]string{"postconf", "-c", in.Config, "-hx"}, asked...))
	if err != nil {
		return nil, err
	}
	p := &postfixConf{main: main, master: master, texts: t, value: values(asked, out.Stdout)}
	p.entries = parseMaster(t.was[master])
	r := &reading{State: State{Version: p.value["mail_version"], Unit: "postfix"}, programs: []string{"master"}}
	r.pidFile = filepath.Join(p.value["queue_directory"], "pid", "master.pid")
	r.Log = p.value["maillog_file"]
	if r.Log == "" {
		r.Log = h.path("/var/log/mail.log")
	}
	run := func(word string) step { return step{argv: []string{"postfix", "-c", in.Config, word}} }
	// postfix check looks at owners and modes alone, takes seconds, and says what it finds to the log; postconf reads
	// both files and says what it cannot read.
	r.check = step{argv: []string{"postconf", "-c", in.Config, "-M"}}
	r.reload, r.start = run("reload"), run("start")
	r.Sites = p.sites()
	r.edit = p.edit
	return r, nil
}

// values pairs the names with the lines of postconf -h.
func values(names []string, out string) map[string]string {
	all := map[string]string{}
	texts := strings.Split(out, "\n")
	for i, name := range names {
		if i < len(texts) {
			all[name] = strings.TrimSpace(texts[i])
		}
	}
	return all
}

// postfixConf is main.cf and master.cf as they were read.
type postfixConf struct {
	main, master string
	texts        *texts
	value        map[string]string // of main.cf, expanded
	entries      []masterEntry
}

// get is a parameter as one service sees it.
func (p *postfixConf) get(e masterEntry, name string) string {
	if o, ok := e.option(name); ok {
		return p.expand(o.value)
	}
	return p.value[name]
}

// expand replaces what an override may name of main.cf; anything else stays as it is and is named as it stands.
func (p *postfixConf) expand(v string) string {
	for name, value := range p.value {
		v = strings.NewReplacer("${"+name+"}", value, "$("+name+")", value).Replace(v)
		if v == "$"+name {
			v = value
		}
	}
	return strings.NewReplacer("$config_directory", filepath.Dir(p.main), "${config_directory}", filepath.Dir(p.main)).Replace(v)
}

// sites lists each port of smtpd and postscreen that speaks TLS, then the names with certificates of their own.
func (p *postfixConf) sites() []Site {
	var all []Site
	for i, e := range p.entries {
		if e.kind != "inet" || e.program != "smtpd" && e.program != "postscreen" {
			continue
		}
		scheme := p.scheme(e)
		if scheme == "" {
			continue
		}
		s := Site{Pairs: p.effective(e), Where: "master.cf " + e.service, index: i}
		if e.program == "postscreen" && p.proxied() {
			s.Fixed = "postscreen's TLS comes from tlsproxy, which has its own tlsproxy_tls_chain_files or tlsproxy_tls_cert_file: take them out of main.cf"
		}
		for _, l := range p.listeners(e.service) {
			l.Scheme = scheme
			s.Listen = append(s.Listen, l)
		}
		if len(s.Listen) > 0 {
			all = append(all, s)
		}
	}
	return append(all, p.sniSites(all)...)
}

// proxied says whether tlsproxy has other files than smtpd, whose they are by default.
func (p *postfixConf) proxied() bool {
	return p.value["tlsproxy_tls_chain_files"] != p.value["smtpd_tls_chain_files"] || p.value["tlsproxy_tls_cert_file"] != p.value["smtpd_tls_cert_file"]
}

// scheme is "" for a port that offers no TLS.
func (p *postfixConf) scheme(e masterEntry) string {
	if strings.EqualFold(p.get(e, "smtpd_tls_wrappermode"), "yes") {
		return "smtps"
	}
	level := strings.ToLower(p.get(e, "smtpd_tls_security_level"))
	if level == "none" || level == "" && !strings.EqualFold(p.get(e, "smtpd_use_tls"), "yes") {
		return ""
	}
	return "smtp"
}

// effective is what a service loads: chain files, if any are named, win over all else.
func (p *postfixConf) effective(e masterEntry) []Installed {
	if chain := fields(p.get(e, "smtpd_tls_chain_files")); len(chain) > 0 {
		var pairs []Installed
		for _, path := range chain {
			pairs = append(pairs, Installed{path, path})
		}
		return pairs
	}
	var pairs []Installed
	for _, kind := range []string{"", "ec", "d"} {
		cert := p.get(e, "smtpd_tls_"+kind+"cert_file")
		if cert == "" || cert == "none" {
			continue
		}
		key := p.get(e, "smtpd_tls_"+kind+"key_file")
		if key == "" {
			key = cert
		}
		pairs = append(pairs, Installed{cert, key})
	}
	return pairs
}

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' || r == '\t' })
}

// listeners finds the addresses and the port of a service name of master.cf.
func (p *postfixConf) listeners(service string) []Listener {
	host, port := "", service
	if i := strings.LastIndexByte(service, ':'); i >= 0 {
		host, port = strings.Trim(service[:i], "[]"), service[i+1:]
	}
	n := portNumber(port)
	if n == 0 {
		return nil
	}
	if host != "" {
		return []Listener{{Host: p.expand(host), Port: n}}
	}
	var all []Listener
	for _, i := range fields(p.value["inet_interfaces"]) {
		switch i = strings.Trim(i, "[]"); i {
		case "all":
			return []Listener{{Port: n}}
		case "loopback-only", "localhost":
			i = "127.0.0.1"
		}
		all = append(all, Listener{Host: i, Port: n})
	}
	return all
}

// edit changes main.cf, and each override that would win over it on a port that is meant.
func (p *postfixConf) edit(sites []Site, files []versionFiles) (edited, error) {
	legacy := len(files) == 1 && p.value["smtpd_tls_chain_files"] == "" && p.value["smtpd_tls_cert_file"] != "" &&
		p.value["smtpd_tls_eccert_file"] == "" && p.value["smtpd_tls_dcert_file"] == "" && !p.overridden(sites)
	e := edited{}
	want := map[string]string{}
	if legacy {
		e.pairs = []Installed{{files[0].cert, files[0].key}}
		want["smtpd_tls_cert_file"], want["smtpd_tls_key_file"] = files[0].cert, files[0].key
	} else {
		var chain []string
		for _, f := range files {
			e.pairs = append(e.pairs, Installed{f.combined, f.combined})
			chain = append(chain, f.combined)
		}
		want["smtpd_tls_chain_files"] = strings.Join(chain, ", ")
		p.retire(filepath.Dir(filepath.Dir(files[0].cert)), &e)
	}
	for _, name := range sortedKeys(want) {
		p.texts.edit(p.main, setParameter(p.texts.was[p.main], name, want[name]))
	}
	if err := p.override(sites, legacy, want, &e); err != nil {
		return e, err
	}
	e.was, e.texts = p.texts.was, p.texts.changed()
	return e, nil
}

// retire takes out the older parameters where they name files of ours, which will go; others stay, and no longer count.
func (p *postfixConf) retire(ours string, e *edited) {
	if p.value["smtpd_tls_cert_file"] == "" || p.value["smtpd_tls_chain_files"] != "" {
		return
	}
	if !strings.HasPrefix(p.value["smtpd_tls_cert_file"], ours+"/") {
		e.warnings = append(e.warnings, "smtpd_tls_chain_files wins: smtpd_tls_cert_file and smtpd_tls_key_file stay in main.cf and no longer count")
		return
	}
	for _, name := range []string{"smtpd_tls_cert_file", "smtpd_tls_key_file"} {
		if drop, ok := dropParameter(p.texts.was[p.main], name); ok {
			p.texts.edit(p.main, drop)
		}
	}
}

// overridden says whether a port that is meant has an override of the older parameters that one pair cannot serve.
func (p *postfixConf) overridden(sites []Site) bool {
	for _, s := range sites {
		for _, name := range []string{"smtpd_tls_chain_files", "smtpd_tls_eccert_file", "smtpd_tls_dcert_file"} {
			if _, ok := p.entries[s.index].option(name); ok {
				return true
			}
		}
	}
	return false
}

// override rewrites the overrides of the ports that are meant, and names the other ports that change as well.
func (p *postfixConf) override(sites []Site, legacy bool, want map[string]string, e *edited) error {
	meant := map[int]bool{}
	for _, s := range sites {
		meant[s.index] = true
		for _, o := range p.entries[s.index].options {
			if value, ok := want[o.name]; ok {
				p.texts.edit(p.master, edit{o.valueFrom, o.valueTo, o.quote(value)})
			}
		}
	}
	for _, s := range p.sites() {
		if meant[s.index] || s.index < 0 {
			continue
		}
		entry := p.entries[s.index]
		_, chain := entry.option("smtpd_tls_chain_files")
		_, cert := entry.option("smtpd_tls_cert_file")
		switch {
		case chain || cert && legacy:
		case cert:
			return fail.New(fail.Failed, "give "+printable.Text(entry.service)+" its certificate by -o smtpd_tls_chain_files, or take its port into listen",
				"smtpd_tls_chain_files would also change port %s, which has its own smtpd_tls_cert_file", printable.Text(entry.service))
		default:
			e.warnings = append(e.warnings, "port "+printable.Text(entry.service)+" shares main.cf and changes as well")
		}
	}
	return nil
}

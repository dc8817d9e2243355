package drivers

import (
	"context"
	"path/filepath"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// postfix points smtpd_tls_chain_files at one combined file, or keeps to smtpd_tls_cert_file and smtpd_tls_key_file
// where the administrator does and one certificate is enough; the lines of tls_server_sni_maps name a combined file.
// Either way all lies in files that are never written again, since smtpd processes that start meanwhile read them
// without any reload.
type postfix struct{}

func (postfix) Read(ctx context.Context, h daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	main, master := filepath.Join(in.Config, "main.cf"), filepath.Join(in.Config, "master.cf")
	p := &postfixConf{dir: in.Config, main: main, master: master, standard: in.Config == h.UsualConfig("postfix"),
		texts: newTexts()}
	p.listed, _ = daemon.ParseListeners(in.Listen) // New refused what cannot be read
	for _, path := range []string{main, master} {
		data, err := daemon.ReadFile(path)
		if err != nil {
			return nil, daemon.Cannot("read", path, err)
		}
		p.texts.was[path] = string(data)
	}
	p.entries = parseMaster(p.texts.was[master])
	if err := p.askPostconf(ctx, h); err != nil {
		return nil, err
	}
	return p.reading(h), nil
}

// reading is what the configuration says, and the commands that act on it.
func (p *postfixConf) reading(h daemon.Host) *daemon.Reading {
	r := &daemon.Reading{State: daemon.State{Version: p.get(nil, "mail_version"), Unit: "postfix"},
		Programs: []string{"master"}}
	r.PidFile = filepath.Join(p.get(nil, "queue_directory"), "pid", "master.pid")
	r.Log = p.get(nil, "maillog_file")
	if !filepath.IsAbs(r.Log) {
		r.Log = h.Path("/var/log/mail.log")
	}
	run := func(word string) daemon.Step { return daemon.Step{Argv: []string{"postfix", "-c", p.dir, word}} }
	// postfix check looks at owners and modes alone, takes seconds, and says what it finds to the log; postconf reads
	// both files and says what it cannot read.
	r.Check = daemon.Step{Argv: []string{"postconf", "-c", p.dir, "-M"}}
	r.Reload, r.Start = run("reload"), run("start")
	p.tables = p.readTables()
	r.Sites = p.sites()
	r.Builds = p.builds()
	r.Named, r.Warnings = p.named(), p.instances()
	r.Warnings = append(r.Warnings, p.outages()...)
	r.Warnings = append(r.Warnings, p.answeredByOthers(h, r)...)
	r.Edit, r.Keeps, r.Unsayable = p.edit, chainable, "$"
	return r
}

// postfixConf is main.cf and master.cf as they were read.
type postfixConf struct {
	dir, main, master string
	listed            []daemon.Listener // the ports of the instance; none for all
	standard          bool              // it is the configuration Postfix is started with when nobody says another
	texts             *texts
	raw               map[string]string // the parameters as main.cf or Postfix's defaults write them
	said              map[string]string // what postconf makes of them: by name, or service/type/name for an override
	entries           []masterEntry
	tables            []*sniTable
}

// askPostconf asks Postfix itself for all its parameters, as they are written and as they are evaluated.
func (p *postfixConf) askPostconf(ctx context.Context, h daemon.Host) error {
	all, err := h.Ask(ctx, []string{"postconf", "-c", p.dir})
	if err != nil {
		return err
	}
	p.raw, p.said = assignments(all.Stdout), map[string]string{}
	for _, option := range []string{"-x", "-Px"} {
		out, err := h.Ask(ctx, []string{"postconf", "-c", p.dir, option})
		if err != nil {
			return err
		}
		for name, value := range assignments(out.Stdout) {
			p.said[name] = value
		}
	}
	return nil
}

// assignments reads lines of NAME = VALUE.
func assignments(text string) map[string]string {
	all := map[string]string{}
	for line := range strings.SplitSeq(text, "\n") {
		if name, value, ok := strings.Cut(line, "="); ok {
			all[strings.TrimSpace(name)] = strings.TrimSpace(value)
		}
	}
	return all
}

// get is a parameter as one service sees it; without a service, as main.cf has it.
func (p *postfixConf) get(e *masterEntry, name string) string {
	value, _ := p.follow(e, name)
	return value
}

// follow is get, and why the value is not to be relied on, or "".
func (p *postfixConf) follow(e *masterEntry, name string) (value, trouble string) {
	written, _ := p.written(e, name)
	x := expansion{value: func(name string) (string, bool) { return p.written(e, name) }}
	value = x.expand(written)
	trouble = x.trouble()
	if trouble != "" {
		return value, name + ": " + trouble
	}
	if said, ok := p.saidOf(e, name); ok && oneBlank(said) != oneBlank(value) {
		return value, name + ": certdesk reads " + quoted(value) + ", and postconf says " + quoted(said)
	}
	return value, ""
}

// written is a parameter as it is written where it counts.
func (p *postfixConf) written(e *masterEntry, name string) (string, bool) {
	if e != nil {
		if o, ok := e.option(name); ok {
			return o.value, true
		}
	}
	switch name {
	case "config_directory":
		return p.dir, true
	case "stress", "process_name", "process_id": // set for each process as it starts
		return "", true
	}
	value, ok := p.raw[name]
	if !ok { // postconf leaves out what no parameter of its own names
		value, ok = mainValue(p.texts.was[p.main], name)
	}
	return value, ok
}

// saidOf is what postconf evaluates. It does so for an override, and for main.cf; what a service makes of main.cf's
// values with overrides among them it does not say.
func (p *postfixConf) saidOf(e *masterEntry, name string) (string, bool) {
	key := name
	if e != nil {
		if _, ok := e.option(name); ok {
			key = e.service + "/" + e.kind + "/" + name
		} else if len(e.options) > 0 {
			return "", false
		}
	}
	said, ok := p.said[key]
	return said, ok
}

func oneBlank(s string) string { return strings.Join(strings.Fields(s), " ") }

func quoted(s string) string { return `"` + printable.Text(daemon.Shorten(s)) + `"` }

func fields(list string) []string {
	return strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\r\n", r) })
}

// absolute completes a path: Postfix works in its queue directory.
func (p *postfixConf) absolute(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(p.get(nil, "queue_directory"), path)
}

package drivers

import (
	"context"
	"net/netip"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// dovecot gives IMAP and POP their certificates apart where Dovecot can: names and addresses are changed where their
// blocks stand, the default of a protocol in a block of a section of our own. ManageSieve and the other protocols go
// with IMAP.
type dovecot struct{}

// reloadPause is kept between two reloads of Dovecot: nearer ones were seen to stall its greeting for seconds.
const reloadPause = time.Second

func (dovecot) Read(ctx context.Context, h daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	version, err := h.Ask(ctx, []string{"dovecot", "--version"})
	if err != nil {
		return nil, err
	}
	r := &daemon.Reading{Programs: []string{"dovecot"}, Pause: reloadPause, Alike: true}
	r.Version, r.Unit = strings.TrimSpace(version.Stdout), "dovecot"
	if !strings.HasPrefix(r.Version, "2.3.") {
		return nil, fail.New(fail.UnsupportedFormat, "use driver command",
			"Dovecot %s: this certdesk knows only the settings of 2.3", printable.Text(r.Version))
	}
	if _, err := daemon.ReadFile(in.Config); err != nil {
		return nil, daemon.Cannot("read", in.Config, err)
	}
	out, err := h.Ask(ctx, []string{"doveconf", "-c", in.Config, "-P"})
	if err != nil {
		return nil, err
	}
	d, err := newDovecot(h, in, out.Stdout, addresses(in))
	if err != nil {
		return nil, err
	}
	d.fill(r)
	r.Unsayable = "#\"'\\"
	r.Edit = func(sites []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
		return d.edit(ctx, sites, files)
	}
	return r, nil
}

// fill says what was read, and how the daemon is called.
func (d *dovecotConf) fill(r *daemon.Reading) {
	config := d.in.Config
	r.PidFile = filepath.Join(d.root.get("base_dir"), "master.pid")
	r.Log = d.root.get("log_path")
	if !filepath.IsAbs(r.Log) {
		r.Log = d.host.Path("/var/log/mail.log")
	}
	r.Check = daemon.Step{Argv: []string{"doveconf", "-c", config, "-n"}}
	r.Reload = daemon.Step{Argv: []string{"doveadm", "-c", config, "reload"}}
	r.Start = daemon.Step{Argv: []string{"dovecot", "-c", config}}
	r.Sites, r.Aside = d.sites(), append(d.aside, d.strangers()...)
	r.Warnings = d.refusals()
	slices.Sort(d.source.named)
	r.Named = slices.Compact(d.source.named)
}

// dovecotConf is a configuration as doveconf and its files have it.
type dovecotConf struct {
	in      daemon.Instance
	host    daemon.Host
	root    *block
	source  *dovecotSource
	locals  []netip.Prefix // of local blocks with a certificate
	here    []netip.Addr   // this machine's addresses
	all     []dovecotClass
	distant []dovecotClass // the same clients from addresses that remote blocks are for; no site is theirs
	aside   []string

	decided map[dovecotClient]decision
}

// newDovecot puts together what doveconf printed and the files it read.
func newDovecot(h daemon.Host, in daemon.Instance, printed string, machine []netip.Addr) (*dovecotConf, error) {
	source, err := readDovecot(in.Config, nil)
	if err != nil {
		return nil, err
	}
	return source.conf(h, in, printed, machine), nil
}

// conf holds the files against what doveconf printed of them, and finds whom they distinguish.
func (s *dovecotSource) conf(h daemon.Host, in daemon.Instance, printed string, machine []netip.Addr) *dovecotConf {
	d := &dovecotConf{in: in, host: h, root: parseDoveconf(printed), source: s, decided: map[dovecotClient]decision{}}
	d.aside = s.agree(d.root)
	d.aside = append(d.aside, d.findLocals(machine)...)
	for _, f := range s.filters {
		if f.remote.IsValid() && len(f.set) > 0 {
			d.aside = append(d.aside, f.place()+" is for some clients' addresses alone: it keeps its certificate")
		}
	}
	d.all = d.classes()
	d.distant = d.remotes()
	return d
}

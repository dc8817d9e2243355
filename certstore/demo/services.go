package demo

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/ledger"
	"certdesk/certstore/port"
	"certdesk/certstore/services"
	"certdesk/certstore/services/daemon"
)

// played are the services of the demo and what their ports speak.
var played = []struct {
	use     string
	schemes []port.Scheme
}{
	{"SMTP", []port.Scheme{port.SMTP}},
	{"IMAP", []port.Scheme{port.IMAP, port.IMAPS}},
	{"POP", []port.Scheme{port.POP3S}},
	{"IIS", []port.Scheme{port.HTTPS}},
}

// reloadProgram is what a plan of the demo shows as its command. The demo carries it out itself.
const reloadProgram = "demo-reload"

// reloadScript is for whoever types it elsewhere.
const reloadScript = "#!/bin/sh\necho 'the services of the demo are reloaded by the desk that plays them' >&2\nexit 1\n"

// machine are the services of one demo: real ports of this machine's loopback, and no daemon behind them.
type machine struct {
	dir     string
	servers []*server
	asleep  bool // it takes a reload for done that it never did, as some daemons do
}

// openMachine begins to listen. Where loopback has no ports to give, the demo has no services.
func openMachine(dir string) (*machine, error) {
	m := &machine{dir: dir}
	bin := filepath.Join(dir, "bin")
	if err := os.Mkdir(bin, 0o700); err != nil {
		return nil, err
	}
	if err := os.WriteFile(filepath.Join(bin, reloadProgram), []byte(reloadScript), 0o700); err != nil {
		return nil, err
	}
	for _, p := range played {
		s, err := listen(p.use, p.schemes)
		if err != nil {
			m.close()
			return &machine{dir: dir}, nil
		}
		m.servers = append(m.servers, s)
		if err := s.configure(filepath.Join(dir, strings.ToLower(p.use)+".conf")); err != nil {
			m.close()
			return nil, err
		}
	}
	return m, nil
}

func (m *machine) close() {
	for _, s := range m.servers {
		s.close()
	}
}

// host is the machine that the demo pretends to run on: nothing of the real one is read or run.
func (m *machine) host() services.Host {
	return services.Host{Install: filepath.Join(m.dir, "installed"), Root: filepath.Join(m.dir, "host"),
		Bin: []string{filepath.Join(m.dir, "bin")}, Run: m.run, Drivers: map[string]daemon.Driver{daemon.Demo: driver{}}}
}

func (m *machine) instances() (list []services.Instance) {
	for _, s := range m.servers {
		list = append(list, services.Instance{Use: s.use, Driver: daemon.Demo, Config: s.config})
	}
	return list
}

func (m *machine) uses() (all ledger.Services) {
	for _, in := range m.instances() {
		all |= ledger.UseOf(in)
	}
	return all
}

// run carries out a plan's command: the server whose configuration it names reads its files again.
func (m *machine) run(_ context.Context, c daemon.Command) (daemon.Output, error) {
	for _, s := range m.servers {
		if len(c.Argv) != 2 || c.Argv[1] != s.config || m.asleep {
			continue
		}
		if err := s.reload(); err != nil {
			return daemon.Output{Exit: 1, Stderr: err.Error()}, nil
		}
	}
	return daemon.Output{}, nil
}

// enableUnread is enable for a service that goes on serving what it has, so that the ports show the worst they can: the
// old one, which nobody sees who looks at files alone.
func (b *builder) enableUnread(name string, uses ledger.Services) error {
	b.machine.asleep = true
	defer func() { b.machine.asleep = false }()
	return b.enable(name, uses)
}

// enable enables the entry of a friendly name at the moment that is played. Nothing is proven: that takes its time, and
// the first survey of the desk tells.
func (b *builder) enable(name string, uses ledger.Services) error {
	if len(b.machine.servers) == 0 {
		return nil
	}
	list, err := b.store.List(b.ctx, false)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(list, func(e certstore.Entry) bool { return e.FriendlyName == name })
	plan, err := b.store.PlanEnable(b.ctx, enabling.Request{ID: list[i].ID, Services: uses})
	if err != nil {
		return err
	}
	defer plan.Discard()
	outcomes, err := b.store.Enable(b.ctx, plan, enabling.Options{NoProve: true})
	for _, o := range outcomes {
		err = cmp.Or(err, o.Err)
	}
	return err
}

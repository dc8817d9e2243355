package cli

import (
	"context"
	"fmt"
	"net/netip"
	"path/filepath"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/query"
	"certdesk/certstore/services"
	"certdesk/wizard"
)

// session is an open store and what the configuration says beside it.
type session struct {
	store   *certstore.Store
	sources domains.Sources // of accepted domains
	dns     string          // the DNS server that is asked; "" for the host's
	public  []netip.Addr    // addresses that lead here beside those of this host
	server  string          // this server's full name
	role    string          // hub, edge, both or ""
	note    string          // the store's path where it is not the default one
	unused  []string        // sentences: what the configuration holds that this version does not read
	filters []config.Filter
	theme   string // of the configuration

	authorities []config.ACME
	notify      []config.Notify
	file        string // of the configuration, as it was named
	reopen      func(c config.Config) (*session, error)
	flags       []string           // what names this store and its configuration in another command
	uses        certstore.Services // those that a [[service]] is configured for
	now         func() time.Time
	close       func()

	readOnly bool // --read-only was given
	told     bool // what the store's banner says is in the result already
}

// open gives the session the global flags ask for.
func (a *app) open(ctx context.Context) (*session, error) {
	if a.flags.demo {
		return a.openDemo(ctx)
	}
	c, err := config.Load(a.flags.config)
	if err != nil {
		return nil, err
	}
	return a.openBy(c, nil)
}

// openWatched is open for the desk: report is called while a long journal is read, and a configuration that is named
// may still be missing, since the desk's settings make it.
func (a *app) openWatched(ctx context.Context, report func(done, total int64)) (*session, error) {
	if a.flags.demo {
		return a.openDemo(ctx)
	}
	file, err := config.Read(a.flags.config)
	if err != nil {
		return nil, err
	}
	return a.openBy(file.Config, report)
}

// openBy gives the session that a configuration makes.
func (a *app) openBy(c config.Config, report func(done, total int64)) (*session, error) {
	dir, note := a.storeDir()
	if c.Server == "" {
		c.Server = a.io.Host()
	}
	store, err := certstore.Open(certstore.Options{Dir: dir, ReadOnly: a.flags.readOnly, Readers: c.Readers,
		Trust: c.Trust, Now: a.io.Now, NewKey: a.io.NewKey, Progress: report, Services: instances(c.Services),
		Discover: c.Discovers(),
		Host:     services.Host{Install: c.Install}, Peers: c.Peers, Server: c.Server, Web: a.io.Web,
		Publish: c.Publish, Authorities: c.ACME, RevocationAllow: c.Networks(), Notify: c.Notify})
	if err != nil {
		return nil, err
	}
	return &session{store: store, sources: c.AcceptedDomains, dns: c.DNS, public: c.Public(),
		server: c.Server, role: c.Role, note: note,
		authorities: c.ACME, notify: c.Notify,
		unused:  append(c.Unused(), filterProblems(c.Filters, a.io.Now())...),
		filters: c.Filters, theme: c.Theme, file: a.flags.config,
		reopen: func(c config.Config) (*session, error) { return a.openBy(c, nil) },
		flags:  a.placeFlags(), uses: configuredUses(c.Services), now: a.io.Now, close: func() {},
		readOnly: a.flags.readOnly}, nil
}

// filterProblems say what is wrong with the filters that the configuration keeps.
func filterProblems(list []config.Filter, now time.Time) (problems []string) {
	for _, f := range list {
		if problem := query.Parse(f.Show, now).Problem; problem != "" {
			problems = append(problems, fmt.Sprintf("the filter %q: %s", printable.Text(f.Name), printable.Text(problem)))
		}
	}
	return problems
}

// instances are the services of the configuration as their drivers know them.
func instances(list []config.Service) (out []services.Instance) {
	for _, s := range list {
		out = append(out, services.Instance{Use: s.Use, Driver: s.Driver, Config: s.Config, Listen: s.Listen, Name: s.Name,
			Install: s.Install, Owner: s.Owner, Check: s.Check, Reload: s.Reload})
	}
	return out
}

// configuredUses are the services the configuration names a daemon for.
func configuredUses(list []config.Service) (uses certstore.Services) {
	for _, s := range list {
		use, _ := certstore.ParseServices(s.Use) // config.Load refused any other word
		uses |= use
	}
	return uses
}

// configured are those of some services that a daemon is configured for: one that is merely found here is never
// changed without `certdesk enable`.
func (s *session) configured(wanted certstore.Services) certstore.Services { return wanted & s.uses }

// storeDir is where the store lies, and its path again if that is not the default.
func (a *app) storeDir() (dir, note string) {
	standard := certstore.Locate()
	if a.flags.store == "" || a.flags.store == standard {
		return standard, ""
	}
	return a.flags.store, printable.Text(a.flags.store)
}

// placeFlags are the flags that make another command mean the same store and configuration, wherever it is run.
func (a *app) placeFlags() (list []string) {
	for _, f := range []struct{ name, path string }{{"--store", a.flags.store}, {"--config", a.flags.config}} {
		if full, err := filepath.Abs(f.path); err == nil && f.path != "" {
			list = append(list, f.name, full)
		}
	}
	return list
}

// env is what the wizard knows of this server. The desk adds the friendly names in use from its table.
func (s *session) env() wizard.Env {
	short, _, _ := strings.Cut(s.server, ".")
	return wizard.Env{ServerFQDN: s.server, NetBIOSName: short, AcceptedDomains: s.sources.Configured(),
		Flags: s.flags, Authorities: s.authorities}
}

// listing asks all sources of accepted domains.
func (s *session) listing(ctx context.Context) domains.Listing {
	return s.sources.Read(ctx, s.store.Host())
}

// fullEnv is env with the friendly names in use, and the certificates.
func (s *session) fullEnv(ctx context.Context) (wizard.Env, error) {
	e := s.env()
	var err error
	if e.FriendlyNames, err = s.store.FriendlyNames(ctx); err != nil {
		return e, err
	}
	bound, err := s.store.InUse(ctx)
	e.Present = wizard.PresentOf(bound)
	return e, err
}

// writable refuses early, before a person is asked anything, in the store's own words.
func (s *session) writable() error {
	reason, hint := s.store.ReadOnly(), s.store.ReadOnlyHint()
	if s.readOnly {
		reason, hint = "opened read-only", "run certdesk without --read-only"
	}
	if reason == "" {
		return nil
	}
	return fail.New(fail.ReadOnly, hint, "the store %s is read-only here: %s", printable.Text(s.store.Dir()), reason)
}

// noStore says that there is no store yet, or "": somebody may have named the wrong directory.
func (s *session) noStore() string {
	if s.store.Exists() {
		return ""
	}
	return "there is no store at " + printable.Text(s.store.Dir()) + " yet"
}

// find gives the entries of several thumbprints, once each. One that is not found refuses them all, so that a
// slip of the hand never leaves a command half done.
func (s *session) find(ctx context.Context, thumbprints []string, removed bool) ([]certstore.Entry, error) {
	all, err := s.store.FindAll(ctx, thumbprints, removed)
	if err != nil {
		return nil, err
	}
	var found []certstore.Entry
	seen := map[int64]bool{}
	for _, e := range all {
		if !seen[e.ID] {
			found = append(found, e)
		}
		seen[e.ID] = true
	}
	return found, nil
}

func ids(entries []certstore.Entry) []int64 {
	out := make([]int64, len(entries))
	for i, e := range entries {
		out[i] = e.ID
	}
	return out
}

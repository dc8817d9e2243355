package services

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Service is an instance on a host. Its methods may be called one at a time; who changes daemons holds a lock of
// his own over the whole order of calls.
type Service struct {
	host   Host
	in     Instance
	wish   Wish
	driver driver
	mark   Mark
	last   time.Time // of a reload
	alive  process   // that was last told to reload
}

// driver is what each daemon does its own way.
type driver interface {
	// config is the configuration the daemon is started with when nobody says another.
	config(Host) string
	// read finds out what is effective.
	read(context.Context, Host, Instance) (*reading, error)
}

// reading is a configuration as it was read.
type reading struct {
	State
	pidFile  string        // of the daemon that was started with it
	programs []string      // the names it may have
	always   bool          // it counts as running: there is no pid file to tell
	pause    time.Duration // between two reloads
	check    step
	reload   step
	start    step
	builds   []build // what commands make of files that an edit may change
	// edit points sites at files of the new version.
	edit func(sites []Site, files []versionFiles) (edited, error)

	// What a driver gives where it can.
	sitesOf   func(texts map[string]string) ([]Site, error) // the sites, in their order, once these texts stand in the files
	keeps     func(Installed) bool                          // whether files of others can stay named beside ours; nil: all can
	unsayable string                                        // what a path cannot have that the configuration names
	alike     bool                                          // an edit gives all its sites the same files
	blank     bool                                          // nothing is installed yet: its own check has nothing to look at
}

// step is a command a driver gives; no argv means there is nothing to run.
type step struct{ argv, env []string }

func (s step) String() string { return strings.Join(append(slices.Clone(s.env), s.argv...), " ") }

// versionFiles are the names the files of one pair have in the new version. Those that an edit names are written.
type versionFiles struct {
	cert, key, combined string
}

// edited is what a driver wants changed.
type edited struct {
	was      map[string]string // configuration files as they were read
	texts    map[string]string // those that change
	links    map[string]string // links, themselves replaced: path to target
	pairs    []Installed       // what the sites name of the new version afterwards; what stays beside it is in each site
	also     []string          // files to write that no pair names
	shares   []Site            // not meant, and changed with those that are
	builds   []build           // what has to be made anew of the texts that change
	warnings []string
}

// State is what a daemon is configured to serve.
type State struct {
	Driver   string
	Version  string // of the daemon, if it says
	Running  bool
	Hidden   bool // whether it runs this user may not see
	Sites    []Site
	Log      string   // the file it logs to; "" if that is not known
	Unit     string   // what systemd calls it where its configuration is the default one: its log may be there alone
	Warnings []string // sentences: what may surprise
	Aside    []string // sentences: parts that certdesk cannot follow, and leaves alone
	Named    []string // every file the configuration names, whatever for: none of them may be deleted
}

var drivers = map[string]driver{"postfix": postfix{}, "dovecot": dovecot{}, "nginx": nginx{}, "apache": apache{}, "command": command{}}

// New gives the service of an instance. Errors: InvalidConfig.
func New(h Host, in Instance) (*Service, error) {
	d, ok := drivers[in.Driver]
	if !ok {
		return nil, fail.New(fail.InvalidConfig, "use driver command", "this certdesk has no driver %q", printable.Text(in.Driver))
	}
	if in.Config == "" {
		in.Config = d.config(h)
	}
	for _, path := range []string{in.Config, in.Install} {
		if path != "" && !filepath.IsAbs(path) {
			return nil, fail.New(fail.InvalidConfig, "write the full path, from the root on", "%q of the service %s is not a full path", printable.Text(path), in.Driver)
		}
	}
	if in.Driver == "command" && in.Install == "" {
		return nil, fail.New(fail.InvalidConfig, "say where the daemon reads its certificate", "a service with driver command needs install")
	}
	in.Config = clean(in.Config)
	in.Name = strings.ToLower(in.Name)
	_, err := parseListeners(in.Listen)
	return &Service{host: h, in: in, driver: d}, err
}

func clean(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Clean(path)
}

// Instance gives the instance, its defaults filled in.
func (s *Service) Instance() Instance { return s.in }

// reader is the account that needs the key.
func (s *Service) reader() string {
	if s.in.Owner != "" {
		return s.in.Owner
	}
	return "root:root"
}

func (s *Service) read(ctx context.Context) (*reading, error) {
	r, err := s.driver.read(ctx, s.host, s.in)
	if err != nil {
		return nil, err
	}
	r.Driver = s.in.Driver
	r.Running = r.always || s.host.running(r.pidFile, r.programs...)
	r.Hidden = !r.always && hidden(r.pidFile)
	return r, nil
}

// Look finds out what is effective, or remembers it where the host has a memory. Errors: NotFound if the daemon or its
// configuration is not here; Failed, NotPermitted.
func (s *Service) Look(ctx context.Context) (State, error) {
	if s.host.Memory != nil && s.in.Config != "" { // else there is nobody to ask
		return s.host.Memory.look(ctx, s)
	}
	r, err := s.read(ctx)
	if err != nil {
		return State{}, err
	}
	return r.State, nil
}

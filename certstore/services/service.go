package services

import (
	"context"
	"path/filepath"
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
		return s.host.Memory.look(s.host, s.in, func() (*reading, error) { return s.read(ctx) })
	}
	r, err := s.read(ctx)
	if err != nil {
		return State{}, err
	}
	return r.State, nil
}

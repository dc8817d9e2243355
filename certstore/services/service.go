package services

import (
	"context"
	"path/filepath"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/services/drivers"
)

// Service is an instance on a host. Its methods may be called one at a time; who changes daemons holds a lock of
// his own over the whole order of calls.
type Service struct {
	host   daemon.Host
	in     daemon.Instance
	wish   Wish
	driver daemon.Driver
	mark   daemon.Mark
	last   time.Time      // of a reload
	alive  daemon.Process // that was last told to reload
}

// New gives the service of an instance. Errors: InvalidConfig.
func New(h daemon.Host, in daemon.Instance) (*Service, error) {
	d, ok := h.Drivers[in.Driver]
	if !ok {
		d, ok = drivers.ByName[in.Driver]
	}
	if !ok {
		return nil, fail.New(fail.InvalidConfig, "use driver command", "this certdesk has no driver %q",
			printable.Text(in.Driver))
	}
	if in.Config == "" {
		in.Config = h.UsualConfig(in.Driver)
	}
	for _, path := range []string{in.Config, in.Install} {
		if path != "" && !filepath.IsAbs(path) {
			return nil, fail.New(fail.InvalidConfig, "write the full path, from the root on",
				"%q of the service %s is not a full path", printable.Text(path), in.Driver)
		}
	}
	if in.Driver == "command" && in.Install == "" {
		return nil, fail.New(fail.InvalidConfig, "say where the daemon reads its certificate",
			"a service with driver command needs install")
	}
	in.Config = daemon.Clean(in.Config)
	in.Name = strings.ToLower(in.Name)
	_, err := daemon.ParseListeners(in.Listen)
	return &Service{host: h, in: in, driver: d}, err
}

// Instance gives the instance, its defaults filled in.
func (s *Service) Instance() daemon.Instance { return s.in }

// reader is the account that needs the key.
func (s *Service) reader() string {
	if s.in.Owner != "" {
		return s.in.Owner
	}
	return "root:root"
}

func (s *Service) read(ctx context.Context) (*daemon.Reading, error) {
	r, err := s.driver.Read(ctx, s.host, s.in)
	if err != nil {
		return nil, err
	}
	r.Driver = s.in.Driver
	r.Running = r.Always || s.host.Running(r.PidFile, r.Programs...)
	r.Hidden = !r.Always && daemon.Hidden(r.PidFile)
	return r, nil
}

// Look finds out what is effective, or remembers it where the host has a memory. Errors: NotFound if the daemon or its
// configuration is not here; Failed, NotPermitted.
func (s *Service) Look(ctx context.Context) (daemon.State, error) {
	if s.host.Memory != nil && s.in.Config != "" { // else there is nobody to ask
		return s.host.Memory.Look(s.host, s.in, func() (*daemon.Reading, error) { return s.read(ctx) })
	}
	r, err := s.read(ctx)
	if err != nil {
		return daemon.State{}, err
	}
	return r.State, nil
}

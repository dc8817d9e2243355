package services

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

// Undo is how to finish a switch or to undo it, for the caller to keep where no daemon's account can reach it: what it
// names is written with the rights of whoever settles the switch.
func (sw Switch) Undo() ([]byte, error) { return json.Marshal(sw) }

// SwitchOf reads what Undo gave for a version. Errors: Damaged.
func SwitchOf(undo []byte, version string) (sw Switch, err error) {
	if err := json.Unmarshal(undo, &sw); err != nil {
		return Switch{}, fail.New(fail.Damaged, "", "the record to finish or undo the change by is damaged: %w", err)
	}
	if sw.Version != version || !versionName.MatchString(filepath.Base(version)) || !filepath.IsAbs(version) {
		return Switch{}, fail.New(fail.Damaged, "", "the record to finish or undo the change by is about %s, not about %s",
			printable.Text(sw.Version), printable.Text(version))
	}
	return sw, nil
}

// Begun says whether anything of a switch was made: its files are there, or a part of the configuration is changed.
func (s *Service) Begun(sw Switch) (bool, error) {
	if _, err := os.Lstat(sw.Version); !errors.Is(err, fs.ErrNotExist) {
		return err == nil, err
	}
	for _, c := range sw.Changes {
		now, err := contentOf(c.Path)
		if err != nil {
			return false, daemon.Cannot("read", c.Path, err)
		}
		if now.same(c.After) {
			return true, nil
		}
	}
	return false, nil
}

// Prune removes the versions beside a settled one that nothing reads, but for the newest of them; what is read is
// asked only where there is something to remove. Where that cannot be told, nothing is removed. gone are the versions
// that are.
func (s *Service) Prune(ctx context.Context, sw Switch, reads func(context.Context) (Reads, error)) ([]string, error) {
	base := filepath.Dir(sw.Version)
	names, err := versions(base)
	if err != nil || len(names) <= 1+keptOld {
		return nil, errors.Join(err, s.Sweep(sw))
	}
	used, err := reads(ctx)
	if err != nil {
		return nil, errors.Join(err, s.Sweep(sw))
	}
	gone, err := removeUnused(base, names, func(path string) bool { return path == sw.Version || used.Names(path) != "" })
	return gone, errors.Join(err, s.Sweep(sw))
}

// removeUnused removes the versions of a directory that are not needed, but for the newest of them.
func removeUnused(base string, names []string, needed func(path string) bool) (gone []string, err error) {
	dir, err := beneath.Open(base)
	if err != nil {
		return nil, daemon.Cannot("open", base, err)
	}
	defer dir.Close()
	kept := 0
	for _, name := range slices.Backward(names) {
		path := filepath.Join(base, name)
		switch {
		case needed(path):
		case kept < keptOld:
			kept++
		default:
			if err := dir.RemoveAll(name); err != nil {
				return gone, daemon.Cannot("remove", path, err)
			}
			gone = append(gone, path)
		}
	}
	return gone, nil
}

// Sweep removes what processes left that died while they wrote: half a version, or the temporary of a file that was
// about to be replaced. Either may hold a key.
func (s *Service) Sweep(sw Switch) error {
	var errs []error
	for _, c := range sw.Changes {
		errs = append(errs, sweepBeside(c.Path))
	}
	errs = append(errs, removeFile(filepath.Join(sw.Version, olderUndo)))
	base := filepath.Dir(sw.Version)
	dir, err := beneath.Open(base)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		errs = append(errs, daemon.Cannot("open", base, err))
	default:
		errs = append(errs, sweepNames(dir, newPrefix))
		dir.Close()
	}
	return errors.Join(errs...)
}

// removeFile removes a file, if it is there, through no link of another user.
func removeFile(path string) error {
	dir, err := beneath.Open(filepath.Dir(path))
	if err == nil {
		defer dir.Close()
		err = dir.Remove(filepath.Base(path))
	}
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return daemon.Cannot("remove", path, err)
}

// Withdraw removes a version that nothing names any more, and sweeps.
func (s *Service) Withdraw(sw Switch) error {
	if !versionName.MatchString(filepath.Base(sw.Version)) {
		return nil
	}
	return errors.Join(removeVersion(sw.Version), s.Sweep(sw))
}

// removeVersion removes a directory through no link of another user.
func removeVersion(version string) error {
	dir, err := beneath.Open(filepath.Dir(version))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return daemon.Cannot("open", filepath.Dir(version), err)
	}
	defer dir.Close()
	if err := dir.RemoveAll(filepath.Base(version)); err != nil {
		return daemon.Cannot("remove", version, err)
	}
	if err := replace.Sync(dir); err != nil {
		return daemon.Cannot("make durable", filepath.Dir(version), err)
	}
	return nil
}

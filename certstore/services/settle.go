package services

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Prune settles a switch that was proven: what is needed to undo it goes, and so do all versions but the one in use
// and the one before it.
func (s *Service) Prune(sw Switch) error {
	base := s.dir()
	names, err := versions(base)
	if err != nil {
		return err
	}
	kept := 0
	for i := len(names) - 1; i >= 0; i-- {
		path := filepath.Join(base, names[i])
		if path == sw.Version || kept < keptOld {
			if path != sw.Version {
				kept++
			}
			if err := os.Remove(filepath.Join(path, switchName)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return cannot("remove", filepath.Join(path, switchName), err)
			}
			continue
		}
		if err := os.RemoveAll(path); err != nil {
			return cannot("remove", path, err)
		}
	}
	return s.sweep(base)
}

// sweep removes what a process left that died while it wrote a version.
func (s *Service) sweep(base string) error {
	left, _ := filepath.Glob(filepath.Join(base, newPrefix+"*"))
	for _, path := range left {
		if err := os.RemoveAll(path); err != nil {
			return cannot("remove", path, err)
		}
	}
	return nil
}

// Unsettled reads the Switch that Apply left in a version's directory. found is false where there is none: nothing
// was changed for it, or it was rolled back, or settled.
func (s *Service) Unsettled(version string) (sw Switch, found bool, err error) {
	if filepath.Dir(version) != s.dir() || !versionName.MatchString(filepath.Base(version)) {
		return sw, false, fail.New(fail.NotFound, "", "%s is no version of this service", printable.Text(version))
	}
	path := filepath.Join(version, switchName)
	data, err := readFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return sw, false, nil
	case err != nil:
		return sw, false, cannot("read", path, err)
	}
	if err := json.Unmarshal(data, &sw); err != nil {
		return sw, false, fail.New(fail.Damaged, "", "%s is damaged: %w", printable.Text(path), err)
	}
	return sw, true, nil
}

// withdraw removes a version that nothing names any more.
func (s *Service) withdraw(version string) error {
	if filepath.Dir(version) != s.dir() || !versionName.MatchString(filepath.Base(version)) {
		return nil
	}
	if err := os.RemoveAll(version); err != nil {
		return cannot("remove", version, err)
	}
	return s.sweep(s.dir())
}

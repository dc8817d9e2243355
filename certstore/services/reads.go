package services

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Reads are the files that daemons are configured to read: what one of them names must not be deleted.
type Reads struct {
	named map[string]string // path → where it is named, for people
	texts map[string]bool   // whose text may name a file that no driver follows
}

// ReadsOf asks every one of these instances, and every daemon that is here with its default configuration, whether it
// runs or not. Errors: where one configuration cannot be read; then nobody can say what is safe to delete.
func ReadsOf(ctx context.Context, h daemon.Host, all []daemon.Instance) (Reads, error) {
	r := Reads{map[string]string{}, map[string]bool{}}
	asked := map[string]bool{}
	for _, in := range append(slices.Clone(all), defaults...) {
		s, err := New(h, in)
		if err != nil {
			return Reads{}, err
		}
		key := strings.Join([]string{s.in.Driver, s.in.Config, s.in.Install, s.in.Use}, "\x00")
		if asked[key] {
			continue
		}
		asked[key] = true
		if err := r.add(ctx, s); err != nil {
			return Reads{}, fmt.Errorf("certdesk cannot tell what %s reads: %w", s.in.Driver, err)
		}
	}
	return r, nil
}

func (r Reads) add(ctx context.Context, s *Service) error {
	if _, err := os.Stat(s.in.Config); s.in.Config != "" && errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	conf, err := s.read(ctx)
	if fail.Is(err, fail.NotFound) {
		return nil // its configuration outlived it
	}
	if err != nil {
		return err
	}
	for _, site := range conf.Sites {
		for _, p := range site.Pairs {
			r.named[p.Cert], r.named[p.Key] = s.in.Driver+", "+site.Where, s.in.Driver+", "+site.Where
		}
	}
	for _, path := range append(daemon.ConfigFiles(s.in.Config), conf.Named...) {
		r.named[path], r.texts[path] = s.in.Driver, true
	}
	return nil
}

// Keep counts a file as read.
func (r Reads) Keep(path, where string) { r.named[path] = where }

// Names says where a file of a version is named, or "".
func (r Reads) Names(version string) string {
	for _, path := range slices.Sorted(maps.Keys(r.named)) {
		if path == version || strings.HasPrefix(path, version+string(filepath.Separator)) || within(version, path) {
			return printable.Text(r.named[path])
		}
	}
	for _, path := range slices.Sorted(maps.Keys(r.texts)) {
		text, err := daemon.ReadFile(path)
		if err == nil && mentions(string(text), version) {
			return printable.Text(path)
		}
	}
	return ""
}

// mentions says whether a text has a version's name, by whatever way it leads there: a relative path, or over a link.
// The same certificate has the same name among the versions of another service: that one is not meant.
func mentions(text, version string) bool {
	base, name := filepath.Split(version)
	base = filepath.Clean(base)
	for {
		before, after, found := strings.Cut(text, name)
		if !found {
			return false
		}
		dir := filepath.Base(before)
		other := filepath.Join(filepath.Dir(base), dir, name)
		_, err := os.Lstat(other)
		if other == version || err != nil || dir == string(filepath.Separator) {
			return true
		}
		text = after
	}
}

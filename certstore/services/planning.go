package services

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sort"
	"time"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Plan says what it takes that the sites of this instance serve exactly these pairs, one for each key type.
func (s *Service) Plan(ctx context.Context, pairs ...Pair) (Plan, error) {
	leaves, err := leavesOf(pairs)
	if err != nil {
		return Plan{}, err
	}
	r, err := s.read(ctx)
	if err != nil {
		return Plan{}, brokenBefore(s.in.Driver, err)
	}
	c, err := choose(s.in, s.wish, r.Sites, leaves[0])
	if err != nil {
		return Plan{}, err
	}
	p := Plan{Switch: Switch{Instance: s.in, Wish: s.wish, Prove: c.proofs, Wait: longestWait(c.sites),
		Proxied: c.proxied, Running: r.Running, Log: r.Log}, Left: c.left, Missed: c.missed, Aside: r.Aside,
		Slots: c.taken(s.in, leaves[0], r.Sites)}
	p.Warnings = append(append(p.Warnings, r.Warnings...), c.notes...)
	if !r.Running {
		p.Warnings = append(p.Warnings, s.in.Driver+" is not running: nothing can be proven before it is started")
	}
	p.Beside, p.Drops = s.beside(r, c.sites, leaves)
	if err := chainsStay(c.sites, pairs, p.Beside); err != nil {
		return Plan{}, err
	}
	if version, ok := s.holds(c.sites, pairs); ok {
		p.Nothing, p.Version, p.Pairs = true, version, c.sites[0].Pairs[:len(pairs)]
		return p, nil
	}
	if err := s.checked(ctx, &p, r, c.sites); err != nil {
		return Plan{}, err
	}
	if p.Version, err = nextVersion(s.dir(), leaves[0]); err != nil {
		return Plan{}, err
	}
	if err := s.fitBase(filepath.Dir(p.Version)); err != nil {
		return Plan{}, err
	}
	return p, s.fill(&p, r, c.sites, pairs)
}

// fill completes a plan by what the driver wants changed.
func (s *Service) fill(p *Plan, r *daemon.Reading, sites []daemon.Site, pairs []Pair) error {
	names := fileNames(p.Version, pairs)
	if err := r.Sayable(s.in.Driver, names); err != nil {
		return err
	}
	e, err := r.Edit(sites, names)
	if err == nil {
		err = r.Foreseen(sites, e)
	}
	if err != nil {
		return err
	}
	p.Pairs, p.Stays = e.Pairs, stays(sites)
	p.share(e.Shares)
	p.Warnings = append(append(p.Warnings, e.Warnings...), renewedByOthers(sites)...)
	if err := s.files(p, e, names, pairs); err != nil {
		return err
	}
	for _, b := range e.Builds {
		p.Commands = append(p.Commands, b.Step.String())
	}
	for _, c := range []daemon.Step{r.Check, r.Reload} {
		if len(c.Argv) > 0 {
			p.Commands = append(p.Commands, c.String())
		}
	}
	return p.changes(e)
}

func longestWait(sites []daemon.Site) (longest time.Duration) {
	for _, s := range sites {
		longest = max(longest, s.Wait)
	}
	return longest
}

// fileNames are the names of each pair's files; those of the second one say its key type.
func fileNames(version string, pairs []Pair) []daemon.Files {
	var all []daemon.Files
	for i, p := range pairs {
		suffix := ".pem"
		if i > 0 {
			suffix = "-" + keyType(p) + ".pem"
		}
		at := func(name string) string { return filepath.Join(version, name+suffix) }
		all = append(all, daemon.Files{Cert: at("fullchain"), Key: at("key"), Combined: at("combined")})
	}
	return all
}

// files lists what the new version holds: only what something names, since each copy of a key is one more to lose.
func (s *Service) files(p *Plan, e daemon.Edited, names []daemon.Files, pairs []Pair) error {
	uid, gid, err := s.host.Owner(s.reader())
	if err != nil {
		return err
	}
	used := map[string]bool{}
	for _, pair := range e.Pairs {
		used[pair.Cert], used[pair.Key] = true, true
	}
	for _, path := range e.Also {
		used[path] = true
	}
	for i, n := range names {
		for _, f := range []File{
			{Path: n.Cert, Mode: 0o644, Data: pairs[i].Chain},
			{Path: n.Key, Secret: true, Data: pairs[i].Key},
			{Path: n.Combined, Secret: true, Data: pairs[i].combined()},
		} {
			if used[f.Path] {
				p.Files = append(p.Files, s.owned(f, uid, gid))
			}
		}
	}
	return nil
}

// owned gives a key to its reader alone: to read and nothing more, where root owns it and a group reads it.
func (s *Service) owned(f File, uid, gid int) File {
	f.Owner, f.uid, f.gid = s.reader(), uid, gid
	if f.Secret {
		f.Mode = 0o600
		if uid == 0 && gid != 0 {
			f.Mode = 0o640
		}
	}
	return f
}

// changes makes the driver's wishes into contents before and after. What is new comes first, since what is there
// already may be made to name it.
func (p *Plan) changes(e daemon.Edited) error {
	for path, text := range e.Texts {
		c, err := textChange(path, e.Was[path], text)
		if err != nil {
			return err
		}
		if e.MadeOf(path) {
			c.After.Mode &^= 0o077 // what is made of it takes over its mode
		}
		p.Changes = append(p.Changes, c)
	}
	for path, target := range e.Links {
		before, err := contentOf(path)
		if err != nil {
			return daemon.Cannot("read", path, err)
		}
		if after := (Content{Kind: Link, Link: target}); !before.same(after) {
			p.Changes = append(p.Changes, Change{path, before, after})
		}
	}
	sort.Slice(p.Changes, func(i, j int) bool {
		a, b := p.Changes[i], p.Changes[j]
		if x, y := a.Before.Kind == Absent, b.Before.Kind == Absent; x != y {
			return x
		}
		return a.Path < b.Path
	})
	return p.buildChanges(e)
}

// textChange replaces the text of a configuration file and nothing else of it; was is what the driver edited.
func textChange(path, was, text string) (Change, error) {
	resolved, err := beneath.File(path)
	if errors.Is(err, os.ErrNotExist) {
		resolved, err = path, nil
	}
	if err != nil {
		return Change{}, daemon.Cannot("read", path, err)
	}
	before, err := contentOf(resolved)
	if err != nil {
		return Change{}, daemon.Cannot("read", path, err)
	}
	if string(before.Data) != was {
		return Change{}, meanwhile(path)
	}
	after := Content{Kind: Regular, Data: []byte(text), Mode: before.Mode, UID: before.UID, GID: before.GID}
	if before.Kind != Regular {
		after.Mode, after.UID, after.GID = 0o644, os.Geteuid(), os.Getegid()
	}
	return Change{resolved, before, after}, nil
}

func meanwhile(path string) error {
	return fail.New(fail.AlreadyExists, "look at the plan again", "%s %w", printable.Text(path),
		beneath.ErrMeanwhile)
}

// holds says whether every site names files of our versions that are just these pairs, with the right modes, and then
// what stays beside them. A place that several services have in common (Dovecot's settings for all protocols) may name
// another service's version.
func (s *Service) holds(sites []daemon.Site, pairs []Pair) (version string, ok bool) {
	for _, site := range sites {
		if len(site.Pairs) != len(pairs)+len(site.Beside) {
			return "", false
		}
		for i, have := range site.Pairs {
			if i >= len(pairs) {
				if have != site.Beside[i-len(pairs)] {
					return "", false
				}
				continue
			}
			v, ok := s.holdsPair(have, pairs[i])
			if !ok {
				return "", false
			}
			if version == "" || within(s.dir(), v) {
				version = v
			}
		}
	}
	return version, true
}

func (s *Service) holdsPair(have daemon.Installed, want Pair) (version string, ok bool) {
	cert, err := filepath.EvalSymlinks(have.Cert)
	ours := within(s.dir(), cert) || within(s.host.InstallRoot(), cert)
	if err != nil || !ours || !versionName.MatchString(filepath.Base(filepath.Dir(cert))) {
		return "", false
	}
	key, err := filepath.EvalSymlinks(have.Key)
	if err != nil || filepath.Dir(key) != filepath.Dir(cert) {
		return "", false
	}
	uid, gid, err := s.host.Owner(s.reader())
	if err != nil {
		return "", false
	}
	secret := s.owned(File{Secret: true}, uid, gid)
	version = filepath.Dir(cert)
	if within(s.dir(), cert) {
		version = filepath.Join(s.dir(), filepath.Base(version))
	}
	if cert == key {
		return version, isFile(cert, want.combined(), secret)
	}
	return version, isFile(cert, want.Chain, s.owned(File{Mode: 0o644}, uid, gid)) && isFile(key, want.Key, secret)
}

func isFile(path string, data []byte, f File) bool {
	c, err := contentOf(path)
	return err == nil && c.same(Content{Kind: Regular, Data: data, Mode: f.Mode, UID: f.uid, GID: f.gid})
}

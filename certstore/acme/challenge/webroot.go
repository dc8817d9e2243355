package challenge

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

// marker lies in a directory that certdesk made, so that it takes that directory away again, and no other.
const marker = ".made-by-certdesk"

// webroot puts a file where a running web server serves it. The directory may be of that server's user, who must not
// lead root elsewhere: each step is taken from an open directory, and no link below it is followed.
type webroot struct {
	web
	dir string
}

func newWebroot(o Options) (Solver, error) {
	if !filepath.IsAbs(o.Webroot) {
		return nil, fail.New(fail.InvalidConfig, "begin it with /", "the webroot %s is not an absolute path",
			printable.Text(o.Webroot))
	}
	return &webroot{newWeb(o), o.Webroot}, nil
}

// token is what a token is made of (RFC 8555 section 8.3): base64url, so nothing that leads elsewhere.
var token = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

func wellFormed(p Proof) error {
	if !token.MatchString(p.Token) || len(p.KeyAuthorization) > 1024 {
		return fail.New(fail.Failed, "", "the CA gave a token that is none: %q", printable.Text(daemon.Shorten(p.Token)))
	}
	return nil
}

func (s *webroot) Present(_ context.Context, p Proof) error {
	if err := wellFormed(p); err != nil {
		return err
	}
	err := s.present(p)
	if errors.Is(err, fs.ErrNotExist) { // another order's end took the directory away meanwhile
		err = s.present(p)
	}
	return s.told("write", p, err)
}

func (s *webroot) present(p Proof) error {
	at, err := beneath.Open(s.dir)
	if err != nil {
		return err
	}
	for _, name := range s.steps() {
		next, err := enterOrMake(at, name)
		at.Close()
		if err != nil {
			return err
		}
		at = next
	}
	defer at.Close()
	f := replace.File{Data: []byte(p.KeyAuthorization), Mode: 0o644, UID: os.Geteuid(), GID: os.Getegid()}
	at.Remove(temporary(p)) // of a writer that died
	err = f.Create(at, temporary(p), nil)
	if err == nil {
		err = at.Rename(temporary(p), p.Token)
	}
	return err
}

// temporary is the name of the file while it is written: the proof alone tells it.
func temporary(p Proof) string { return ".certdesk-" + p.Token }

// steps are the directories below the webroot.
func (s *webroot) steps() []string { return beneath.Names(filepath.FromSlash(wellKnown)) }

// enterOrMake opens a directory that is no link, made and marked where it was missing.
func enterOrMake(at *os.Root, name string) (*os.Root, error) {
	next, err := enter(at, name)
	if !errors.Is(err, fs.ErrNotExist) {
		return next, err
	}
	if err := at.Mkdir(name, 0o755); err != nil && !errors.Is(err, fs.ErrExist) {
		return nil, err
	}
	next, err = enter(at, name)
	if err == nil {
		err = openToAll(next)
	}
	if err != nil && next != nil {
		next.Close()
		next = nil
	}
	return next, err
}

// openToAll lets the web server in, whatever the umask, and marks the directory as ours.
func openToAll(dir *os.Root) error {
	f, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer f.Close()
	if err := errors.Join(guard.DropACL(f), f.Chmod(0o755)); err != nil {
		return err
	}
	mark, err := dir.OpenFile(marker, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return mark.Close()
}

func enter(at *os.Root, name string) (*os.Root, error) {
	info, err := at.Lstat(name)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return nil, fail.New(fail.UnsafeStore, "make it a directory: the files there are nobody else's to redirect",
			"%s below the webroot is not a directory", printable.Text(name))
	}
	return beneath.OpenSame(at, name, info)
}

func (s *webroot) Remove(_ context.Context, p Proof) error {
	if err := wellFormed(p); err != nil {
		return err
	}
	err := s.remove(p)
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return s.told("remove", p, err)
}

// remove takes the file away, what a writer that died left, and then each directory that is ours and empty.
func (s *webroot) remove(p Proof) error {
	at, err := beneath.Open(s.dir)
	if err != nil {
		return err
	}
	way := []*os.Root{at}
	defer func() {
		for _, dir := range way {
			dir.Close()
		}
	}()
	for _, name := range s.steps() {
		at, err = enter(at, name)
		if err != nil {
			return err
		}
		way = append(way, at)
	}
	for _, name := range []string{p.Token, temporary(p)} {
		err = at.Remove(name)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	steps := s.steps()
	for i := len(steps) - 1; i >= 0 && empty(way[i+1]) && ours(way[1:i+2]); i-- {
		way[i+1].Remove(marker)
		way[i].Remove(steps[i]) // it fails where another proof was put there meanwhile
	}
	return nil
}

// empty says whether a directory holds nothing but perhaps the mark.
func empty(dir *os.Root) bool {
	f, err := dir.Open(".")
	if err != nil {
		return false
	}
	defer f.Close()
	names, _ := f.Readdirnames(2)
	return len(names) == 0 || len(names) == 1 && names[0] == marker
}

// ours says whether the last directory of the way is certdesk's: it or one above has the mark. A run that was killed
// may have left it between making it and marking it, or between taking the mark away and taking it away.
func ours(way []*os.Root) bool {
	for _, dir := range way {
		_, err := dir.Lstat(marker)
		if err == nil {
			return true
		}
	}
	return false
}

// told is the sentence for what could not be done below the webroot.
func (s *webroot) told(what string, p Proof, err error) error {
	if err == nil {
		return nil
	}
	return daemon.Cannot(what, filepath.Join(s.dir, filepath.FromSlash(strings.TrimPrefix(wellKnown, "/")), p.Token), err)
}

func (s *webroot) Close() error { return nil }

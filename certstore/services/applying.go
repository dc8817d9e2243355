package services

import (
	"context"
	"crypto/x509"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// ErrUntouched says that a plan fits no longer and that nothing of it was made.
var ErrUntouched = errors.New("was changed by somebody else in the meantime")

// Fits says whether all is as it was when the plan was made: the configuration, and that the version is not there.
// Errors: AlreadyExists, which is ErrUntouched; UnsafeStore.
func (s *Service) Fits(p Plan) error {
	if err := s.fitBase(filepath.Dir(p.Version)); err != nil {
		return err
	}
	if _, err := os.Lstat(p.Version); !errors.Is(err, fs.ErrNotExist) {
		return fail.New(fail.AlreadyExists, "look at the plan again", "%s %w", printable.Text(p.Version), ErrUntouched)
	}
	for _, c := range p.Changes {
		now, err := contentOf(c.Path)
		if err != nil {
			return daemon.Cannot("read", c.Path, err)
		}
		if !now.same(c.Before) {
			return fail.New(fail.AlreadyExists, "look at the plan again", "%s %w", printable.Text(c.Path), ErrUntouched)
		}
	}
	return nil
}

// Apply writes the new version and points the configuration at it. After an error that is not ErrUntouched, Rollback.
func (s *Service) Apply(p Plan) error {
	if p.Nothing {
		return nil
	}
	if err := s.Fits(p); err != nil {
		return err
	}
	s.mark = daemon.MarkLog(p.Log)
	if err := s.publish(p); err != nil {
		return err
	}
	return s.Resume(p.Switch)
}

// Resume makes the changes of a switch that are not made yet, after a process that died between two of them.
func (s *Service) Resume(sw Switch) error {
	for _, c := range sw.Changes {
		do := func() error { return c.move(c.Before, c.After) }
		if c.After.Kind == Built {
			do = func() error { return s.build(c.Path) }
		}
		if err := do(); err != nil {
			return err
		}
	}
	return nil
}

// Check runs the daemon's own check and then reads what is effective: an include or an override that wins over the
// change is found before anybody is served by it.
func (s *Service) Check(ctx context.Context, sw Switch) error {
	r, err := s.read(ctx)
	if err != nil {
		return err
	}
	if err := s.do(ctx, r.Check); err != nil {
		return err
	}
	leaf, err := leafIn(sw.Pairs)
	if err != nil {
		return err
	}
	c, err := choose(s.in, sw.Wish, r.Sites, leaf)
	if err != nil {
		return err
	}
	for _, site := range c.sites {
		if !sw.names(site.Pairs) || !within(sw.Version, sw.Pairs[0].Cert) {
			return fail.New(fail.Failed, "look for a setting that is read after the changed one",
				"%s was changed, but %s still takes precedence", s.in.Driver, printable.Text(site.Where+describe(site.Pairs)))
		}
	}
	return nil
}

// names says whether a place names what the switch gave it: the new pairs, and what stays behind them.
func (sw Switch) names(pairs []daemon.Installed) bool {
	if len(pairs) < len(sw.Pairs) || !slices.Equal(pairs[:len(sw.Pairs)], sw.Pairs) {
		return false
	}
	rest := pairs[len(sw.Pairs):]
	return len(rest)+len(sw.Stays) == 0 ||
		slices.ContainsFunc(sw.Stays, func(set []daemon.Installed) bool { return slices.Equal(set, rest) })
}

func describe(pairs []daemon.Installed) string {
	if len(pairs) == 0 {
		return ""
	}
	return " (" + pairs[0].Cert + ")"
}

// ErrNotReread says that all files are as they were, and the daemon could not be made to read them.
var ErrNotReread = errors.New("the daemon did not read its configuration again")

// Rollback puts back what a switch changed and, where the daemon may have read the change, makes it serve what it did
// before: reloads it, or starts it if it ran and died. The caller proves by handshake that the old certificate is back.
// What somebody else changed since is left as it is: where it names the new version still, that is an error, and all
// else is put back all the same; where it does not, nothing of the switch is left in it, and left says so. An error
// that is ErrNotReread leaves the new version for Withdraw: what the ports serve says whether it is needed.
func (s *Service) Rollback(ctx context.Context, sw Switch, read bool) (left []string, err error) {
	var errs []error
	for _, c := range undoing(sw.Changes) {
		err := c.move(c.After, c.Before)
		if errors.Is(err, beneath.ErrMeanwhile) && !c.names(sw.Version) {
			left, err = append(left, oneLine(err)+" and stays as it is"), nil
		}
		errs = append(errs, err)
	}
	files := errors.Join(errs...)
	var again error
	if sw.Running && read {
		again = s.again(ctx)
	}
	switch {
	case files != nil:
		return left, fail.New(fail.Failed, "", "not everything could be put back: %s", oneLine(errors.Join(files, again)))
	case again != nil:
		return left, fail.New(fail.Failed, fail.Of(again).Hint, "%w: %s", ErrNotReread, oneLine(again))
	}
	return left, s.Withdraw(sw)
}

// names says whether what is there names a version; what cannot be read may.
func (c Change) names(version string) bool {
	now, err := contentOf(c.Path)
	name := filepath.Base(version)
	return err != nil || strings.Contains(string(now.Data), name) || strings.Contains(now.Link, name)
}

// undoing is the order in which changes are undone: the last one first, but what is made of files behind them, so that
// it is no older than they are.
func undoing(changes []Change) (list []Change) {
	var built []Change
	for _, c := range slices.Backward(changes) {
		if c.After.Kind == Built {
			built = append(built, c)
		} else {
			list = append(list, c)
		}
	}
	return append(list, built...)
}

func oneLine(err error) string { return strings.ReplaceAll(err.Error(), "\n", "; ") }

// move replaces one content by the other, unless it is there already; what is neither is somebody else's.
func (c Change) move(from, to Content) error {
	dir, err := beneath.Open(filepath.Dir(c.Path))
	if errors.Is(err, fs.ErrNotExist) && to.Kind == Absent {
		return nil
	}
	if err != nil {
		return daemon.Cannot("open", filepath.Dir(c.Path), err)
	}
	defer dir.Close()
	now, err := contentIn(dir, filepath.Base(c.Path))
	switch {
	case err != nil:
		return daemon.Cannot("read", c.Path, err)
	case now.same(to):
		return nil
	case from.Kind != Built && !now.same(from):
		return meanwhile(c.Path)
	}
	return to.putIn(dir, c.Path)
}

// again makes a daemon that ran read its configuration, whether it lives, died of the one before, or is about to.
func (s *Service) again(ctx context.Context) error {
	err := s.Reload(ctx)
	if errors.Is(err, ErrNotRunning) {
		return s.Start(ctx)
	}
	for end := time.Now().Add(dyingTime); err == nil && time.Now().Before(end); {
		time.Sleep(dyingTime / 5)
		err = s.Start(ctx) // does nothing to one that runs
	}
	return err
}

func leafIn(pairs []daemon.Installed) (*x509.Certificate, error) {
	if len(pairs) == 0 {
		return nil, fail.New(fail.Damaged, "", "the record of the change names no certificate")
	}
	data, err := daemon.ReadFile(pairs[0].Cert)
	if err != nil {
		return nil, daemon.Cannot("read", pairs[0].Cert, err)
	}
	return daemon.FirstCertificate(data)
}

package disk_test

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/fail"
)

func start(s scenario) *disktest.Model {
	m := disktest.NewModel("/srv", "/out")
	if s.prepare != nil {
		s.prepare(m)
	}
	return m
}

// firstBroken gives the first image of any moment in which a promise is broken.
func firstBroken(m *disktest.Model, s scenario) (images int, err error) {
	for prefix := range len(m.Ops()) + 1 {
		for image := range m.CrashImages(prefix) {
			images++
			err := verifyAlso(image, s)
			if err != nil {
				return images, fmt.Errorf("after %d operations (%s), %s: %w", prefix, lastOp(m, prefix), image.Label, err)
			}
		}
	}
	return images, nil
}

func verifyAlso(image *disktest.Model, s scenario) error {
	if s.check != nil {
		if err := s.check(image); err != nil {
			return err
		}
	}
	return verify(image)
}

func lastOp(m *disktest.Model, prefix int) string {
	if prefix == 0 {
		return "nothing yet"
	}
	return m.Ops()[prefix-1].String()
}

// A power cut at any moment breaks no promise.
func TestPowerCut(t *testing.T) {
	for i, s := range scenarios() {
		if !everything && i%2 != 0 {
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			m := start(s)
			if err := s.run(m); err != nil {
				t.Fatal(err)
			}
			images, err := firstBroken(m, s)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("%d operations, %d fsyncs, %d images", len(m.Ops()), len(m.Syncs()), images)
		})
	}
}

// Each fsync in the code is needed: without it a power cut breaks a promise in some scenario.
func TestEverySyncIsNeeded(t *testing.T) {
	needed := map[string]bool{}
	for _, s := range scenarios() {
		m := start(s)
		must(s.run(m))
		for _, sync := range m.Syncs() {
			needed[sync.Site] = needed[sync.Site] || breaksWithout(s, sync.Site)
		}
	}
	for site, yes := range needed {
		if !yes {
			t.Errorf("no test misses the fsync of %s", site)
		}
	}
}

func breaksWithout(s scenario, site string) bool {
	m := start(s)
	m.DropSyncsAt(site)
	must(s.run(m))
	_, err := firstBroken(m, s)
	return err != nil
}

// An operation that fails leaves what was committed, gives a coded error, and the scenario can be done again.
func TestEveryOperationFailsOnce(t *testing.T) {
	for _, s := range scenarios() {
		for _, errno := range []error{syscall.EIO, syscall.ENOSPC} {
			t.Run(fmt.Sprintf("%s/%v", s.name, errno), func(t *testing.T) { failEach(t, s, errno) })
		}
	}
}

// everything is what the full run does; the plain one takes every fourth operation.
var everything = os.Getenv("CERTDESK_ALL") != ""

func failEach(t *testing.T, s scenario, errno error) {
	whole := start(s)
	must(s.run(whole))
	for n, op := range whole.Ops() {
		if op.Kind == "mark" || !everything && n%4 != 0 {
			continue
		}
		m := start(s)
		m.FailAt(n, errno)
		err := s.run(m)
		if err == nil {
			m.Mark("the failure did not matter")
		} else if why := wellSaid(err, errno); why != nil {
			t.Errorf("%s failed: %v", op, why)
		}
		if err := s.again(m, err); err != nil {
			t.Errorf("after %s failed with %v: %v", op, errno, err)
		}
	}
}

func wellSaid(err, errno error) error {
	var coded *fail.Error
	if !errors.As(err, &coded) {
		return fmt.Errorf("no code: %w", err)
	}
	if errors.Is(err, syscall.ENOSPC) && !strings.Contains(coded.Hint, "full") && coded.Code != fail.InDoubt {
		return fmt.Errorf("no hint about the full disk: %w", err)
	}
	if !errors.Is(err, errno) {
		return fmt.Errorf("another error came out: %w", err)
	}
	return nil
}

// again repeats the scenario as another process. What was promised before must hold also after a power cut then.
func (s scenario) again(m *disktest.Model, failed error) error {
	if err := verifyAlso(m.Snapshot(), s); err != nil {
		return fmt.Errorf("the store as it was left: %w", err)
	}
	if failed != nil {
		if err := s.run(m); err != nil && !fail.Is(err, fail.AlreadyExists) {
			return fmt.Errorf("again: %w", err)
		}
	}
	if s.notTwice && failed != nil {
		return nil
	}
	for image := range m.CrashImages(len(m.Ops())) {
		if err := verifyAlso(image, s); err != nil {
			return fmt.Errorf("again, then %s: %w", image.Label, err)
		}
	}
	return nil
}

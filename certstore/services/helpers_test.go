package services

import (
	"context"
	"fmt"
	"path/filepath"
	"testing"

	"certdesk/certstore/beneath"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

func pairOfTest(p daemontest.Pair) Pair { return Pair{Chain: p.Chain, Key: p.Key} }

// pruned lets go what the service itself does not read.
func pruned(s *Service, sw Switch) error {
	_, err := s.Prune(context.Background(), sw, func(ctx context.Context) (Reads, error) {
		return ReadsOf(ctx, daemon.Host{Root: "/nonexistent"}, []daemon.Instance{s.in})
	})
	return err
}

// followed is a plan's switch as another process finds it.
func followed(t *testing.T, s *Service, p Plan) Switch {
	t.Helper()
	undo, err := p.Undo()
	if err != nil {
		t.Fatal(err)
	}
	sw, err := SwitchOf(undo, p.Version)
	if err != nil {
		t.Fatal(err)
	}
	if begun, err := s.Begun(sw); !begun || err != nil {
		t.Fatal(begun, err)
	}
	return sw
}

// undone rolls back where nobody else changed anything.
func undone(s *Service, sw Switch) error {
	left, err := s.Rollback(context.Background(), sw, true)
	if len(left) > 0 {
		return fmt.Errorf("left as they are: %v", left)
	}
	return err
}

// put is putIn for a path whose directory is not open.
func (c Content) put(path string) error {
	dir, err := beneath.Open(filepath.Dir(path))
	if err != nil {
		return daemon.Cannot("write", path, err)
	}
	defer dir.Close()
	return c.putIn(dir, path)
}

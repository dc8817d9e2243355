package services

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

func TestADaemonThatEndsIsNoticedAtOnce(t *testing.T) {
	child := exec.Command("sleep", "60")
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { child.Process.Kill(); child.Wait() })
	s := commandAt(t, t.TempDir())
	s.alive = daemon.Process{PidFile: filepath.Join(t.TempDir(), "pid"), Programs: []string{"sleep"}}
	daemontest.Put(t, s.alive.PidFile, strconv.Itoa(child.Process.Pid)+"\n")
	watched, stop := s.Watch(context.Background())
	defer stop()
	select {
	case <-watched.Done():
		t.Fatal("it lives")
	case <-time.After(5 * daemon.WatchPause):
	}
	killed := time.Now()
	child.Process.Kill() // a zombie until it is waited for: dead all the same
	select {
	case <-watched.Done():
	case <-time.After(5 * time.Second):
		t.Fatal("nobody noticed")
	}
	if late := time.Since(killed); !errors.Is(context.Cause(watched), ErrEnded) || late > dyingTime {
		t.Errorf("%v after %v", context.Cause(watched), late)
	}
	if err := s.Survives(context.Background()); !errors.Is(err, ErrEnded) {
		t.Error(err)
	}
}

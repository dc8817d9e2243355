package services

import (
	"context"
	"errors"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

func TestADaemonThatEndsIsNoticedAtOnce(t *testing.T) {
	daemon := exec.Command("sleep", "60")
	if err := daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { daemon.Process.Kill(); daemon.Wait() })
	s := commandAt(t, t.TempDir())
	s.alive = process{filepath.Join(t.TempDir(), "pid"), []string{"sleep"}}
	put(t, s.alive.pidFile, strconv.Itoa(daemon.Process.Pid)+"\n")
	watched, stop := s.Watch(context.Background())
	defer stop()
	select {
	case <-watched.Done():
		t.Fatal("it lives")
	case <-time.After(5 * watchPause):
	}
	killed := time.Now()
	daemon.Process.Kill() // a zombie until it is waited for: dead all the same
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

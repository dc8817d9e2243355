//go:build unix

package daemon

import (
	"os/exec"
	"syscall"
)

// ownSession starts a program in a session of its own and ends all of that session with it.
func ownSession(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
}

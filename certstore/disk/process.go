package disk

import (
	"os"
	"strconv"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// noLogin is the kernel's login uid of a process that nobody logged in to start.
const noLogin = 1<<32 - 1

// ThisProcess is who runs this process: uid, login uid, SUDO_USER, terminal.
func ThisProcess() ledger.Actor {
	a := ledger.Actor{UID: os.Getuid(), Sudo: printable.Text(os.Getenv("SUDO_USER"))}
	if text, err := os.ReadFile("/proc/self/loginuid"); err == nil {
		if uid, err := strconv.Atoi(strings.TrimSpace(string(text))); err == nil && uid != noLogin {
			a.LoginUID = uid
		}
	}
	if tty, err := os.Readlink("/proc/self/fd/0"); err == nil && strings.HasPrefix(tty, "/dev/pts/") ||
		strings.HasPrefix(tty, "/dev/tty") {
		a.TTY = printable.Text(tty)
	}
	return a
}

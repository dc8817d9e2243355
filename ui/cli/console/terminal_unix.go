//go:build unix

package console

import (
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// EndSignals are the signals that end a run in order. One that the caller chose to ignore (nohup) stays ignored.
func EndSignals() []os.Signal {
	return slices.DeleteFunc([]os.Signal{os.Interrupt, syscall.SIGTERM, syscall.SIGHUP}, signal.Ignored)
}

// OpenTTY opens the controlling terminal.
func OpenTTY() (*os.File, error) { return os.OpenFile("/dev/tty", os.O_RDWR, 0) }

// whileSuspended gives the terminal back on ^Z and takes it again, with the prompt, when the process continues.
func whileSuspended(fd int, before *term.State, again func()) (stop func()) {
	signals := make(chan os.Signal, 1)
	done := make(chan struct{})
	signal.Notify(signals, syscall.SIGTSTP)
	go func() {
		for {
			select {
			case <-signals:
				suspend(fd, before)
				again()
			case <-done:
				return
			}
		}
	}()
	return func() { signal.Stop(signals); close(done) }
}

// suspend stops the process. The stop may come a moment after Kill returns, on another thread: what follows waits
// for the signal to continue.
func suspend(fd int, before *term.State) {
	during, err := term.GetState(fd)
	_ = term.Restore(fd, before)
	goOn := make(chan os.Signal, 1)
	signal.Notify(goOn, syscall.SIGCONT)
	defer signal.Stop(goOn)
	_ = syscall.Kill(os.Getpid(), syscall.SIGSTOP)
	<-goOn
	if err == nil {
		_ = term.Restore(fd, during)
	}
}

// hush turns a terminal's echo off; it gives whole lines, and signals for their keys.
func hush(fd int) error {
	settings, err := unix.IoctlGetTermios(fd, getTermios)
	if err != nil {
		return err
	}
	settings.Lflag = settings.Lflag&^unix.ECHO | unix.ICANON | unix.ISIG
	settings.Iflag |= unix.ICRNL
	return unix.IoctlSetTermios(fd, setTermios, settings)
}

// secretFrom reads from a terminal that is hushed.
func secretFrom(t terminal) io.Reader { return t.in }

// Harden is called before anything is read: no core file may hold a key, and no file may be made for others.
func Harden() {
	unix.Umask(0o077)
	_ = unix.Setrlimit(unix.RLIMIT_CORE, &unix.Rlimit{})
	undumpable()
}

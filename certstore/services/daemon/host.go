package daemon

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
)

// DefaultInstall is where certificates are installed: below /etc/ssl, since the AppArmor profiles of mail daemons
// let them read there and in few other places.
const DefaultInstall = "/etc/ssl/certdesk"

// Host is the machine as this room touches it; the zero value is the real one.
type Host struct {
	Install string   // the installation root; "" for DefaultInstall
	Root    string   // before the default places of configurations, logs and /proc; "" on the real machine
	Bin     []string // where programs are looked for, never in $PATH; nil for the system's directories
	Run     func(context.Context, Command) (Output, error)
	Time    time.Duration     // how long a program may run; 0 for 20 s
	Memory  *Memory           // of what Look found; nil to ask each time
	Drivers map[string]Driver // beside those of package drivers: that of the demo, which no configuration can name
}

// InstallRoot is Install, or DefaultInstall.
func (h Host) InstallRoot() string {
	if h.Install == "" {
		return DefaultInstall
	}
	return h.Install
}

// Path is a default place on this host.
func (h Host) Path(p string) string { return filepath.Join(h.Root, p) }

// Program finds a program by name, or takes an absolute path as it is. Errors: NotFound.
func (h Host) Program(names ...string) (string, error) {
	dirs := h.Bin
	if dirs == nil {
		dirs = guard.SystemBin
	}
	for _, name := range names {
		if filepath.IsAbs(name) {
			return name, nil
		}
		for _, dir := range dirs {
			path := filepath.Join(dir, name)
			if info, err := os.Stat(path); err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 &&
				filepath.Base(name) == name {
				return path, nil
			}
		}
	}
	return "", fail.New(fail.NotFound, "install it, or give its full path", "%s is not installed on this host",
		printable.Text(names[0]))
}

// Runs says why a command could not be run: its program is not there, or may not be run. Errors: NotFound, Failed.
func (h Host) Runs(argv []string) error {
	path, err := h.Program(argv[0])
	if err != nil {
		return err
	}
	if _, err := exec.LookPath(path); err != nil {
		return fail.New(fail.Failed, "let it be run (chmod +x)", "%w", Cannot("run", path, errors.Unwrap(err)))
	}
	return nil
}

// Command runs argv to its end; its first word is found by program. Exit says how it ended; an error is returned only
// where it did not run or did not end in time.
func (h Host) Command(ctx context.Context, argv []string, env ...string) (Output, error) {
	path, err := h.Program(argv[0])
	if err != nil {
		return Output{}, err
	}
	run := h.Run
	if run == nil {
		run = Exec
	}
	return run(ctx, Command{Argv: append([]string{path}, argv[1:]...), Env: env, Time: h.Time})
}

// Succeed is command where any other end than 0 is an error that says what the program said.
func (h Host) Succeed(ctx context.Context, argv []string, env ...string) (Output, error) {
	out, err := h.Command(ctx, argv, env...)
	if err == nil {
		err = out.verdict(argv)
	}
	return out, err
}

// Ask is succeed for a program whose output is read: part of it will not do, and no error shows it, since a
// configuration may hold passwords.
func (h Host) Ask(ctx context.Context, argv []string, env ...string) (Output, error) {
	out, err := h.Command(ctx, argv, env...)
	if err == nil {
		err = Output{Exit: out.Exit, Stderr: out.Stderr}.verdict(argv)
	}
	if err == nil && out.Cut {
		err = fail.New(fail.LimitExceeded, "", "%s printed more than certdesk reads", printable.Text(strings.Join(argv, " ")))
	}
	return out, err
}

// verdict is the error of a program that did not end well.
func (o Output) verdict(argv []string) error {
	if o.Exit == 0 {
		return nil
	}
	why := o.Reason()
	if why == "" {
		why = fmt.Sprintf("exit status %d", o.Exit)
	}
	return fail.New(fail.Failed, "", "%s: %s", printable.Text(strings.Join(argv, " ")), why)
}

// Owner finds the numbers of user:group. A process that is not root can give nothing away: what it writes is its own.
func (h Host) Owner(name string) (uid, gid int, err error) {
	if me := os.Geteuid(); me != 0 {
		return me, os.Getegid(), nil
	}
	userName, groupName, _ := strings.Cut(name, ":")
	u, err := user.Lookup(userName)
	if err != nil {
		return 0, 0, noOwner(name, err)
	}
	uid, _ = strconv.Atoi(u.Uid)
	gid, _ = strconv.Atoi(u.Gid)
	if groupName == "" {
		return uid, gid, nil
	}
	g, err := user.LookupGroup(groupName)
	if err != nil {
		return 0, 0, noOwner(name, err)
	}
	gid, _ = strconv.Atoi(g.Gid)
	return uid, gid, nil
}

func noOwner(name string, err error) error {
	return fail.New(fail.InvalidConfig, "write owner as user:group, both known on this host", "owner %q: %w",
		printable.Text(name), err)
}

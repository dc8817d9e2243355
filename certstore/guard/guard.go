// Package guard tells who else than root and the users one trusts could change a file, a directory or a link: by its
// owner, its mode and its access control list.
//
// A path is followed link by link, since whoever may write in any directory on the way can put another file in its
// place. In a directory with the sticky bit (/tmp) only a file's owner can do that, so the owner decides there. By this
// certdesk obeys its configuration, opens its store, and picks the directories that it installs keys in.
package guard

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// File refuses a file that somebody else than root and the user of this process may write or replace, with the command
// that puts it right. What is the object's name for people: "the configuration", "the password file". A file that is
// missing, or a directory that may not be looked at, is no fault here: reading it says so. Errors: UnsafeConfig.
func File(what, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	way, _ := Follow(system{}, abs)
	for _, t := range way.Things {
		loose, err := Judge(t, os.Geteuid())
		if err != nil {
			return fail.New(fail.UnsafeConfig, "`getfacl` shows who may write there", "%s %s is not obeyed: %w", what,
				printable.Text(path), err)
		}
		if loose.By != Nobody {
			return refuse(what, printable.Text(path), t, loose)
		}
	}
	return nil
}

func refuse(what, named string, t Thing, loose Loose) error {
	shown, where := printable.Text(t.Path), "it"
	if shown != named {
		where = shown
	}
	return fail.New(fail.UnsafeConfig, mend(t, loose, shown), "%s %s is refused: %s %s", what, named, where, loose.Why())
}

// mend is the command after which nobody else may change a thing.
func mend(t Thing, loose Loose, shown string) string {
	me := UserName(os.Geteuid())
	switch {
	case loose.By == Owner && t.Mode&fs.ModeSymlink != 0:
		return "chown -h " + me + " " + shown
	case loose.By == Owner:
		return "chown " + me + " " + shown + " && chmod go-w " + shown
	}
	return "chmod go-w " + shown // it closes an access control list too, whose mask these bits are
}

// SystemBin are the directories in which certdesk looks for programs, never in $PATH.
var SystemBin = []string{"/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/sbin", "/usr/local/bin"}

// Command is File for what a command runs: its program, where a name without a slash is looked for in SystemBin, and
// each script among its arguments. Errors: UnsafeConfig.
func Command(what string, argv []string) error {
	if len(argv) == 0 {
		return nil
	}
	if err := File(what, program(argv[0])); err != nil {
		return err
	}
	for _, argument := range argv[1:] {
		if !isScript(argv[0], argument) {
			continue
		}
		if err := File("the script", argument); err != nil {
			return err
		}
	}
	return nil
}

// program is where the one who runs a command finds it.
func program(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	for _, dir := range SystemBin {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
			return path
		}
	}
	return filepath.Join(SystemBin[0], name)
}

// interpreters run a file that need not be executable itself.
var interpreters = regexp.MustCompile(`^(sh|bash|dash|ash|ksh|zsh|python|perl|ruby|php|node|lua|awk|sed|expect|tclsh)[0-9.]*$`)

// isScript says whether an argument is a file that is run: an executable one, or any that is given to an interpreter.
func isScript(name, argument string) bool {
	info, err := os.Stat(argument)
	if err != nil || !filepath.IsAbs(argument) || !info.Mode().IsRegular() {
		return false
	}
	return info.Mode().Perm()&0o111 != 0 || interpreters.MatchString(filepath.Base(name))
}

// Real is a path with its symbolic links followed; it need not exist.
func Real(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	way, err := Follow(system{}, abs)
	return way.Real, err
}

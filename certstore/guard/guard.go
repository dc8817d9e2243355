// Package guard tells whether somebody else could change what certdesk obeys: its configuration, the files and the
// programs that one names. Root obeys only what root alone may write; another user obeys root and himself.
//
// A path is followed link by link, since whoever may write in any directory on the way can put another file in its
// place. In a directory with the sticky bit (/tmp) only a file's owner can do that, so the owner decides there.
package guard

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxLinks is how many symbolic links a path may lead over, as in Linux.
const maxLinks = 40

// File refuses a file that somebody else than root and the user of this process may write or replace, with the command
// that puts it right. What is the object's name for people: "the configuration", "the password file". A file that is
// missing, or a directory that may not be looked at, is no fault here: reading it says so. Errors: UnsafeConfig.
func File(what, path string) error {
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil
	}
	return walk(what, abs, printable.Text(path), 0)
}

// walk looks at a path's directories from the root on, then at itself, and then at where it leads.
func walk(what, path, named string, links int) error {
	if links > maxLinks {
		return nil
	}
	parts := strings.Split(strings.TrimPrefix(filepath.Clean(path), "/"), "/")
	at := "/"
	for i, name := range append([]string{""}, parts...) {
		at = filepath.Join(at, name)
		info, err := os.Lstat(at)
		if err != nil {
			return nil
		}
		if loose := looseness(at, info); loose != nil {
			return refuse(what, named, loose)
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			continue
		}
		target, err := os.Readlink(at)
		if err != nil {
			return nil
		}
		if !filepath.IsAbs(target) {
			target = filepath.Join(filepath.Dir(at), target)
		}
		return walk(what, filepath.Join(append([]string{target}, parts[i:]...)...), named, links+1)
	}
	return nil
}

// loose is a thing on the way that others may change, and the command that ends it.
type loose struct{ path, why, mend string }

// looseness judges one directory, file or link; nil where only root and this user may change it.
func looseness(path string, info fs.FileInfo) *loose {
	uid, gid, known := owners(info)
	if !known {
		return nil
	}
	perm := info.Mode().Perm()
	shown := printable.Text(path)
	foreign := uid != 0 && uid != os.Geteuid()
	switch {
	case foreign && info.Mode()&fs.ModeSymlink != 0:
		return &loose{shown, "is a link that belongs to " + userName(uid), "chown -h " + userName(os.Geteuid()) + " " + shown}
	case foreign:
		me := userName(os.Geteuid())
		return &loose{shown, "belongs to " + userName(uid), "chown " + me + " " + shown + " && chmod go-w " + shown}
	case info.Mode()&fs.ModeSymlink != 0, info.IsDir() && info.Mode()&fs.ModeSticky != 0:
		return nil
	case perm&0o002 != 0:
		return &loose{shown, "can be written by everybody", "chmod go-w " + shown}
	case perm&0o020 != 0 && (!privateGroup(uid, gid) || hasACL(path)):
		return &loose{shown, "can be written by " + groupWords(path, gid), "chmod go-w " + shown}
	}
	return nil
}

// privateGroup says whether a group has nobody but its owner: root's, and one with its owner's number, as Debian and
// Red Hat make it for each user.
func privateGroup(uid, gid int) bool { return gid == 0 || gid == uid }

func groupWords(path string, gid int) string {
	if hasACL(path) {
		return "others, by an access control list (getfacl shows it)"
	}
	return "the group " + groupName(gid)
}

func refuse(what, named string, l *loose) error {
	where := "it"
	if l.path != named {
		where = l.path
	}
	return fail.New(fail.UnsafeConfig, l.mend, "%s %s is not obeyed: %s %s", what, named, where, l.why)
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

func number(id int) string { return fmt.Sprintf("number %d", id) }

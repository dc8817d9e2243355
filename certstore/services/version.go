package services

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"certdesk/certstore/beneath"
	"certdesk/certstore/guard"
	"certdesk/certstore/replace"
	"certdesk/certstore/services/daemon"
)

const (
	newPrefix  = ".new-"     // a version that is still being written
	keptOld    = 1           // versions kept that nothing names any more
	maxVersion = 100_000_000 // a number that nobody reaches: one above it is somebody else's joke
)

var versionName = regexp.MustCompile(`^v([0-9]{1,9})-[0-9a-f]{8}$`)

// dir is where an instance's versions lie: the command driver's is given, the others have one below the root.
func (s *Service) dir() string {
	if s.in.Driver == "command" {
		return filepath.Clean(s.in.Install)
	}
	name := s.in.Driver + "-" + strings.ToLower(s.in.Use)
	if s.in.Config != s.host.UsualConfig(s.in.Driver) || s.in.Name != "" {
		sum := sha256.Sum256([]byte(s.in.Config + s.in.Name))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	return filepath.Join(s.host.InstallRoot(), name)
}

// versions lists the directory's versions, the oldest first.
func versions(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, daemon.Cannot("read", dir, err)
	}
	var names []string
	for _, e := range entries {
		if e.IsDir() && versionName.MatchString(e.Name()) {
			names = append(names, e.Name())
		}
	}
	sort.Slice(names, func(i, j int) bool { return number(names[i]) < number(names[j]) })
	return names, nil
}

func number(version string) int {
	n, _ := strconv.Atoi(versionName.FindStringSubmatch(version)[1])
	return n
}

// nextVersion names the directory after the newest one: its number, and eight digits of its first certificate's sum
// for people.
func nextVersion(dir string, leaf *x509.Certificate) (string, error) {
	have, err := versions(dir)
	n := 1
	for _, name := range have {
		if number(name) < maxVersion {
			n = number(name) + 1
		}
	}
	sum := sha256.Sum256(leaf.Raw)
	return filepath.Join(dir, fmt.Sprintf("v%d-%s", n, hex.EncodeToString(sum[:4]))), err
}

// publish writes a plan's files into a directory of their own and gives it its name when all of it is durable.
func (s *Service) publish(p Plan) error {
	base, err := s.openBase(filepath.Dir(p.Version))
	if err != nil {
		return err
	}
	defer base.Close()
	if err := sweepNames(base, newPrefix); err != nil {
		return err
	}
	tmp := replace.Temporary(newPrefix)
	defer base.RemoveAll(tmp)
	if err := writeVersion(base, tmp, p.Files); err != nil {
		return daemon.Cannot("write", p.Version, err)
	}
	if err := base.Rename(tmp, filepath.Base(p.Version)); err != nil {
		return daemon.Cannot("write", p.Version, err)
	}
	if err := replace.Sync(base); err != nil {
		return daemon.Cannot("make durable", p.Version, err)
	}
	return nil
}

func writeVersion(base *os.Root, tmp string, files []File) error {
	if err := base.Mkdir(tmp, 0o700); err != nil {
		return err
	}
	made, err := base.Lstat(tmp)
	if err != nil {
		return err
	}
	dir, err := beneath.OpenSame(base, tmp, made)
	if err != nil {
		return err
	}
	defer dir.Close()
	d, err := dir.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
	if err := guard.DropACL(d); err != nil {
		return err
	}
	for _, f := range files {
		if err := writeIn(dir, f); err != nil {
			return err
		}
	}
	if err := d.Chmod(0o755); err != nil {
		return err
	}
	return d.Sync()
}

func writeIn(dir *os.Root, f File) error {
	file, err := dir.OpenFile(filepath.Base(f.Path), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if err := guard.DropACL(file); err != nil {
		file.Close()
		return err
	}
	return replace.File{Data: f.Data, Mode: f.Mode, UID: f.uid, GID: f.gid}.Fill(file)
}

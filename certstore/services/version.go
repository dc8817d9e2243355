package services

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strconv"
	"strings"
)

const (
	switchName = "switch.json" // how to finish or undo, in a version's directory until it is settled
	newPrefix  = ".new-"       // a version that is still being written
	keptOld    = 1             // settled versions kept beside the one in use
)

var versionName = regexp.MustCompile(`^v([0-9]{1,9})-[0-9a-f]{8}$`)

// dir is where an instance's versions lie: the command driver's is given, the others have one below the root.
func (s *Service) dir() string {
	if s.in.Driver == "command" {
		return filepath.Clean(s.in.Install)
	}
	name := s.in.Driver + "-" + strings.ToLower(s.in.Use)
	if s.in.Config != s.driver.config(s.host) || s.in.Name != "" {
		sum := sha256.Sum256([]byte(s.in.Config + s.in.Name))
		name += "-" + hex.EncodeToString(sum[:4])
	}
	return filepath.Join(s.host.install(), name)
}

// versions lists the directory's versions, the oldest first.
func versions(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, cannot("read", dir, err)
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
	if len(have) > 0 {
		n = number(have[len(have)-1]) + 1
	}
	sum := sha256.Sum256(leaf.Raw)
	return filepath.Join(dir, fmt.Sprintf("v%d-%s", n, hex.EncodeToString(sum[:4]))), err
}

// publish writes a plan's files into a directory of their own, with how to undo what follows, and gives it its name
// when all of it is durable.
func (s *Service) publish(p Plan) error {
	base := filepath.Dir(p.Version)
	if err := s.makeBase(base); err != nil {
		return err
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return cannot("open", base, err)
	}
	defer root.Close()
	tmp := newPrefix + random()
	defer root.RemoveAll(tmp)
	if err := writeVersion(root, tmp, p); err != nil {
		return cannot("write", p.Version, err)
	}
	if err := root.Rename(tmp, filepath.Base(p.Version)); err != nil {
		return cannot("write", p.Version, err)
	}
	return syncDir(base)
}

func writeVersion(root *os.Root, tmp string, p Plan) error {
	if err := root.Mkdir(tmp, 0o700); err != nil {
		return err
	}
	sub, err := root.OpenRoot(tmp)
	if err != nil {
		return err
	}
	defer sub.Close()
	undo, err := json.Marshal(p.Switch)
	if err != nil {
		return err
	}
	files := append([]File{{Path: switchName, Mode: 0o600, Data: undo, uid: os.Geteuid(), gid: os.Getegid()}}, p.Files...)
	for _, f := range files {
		if err := writeIn(sub, f); err != nil {
			return err
		}
	}
	d, err := sub.Open(".")
	if err != nil {
		return err
	}
	defer d.Close()
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
	return fill(file, f.Data, f.Mode, f.uid, f.gid)
}

package services

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Copy is a deployed version that holds a key.
type Copy struct {
	Version string
	Files   []string // those with the key
}

// Copies lists the deployed versions that hold the private key of a public key (SHA-256 of its SubjectPublicKeyInfo),
// those that were never completed too: below the host's installation root, in the directories of these instances of
// the command driver, and in directories that versions were once put into.
func Copies(h daemon.Host, all []daemon.Instance, once []string, spki [32]byte) (found []Copy, err error) {
	roots := append([]string{h.InstallRoot()}, once...)
	for _, in := range all {
		if in.Driver == "command" {
			roots = append(roots, in.Install)
		}
	}
	for _, root := range roots {
		copies, err := copiesBelow(root, spki)
		if err != nil {
			return nil, err
		}
		for _, c := range copies {
			if !slices.ContainsFunc(found, func(f Copy) bool { return f.Version == c.Version }) {
				found = append(found, c)
			}
		}
	}
	return found, nil
}

func copiesBelow(root string, spki [32]byte) ([]Copy, error) {
	var found []Copy
	dirs, _ := filepath.Glob(filepath.Join(root, "*"))
	for _, dir := range append(dirs, root) {
		names, err := versionsAndBegun(dir)
		if err != nil {
			return found, err
		}
		for _, name := range names {
			if c := copyIn(filepath.Join(dir, name), spki); len(c.Files) > 0 {
				found = append(found, c)
			}
		}
	}
	return found, nil
}

// versionsAndBegun lists a directory's versions and what was to become one; what is no directory has none.
func versionsAndBegun(dir string) ([]string, error) {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return nil, nil
	}
	names, err := versions(dir)
	if err != nil {
		return nil, err
	}
	begun, _ := filepath.Glob(filepath.Join(dir, newPrefix+"*"))
	for _, path := range begun {
		names = append(names, filepath.Base(path))
	}
	return names, nil
}

func copyIn(version string, spki [32]byte) Copy {
	c := Copy{Version: version}
	files, _ := filepath.Glob(filepath.Join(version, "*.pem"))
	for _, path := range files {
		data, err := daemon.ReadFile(path)
		if err != nil {
			continue
		}
		if holdsKey(data, spki) {
			c.Files = append(c.Files, path)
		}
	}
	return c
}

// holdsKey says whether one of the private keys in PEM is that of a public key.
func holdsKey(data []byte, spki [32]byte) bool {
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return false
		}
		if key, err := daemon.ParseKey(block); err == nil {
			if der, err := x509.MarshalPKIXPublicKey(key.Public()); err == nil && sha256.Sum256(der) == spki {
				return true
			}
		}
		data = rest
	}
}

// Destroy removes a deployed version. Ask Reads of every daemon before.
func (c Copy) Destroy() error {
	name := filepath.Base(c.Version)
	if !versionName.MatchString(name) && !strings.HasPrefix(name, newPrefix) {
		return fail.New(fail.NotFound, "", "%s is not a version", printable.Text(c.Version))
	}
	return removeVersion(c.Version)
}

// within says whether a path, its links followed, lies in a directory.
func within(dir, path string) bool {
	resolved, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	if d, err := filepath.EvalSymlinks(dir); err == nil {
		dir = d
	}
	return strings.HasPrefix(resolved, dir+string(filepath.Separator))
}

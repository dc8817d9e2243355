package services

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Copy is a deployed version that holds a key.
type Copy struct {
	Version string
	Files   []string // those with the key
}

// Copies lists the deployed versions that hold the private key of a public key (SHA-256 of its SubjectPublicKeyInfo):
// below the host's installation root, and in the directories of these instances of the command driver.
func (h Host) Copies(all []Instance, spki [32]byte) (found []Copy, err error) {
	roots := []string{h.install()}
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
		found = append(found, copies...)
	}
	return found, nil
}

func copiesBelow(root string, spki [32]byte) ([]Copy, error) {
	var found []Copy
	dirs, _ := filepath.Glob(filepath.Join(root, "*"))
	for _, dir := range append(dirs, root) {
		names, err := versions(dir)
		if err != nil && !errors.Is(err, fs.ErrNotExist) && len(names) == 0 {
			if info, statErr := os.Stat(dir); statErr == nil && !info.IsDir() {
				continue
			}
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

func copyIn(version string, spki [32]byte) Copy {
	c := Copy{Version: version}
	files, _ := filepath.Glob(filepath.Join(version, "*.pem"))
	for _, path := range files {
		data, err := readFile(path)
		if err != nil {
			continue
		}
		if sum, ok := keySum(data); ok && sum == spki {
			c.Files = append(c.Files, path)
		}
	}
	return c
}

// keySum gives the SPKI's sum of the first private key in PEM.
func keySum(data []byte) ([32]byte, bool) {
	for {
		block, rest := pem.Decode(data)
		if block == nil {
			return [32]byte{}, false
		}
		if key, err := parseKey(block); err == nil {
			if der, err := x509.MarshalPKIXPublicKey(key.Public()); err == nil {
				return sha256.Sum256(der), true
			}
		}
		data = rest
	}
}

// UsedBy says where a configuration names a deployed version, or "".
func (c Copy) UsedBy(state State) string {
	for _, site := range state.Sites {
		for _, p := range site.Pairs {
			if within(c.Version, p.Cert) || within(c.Version, p.Key) {
				return printable.Text(state.Driver + ", " + site.Where)
			}
		}
	}
	return ""
}

// Destroy removes a deployed version. Ask UsedBy of every service before.
func (c Copy) Destroy() error {
	if !versionName.MatchString(filepath.Base(c.Version)) {
		return fail.New(fail.NotFound, "", "%s is no version", printable.Text(c.Version))
	}
	if err := os.RemoveAll(c.Version); err != nil {
		return cannot("remove", c.Version, err)
	}
	return syncDir(filepath.Dir(c.Version))
}

// within says whether a path, its links followed, lies in a directory.
func within(dir, path string) bool {
	real, err := filepath.EvalSymlinks(path)
	if err != nil {
		return false
	}
	if d, err := filepath.EvalSymlinks(dir); err == nil {
		dir = d
	}
	return strings.HasPrefix(real, dir+string(filepath.Separator))
}

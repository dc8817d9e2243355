package services

import (
	"errors"
	"io/fs"
	"path/filepath"

	"certdesk/certstore/beneath"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// olderUndo is the file in which certdesk kept, before its store did, how to undo a switch: in the new version itself.
const olderUndo = "switch.json"

// OlderUndo reads what an older certdesk left in a version to settle it by; nil where it left nothing. Errors:
// UnsafeStore where anybody but root could have written it.
func OlderUndo(version string) ([]byte, error) {
	if !versionName.MatchString(filepath.Base(version)) || !filepath.IsAbs(version) {
		return nil, fail.New(fail.NotFound, "", "%s is not a version of a service", printable.Text(version))
	}
	dir, err := unexchangeable(0, false).Open(version)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, notObeyed(version, err)
	}
	defer dir.Close()
	c, err := contentIn(dir, olderUndo)
	switch {
	case err != nil:
		return nil, daemon.Cannot("read", filepath.Join(version, olderUndo), err)
	case c.Kind == Absent:
		return nil, nil
	case c.Kind != Regular || !beneath.Trusted(c.UID) || c.Mode&0o022 != 0:
		return nil, notObeyed(version, errors.New("the file is not one that only root can change"))
	}
	return c.Data, nil
}

func notObeyed(version string, err error) error {
	path := printable.Text(filepath.Join(version, olderUndo))
	return fail.New(fail.UnsafeStore, "correct the configuration by hand, run `rm "+path+
		"`, then finish or undo the change",
		"%s, with which an older certdesk would undo the change, is refused: %w", path, err)
}

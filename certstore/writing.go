package certstore

import (
	"io/fs"

	"certdesk/certstore/disk"
)

// Write writes a file that holds no secret and is of no entry, such as a table of rows: the whole of it, or nothing. A
// store that is only read can do so too. Errors: Usage for a path within the store, AlreadyExists, Failed.
func (s *Store) Write(path string, data []byte, mode fs.FileMode, overwrite bool) error {
	if err := s.outside(path); err != nil {
		return err
	}
	staged, err := disk.Stage(s.o.FS, path, data, mode, overwrite)
	if err != nil {
		return err
	}
	defer staged.Cleanup()
	return staged.Commit()
}

package daemon

import (
	"os"
	"path/filepath"
)

// ConfigFiles are a configuration's own file, or the files of its directory.
func ConfigFiles(config string) []string {
	if config == "" {
		return nil
	}
	if info, err := os.Stat(config); err != nil || !info.IsDir() {
		return []string{config}
	}
	list, _ := filepath.Glob(filepath.Join(config, "*"))
	return list
}

// Clean is filepath.Clean that leaves "" as it is.
func Clean(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Clean(path)
}

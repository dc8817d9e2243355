package services

import (
	"os"
	"path/filepath"
)

// configFiles are a configuration's own file, or the files of its directory.
func configFiles(config string) []string {
	if config == "" {
		return nil
	}
	if info, err := os.Stat(config); err != nil || !info.IsDir() {
		return []string{config}
	}
	list, _ := filepath.Glob(filepath.Join(config, "*"))
	return list
}

func clean(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Clean(path)
}

package main

import (
	"archive/tar"
	"compress/gzip"
	"io/fs"
	"os"
	"path"
	"path/filepath"
)

// archive packs the binary of a system with what every system gets, all of it owned by root and of one moment.
func (r *release) archive(top, system string) (err error) {
	f, err := os.Create(filepath.Join(r.out, top+".tar.gz"))
	if err != nil {
		return err
	}
	zipped, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	packed := tar.NewWriter(zipped)
	err = r.pack(packed, top, r.binary(system), 0o755)
	with := []string{"README.md", "packaging/certdesk.toml", "ui/cli/unattended", "ui/cli/monitored",
		filepath.Join(r.stage, "share")}
	for _, file := range with {
		if err == nil {
			err = r.pack(packed, top, file, 0o644)
		}
	}
	for _, end := range []func() error{packed.Close, zipped.Close, f.Close} {
		if failed := end(); err == nil {
			err = failed
		}
	}
	return err
}

// pack writes one file, or all that a directory holds, in the order of their names.
func (r *release) pack(packed *tar.Writer, top, from string, mode int64) error {
	return filepath.WalkDir(from, func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) == ".go" {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(filepath.Dir(from), file)
		if err != nil {
			return err
		}
		name := path.Join(top, filepath.ToSlash(rel))
		header := tar.Header{Name: name, Mode: mode, Size: int64(len(content)), ModTime: r.at}
		if err := packed.WriteHeader(&header); err != nil {
			return err
		}
		_, err = packed.Write(content)
		return err
	})
}

// compress writes a file as gzip -n9 does.
func compress(to string, content []byte) error {
	f, err := os.Create(to)
	if err != nil {
		return err
	}
	defer f.Close()
	zipped, err := gzip.NewWriterLevel(f, gzip.BestCompression)
	if err != nil {
		return err
	}
	if _, err := zipped.Write(content); err != nil {
		return err
	}
	if err := zipped.Close(); err != nil {
		return err
	}
	return f.Close()
}

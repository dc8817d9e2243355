package screen

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// folderOf is a directory of the test with these names in it; one that ends in a slash is a directory.
func folderOf(t testing.TB, names ...string) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range names {
		var err error
		if dirName, ok := strings.CutSuffix(name, "/"); ok {
			err = os.Mkdir(filepath.Join(dir, dirName), 0o700)
		} else {
			err = os.WriteFile(filepath.Join(dir, name), nil, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestAListingPutsDirectoriesThenCertificatesFirst(t *testing.T) {
	dir := folderOf(t, "zebra/", "answer.CER", "Backup.P12", "a.log", "notes.md", "server.key")
	if err := os.Symlink("zebra", filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("nowhere", filepath.Join(dir, "broken.pem")); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range listDir(nil, dir).Entries {
		got = append(got, e.Name)
	}
	want := []string{"link", "zebra", "answer.CER", "Backup.P12", "broken.pem", "server.key", "a.log", "notes.md"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

func TestWhyAFolderCannotBeRead(t *testing.T) {
	for err, says := range map[error]string{os.ErrPermission: "you may not read", os.ErrNotExist: "there is no such directory", os.ErrInvalid: "cannot be read"} {
		if text, missing := dirProblem(err); !strings.Contains(text, says) || missing != (err == os.ErrNotExist) {
			t.Errorf("%v: %q, missing %v", err, text, missing)
		}
	}
}

// crowdOf is a directory of n files.
func crowdOf(t testing.TB, n int) string {
	t.Helper()
	dir := t.TempDir()
	for i := range n {
		f, err := os.Create(filepath.Join(dir, fmt.Sprintf("answer-%05d.CER", i)))
		if err != nil {
			t.Fatal(err)
		}
		f.Close()
	}
	return dir
}

// BenchmarkListing is what a command takes to list a directory of 50,000 files; nobody waits for it.
func BenchmarkListing(b *testing.B) {
	dir := crowdOf(b, maxListed)
	for b.Loop() {
		if l := listDir(nil, dir); len(l.Entries) != maxListed || !l.Partial {
			b.Fatal(len(l.Entries))
		}
	}
}

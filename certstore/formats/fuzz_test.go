package formats

import (
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// seedAll adds every small file of testdata.
func seedAll(f *testing.F) {
	files, err := filepath.Glob(filepath.Join(testdata, "[cf]*s", "*"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no testdata: %v", err)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		if len(data) < 8<<10 {
			f.Add(data)
		}
	}
}

// FuzzDecode: whatever the bytes, an answer with a code, nothing unfit to show, memory within bounds.
func FuzzDecode(f *testing.F) {
	seedAll(f)
	f.Fuzz(func(t *testing.T, data []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		for _, password := range [][]byte{nil, []byte("secret")} {
			b, err := Decode(data, password)
			checkAnswer(t, b, err)
		}
		runtime.ReadMemStats(&after)
		if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 128<<20 {
			t.Errorf("the heap grew by %d bytes for %d bytes of input", grown, len(data))
		}
	})
}

func checkAnswer(t *testing.T, b Bundle, err error) {
	t.Helper()
	for _, note := range b.Notes {
		if printable.Text(note) != note {
			t.Errorf("a note is unfit to show: %q", note)
		}
	}
	if err == nil {
		if len(b.Certs)+len(b.Keys)+len(b.Requests) == 0 {
			t.Error("nothing was read, and no error")
		}
		if leaf, err := FindLeaf(b.Certs, nil); err == nil {
			SortChain(leaf, b.Certs)
		}
		return
	}
	e := fail.Of(err)
	if e.Code == fail.Failed || printable.Text(e.Text) != e.Text {
		t.Errorf("unfit to show: %s %q", e.Code, e.Text)
	}
}

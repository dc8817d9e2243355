package disk_test

import (
	"bytes"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"certdesk/certstore/disk"
)

// What a crash or a stray append leaves can be longer than any line, and than the memory: it is passed over, told,
// and moved aside or named as any other damage is.

const (
	longLine  = 18 << 20  // more than is held at once
	manyZeros = 160 << 20 // read from a hole in the file
)

func zeros(n int, end string) []byte { return append(make([]byte, n), end...) }

func fresh(path string) *disk.Dir {
	d, err := disk.Open(realOptions(filepath.Dir(path)))
	must(err)
	return d
}

func TestALongEndIsMovedAsideWhole(t *testing.T) {
	for _, end := range []string{"", "\n"} {
		_, path := withRecords(t, 2)
		edit(path, func(l [][]byte) [][]byte { return append(l, zeros(longLine, end)) })
		reader := fresh(path)
		if got := pads(t, reader); got != "1 2" && got != "1 2 bad3 tail" {
			t.Errorf("read %q", got)
		}
		if l, err := reader.Loose(); err != nil || l.Tail != int64(longLine+len(end)) {
			t.Errorf("loose: %+v, %v", l, err)
		}
		must(appendTo(fresh(path), "new", lineData{Pad: "next"}))
		if got := pads(t, fresh(path)); got != "1 2 next" {
			t.Errorf("read %q", got)
		}
		l, err := reader.Loose()
		if err != nil || len(l.Torn) != 1 {
			t.Fatalf("loose: %+v, %v", l, err)
		}
		if kept, err := os.ReadFile(filepath.Join(filepath.Dir(path), l.Torn[0])); err != nil || !bytes.Equal(kept, zeros(longLine, end)) {
			t.Errorf("kept %d bytes, %v", len(kept), err)
		}
	}
}

func TestALongLineInTheMiddleHidesNoOther(t *testing.T) {
	d, path := withRecords(t, 3)
	edit(path, func(l [][]byte) [][]byte { return [][]byte{l[0], zeros(longLine, "\n"), l[1], l[2]} })
	if got := pads(t, fresh(path)); got != "1 2 3 bad2" {
		t.Errorf("read %q", got)
	}
	wantDamaged(t, d, appendTo(d, "new", lineData{}))
	repairer := fresh(path)
	named, err := repairer.Repair(t.Context())
	if err != nil || len(named) != 1 || named[0].Line != 2 {
		t.Fatalf("named %v, %v", named, err)
	}
	must(appendTo(repairer, "new", lineData{Pad: "next"}))
	if got := pads(t, fresh(path)); got != "1 2 3  next" { // the repair has no pad
		t.Errorf("read %q", got)
	}
}

// The line that is written again before a new one may be the long one.
func TestALongLineBeforeATornEndIsRepaired(t *testing.T) {
	_, path := withRecords(t, 1)
	edit(path, func(l [][]byte) [][]byte { return [][]byte{l[0], zeros(longLine, "\n"), []byte("half a line")} })
	reader := fresh(path)
	if got := pads(t, reader); got != "1 bad2" {
		t.Errorf("read %q", got)
	}
	_, err := fresh(path).Repair(t.Context())
	must(err)
	must(appendTo(fresh(path), "new", lineData{Pad: "next"}))
	if got := pads(t, reader); got != "1  next" {
		t.Errorf("read %q", got)
	}
}

func TestManyZerosTakeLittleMemory(t *testing.T) {
	_, path := withRecords(t, 1)
	info, err := os.Stat(path)
	must(err)
	must(os.Truncate(path, info.Size()+manyZeros))
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d := fresh(path)
	if got := pads(t, d); got != "1" {
		t.Errorf("read %q", got)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 40<<20 {
		t.Errorf("%d bytes were allocated", n)
	}
}

package disk_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"certdesk/certstore/disk"
	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

func withRecords(t *testing.T, n int) (*disk.Dir, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "store")
	d, err := disk.Open(realOptions(dir))
	must(err)
	for i := range n {
		must(appendTo(d, "new", lineData{Pad: fmt.Sprint(i + 1)}))
	}
	return d, filepath.Join(dir, "journal")
}

// edit changes the lines of a journal.
func edit(path string, change func(lines [][]byte) [][]byte) {
	text, err := os.ReadFile(path)
	must(err)
	lines := bytes.SplitAfter(text, []byte("\n"))
	must(os.WriteFile(path, bytes.Join(change(lines), nil), 0o600))
}

// pads reads everything and gives the records' pads and the bad lines' numbers.
func pads(t *testing.T, d *disk.Dir) string {
	t.Helper()
	var words []string
	_, bad, err := d.Read(disk.Position{}, func(records []ledger.Record) error {
		for _, r := range records {
			words = append(words, dataOf(r).Pad)
		}
		return nil
	}, nil)
	must(err)
	for _, b := range bad {
		words = append(words, fmt.Sprintf("bad%d", b.Line))
		if b.Tail {
			words = append(words, "tail")
		}
	}
	return strings.Join(words, " ")
}

func TestAppendAndFollow(t *testing.T) {
	d, _ := withRecords(t, 2)
	pos, _, err := d.Read(disk.Position{}, nil, nil)
	must(err)
	var seqs []int64
	follow := func(records []ledger.Record) error {
		for _, r := range records {
			seqs = append(seqs, r.Seq)
		}
		return nil
	}
	for range 3 {
		must(appendTo(d, "new", lineData{}))
		pos, _, err = d.Read(pos, follow, nil)
		must(err)
	}
	if fmt.Sprint(seqs) != "[3 4 5]" || pos.Seq() != 5 {
		t.Errorf("followed %v to %d", seqs, pos.Seq())
	}
}

func TestAppendKnowsItsNumberAndHappensOnce(t *testing.T) {
	d, _ := withRecords(t, 3)
	must(d.Update(context.Background(), func(tx *disk.Tx) error {
		seq, err := tx.Append("new", lineData{})
		if err != nil || seq != 4 {
			t.Errorf("number %d, %v", seq, err)
		}
		if _, err := tx.Append("new", lineData{}); err == nil {
			t.Error("a transaction took two records")
		}
		return nil
	}))
	refused := fail.New(fail.NotFound, "", "no such entry")
	before, _, _ := d.VerifyChain("")
	err := d.Update(context.Background(), func(tx *disk.Tx) error {
		tx.Append("remove", lineData{})
		tx.After(func() error { t.Error("After ran without its record"); return nil })
		return refused
	})
	if after, n, _ := d.VerifyChain(""); !errors.Is(err, refused) || before != after || n != 4 {
		t.Errorf("a refused transaction gave %v and left %d records", err, n)
	}
}

// A reader and a caller's error: nothing counts as read.
func TestReadStopsAtCallersError(t *testing.T) {
	d, _ := withRecords(t, 3)
	enough := errors.New("enough")
	pos, _, err := d.Read(disk.Position{}, func([]ledger.Record) error { return enough }, nil)
	if err != enough || pos != (disk.Position{}) {
		t.Errorf("got %v at %v", err, pos)
	}
}

// What the journal says after somebody changed it by hand, and whether it can still be written.
func TestChangedJournals(t *testing.T) {
	spoil := func(line []byte) []byte {
		line = bytes.Clone(line)
		line[80] ^= 1
		return line
	}
	for _, c := range []struct {
		name     string
		change   func(l [][]byte) [][]byte
		want     string // pads read, bad lines
		writable bool
	}{
		{"untouched", func(l [][]byte) [][]byte { return l }, "1 2 3 4 5", true},
		{"third line damaged", func(l [][]byte) [][]byte { l[2] = spoil(l[2]); return l }, "1 2 4 5 bad3", false},
		{"first line damaged", func(l [][]byte) [][]byte { l[0] = spoil(l[0]); return l }, "2 3 4 5 bad1", false},
		{"last line damaged", func(l [][]byte) [][]byte { l[4] = spoil(l[4]); return l }, "1 2 3 4 bad5 tail", true},
		{"two lines damaged", func(l [][]byte) [][]byte { l[1], l[2] = spoil(l[1]), spoil(l[2]); return l }, "1 4 5 bad2 bad3", false},
		{"third line taken out", func(l [][]byte) [][]byte { return append(l[:2:2], l[3:]...) }, "1 2 5 bad3", false},
		{"second line put in again", func(l [][]byte) [][]byte { return append(append(l[:3:3], l[1]), l[3:]...) }, "1 2 3 4 5 bad4", false},
		{"lines exchanged", func(l [][]byte) [][]byte { l[1], l[2] = l[2], l[1]; return l }, "1 4 5 bad2 bad3", false},
		{"unterminated tail", func(l [][]byte) [][]byte { l[5] = []byte("half a li"); return l }, "1 2 3 4 5", true},
		{"a newline put in", func(l [][]byte) [][]byte { l[2] = append(append(l[2][:90:90], '\n'), l[2][90:]...); return l }, "1 2 4 5 bad3 bad4", false},
		{"all CRLF", func(l [][]byte) [][]byte {
			for i := range l[:5] {
				l[i] = append(l[i][:len(l[i])-1:len(l[i])-1], "\r\n"...)
			}
			return l
		}, "bad1 bad2 bad3 bad4 bad5 tail", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, path := withRecords(t, 5)
			edit(path, c.change)
			d, err := disk.Open(realOptions(filepath.Dir(path)))
			must(err)
			if got := pads(t, d); got != c.want {
				t.Fatalf("read %q, want %q", got, c.want)
			}
			before, _ := os.ReadFile(path)
			err = appendTo(d, "new", lineData{Pad: "next"})
			if c.writable {
				must(err)
				if _, _, err := d.VerifyChain(""); err != nil {
					t.Errorf("after the next record: %v", err)
				}
				return
			}
			wantDamaged(t, d, err)
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("a refused write changed the journal")
			}
			repaired(t, d, c.want)
		})
	}
}

func wantDamaged(t *testing.T, d *disk.Dir, err error) {
	t.Helper()
	if !fail.Is(err, fail.Damaged) || !strings.Contains(fail.Of(err).Hint, "--repair") {
		t.Errorf("the write gave %v", err)
	}
	if d.Banner() == "" || len(d.Bad()) == 0 {
		t.Errorf("the banner is %q and bad are %v", d.Banner(), d.Bad())
	}
	_, _, err = d.VerifyChain("")
	if !fail.Is(err, fail.Damaged) {
		t.Errorf("verify gave %v", err)
	}
}

// repaired names the bad lines; then the store can be written, by this and by other processes, until other bytes are
// found there.
func repaired(t *testing.T, d *disk.Dir, found string) {
	t.Helper()
	named, err := d.Repair(context.Background())
	must(err)
	if want := strings.Count(found, "bad") - strings.Count(found, "tail"); len(named) != want {
		t.Errorf("repaired %v, want %d lines", named, want)
	}
	must(appendTo(d, "new", lineData{Pad: "next"}))
	if strings.Contains(d.Banner(), "damaged") || len(d.Bad()) != 0 {
		t.Errorf("after the repair: %q, %v", d.Banner(), d.Bad())
	}
	fresh, err := disk.Open(realOptions(filepath.Dir(filepath.Dir(d.Path(ledger.Keys, "")))))
	must(err)
	must(appendTo(fresh, "new", lineData{Pad: "another"}))
	if _, _, err := fresh.VerifyChain(""); err != nil {
		t.Errorf("after the repair: %v", err)
	}
	if again, err := fresh.Repair(context.Background()); err != nil || len(again) != 0 {
		t.Errorf("a second repair named %v, %v", again, err)
	}
}

func TestRepairDoesNotCoverOtherDamage(t *testing.T) {
	d, path := withRecords(t, 5)
	edit(path, func(l [][]byte) [][]byte { l[2][80] ^= 1; return l })
	if _, err := d.Repair(context.Background()); err != nil {
		t.Fatal(err)
	}
	edit(path, func(l [][]byte) [][]byte { l[2][81] ^= 1; return l })
	d, err := disk.Open(realOptions(filepath.Dir(path)))
	must(err)
	wantDamaged(t, d, appendTo(d, "new", lineData{}))
}

// A torn end is kept, cut and told.
func TestTornTail(t *testing.T) {
	for _, torn := range []string{"half a li", strings.Repeat("\x00", 5000), strings.Repeat("0", 64) + " {}\n"} {
		d, path := withRecords(t, 3)
		edit(path, func(l [][]byte) [][]byte { return append(l, []byte(torn)) })
		must(appendTo(d, "new", lineData{Pad: "next"}))
		if got := pads(t, d); got != "1 2 3 next" {
			t.Errorf("read %q", got)
		}
		kept, err := filepath.Glob(filepath.Join(filepath.Dir(path), "torn-*"))
		must(err)
		if len(kept) != 1 {
			t.Fatalf("kept %v", kept)
		}
		if data, _ := os.ReadFile(kept[0]); string(data) != torn {
			t.Errorf("kept %q", data)
		}
		if !strings.Contains(d.Banner(), filepath.Base(kept[0])) {
			t.Errorf("the banner is %q", d.Banner())
		}
	}
}

// Of several lines of one write a crash can take one in the middle: the end is torn there, and none before it is. Once
// somebody has written behind them it is damage.
func TestTornWriteOfSeveral(t *testing.T) {
	d, path := withRecords(t, 2)
	must(d.Update(context.Background(), func(tx *disk.Tx) (err error) {
		for _, pad := range []string{"a", "b", "c"} {
			_, err = tx.Add("new", lineData{Pad: pad})
		}
		return err
	}))
	zeroed := func(l [][]byte) [][]byte { clear(l[3][10:20]); return l }
	whole, err := os.ReadFile(path)
	must(err)

	edit(path, zeroed)
	must(appendTo(fresh(path), "new", lineData{Pad: "next"}))
	if got := pads(t, d); got != "1 2 a next" {
		t.Errorf("after a torn write: %q", got)
	}

	must(os.WriteFile(path, whole, 0o600))
	must(appendTo(fresh(path), "new", lineData{Pad: "next"}))
	edit(path, zeroed)
	d = fresh(path)
	wantDamaged(t, d, appendTo(d, "new", lineData{}))
}

// A purge is warned of an end that was moved away, whoever moved it, until a repair has named it: it may have been a
// committed line.
func TestMovedTailIsRememberedUntilRepair(t *testing.T) {
	d, path := withRecords(t, 3)
	wantMovedTail(t, d, false)
	edit(path, func(l [][]byte) [][]byte { l[2][80] ^= 1; return l })
	wantMovedTail(t, d, true)
	wantMovedTail(t, d, true)
	must(appendTo(fresh(path), "new", lineData{}))
	wantMovedTail(t, fresh(path), true)
	repairer := fresh(path)
	if named, err := repairer.Repair(t.Context()); err != nil || len(named) != 0 {
		t.Errorf("the repair named %v, %v", named, err)
	}
	wantMovedTail(t, repairer, false)
	sum, _, err := repairer.VerifyChain("")
	must(err)
	for _, d := range []*disk.Dir{d, repairer, fresh(path)} {
		wantMovedTail(t, d, false)
		_, err := d.Repair(t.Context())
		must(err)
	}
	if again, _, err := d.VerifyChain(""); again != sum || err != nil {
		t.Errorf("it was named again: %v", err)
	}
	edit(path, func(l [][]byte) [][]byte { return append(l, []byte("half a line")) })
	wantMovedTail(t, d, true)
}

func wantMovedTail(t *testing.T, d *disk.Dir, want bool) {
	t.Helper()
	must(d.Update(t.Context(), func(tx *disk.Tx) error {
		if got := tx.MovedTail(); got != want {
			t.Errorf("moved tail: %v, want %v", got, want)
		}
		return nil
	}))
}

// The sum a person wrote down shows that nothing before it was cut off or rewritten.
func TestVerifyHead(t *testing.T) {
	d, path := withRecords(t, 3)
	head, n, err := d.VerifyChain("")
	if err != nil || n != 3 {
		t.Fatalf("%d lines, %v", n, err)
	}
	must(appendTo(d, "new", lineData{}))
	if _, _, err := d.VerifyChain(head); err != nil {
		t.Errorf("an older head: %v", err)
	}
	edit(path, func(l [][]byte) [][]byte { return l[:2] })
	if _, _, err := d.VerifyChain(""); err != nil {
		t.Errorf("without a head a cut tail cannot be seen: %v", err)
	}
	_, _, err = d.VerifyChain(head)
	wantDamagedCode(t, err)
}

func wantDamagedCode(t *testing.T, err error) {
	t.Helper()
	if !fail.Is(err, fail.Damaged) {
		t.Errorf("got %v", err)
	}
}

// Who follows a journal is told when what was read is no longer in it.
func TestRewritten(t *testing.T) {
	for name, rewrite := range map[string]func(path string){
		"shorter": func(path string) { edit(path, func(l [][]byte) [][]byte { return l[:1] }) },
		"another file": func(path string) {
			text, err := os.ReadFile(path)
			must(err)
			must(os.Rename(path, path+".old"))
			must(os.WriteFile(path, text, 0o600))
		},
		"last line changed": func(path string) { edit(path, func(l [][]byte) [][]byte { l[2][90] ^= 1; return l }) },
		"gone":              func(path string) { must(os.Remove(path)) },
		"store gone":        func(path string) { must(os.RemoveAll(filepath.Dir(path))) },
	} {
		t.Run(name, func(t *testing.T) {
			d, path := withRecords(t, 3)
			pos, _, err := d.Read(disk.Position{}, nil, nil)
			must(err)
			rewrite(path)
			if _, _, err := d.Read(pos, nil, nil); !errors.Is(err, ledger.ErrRewritten) {
				t.Errorf("got %v", err)
			}
			if _, _, err := d.Read(disk.Position{}, nil, nil); err != nil {
				t.Errorf("from the start: %v", err)
			}
			if name == "gone" || name == "store gone" {
				must(appendTo(d, "new", lineData{Pad: "first"}))
				if got := pads(t, d); got != "first" {
					t.Errorf("then read %q", got)
				}
			}
		})
	}
}

// Long journals are read in pieces; nothing is lost at their edges.
func TestLongJournal(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	must(os.MkdirAll(dir, 0o700))
	writeJournal(t, dir, 4000)
	d, err := disk.Open(realOptions(dir))
	must(err)
	n, last := 0, int64(0)
	_, bad, err := d.Read(disk.Position{}, func(records []ledger.Record) error {
		for _, r := range records {
			if n++; r.Seq != int64(n) || r.Line != n || dataOf(r).Pad[:4] != fmt.Sprintf("%04d", n-1) {
				t.Fatalf("record %d is %d, line %d", n, r.Seq, r.Line)
			}
		}
		return nil
	}, func(done, total int64) {
		if done < last || done > total {
			t.Errorf("progress went from %d to %d of %d", last, done, total)
		}
		last = done
	})
	if err != nil || len(bad) != 0 || n != 4000 {
		t.Errorf("%d records, %v, %v", n, bad, err)
	}
	if fi, _ := os.Stat(filepath.Join(dir, "journal")); fi.Size() != last {
		t.Errorf("progress ended at %d of %d", last, fi.Size())
	}
}

// writeJournal makes a journal of n lines of 1.2 KB.
func writeJournal(t testing.TB, dir string, n int) {
	t.Helper()
	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	must(err)
	pad := strings.Repeat("x", 950)
	must(disktest.WriteJournal(f, n, func(i int) (string, any) { return "new", lineData{Pad: fmt.Sprintf("%04d", i) + pad} }))
	must(f.Close())
}

// A line written by another hand than ours, with its checksum right, is read all the same.
func TestRecordsOfAnotherHand(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "store")
	must(os.MkdirAll(dir, 0o700))
	text := `{ "op": "new", "seq": 1, "data": {"pad":"1"}, "prev": "` + strings.Repeat("0", 64) + `", "time": "2026-11-23T12:00:00Z", "actor": {"uid": 5} }`
	must(os.WriteFile(filepath.Join(dir, "journal"), []byte(nameOf(text)+" "+text+"\n"), 0o600))
	d, err := disk.Open(realOptions(dir))
	must(err)
	must(appendTo(d, "new", lineData{Pad: "2"}))
	if got := pads(t, d); got != "1 2" {
		t.Errorf("read %q", got)
	}
}

func BenchmarkRead(b *testing.B) {
	for _, n := range []int{10_000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			dir := filepath.Join(b.TempDir(), "store")
			must(os.MkdirAll(dir, 0o700))
			writeJournal(b, dir, n)
			fi, err := os.Stat(filepath.Join(dir, "journal"))
			must(err)
			b.SetBytes(fi.Size())
			for b.Loop() {
				d, err := disk.Open(realOptions(dir))
				must(err)
				_, _, err = d.Read(disk.Position{}, func([]ledger.Record) error { return nil }, nil)
				must(err)
			}
		})
	}
}

func BenchmarkUpdate(b *testing.B) {
	dir := filepath.Join(b.TempDir(), "store")
	must(os.MkdirAll(dir, 0o700))
	writeJournal(b, dir, 1000)
	d, err := disk.Open(realOptions(dir))
	must(err)
	for b.Loop() {
		must(appendTo(d, "new", lineData{}))
	}
}

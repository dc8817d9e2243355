package disk

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/ledger"
)

func encoded(t testing.TB, r ledger.Record) []byte {
	t.Helper()
	line, err := r.Encode()
	if err != nil {
		t.Fatal(err)
	}
	return line[:len(line)-1]
}

// The quick way of reading and the standard library's agree on every record that Encode writes.
func FuzzRecord(f *testing.F) {
	f.Add(int64(1), "new", "", "/dev/pts/0", `{"a":[1,2,{"op":"x"}]}`)
	f.Add(int64(1<<60), `o"p`, `a},"op":"b`, "\x1b[31m\u202e", `"},\"op\":\"new"`)
	f.Fuzz(func(t *testing.T, seq int64, op, sudo, tty, data string) {
		if !json.Valid([]byte(data)) {
			data = `{}`
		}
		r := ledger.Record{Seq: seq, Prev: ledger.NoSum, Time: time.Unix(seq%1e9, 0).UTC(), Actor: ledger.Actor{Sudo: sudo, TTY: tty}, Op: op, Data: json.RawMessage(data)}
		line := encoded(t, r)
		var p parser
		got := p.parse(line)
		var want ledger.Record
		if err := json.Unmarshal(line[ledger.SumLen+1:], &want); err != nil {
			t.Fatal(err)
		}
		want.Sum = string(line[:ledger.SumLen])
		if got.why != "" || !reflect.DeepEqual(got.rec, want) {
			t.Errorf("read %+v (%s), want %+v", got.rec, got.why, want)
		}
	})
}

// Any changed byte of a line is noticed.
func TestEveryByteCounts(t *testing.T) {
	line := encoded(t, ledger.Record{Seq: 7, Prev: ledger.NoSum, Op: "new", Data: json.RawMessage(`{"n":1}`)})
	for i := range line {
		changed := append([]byte(nil), line...)
		changed[i] ^= 0x20
		var p parser
		if l := p.parse(changed); !l.unreadable() {
			t.Errorf("byte %d (%q) may be changed", i, line[i])
		}
	}
	for _, short := range []string{"", " ", "0", strings.Repeat("0", 64), strings.Repeat("0", 64) + " "} {
		var p parser
		if l := p.parse([]byte(short)); !l.unreadable() {
			t.Errorf("%q was taken for a record", short)
		}
	}
}

func BenchmarkParse(b *testing.B) {
	line := encoded(b, ledger.Record{Seq: 7, Prev: ledger.NoSum, Op: "new", Data: json.RawMessage(`"` + strings.Repeat("x", 1000) + `"`)})
	b.SetBytes(int64(len(line)))
	var p parser
	for b.Loop() {
		p.parse(line)
	}
}

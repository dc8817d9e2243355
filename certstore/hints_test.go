package certstore

import (
	"encoding/json"
	"math"
	"os"
	"testing"
	"time"

	"certdesk/certstore/ledger"
)

// forge appends a line whose sum is right, and whose number and tie to the line before are as given.
func (f *fixture) forge(seq int64, prev, op string) {
	f.Helper()
	r := ledger.Record{Seq: seq, Prev: prev, Time: time.Now().UTC(), Op: op, Data: json.RawMessage(`{}`)}
	line, err := r.Encode()
	f.must(err)
	f.append(line)
}

// append adds bytes to the journal by another hand.
func (f *fixture) append(text []byte) {
	f.Helper()
	j, err := os.OpenFile(f.inStore("journal"), os.O_APPEND|os.O_WRONLY, 0)
	f.must(err)
	_, err = j.Write(text)
	f.must(err)
	f.must(j.Close())
}

func (f *fixture) head() string {
	f.Helper()
	last, _, err := f.again().VerifyHistory("")
	f.must(err)
	return last
}

// Whatever the journal suffers: doctor tells, what it advises ends it, and the next writer goes on. So no hint leads
// in a circle.
func TestWhatDoctorAdvisesEndsWhatItTells(t *testing.T) {
	for name, spoil := range map[string]func(f *fixture, e ledger.Entry){
		"a torn line":              func(f *fixture, _ ledger.Entry) { f.tear() },
		"an end without newline":   func(f *fixture, _ ledger.Entry) { f.append([]byte("half a li")) },
		"zeros at the end":         func(f *fixture, _ ledger.Entry) { f.append(make([]byte, 5000)) },
		"zeros longer than a line": func(f *fixture, _ ledger.Entry) { f.append(make([]byte, 20<<20)) },
		"a damaged line":           func(f *fixture, _ ledger.Entry) { f.damage(1, "mail.example.org", "fail.example.org") },
		"a damaged last line":      func(f *fixture, _ ledger.Entry) { f.damage(2, "mail.example.org", "fail.example.org") },
		"a line with a number too high": func(f *fixture, _ ledger.Entry) {
			f.forge(99, f.head(), ledger.OpRemove)
		},
		"a line with the highest number": func(f *fixture, _ ledger.Entry) { f.forge(math.MaxInt64, f.head(), ledger.OpRemove) },
		"a line with a number too low":   func(f *fixture, _ ledger.Entry) { f.forge(1, f.head(), ledger.OpRemove) },
		"a line tied to nothing":         func(f *fixture, _ ledger.Entry) { f.forge(3, ledger.NoSum, ledger.OpRemove) },
		"two forged lines": func(f *fixture, _ ledger.Entry) {
			f.forge(9, ledger.NoSum, ledger.OpRemove)
			f.forge(-4, ledger.NoSum, ledger.OpNew)
		},
		"a lost journal":   func(f *fixture, _ ledger.Entry) { f.must(os.Remove(f.inStore("journal"))) },
		"an older journal": func(f *fixture, _ ledger.Entry) { f.older(1) },
		"an empty journal": func(f *fixture, _ ledger.Entry) { f.must(os.Truncate(f.inStore("journal"), 0)) },
		"a dead export":    func(f *fixture, e ledger.Entry) { f.diesExporting(e) },
		"a torn line, moved aside": func(f *fixture, _ ledger.Entry) {
			f.tear()
			f.make(request("next.example.org"))
		},
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			e := f.bought(request("mail.example.org"))
			spoil(f, e)
			if ok, found := f.doctor(false); ok {
				t.Errorf("doctor calls it well: %v", found)
			}
			if ok, found := f.doctor(true); !ok {
				t.Errorf("after the repair: %v", found)
			}
			s := f.again()
			if _, err := s.New(t.Context(), request("after.example.org")); err != nil || s.Banner() != "" {
				t.Errorf("the next writer: %v, banner %q", err, s.Banner())
			}
			if ok, found := f.doctor(false); !ok || f.gone(e.SPKI) {
				t.Errorf("after the next writer: %v", found)
			}
			if _, _, err := f.again().VerifyHistory(""); err != nil {
				t.Errorf("the history: %v", err)
			}
			rows := 0
			for _, row := range f.list(false) {
				if row.SPKI == e.SPKI {
					rows++
				}
			}
			if rows == 0 {
				t.Error("the entry is not listed any more")
			}
		})
	}
}

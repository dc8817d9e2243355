package ledgertest

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/ledger"
)

// Hold holds an empty journal to what ledger.Journal says.
func Hold(t *testing.T, j ledger.Journal) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	changes := j.Changes(ctx)
	start, got := reading(t, j, nil)
	if got != "" || start != nil && start.Seq() != 0 {
		t.Fatalf("it begins with %q", got)
	}
	refused := errors.New("no")
	if err := j.Update(t.Context(), func(tx ledger.Tx) error {
		_,
			_ = tx.Append("lost", 0)
		return refused
	}); !errors.Is(err, refused) {
		t.Errorf("a refusal came back as %v", err)
	}
	if err := j.Update(t.Context(), func(ledger.Tx) error { return nil }); err != nil {
		t.Errorf("nothing to write: %v", err)
	}
	appended(t, j, "first")
	one, got := reading(t, j, start)
	if got != "1 first" || one.Seq() != 1 {
		t.Errorf("read %q, up to %d", got, one.Seq())
	}
	together(t, j, one)
	if _, got := reading(t, j, one); got != "2 second, 3 third" {
		t.Errorf("behind the first: %q", got)
	}
	end, got := reading(t, j, nil)
	if got != "1 first, 2 second, 3 third" {
		t.Errorf("from the beginning: %q", got)
	}
	if again, got := reading(t, j, end); got != "" || again.Seq() != 3 {
		t.Errorf("behind the end: %q, %d", got, again.Seq())
	}
	told(t, changes, stop)
}

// appended writes one record, and wants what runs after it to see it.
func appended(t *testing.T, j ledger.Journal, op string) {
	t.Helper()
	ran := ""
	err := j.Update(t.Context(), func(tx ledger.Tx) error {
		tx.After(func() error { _, ran = reading(t, j, nil); return nil })
		if _, err := tx.Append(op, map[string]int{"n": 1}); err != nil {
			return err
		}
		if _, err := tx.Append("another", 0); err == nil {
			t.Error("a second record of its own was taken")
		}
		return nil
	})
	if err != nil || ran != "1 "+op {
		t.Errorf("%v; afterwards there was %q", err, ran)
	}
}

// together writes two records at once, behind what the writer has caught up with.
func together(t *testing.T, j ledger.Journal, from ledger.Position) {
	t.Helper()
	err := j.Update(t.Context(), func(tx ledger.Tx) error {
		at, err := tx.CatchUp(from, func([]ledger.Record) error { t.Error("there was more behind the end"); return nil })
		if err != nil || at.Seq() != 1 || tx.Full() || tx.MovedTail() {
			t.Errorf("caught up to %v: %v", at, err)
		}
		second, err := tx.Add("second", 2)
		if err != nil {
			return err
		}
		third, err := tx.Add("third", 3)
		if third.Prev != second.Sum || tx.End().Seq() != 3 {
			t.Errorf("%+v does not follow %+v", third, second)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

// told wants a word of the writes, and the end of all words with the reader's.
func told(t *testing.T, changes <-chan struct{}, stop func()) {
	t.Helper()
	late := time.After(10 * time.Second)
	select {
	case <-changes:
	case <-late:
		t.Fatal("nobody told of a change")
	}
	stop()
	for open := true; open; {
		select {
		case _, open = <-changes:
		case <-late:
			t.Fatal("the telling did not end with its reader")
		}
	}
}

// reading is what stands behind a position: "1 first, 2 second".
func reading(t *testing.T, j ledger.Journal, from ledger.Position) (ledger.Position, string) {
	t.Helper()
	var list []string
	prev := ""
	at, bad, err := j.Read(from, func(records []ledger.Record) error {
		for _, r := range records {
			if prev != "" && r.Prev != prev {
				t.Errorf("the record %d is not tied to the one before it", r.Seq)
			}
			list, prev = append(list, fmt.Sprint(r.Seq, " ", r.Op)), r.Sum
		}
		return nil
	}, nil)
	if err != nil || len(bad) > 0 {
		t.Fatal(bad, err)
	}
	return at, strings.Join(list, ", ")
}

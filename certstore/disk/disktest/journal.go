package disktest

import (
	"bufio"
	"encoding/json"
	"io"
	"time"

	"certdesk/certstore/ledger"
)

// WriteJournal writes a whole journal of n records, with numbers, sums and ties as a store makes them; record gives
// the operation and the data of each. For tests of large stores, which thousands of transactions would make slow.
func WriteJournal(w io.Writer, n int, record func(i int) (op string, data any)) error {
	out := bufio.NewWriterSize(w, 1<<20)
	prev := ledger.NoSum
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range n {
		op, data := record(i)
		raw, err := json.Marshal(data)
		if err != nil {
			return err
		}
		r := ledger.Record{Seq: int64(i) + 1, Prev: prev, Time: at.Add(time.Duration(i) * time.Second), Op: op, Data: raw}
		line, err := r.Encode()
		if err != nil {
			return err
		}
		if _, err := out.Write(line); err != nil {
			return err
		}
		prev = r.Sum
	}
	return out.Flush()
}

package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"certdesk/certstore/fail"
)

// Record is one line of the journal: the SHA-256 of the JSON in hex, a space, the JSON, a newline.
type Record struct {
	Seq   int64           `json:"seq"`  // rises by one from 1
	Prev  string          `json:"prev"` // Sum of the line before; 64 zeros in the first
	Time  time.Time       `json:"time"` // UTC
	Actor Actor           `json:"actor"`
	Op    string          `json:"op"`
	At    int64           `json:"at,omitempty"` // bytes of other lines that the same write put before this one
	Data  json.RawMessage `json:"data"`
	Sum   string          `json:"-"` // SHA-256 of the line's JSON, lower-case hex
	Line  int             `json:"-"` // from 1
}

// Encode gives the line of a record, newline included, and sets its Sum. For Update and for tests that make a
// journal by hand.
func (r *Record) Encode() ([]byte, error) {
	text, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	if len(text) > maxLine {
		return nil, fail.New(fail.LimitExceeded, "", "the record would have %d bytes; the limit is %d", len(text), maxLine)
	}
	r.Sum = SumOf(text)
	return append(append([]byte(r.Sum+" "), text...), '\n'), nil
}

// SumOf is the SHA-256 of bytes, in lower-case hex.
func SumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

const (
	SumLen  = 2 * sha256.Size // of SumOf
	maxLine = 8 << 20         // bytes of a record's data
)

// NoSum is Prev of the first record.
const NoSum = "0000000000000000000000000000000000000000000000000000000000000000"

// Actor is who wrote a line of the journal.
type Actor struct {
	UID      int    `json:"uid"`
	LoginUID int    `json:"loginuid,omitempty"` // who logged in before becoming UID; 0 or absent if not known
	Sudo     string `json:"sudo,omitempty"`     // SUDO_USER, printable
	TTY      string `json:"tty,omitempty"`
}

// OpRepair is the operation of a record that names bad lines, written by Repair. Its data is {"lines":[BadLine…]}.
const OpRepair = "repair"

// BadLine is a line of the journal that was not applied.
type BadLine struct {
	Line   int    `json:"line"`   // from 1; 0 for a journal that was lost as a whole
	SHA256 string `json:"sha256"` // of the bytes found, without the newline; "" for line 0
	Why    string `json:"why"`    // half a sentence: "its checksum does not match"
	Tail   bool   `json:"-"`      // it is the last line: the next writer moves it away, nothing to repair
}

// Text says what is wrong with the line.
func (b BadLine) Text() string {
	if b.Line == 0 {
		return b.Why
	}
	return fmt.Sprintf("line %d of the journal is damaged: %s", b.Line, b.Why)
}

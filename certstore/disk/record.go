package disk

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"

	"certdesk/certstore/ledger"
)

// line is a journal line as found.
type line struct {
	rec ledger.Record
	why string // why it is bad, or ""
	sum string // of the bytes found, if the checksum is wrong; then nothing of rec is known
	len int    // bytes, with the newline
}

func (l *line) unreadable() bool { return l.sum != "" }

// parser reads lines. It remembers the last actor, which is nearly always the next one too.
type parser struct {
	actorText []byte
	actor     ledger.Actor
}

// parse judges one line, given without its newline.
func (p *parser) parse(found []byte) line {
	l := line{len: len(found) + 1}
	var sum [ledger.SumLen]byte
	if len(found) > ledger.SumLen && found[ledger.SumLen] == ' ' {
		raw := sha256.Sum256(found[ledger.SumLen+1:])
		hex.Encode(sum[:], raw[:])
	}
	if sum[0] == 0 || !bytes.Equal(sum[:], found[:ledger.SumLen]) {
		l.why, l.sum = "its checksum does not match", ledger.SumOf(found)
		return l
	}
	text := found[ledger.SumLen+1:]
	if !p.quick(text, &l.rec) {
		l.rec = ledger.Record{}
		if json.Unmarshal(text, &l.rec) != nil {
			l.why, l.sum = "it is not a record", ledger.SumOf(found)
			return l
		}
	}
	l.rec.Sum = string(sum[:])
	return l
}

// quick reads a record as Encode writes it, without looking into its data: the checksum has vouched for every byte.
func (p *parser) quick(text []byte, r *ledger.Record) bool {
	c := cutter{rest: text, ok: true}
	c.skip(`{"seq":`)
	r.Seq = c.number()
	c.skip(`,"prev":"`)
	r.Prev = c.until('"')
	c.skip(`,"time":"`)
	at := c.until('"')
	c.skip(`,"actor":`)
	actor := c.before(`,"op":"`)
	r.Op = c.until('"')
	if c.has(`,"at":`) {
		c.skip(`,"at":`)
		r.At = c.number()
	}
	c.skip(`,"data":`)
	if !c.ok || len(c.rest) < 2 || c.rest[len(c.rest)-1] != '}' {
		return false
	}
	r.Data = json.RawMessage(c.rest[: len(c.rest)-1 : len(c.rest)-1])
	var err error
	if r.Time, err = time.Parse(time.RFC3339Nano, at); err != nil {
		return false
	}
	return p.who(actor, &r.Actor)
}

func (p *parser) who(text []byte, a *ledger.Actor) bool {
	if !bytes.Equal(text, p.actorText) {
		var next ledger.Actor
		if json.Unmarshal(text, &next) != nil {
			return false
		}
		p.actorText, p.actor = text, next
	}
	*a = p.actor
	return true
}

// cutter takes expected pieces off the front of a text; ok turns false where one is not there.
type cutter struct {
	rest []byte
	ok   bool
}

func (c *cutter) has(s string) bool { return bytes.HasPrefix(c.rest, []byte(s)) }

func (c *cutter) skip(s string) {
	if c.ok = c.ok && c.has(s); c.ok {
		c.rest = c.rest[len(s):]
	}
}

func (c *cutter) number() (n int64) {
	i := 0
	for ; i < len(c.rest) && i < 18 && c.rest[i] >= '0' && c.rest[i] <= '9'; i++ {
		n = n*10 + int64(c.rest[i]-'0')
	}
	c.ok = c.ok && i > 0
	c.rest = c.rest[i:]
	return n
}

// until gives the text before the next end mark and takes that too; an escape is not for quick.
func (c *cutter) until(end byte) string {
	i := bytes.IndexByte(c.rest, end)
	if c.ok = c.ok && i >= 0 && bytes.IndexByte(c.rest[:i], '\\') < 0; !c.ok {
		return ""
	}
	s := string(c.rest[:i])
	c.rest = c.rest[i+1:]
	return s
}

// before gives the text before a mark and takes the mark too.
func (c *cutter) before(mark string) []byte {
	i := bytes.Index(c.rest, []byte(mark))
	if c.ok = c.ok && i >= 0; !c.ok {
		return nil
	}
	b := c.rest[:i]
	c.rest = c.rest[i+len(mark):]
	return b
}

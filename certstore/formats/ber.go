package formats

import (
	"bytes"
	"math/big"
	"strconv"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// maxDepth is how deep a file's elements may nest; certificates and PKCS#12 need about 12.
const maxDepth = 32

// Tags of BER, as their identifier octet.
const (
	tagBoolean     = 0x01
	tagInteger     = 0x02
	tagBits        = 0x03
	tagOctets      = 0x04
	tagNull        = 0x05
	tagOID         = 0x06
	tagUTF8        = 0x0c
	tagUTCTime     = 0x17
	tagTime        = 0x18
	tagBMP         = 0x1e
	tagSequence    = 0x30
	tagSet         = 0x31
	tagContext0    = 0x80
	tagExplicit0   = 0xa0
	tagConstructed = 0x20
)

// element is one element of BER, a prefix of what it was read from.
type element struct {
	tag        byte   // the first identifier octet
	raw        []byte // all of it
	body       []byte // its content, without end-of-contents octets
	head       int    // how long the header is
	at         int    // where raw begins in the structure
	depth      int
	indefinite bool
}

// cursor reads the elements of BER one after another: DER, and also what NSS, Java and old Windows write, with
// indefinite lengths, strings in pieces and lengths longer than they need be. The first fault is kept and ends all
// reading, so that a format reads as a list of its fields; every cursor within one structure shares it. Nothing is
// allocated but strings that come in pieces.
type cursor struct {
	rest  []byte
	at    int
	depth int
	fault *error
}

func readBER(data []byte) *cursor { return &cursor{rest: data, fault: new(error)} }

func (c *cursor) err() error { return *c.fault }

// damage keeps the first fault and where it is.
func (c *cursor) damage(at int, what string) {
	if *c.fault == nil {
		*c.fault = damaged("the file is damaged at byte %d: %s", at, what)
	}
	c.rest = nil
}

// more says whether another element follows.
func (c *cursor) more() bool { return *c.fault == nil && len(c.rest) > 0 }

// peek is the next element's tag, 0 if there is none.
func (c *cursor) peek() byte {
	if !c.more() {
		return 0
	}
	return c.rest[0]
}

// next reads one element of any tag.
func (c *cursor) next() (e element) {
	if *c.fault != nil {
		return e
	}
	if len(c.rest) == 0 {
		c.damage(c.at, "something is missing there")
		return e
	}
	e, fault := split(c.rest, c.at, c.depth)
	if fault != nil {
		*c.fault = fault
		return element{}
	}
	c.rest, c.at = c.rest[len(e.raw):], c.at+len(e.raw)
	return e
}

// take reads one element that has to have this tag.
func (c *cursor) take(tag byte) element {
	at, found := c.at, c.peek()
	if c.more() && found != tag {
		c.damage(at, "another kind of value was expected there")
	}
	return c.next()
}

// enter reads one element of this tag and gives a cursor over what is in it.
func (c *cursor) enter(tag byte) *cursor { return c.within(c.take(tag)) }

func (c *cursor) within(e element) *cursor {
	return &cursor{rest: e.body, at: e.at + e.head, depth: e.depth + 1, fault: c.fault}
}

// skip passes over an element if it has this tag.
func (c *cursor) skip(tag byte) {
	if c.peek() == tag {
		c.next()
	}
}

// end holds that nothing follows.
func (c *cursor) end() {
	if c.more() {
		c.damage(c.at, "there is more than the format allows")
	}
}

// octets reads an OCTET STRING, whole or in pieces; also one whose tag is another's, as [0] IMPLICIT.
func (c *cursor) octets(tag byte) []byte {
	if c.peek() == tag|tagConstructed {
		return c.pieces(c.enter(tag|tagConstructed), nil)
	}
	return c.take(tag).body
}

func (c *cursor) pieces(in *cursor, out []byte) []byte {
	for in.more() {
		if in.peek() == tagOctets|tagConstructed {
			out = in.pieces(in.enter(tagOctets|tagConstructed), out)
			continue
		}
		out = append(out, in.take(tagOctets).body...)
	}
	return out
}

// inner gives a cursor over what an OCTET STRING holds. Its places are the file's where the string is whole.
func (c *cursor) inner(tag byte) *cursor {
	if c.peek() == tag {
		return c.enter(tag)
	}
	return &cursor{rest: c.octets(tag), depth: c.depth + 1, fault: c.fault}
}

// count reads a positive INTEGER; one of more than 62 bits reads as 1<<62, which every limit refuses.
func (c *cursor) count() int64 {
	e := c.take(tagInteger)
	n := int64(0)
	for _, b := range e.body {
		if n = n<<8 | int64(b); n >= 1<<54 {
			n = 1 << 62
			break
		}
	}
	if *c.fault == nil && (n == 0 || e.body[0]&0x80 != 0) {
		c.damage(e.at, "a count is zero or negative")
	}
	return n
}

// integer reads an INTEGER of any size and sign.
func (c *cursor) integer() *big.Int { return signed(c.take(tagInteger).body) }

func signed(body []byte) *big.Int {
	n := new(big.Int).SetBytes(body)
	if len(body) > 0 && body[0]&0x80 != 0 {
		n.Sub(n, new(big.Int).Lsh(big.NewInt(1), uint(8*len(body))))
	}
	return n
}

// algorithm reads SEQUENCE { algorithm, parameters } and leaves the parameters.
func (c *cursor) algorithm() (oid string, params *cursor) {
	params = c.enter(tagSequence)
	return params.oid(), params
}

// oid reads an OBJECT IDENTIFIER in its dotted form.
func (c *cursor) oid() string {
	e := c.take(tagOID)
	if *c.fault != nil {
		return ""
	}
	text := dotted(e.body)
	if text == "" {
		c.damage(e.at, "an object identifier is malformed")
	}
	return text
}

// dotted writes the content of an OBJECT IDENTIFIER; "" if it is none, or absurdly long.
func dotted(body []byte) string {
	if len(body) == 0 || len(body) > 64 || body[len(body)-1]&0x80 != 0 {
		return ""
	}
	var out []byte
	arc := uint64(0)
	for _, b := range body {
		if arc >= 1<<57 {
			return ""
		}
		if arc = arc<<7 | uint64(b&0x7f); b&0x80 != 0 {
			continue
		}
		if out == nil {
			first := min(arc/40, 2)
			out, arc = strconv.AppendUint(out, first, 10), arc-40*first
		}
		out, arc = strconv.AppendUint(append(out, '.'), arc, 10), 0
	}
	return string(out)
}

// split takes the first element off data.
func split(data []byte, at, depth int) (element, error) {
	if depth > maxDepth {
		return element{}, tooMuch("", "the file nests deeper than %d levels", maxDepth)
	}
	if len(data) == 0 {
		return element{}, damaged("the file is damaged at byte %d: something is missing there", at)
	}
	head, n, indefinite, ok := header(data)
	e := element{tag: data[0], head: head, at: at, depth: depth, indefinite: indefinite}
	switch {
	case !ok:
		return e, damaged("the file is damaged at byte %d: no length can be read there", at)
	case indefinite:
		return e.untilEnd(data, head)
	case n > len(data)-head:
		return e, fail.New(fail.Damaged, hintDamaged, "the file is damaged at byte %d: it ends %s too early", at,
			printable.Count(n-(len(data)-head), "byte"))
	}
	e.raw, e.body = data[:head+n], data[head:head+n]
	return e, nil
}

// untilEnd finds the end of an element of indefinite length by reading what is in it.
func (e element) untilEnd(data []byte, head int) (element, error) {
	if e.tag&tagConstructed == 0 {
		return e, damaged("the file is damaged at byte %d: its length is missing", e.at)
	}
	for at := head; ; {
		if len(data)-at < 2 {
			return e, damaged("the file is damaged at byte %d: what begins there never ends", e.at)
		}
		if data[at] == 0 && data[at+1] == 0 {
			e.raw, e.body = data[:at+2], data[head:at]
			return e, nil
		}
		child, err := split(data[at:], e.at+at, e.depth+1)
		if err != nil {
			return e, err
		}
		at += len(child.raw)
	}
}

// header reads identifier and length octets: how many they are, and the length they tell.
func header(data []byte) (size, length int, indefinite, ok bool) {
	at := identifier(data)
	if at >= len(data) {
		return 0, 0, false, false
	}
	n := int(data[at])
	at++
	if n < 0x80 {
		return at, n, false, true
	}
	if n == 0x80 {
		return at, 0, true, true
	}
	octets := n & 0x7f
	if octets > len(data)-at || octets == 0x7f {
		return 0, 0, false, false
	}
	n = 0
	for _, b := range data[at : at+octets] {
		if n = n<<8 | int(b); n > 1<<40 {
			return 0, 0, false, false
		}
	}
	return at + octets, n, false, true
}

// identifier is how many octets the tag takes, which may be more than there are.
func identifier(data []byte) int {
	if data[0]&0x1f != 0x1f {
		return 1
	}
	at := 1
	for at < len(data) && at < 6 && data[at]&0x80 != 0 {
		at++
	}
	return at + 1
}

// wellFormed reads all elements of one structure, so that a file cut short is told as such before anything else is said
// of it.
func wellFormed(e element) error {
	if e.tag&tagConstructed == 0 {
		return nil
	}
	c := (&cursor{fault: new(error)}).within(e)
	for c.more() {
		if child := c.next(); c.err() == nil {
			if err := wellFormed(child); err != nil {
				return err
			}
		}
	}
	return c.err()
}

// toDER writes BER anew with definite lengths and whole strings; DER comes back byte for byte.
func toDER(raw []byte) ([]byte, error) {
	c := readBER(raw)
	e := c.next()
	if c.err() != nil {
		return nil, c.err()
	}
	if err := wellFormed(e); err != nil {
		return nil, err
	}
	return e.der(), nil
}

func (e element) der() []byte {
	if e.tag&tagConstructed == 0 || !e.isBER() {
		return e.raw
	}
	c := (&cursor{fault: new(error)}).within(e)
	if e.tag == tagOctets|tagConstructed {
		return encode(tagOctets, c.pieces(c, nil))
	}
	var body []byte
	for c.more() {
		body = append(body, c.next().der()...)
	}
	whole := encode(e.tag, body)
	return append(bytes.Clone(e.raw[:identifier(e.raw)]), whole[1:]...)
}

// isBER says whether a well-formed element holds an indefinite length or a string in pieces.
func (e element) isBER() bool {
	if e.indefinite || e.tag == tagOctets|tagConstructed {
		return true
	}
	if e.tag&tagConstructed == 0 {
		return false
	}
	for c := (&cursor{fault: new(error)}).within(e); c.more(); {
		if c.next().isBER() {
			return true
		}
	}
	return false
}

// encode writes one element of DER.
func encode(tag byte, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	n := len(body)
	if n < 0x80 {
		return append([]byte{tag, byte(n)}, body...)
	}
	length := big.NewInt(int64(n)).Bytes()
	return append(append([]byte{tag, 0x80 | byte(len(length))}, length...), body...)
}

func sequence(parts ...[]byte) []byte { return encode(tagSequence, parts...) }

func octets(data []byte) []byte { return encode(tagOctets, data) }

func explicit(parts ...[]byte) []byte { return encode(tagExplicit0, parts...) }

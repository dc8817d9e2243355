package revocation

import (
	"bytes"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"math/big"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// list is a revocation list (CRL). Its entries stay the bytes that they came as: to read a hundred thousand of them
// into values takes a hundred megabytes, to walk over them takes none.
type list struct {
	head    *x509.RevocationList // all of it but the entries, as the standard library reads it
	entries cryptobyte.String
	tbs     []byte // what is signed
}

var errNoList = errors.New("the answer is not a revocation list")

// maxHead bounds what a list holds beside its entries.
const maxHead = 64 << 10

// parseList reads a list as DER or PEM. The errors are half sentences about the answer.
func parseList(data []byte) (*list, error) {
	if bytes.HasPrefix(data, []byte("-----BEGIN X509 CRL-----")) {
		block, _ := pem.Decode(data)
		if block == nil {
			return nil, errNoList
		}
		data = block.Bytes
	}
	if len(data) == 0 || data[0] != 0x30 {
		return nil, notDER(data)
	}
	var l list
	var whole, tbs, algorithm, signature cryptobyte.String
	in := cryptobyte.String(data)
	if !in.ReadASN1(&whole, cbasn1.SEQUENCE) || !in.Empty() || !whole.ReadASN1Element(&tbs, cbasn1.SEQUENCE) ||
		!whole.ReadASN1Element(&algorithm, cbasn1.SEQUENCE) || !whole.ReadASN1Element(&signature, cbasn1.BIT_STRING) ||
		!whole.Empty() {
		return nil, errNoList
	}
	l.tbs = tbs
	head, err := l.cut(tbs)
	if err != nil {
		return nil, err
	}
	l.head, err = headOf(head, algorithm, signature)
	if err != nil {
		return nil, errNoList
	}
	return &l, nil
}

// notDER says what came instead of DER: most often the page of a proxy, or of a network that wants one to log in.
func notDER(data []byte) error {
	text := bytes.TrimLeft(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), " \t\r\n")
	if bytes.HasPrefix(text, []byte("<")) {
		return errors.New("the answer is a web page")
	}
	return errNoList
}

// cut takes the entries out of a TBSCertList (RFC 5280, 5.1.2) and gives the rest, as of version 2.
func (l *list) cut(tbs cryptobyte.String) (head []byte, err error) {
	var in, fixed, entries cryptobyte.String
	version := int64(1)
	if !tbs.ReadASN1(&in, cbasn1.SEQUENCE) ||
		in.PeekASN1Tag(cbasn1.INTEGER) && !in.ReadASN1Integer(&version) || version != 1 {
		return nil, errNoList
	}
	begin := in
	for _, read := range []func() bool{
		func() bool { return in.SkipASN1(cbasn1.SEQUENCE) }, // the algorithm
		func() bool { return in.SkipASN1(cbasn1.SEQUENCE) }, // the issuer
		func() bool { return skipTime(&in) },
		func() bool { return !isTime(in) || skipTime(&in) },
	} {
		if !read() {
			return nil, errNoList
		}
	}
	fixed = begin[:len(begin)-len(in)]
	if in.PeekASN1Tag(cbasn1.SEQUENCE) && !in.ReadASN1(&entries, cbasn1.SEQUENCE) || len(fixed)+len(in) > maxHead {
		return nil, errNoList
	}
	l.entries = entries
	return append(append([]byte{2, 1, 1}, fixed...), in...), nil // version 2, as INTEGER 1
}

func isTime(in cryptobyte.String) bool {
	return in.PeekASN1Tag(cbasn1.UTCTime) || in.PeekASN1Tag(cbasn1.GeneralizedTime)
}

func skipTime(in *cryptobyte.String) bool {
	return in.SkipASN1(cbasn1.UTCTime) || in.SkipASN1(cbasn1.GeneralizedTime)
}

// headOf has the standard library read a list without entries. Its signature is not that of these bytes.
func headOf(head, algorithm, signature []byte) (*x509.RevocationList, error) {
	var b cryptobyte.Builder
	b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) {
		b.AddASN1(cbasn1.SEQUENCE, func(b *cryptobyte.Builder) { b.AddBytes(head) })
		b.AddBytes(algorithm)
		b.AddBytes(signature)
	})
	der, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return x509.ParseRevocationList(der)
}

// entry is what a list says of one certificate.
type entry struct {
	at     cryptobyte.String // a time
	since  time.Time         // the same, once it is wanted
	reason int
}

var (
	errDamaged  = errors.New("the list is damaged")
	errIndirect = errors.New("the list is an indirect one, about certificates of several CAs, which certdesk does not " +
		"read")
)

// find looks a serial number up; nil where it is not listed. Every entry is read, so that a list which is damaged
// anywhere, or says what nobody here understands, counts for nothing (RFC 5280, 5.3).
func (l *list) find(serial *big.Int) (found *entry, err error) {
	digits := serial.Bytes()
	for in := l.entries; !in.Empty(); {
		var one, number cryptobyte.String
		if !in.ReadASN1(&one, cbasn1.SEQUENCE) || !one.ReadASN1(&number, cbasn1.INTEGER) {
			return nil, errDamaged
		}
		e, err := readEntry(one)
		if err != nil {
			return nil, err
		}
		if found != nil || e.reason == reasonRemoved || !isSerial(number, serial, digits) {
			continue
		}
		if !readTime(e.at, &e.since) {
			return nil, errDamaged
		}
		found = &e
	}
	return found, nil
}

// isSerial compares the bytes of an INTEGER, which some CAs write with more zeros than it takes. One that begins with a
// set bit is negative: FF is -1, and 255 is 00FF. digits are those of the serial without its sign.
func isSerial(number []byte, serial *big.Int, digits []byte) bool {
	negative := len(number) > 0 && number[0]&0x80 != 0
	if !negative {
		return serial.Sign() >= 0 && bytes.Equal(bytes.TrimLeft(number, "\x00"), digits)
	}
	value := new(big.Int).SetBytes(number)
	return serial.Cmp(value.Sub(value, new(big.Int).Lsh(big.NewInt(1), uint(8*len(number))))) == 0
}

// readEntry reads what follows the serial number.
func readEntry(one cryptobyte.String) (e entry, err error) {
	var extensions cryptobyte.String
	var tag cbasn1.Tag
	if !isTime(one) || !one.ReadAnyASN1Element(&e.at, &tag) {
		return e, errDamaged
	}
	if one.Empty() {
		return e, nil
	}
	if !one.ReadASN1(&extensions, cbasn1.SEQUENCE) || !one.Empty() {
		return e, errDamaged
	}
	for !extensions.Empty() {
		id, critical, value, ok := readExtension(&extensions)
		switch {
		case !ok, bytes.Equal(id, idReason) && (!value.ReadASN1Enum(&e.reason) || !value.Empty()):
			return e, errDamaged
		case critical && bytes.Equal(id, idCertificateIssuer):
			return e, errIndirect
		case critical && !bytes.Equal(id, idReason):
			return e, errors.New("the list has entries that certdesk cannot read whole")
		}
	}
	return e, nil
}

// The contents of the object identifiers 2.5.29.21 and 2.5.29.29.
var (
	idReason            = []byte{0x55, 0x1d, 0x15}
	idCertificateIssuer = []byte{0x55, 0x1d, 0x1d}
)

func readExtension(in *cryptobyte.String) (id []byte, critical bool, value cryptobyte.String, ok bool) {
	var one, oid cryptobyte.String
	ok = in.ReadASN1(&one, cbasn1.SEQUENCE) && one.ReadASN1(&oid, cbasn1.OBJECT_IDENTIFIER) &&
		(!one.PeekASN1Tag(cbasn1.BOOLEAN) || one.ReadASN1Boolean(&critical)) &&
		one.ReadASN1(&value, cbasn1.OCTET_STRING) && one.Empty()
	return oid, critical, value, ok
}

func readTime(in cryptobyte.String, at *time.Time) bool {
	if in.PeekASN1Tag(cbasn1.UTCTime) {
		return in.ReadASN1UTCTime(at)
	}
	return in.ReadASN1GeneralizedTime(at)
}

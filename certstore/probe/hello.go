package probe

import (
	"crypto/rand"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"
)

// groups and signatures are all that RFC 8422, 7027, 7919 and 8446 name: which one is chosen, nobody here need know.
var (
	groups = []uint16{29, 23, 24, 25, 30, 26, 27, 28, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16,
		17, 18, 19, 20,
		21, 22, 256, 257, 258, 259, 260}

	signatures = []uint16{0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b,
		0x0401, 0x0501, 0x0601, 0x0402, 0x0502, 0x0602, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101,
		0x0840, 0x0841}
)

// clientHello is the record that opens a handshake of TLS 1.2 or of whatever is older, and its random part.
func clientHello(name string, suites []uint16) (record, random []byte, err error) {
	random = make([]byte, 32)
	if _, err := rand.Read(random); err != nil {
		return nil, nil, err
	}
	var b cryptobyte.Builder
	b.AddUint8(22) // handshake
	b.AddUint16(0x0301)
	b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
		b.AddUint8(1) // ClientHello
		b.AddUint24LengthPrefixed(func(b *cryptobyte.Builder) {
			b.AddUint16(0x0303)
			b.AddBytes(random)
			b.AddUint8(0) // no session
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addSuites(b, suites) })
			b.AddBytes([]byte{1, 0}) // no compression
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addExtensions(b, name) })
		})
	})
	record, err = b.Bytes()
	return record, random, err
}

func addSuites(b *cryptobyte.Builder, suites []uint16) {
	for _, id := range suites {
		b.AddUint16(id)
	}
	b.AddUint16(0x00ff) // secure renegotiation (RFC 5746)
}

func addExtensions(b *cryptobyte.Builder, name string) {
	extension := func(id uint16, fill cryptobyte.BuilderContinuation) {
		b.AddUint16(id)
		b.AddUint16LengthPrefixed(fill)
	}
	if _, err := netip.ParseAddr(name); err != nil {
		extension(0, func(b *cryptobyte.Builder) {
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
				b.AddUint8(0)
				b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte(name)) })
			})
		})
	}
	extension(5, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0, 0, 0, 0}) }) // a staple is wanted
	extension(10, listOf(groups))
	extension(11, func(b *cryptobyte.Builder) { b.AddBytes([]byte{1, 0}) }) // uncompressed points
	extension(13, listOf(signatures))
	extension(23, func(*cryptobyte.Builder) {}) // extended master secret
}

func listOf(values []uint16) cryptobyte.BuilderContinuation {
	return func(b *cryptobyte.Builder) {
		b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) {
			for _, v := range values {
				b.AddUint16(v)
			}
		})
	}
}

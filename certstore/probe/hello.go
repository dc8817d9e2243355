package probe

import (
	"crypto/rand"
	"crypto/tls"
	"net/netip"

	"golang.org/x/crypto/cryptobyte"
)

// suite is a cipher suite of TLS 1.2 whose server shows its certificate in clear (RFC 5246, 7.4).
type suite struct {
	id    uint16
	name  string
	ecdsa bool
}

// suites are those that servers of mail speak and certdesk's own TLS does not, before those that it does.
var suites = []suite{
	{0xc02c, "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", true},
	{0xc02b, "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", true},
	{0xc030, "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384", false},
	{0xc02f, "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", false},
	{0xcca9, "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", true},
	{0xcca8, "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false},
	{0xc0ad, "TLS_ECDHE_ECDSA_WITH_AES_256_CCM", true},
	{0xc0ac, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM", true},
	{0xc024, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA384", true},
	{0xc023, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256", true},
	{0xc028, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA384", false},
	{0xc027, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", false},
	{0xc00a, "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", true},
	{0xc009, "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", true},
	{0xc014, "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", false},
	{0xc013, "TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", false},
	{0xc05d, "TLS_ECDHE_ECDSA_WITH_ARIA_256_GCM_SHA384", true},
	{0xc061, "TLS_ECDHE_RSA_WITH_ARIA_256_GCM_SHA384", false},
	{0xc073, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_256_CBC_SHA384", true},
	{0xc077, "TLS_ECDHE_RSA_WITH_CAMELLIA_256_CBC_SHA384", false},
	{0xc072, "TLS_ECDHE_ECDSA_WITH_CAMELLIA_128_CBC_SHA256", true},
	{0xc076, "TLS_ECDHE_RSA_WITH_CAMELLIA_128_CBC_SHA256", false},
	{0x009f, "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", false},
	{0x009e, "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256", false},
	{0xccaa, "TLS_DHE_RSA_WITH_CHACHA20_POLY1305_SHA256", false},
	{0xc09f, "TLS_DHE_RSA_WITH_AES_256_CCM", false},
	{0xc09e, "TLS_DHE_RSA_WITH_AES_128_CCM", false},
	{0x006b, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA256", false},
	{0x0067, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256", false},
	{0x0039, "TLS_DHE_RSA_WITH_AES_256_CBC_SHA", false},
	{0x0033, "TLS_DHE_RSA_WITH_AES_128_CBC_SHA", false},
	{0x0016, "TLS_DHE_RSA_WITH_3DES_EDE_CBC_SHA", false},
	{0x0088, "TLS_DHE_RSA_WITH_CAMELLIA_256_CBC_SHA", false},
	{0x0045, "TLS_DHE_RSA_WITH_CAMELLIA_128_CBC_SHA", false},
	{0xc053, "TLS_DHE_RSA_WITH_ARIA_256_GCM_SHA384", false},
	{0xc052, "TLS_DHE_RSA_WITH_ARIA_128_GCM_SHA256", false},
	{0x0038, "TLS_DHE_DSS_WITH_AES_256_CBC_SHA", false},
	{0x0032, "TLS_DHE_DSS_WITH_AES_128_CBC_SHA", false},
	{0x009d, "TLS_RSA_WITH_AES_256_GCM_SHA384", false},
	{0x009c, "TLS_RSA_WITH_AES_128_GCM_SHA256", false},
	{0xc09d, "TLS_RSA_WITH_AES_256_CCM", false},
	{0x0084, "TLS_RSA_WITH_CAMELLIA_256_CBC_SHA", false},
	{0x0035, "TLS_RSA_WITH_AES_256_CBC_SHA", false},
	{0x002f, "TLS_RSA_WITH_AES_128_CBC_SHA", false},
}

// groups and signatures are all that RFC 8422, 7027, 7919 and 8446 name: which one is chosen, nobody here need know.
var (
	groups = []uint16{29, 23, 24, 25, 30, 26, 27, 28, 22, 21, 19, 256, 257, 258, 259, 260}

	signatures = []uint16{0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b,
		0x0401, 0x0501, 0x0601, 0x0402, 0x0303, 0x0301, 0x0203, 0x0201, 0x0202}
)

// clientHello is the record that opens a handshake of TLS 1.2 and its random part. It offers suites of a kind alone
// where one is asked for.
func clientHello(req Request) (record, random []byte, err error) {
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
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addSuites(b, req.Key) })
			b.AddBytes([]byte{1, 0}) // no compression
			b.AddUint16LengthPrefixed(func(b *cryptobyte.Builder) { addExtensions(b, req.Name) })
		})
	})
	record, err = b.Bytes()
	return record, random, err
}

func addSuites(b *cryptobyte.Builder, key Key) {
	for _, s := range suites {
		if key == Any || s.ecdsa == (key == ECDSA) {
			b.AddUint16(s.id)
		}
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

func suiteName(id uint16) string {
	for _, s := range suites {
		if s.id == id {
			return s.name
		}
	}
	return tls.CipherSuiteName(id)
}

package probe

import (
	"bytes"
	"context"
	"crypto"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/tls"
	"encoding/hex"
	"net"
	"slices"
	"strings"

	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/crypto/cryptobyte"

	"certdesk/certstore/formats"
)

// recorded is a connection that keeps what went over it, up to maxMessage each way.
type recorded struct {
	net.Conn
	in, out []byte
}

func (r *recorded) Read(p []byte) (int, error) {
	n, err := r.Conn.Read(p)
	r.in = append(r.in, p[:min(n, max(0, maxMessage-len(r.in)))]...)
	return n, err
}

func (r *recorded) Write(p []byte) (int, error) {
	r.out = append(r.out, p[:min(len(p), max(0, maxMessage-len(r.out)))]...)
	return r.Conn.Write(p)
}

// readModern reads the certificate of a server of TLS 1.3, which encrypts it: the library agrees on the keys, hands
// them to its key log, and gives up at a certificate that it cannot parse. What was sent by then is opened with them.
func readModern(ctx context.Context, req Request, conn net.Conn) (f flight, err error) {
	var keys bytes.Buffer
	c := config(req)
	c.MinVersion, c.KeyLogWriter = tls.VersionTLS13, &keys
	wire := &recorded{Conn: conn}
	if err := tls.Client(wire, c).HandshakeContext(ctx); err == nil {
		return f, errNoTLS // then there was no reason to ask
	}
	secret := secretOf(keys.String(), "SERVER_HANDSHAKE_TRAFFIC_SECRET")
	if secret == nil {
		return f, errNoTLS
	}
	return f, f.open(wire, secret)
}

// secretOf finds a secret in a key log (RFC 9850): label, client random, secret.
func secretOf(log, label string) []byte {
	for line := range strings.Lines(log) {
		words := strings.Fields(line)
		if len(words) == 3 && words[0] == label {
			secret, _ := hex.DecodeString(words[2])
			return secret
		}
	}
	return nil
}

// open reads the server's messages with its handshake secret (RFC 8446, 5.2 and 7.3).
func (f *flight) open(wire *recorded, secret []byte) error {
	said, sealed := messages(wire.in)
	asked, _ := messages(wire.out)
	if len(said) == 0 || len(asked) == 0 || !f.take(serverHello, cryptobyte.String(said[len(said)-1][4:])) {
		return errNoTLS
	}
	f.version = tls.VersionTLS13
	box, hash, err := boxOf(f.suite, secret)
	if err != nil {
		return err
	}
	iv, err := expand(hash, secret, "iv", box.NonceSize())
	if err != nil {
		return err
	}
	transcript := begin(hash, asked, said)
	for _, m := range split(unseal(box, iv, sealed)) {
		if m[0] == certificateVerify && len(f.certs) > 0 {
			f.exchange = append(spaces, digest(hash, transcript)...)
			f.signature = m[4:]
			return nil
		}
		transcript = append(transcript, m...)
		if m[0] == certificate && !f.readModernCertificates(m[4:]) {
			return errNoTLS
		}
	}
	if len(f.certs) == 0 {
		return errNoTLS
	}
	return nil
}

const certificateVerify = 15

// spaces begin what a server of TLS 1.3 signs (RFC 8446, 4.4.3).
var spaces = []byte(strings.Repeat(" ", 64) + "TLS 1.3, server CertificateVerify\x00")

// messages gives the plain messages of a handshake in some records, and the bodies of the sealed ones with their heads.
func messages(data []byte) (plain, sealed [][]byte) {
	var handshake []byte
	for len(data) >= 5 {
		size := 5 + int(data[3])<<8 + int(data[4])
		if size > len(data) {
			break
		}
		switch data[0] {
		case 22:
			handshake = append(handshake, data[5:size]...)
		case 23:
			sealed = append(sealed, data[:size])
		}
		data = data[size:]
	}
	return split(handshake), sealed
}

// split takes messages apart; one that is cut short is left out.
func split(data []byte) (list [][]byte) {
	for len(data) >= 4 {
		size := 4 + int(data[1])<<16 + int(data[2])<<8 + int(data[3])
		if size > len(data) {
			break
		}
		list, data = append(list, data[:size:size]), data[size:]
	}
	return list
}

// begin is the transcript up to the ServerHello; a first hello that was asked for again counts as its hash (4.4.1).
func begin(hash crypto.Hash, asked, said [][]byte) []byte {
	if len(said) < 2 || len(asked) < 2 {
		return slices.Concat(asked[0], said[len(said)-1])
	}
	first := append([]byte{254, 0, 0, byte(hash.Size())}, digest(hash, asked[0])...)
	return slices.Concat(first, said[0], asked[1], said[1])
}

func boxOf(suite uint16, secret []byte) (box cipher.AEAD, hash crypto.Hash, err error) {
	hash, size := crypto.SHA256, 16
	switch suite {
	case tls.TLS_AES_256_GCM_SHA384:
		hash, size = crypto.SHA384, 32
	case tls.TLS_CHACHA20_POLY1305_SHA256:
		size = 32
	}
	key, err := expand(hash, secret, "key", size)
	if err != nil {
		return nil, 0, err
	}
	if suite == tls.TLS_CHACHA20_POLY1305_SHA256 {
		box, err = chacha20poly1305.New(key)
		return box, hash, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, 0, err
	}
	box, err = cipher.NewGCM(block)
	return box, hash, err
}

// expand is HKDF-Expand-Label without a context.
func expand(hash crypto.Hash, secret []byte, label string, size int) ([]byte, error) {
	var b cryptobyte.Builder
	b.AddUint16(uint16(size))
	b.AddUint8LengthPrefixed(func(b *cryptobyte.Builder) { b.AddBytes([]byte("tls13 " + label)) })
	b.AddUint8(0)
	info, err := b.Bytes()
	if err != nil {
		return nil, err
	}
	return hkdf.Expand(hash.New, secret, string(info), size)
}

// unseal opens records in turn, up to the first that cannot be, and gives the handshake in them.
func unseal(box cipher.AEAD, iv []byte, sealed [][]byte) (handshake []byte) {
	for i, record := range sealed {
		nonce := bytes.Clone(iv)
		nonce[len(nonce)-1] ^= byte(i)
		nonce[len(nonce)-2] ^= byte(i >> 8)
		plain, err := box.Open(nil, nonce, record[5:], record[:5])
		if err != nil {
			break
		}
		plain = bytes.TrimRight(plain, "\x00")
		if len(plain) > 0 && plain[len(plain)-1] == 22 {
			handshake = append(handshake, plain[:len(plain)-1]...)
		}
	}
	return handshake
}

func (f *flight) readModernCertificates(body cryptobyte.String) bool {
	var list, der, extensions cryptobyte.String
	if !skipShort(&body) || !body.ReadUint24LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		if !list.ReadUint24LengthPrefixed(&der) || !list.ReadUint16LengthPrefixed(&extensions) {
			return false
		}
		c, err := formats.ParseCertificate(der)
		if err != nil {
			return false
		}
		f.certs = append(f.certs, c)
		if status, is := bytes.CutPrefix(extensions, []byte{0, 5}); is && len(f.certs) == 1 {
			f.staple = stapled(status[min(2, len(status)):]) // after its length
		}
	}
	return len(f.certs) > 0
}

// provesModern says whether the signature over the whole handshake so far is that of the certificate's key.
func (f flight) provesModern() bool {
	rest := cryptobyte.String(f.signature)
	var algorithm uint16
	var signature cryptobyte.String
	if !rest.ReadUint16(&algorithm) || !rest.ReadUint16LengthPrefixed(&signature) || !rest.Empty() {
		return false
	}
	return madeBy(f.certs[0], algorithm, f.exchange, signature)
}

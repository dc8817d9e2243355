package probe

import (
	"crypto/x509"
	"errors"
	"fmt"
	"io"

	"golang.org/x/crypto/cryptobyte"

	"certdesk/certstore/formats"
)

// flight is what a server of TLS 1.2 says in clear before a key is agreed on.
type flight struct {
	version, suite uint16
	random         []byte
	certs          []*x509.Certificate
	staple         []byte // an OCSP response; nil for none
	wantsClient    bool   // it asks for a certificate of the client
	unread         bool   // it showed a certificate that cannot be read
	exchange       []byte // the ServerKeyExchange, signed by the certificate's key; nil where the suite has none
	signature      []byte // of TLS 1.3, over exchange, which is then what the key has to sign
}

// alert is how a server refuses a handshake.
type alert byte

func (a alert) Error() string { return fmt.Sprintf("alert %d", byte(a)) }

// tooOld is the alert of a server that speaks newer versions alone.
const tooOld alert = 70

// The messages of a handshake.
const (
	serverHello       = 2
	certificate       = 11
	serverKeyExchange = 12
	certificateWanted = 13
	serverHelloDone   = 14
	certificateStatus = 22
)

// maxMessage bounds one message; a chain has a few thousand bytes.
const maxMessage = 256 << 10

var (
	errNoTLS       = errors.New("the answer is not TLS")
	errUncertified = errors.New("a handshake without a certificate")
)

// readFlight reads up to the end of the server's first flight.
func readFlight(from io.Reader) (f flight, err error) {
	in := &records{from: from}
	for {
		kind, body, err := in.message()
		if err != nil {
			return f, err
		}
		switch {
		case kind == serverHelloDone && len(f.certs) > 0:
			return f, nil
		case kind == serverHelloDone:
			return f, errUncertified
		}
		if !f.take(kind, cryptobyte.String(body)) {
			return f, errNoTLS
		}
	}
}

// take reads one message; it says whether it could.
func (f *flight) take(kind byte, body cryptobyte.String) bool {
	switch kind {
	case serverHello:
		return body.ReadUint16(&f.version) && f.version <= 0x0303 && body.ReadBytes(&f.random, 32) &&
			skipShort(&body) && body.ReadUint16(&f.suite)
	case certificate:
		return f.readCertificates(body)
	case certificateWanted:
		f.wantsClient = true
	case certificateStatus:
		f.staple = stapled(body)
	case serverKeyExchange:
		f.exchange = body
	}
	return true
}

// stapled reads a CertificateStatus (RFC 6066, 8). One that cannot be read is one all the same.
func stapled(status cryptobyte.String) []byte {
	var kind uint8
	var response cryptobyte.String
	if !status.ReadUint8(&kind) || kind != 1 || !status.ReadUint24LengthPrefixed(&response) {
		return []byte{}
	}
	return response
}

func skipShort(s *cryptobyte.String) bool {
	var skipped cryptobyte.String
	return s.ReadUint8LengthPrefixed(&skipped)
}

func (f *flight) readCertificates(body cryptobyte.String) bool {
	var list, der cryptobyte.String
	if !body.ReadUint24LengthPrefixed(&list) {
		return false
	}
	for !list.Empty() {
		if !list.ReadUint24LengthPrefixed(&der) {
			return false
		}
		c, err := formats.ParseCertificate(der)
		if err != nil {
			f.unread = true
			return false
		}
		f.certs = append(f.certs, c)
	}
	return len(f.certs) > 0
}

// records puts the messages of a handshake together from the records they come in (RFC 5246, 6.2.1).
type records struct {
	from io.Reader
	left []byte
}

// message reads one message.
func (r *records) message() (kind byte, body []byte, err error) {
	head, err := r.take(4)
	if err != nil {
		return 0, nil, err
	}
	size := int(head[1])<<16 | int(head[2])<<8 | int(head[3])
	if size > maxMessage {
		return 0, nil, errTooMuch
	}
	body, err = r.take(size)
	return head[0], body, err
}

func (r *records) take(n int) ([]byte, error) {
	for len(r.left) < n {
		if err := r.more(); err != nil {
			return nil, err
		}
	}
	taken := r.left[:n:n]
	r.left = r.left[n:]
	return taken, nil
}

// more reads a record; an alert is an error.
func (r *records) more() error {
	var head [5]byte
	if _, err := io.ReadFull(r.from, head[:]); err != nil {
		return err
	}
	size := int(head[3])<<8 | int(head[4])
	if head[0] != 21 && head[0] != 22 || head[1] != 3 || size == 0 || size > 1<<14+2048 {
		return errNoTLS
	}
	body := make([]byte, size)
	if _, err := io.ReadFull(r.from, body); err != nil {
		return err
	}
	switch {
	case head[0] == 22:
		r.left = append(r.left, body...)
	case size == 2 && body[0] == 2: // fatal; a warning is passed over
		return alert(body[1])
	}
	return nil
}

package formats

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
	"software.sslmate.com/src/go-pkcs12"
)

// decode has go-pkcs12 read a file made of the safes given.
func (o opener) decode(safes ...[]byte) (any, *x509.Certificate, []*x509.Certificate, error) {
	content := sequence(safes...)
	return pkcs12.DecodeChain(sequence(
		[]byte{2, 1, 3},
		contentInfo(content),
		o.macData(content),
	), o.password)
}

// macData signs content with HMAC-SHA-1 under a key derived once: go-pkcs12 opens nothing without. It is memory
// that meets it only; its weakness protects nobody.
func (o opener) macData(content []byte) []byte {
	salt := make([]byte, sha1.BlockSize)
	mac := hmac.New(sha1.New, macKey(sha1.New, salt, o.bmp(), 1))
	mac.Write(content)
	algorithm := sequence(object(oidSHA1), []byte{5, 0})
	return sequence(sequence(algorithm, octets(mac.Sum(nil))), octets(salt))
}

// bmp is the password in UCS-2 with a final NUL; what does not fit was refused before.
func (o opener) bmp() []byte {
	if o.null {
		return nil
	}
	var out []byte
	for _, r := range o.password {
		out = append(out, byte(r>>8), byte(r))
	}
	return append(out, 0, 0)
}

// decoyPair is a certificate and its key that nobody uses, as bags.
type decoyPair struct{ keyBag, certBag []byte }

var decoy = sync.OnceValues(func() (decoyPair, error) {
	key := ed25519.NewKeyFromSeed(make([]byte, ed25519.SeedSize))
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1),
		Subject:      pkix.Name{CommonName: "decoy"},
		NotBefore:    time.Unix(0, 0),
		NotAfter:     time.Unix(1, 0),
	}
	cert, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return decoyPair{}, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return decoyPair{}, err
	}
	certBag := sequence(object(oidX509Cert), explicit(octets(cert)))
	return decoyPair{bag(oidKeyBag, pkcs8), bag(oidCertBag, certBag)}, nil
})

func dataSafe(bags ...[]byte) []byte { return contentInfo(sequence(bags...)) }

func contentInfo(data []byte) []byte { return sequence(object(oidData), explicit(octets(data))) }

func bag(oid string, value []byte) []byte { return sequence(object(oid), explicit(value)) }

func sequence(parts ...[]byte) []byte { return wrap(cbasn1.SEQUENCE, parts...) }

func octets(data []byte) []byte { return wrap(cbasn1.OCTET_STRING, data) }

func explicit(data []byte) []byte {
	return wrap(cbasn1.Tag(0).Constructed().ContextSpecific(), data)
}

func wrap(tag cbasn1.Tag, parts ...[]byte) []byte {
	var b cryptobyte.Builder
	b.AddASN1(tag, func(b *cryptobyte.Builder) {
		for _, part := range parts {
			b.AddBytes(part)
		}
	})
	return b.BytesOrPanic()
}

// object encodes one of the identifiers of oids.go.
func object(oid string) []byte {
	var id asn1.ObjectIdentifier
	for _, word := range strings.Split(oid, ".") {
		n, _ := strconv.Atoi(word)
		id = append(id, n)
	}
	var b cryptobyte.Builder
	b.AddASN1ObjectIdentifier(id)
	return b.BytesOrPanic()
}

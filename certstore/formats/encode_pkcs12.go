package formats

import (
	"context"
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/x509"
	"math/big"
	"strconv"
	"strings"
	"unicode/utf8"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"

	"golang.org/x/text/unicode/norm"
)

// schannel is the provider Windows keeps a server's RSA key with; Exchange takes no key from a newer one.
const schannel = "Microsoft RSA SChannel Cryptographic Provider"

// EncodePKCS12 makes a PKCS#12 file of a key, its certificate and its chain, leaf first, for whom p says. The name is
// what Windows and Java show it under. The password is taken as UTF-8 in normal form C. Errors: KeyMismatch,
// UnsupportedFormat, and Usage for an unknown profile or a password PKCS#12 cannot carry.
func EncodePKCS12(p Profile, name string, key crypto.Signer, leaf *x509.Certificate, chain []*x509.Certificate,
	password []byte) ([]byte, error) {
	how, ok := protections[p]
	if !ok {
		return nil, fail.New(fail.Usage, "use "+strings.Join(Profiles(), ", "), "%q is not a profile", string(p))
	}
	if err := CheckPair(key, leaf.PublicKey); err != nil {
		return nil, err
	}
	if err := checkPassword(password); err != nil {
		return nil, err
	}
	if err := readAgain(append([]*x509.Certificate{leaf}, chain...)); err != nil {
		return nil, err
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, unsupported("", "a key of this type cannot be written as PKCS#8: %w", shown{err})
	}
	defer clear(pkcs8)
	text := norm.NFC.Bytes(password)
	w := writer{how, secret{text, wide(string(text))}}
	data, err := w.file(pkcs8, w.attributes(name, key, leaf), leaf, chain)
	if err == nil {
		err = proven(data, key, leaf, chain, string(text))
	}
	if err != nil {
		clear(data)
		return nil, fail.New(fail.Failed, "", "the PKCS#12 file cannot be made: %w", shown{err})
	}
	return data, nil
}

// readAgain refuses certificates with which the file could not be opened again here, as is done before it leaves.
func readAgain(certs []*x509.Certificate) error {
	for _, c := range certs {
		if rule := BrokenRule(c); rule != "" {
			return unsupported("export it as PEM: of that, openssl pkcs12 -export makes a PKCS#12 file",
				"certdesk could not open a PKCS#12 file with %s again to check it: %s", names.FromDER(c.RawSubject), rule)
		}
	}
	return nil
}

// checkPassword refuses what is no text, and a NUL, which ends a password where one ends in a NUL.
func checkPassword(password []byte) error {
	if !utf8.Valid(password) {
		return fail.New(fail.Usage, "save the password as UTF-8", "the password is not UTF-8 text")
	}
	if strings.ContainsRune(string(password), 0) {
		return fail.New(fail.Usage, "use letters, digits and punctuation",
			"the password has a character that a PKCS#12 file cannot hold")
	}
	return nil
}

// writer makes the parts of a PKCS#12 file (RFC 7292) under one password.
type writer struct {
	protection
	secret
}

// labels are the attributes of the leaf and of its key.
type labels struct{ leaf, key []byte }

func (w writer) attributes(name string, key crypto.Signer, leaf *x509.Certificate) labels {
	id := sha1.Sum(leaf.Raw)
	both := [][]byte{attribute(oidLocalKeyID, octets(id[:]))}
	if name != "" {
		both = append(both, attribute(oidFriendly, bmp(name)))
	}
	l := labels{leaf: encode(tagSet, both...)}
	if _, ok := key.(*rsa.PrivateKey); ok && w.provider {
		both = append(both, attribute(oidCSPName, bmp(schannel)))
	}
	l.key = encode(tagSet, both...)
	return l
}

func attribute(oid string, value []byte) []byte { return sequence(object(oid), encode(tagSet, value)) }

func bmp(s string) []byte {
	w := wide(s)
	return encode(tagBMP, w[:len(w)-2])
}

// file is the certificates, encrypted, then the key, encrypted, and the checksum over both.
func (w writer) file(pkcs8 []byte, l labels, leaf *x509.Certificate, chain []*x509.Certificate) ([]byte, error) {
	certs := [][]byte{certBag(leaf, l.leaf)}
	for _, c := range chain {
		certs = append(certs, certBag(c))
	}
	algorithm, ciphertext, err := w.encrypt(w.certs, w.protection.seal, sequence(certs...))
	if err != nil {
		return nil, err
	}
	inner := sequence(object(oidData), algorithm, encode(tagContext0, ciphertext))
	sealedCerts := sequence(object(oidEncryptedData), explicit(sequence(number(0), inner)))
	algorithm, ciphertext, err = w.encrypt(oidPBE3DES, cbc("DES-EDE3"), pkcs8)
	if err != nil {
		return nil, err
	}
	key := bagOf(oidShroudedBag, sequence(algorithm, octets(ciphertext)), l.key)
	content := sequence(sealedCerts, contentInfo(sequence(key)))
	mac, err := w.mac(content)
	return sequence(number(3), contentInfo(content), mac), err
}

func certBag(c *x509.Certificate, attributes ...[]byte) []byte {
	return bagOf(oidCertBag, sequence(object(oidX509Cert), explicit(octets(c.Raw))), attributes...)
}

func bagOf(oid string, value []byte, attributes ...[]byte) []byte {
	return sequence(append([][]byte{object(oid), explicit(value)}, attributes...)...)
}

func contentInfo(data []byte) []byte { return sequence(object(oidData), explicit(octets(data))) }

// encrypt gives the AlgorithmIdentifier and the ciphertext; the cipher of old is for profiles that are not modern.
func (w writer) encrypt(old string, seal blockCipher, plain []byte) (algorithm, ciphertext []byte, err error) {
	if w.modern {
		return w.encryptPBES2(plain)
	}
	salt := make([]byte, 8)
	rand.Read(salt)
	s := schemes1[old]
	key, err := pkcs12KDF(context.Background(), s.digest, forKey, w.wide, salt, w.count, seal.key)
	if err != nil {
		return nil, nil, err
	}
	iv, err := pkcs12KDF(context.Background(), s.digest, forIV, w.wide, salt, w.count, 8)
	if err != nil {
		return nil, nil, err
	}
	ciphertext, err = seal.seal(key, iv, plain)
	return sequence(object(old), sequence(octets(salt), number(w.count))), ciphertext, err
}

// encryptPBES2 writes the NULL of HMAC's parameters, without which BoringSSL refuses the file.
func (w writer) encryptPBES2(plain []byte) (algorithm, ciphertext []byte, err error) {
	random := make([]byte, 32)
	rand.Read(random)
	salt, iv := random[:16], random[16:]
	key, err := pbkdf2(context.Background(), sumSHA256, w.text, salt, w.count, 32)
	if err != nil {
		return nil, nil, err
	}
	ciphertext, err = cbc("AES-256").seal(key, iv, plain)
	prf := sequence(object(oidHMACSHA256), []byte{tagNull, 0})
	kdf := sequence(object(oidPBKDF2), sequence(octets(salt), number(w.count), prf))
	return sequence(object(oidPBES2), sequence(kdf, sequence(object(oidAES256), octets(iv)))), ciphertext, err
}

// mac is the MacData over content, by SHA-256 or, of old, SHA-1.
func (w writer) mac(content []byte) ([]byte, error) {
	oid := oidSHA1
	if w.modern {
		oid = oidSHA256
	}
	d := digests[oid]
	salt := make([]byte, 8)
	rand.Read(salt)
	key, err := pkcs12KDF(context.Background(), d, forMAC, w.wide, salt, w.count, d.size())
	if err != nil {
		return nil, err
	}
	mac := hmac.New(d.new, key)
	mac.Write(content)
	info := sequence(sequence(object(oid), []byte{tagNull, 0}), octets(mac.Sum(nil)))
	return sequence(info, octets(salt), number(w.count)), nil
}

// number encodes an INTEGER that is not negative.
func number(n int64) []byte {
	body := big.NewInt(n).Bytes()
	if len(body) == 0 || body[0]&0x80 != 0 {
		body = append([]byte{0}, body...)
	}
	return encode(tagInteger, body)
}

// object encodes one of the identifiers of oids.go.
func object(oid string) []byte {
	words := strings.Split(oid, ".")
	var body []byte
	for i := 1; i < len(words); i++ {
		n, _ := strconv.Atoi(words[i])
		if i == 1 {
			first, _ := strconv.Atoi(words[0])
			n += 40 * first
		}
		arc := []byte{byte(n & 0x7f)}
		for n >>= 7; n > 0; n >>= 7 {
			arc = append([]byte{byte(n) | 0x80}, arc...)
		}
		body = append(body, arc...)
	}
	return encode(tagOID, body)
}

// GeneratePassword makes a password for an export: twenty letters and digits of a hundred random bits, in groups a
// person can read aloud, with nothing in them that looks like something else or moves between keyboards' layouts.
func GeneratePassword() string {
	text := strings.ToLower(rand.Text())
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-")
}

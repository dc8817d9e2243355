package formats

import (
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"hash"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// checksum is the MacData of a PKCS#12 file: an HMAC over its content under a key derived from the password.
type checksum struct {
	hash       func() hash.Hash
	kdf        *derivation // of PBMAC1 (RFC 9579); nil for the classic way (RFC 7292, B)
	salt       []byte
	iterations int64
	digest     []byte
}

var macHashes = map[string]func() hash.Hash{
	oidSHA1: sha1.New, "2.16.840.1.101.3.4.2.4": sha256.New224, "2.16.840.1.101.3.4.2.1": sha256.New,
	"2.16.840.1.101.3.4.2.2": sha512.New384, "2.16.840.1.101.3.4.2.3": sha512.New,
}

var hmacHashes = map[string]func() hash.Hash{
	oidHMACSHA1: sha1.New, "1.2.840.113549.2.8": sha256.New224, "1.2.840.113549.2.9": sha256.New,
	"1.2.840.113549.2.10": sha512.New384, "1.2.840.113549.2.11": sha512.New,
}

// minMACKey is the shortest key PBMAC1 may derive, in bytes; with a shorter one a wrong password fits by chance.
const minMACKey = 20

// readChecksum reads SEQUENCE { DigestInfo, salt, iterations DEFAULT 1 }, and charges its counts.
func readChecksum(in *cryptobyte.String, b *budget) (*checksum, error) {
	var seq, info, digest, salt cryptobyte.String
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !in.Empty() || !seq.ReadASN1(&info, cbasn1.SEQUENCE) {
		return nil, errPFX
	}
	oid, params, err := readAlgorithm(&info)
	if err != nil {
		return nil, err
	}
	if !info.ReadASN1(&digest, cbasn1.OCTET_STRING) || !info.Empty() || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) {
		return nil, errPFX
	}
	c := &checksum{hash: macHashes[oid], salt: salt, iterations: 1, digest: digest}
	if oid == oidPBMAC1 { // MacData's own count means nothing then, and is often 0
		return c, c.readPBMAC1(params, b)
	}
	if c.hash == nil {
		return nil, unknownCipher(oid)
	}
	if !seq.Empty() {
		if c.iterations, err = b.count(&seq); err != nil {
			return nil, err
		}
	}
	return c, atEnd(seq)
}

// readPBMAC1 reads the parameters that count instead of MacData's own.
func (c *checksum) readPBMAC1(params cryptobyte.String, b *budget) error {
	var seq cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() {
		return errPFX
	}
	kdf, err := b.kdf(&seq)
	if err != nil {
		return err
	}
	oid, _, err := readAlgorithm(&seq)
	if err != nil {
		return err
	}
	c.hash, c.kdf = hmacHashes[oid], &kdf
	switch {
	case c.hash == nil:
		return unknownCipher(oid)
	case hmacHashes[kdf.prf] == nil:
		return unknownCipher(kdf.prf)
	case kdf.length < minMACKey:
		return unsupported(recipePFX, "the checksum's key is too short to prove anything")
	}
	return atEnd(seq)
}

// fits says whether the password, in the form o has it, made the checksum over content.
func (c *checksum) fits(o opener, content []byte) (bool, error) {
	key, err := c.key(o)
	if err != nil {
		return false, unsupported(recipePFX, "the checksum cannot be verified: %w", shown{err})
	}
	mac := hmac.New(c.hash, key)
	mac.Write(content)
	return hmac.Equal(mac.Sum(nil), c.digest), nil
}

func (c *checksum) key(o opener) ([]byte, error) {
	if c.kdf == nil {
		return macKey(c.hash, c.salt, o.bmp(), c.iterations), nil
	}
	return pbkdf2.Key(hmacHashes[c.kdf.prf], o.password, c.kdf.salt, int(c.kdf.iterations), int(c.kdf.length))
}

// macKey is RFC 7292 appendix B.2 for a key as long as the hash, where it needs one block only: the hash, times
// over, of ID 3, salt and password, each repeated to whole blocks.
func macKey(newHash func() hash.Hash, salt, password []byte, iterations int64) []byte {
	h := newHash()
	for _, part := range [][]byte{{3}, salt, password} {
		for i := 0; len(part) > 0 && (i < len(part) || i%h.BlockSize() != 0); i++ {
			h.Write(part[i%len(part):][:1])
		}
	}
	key := h.Sum(nil)
	for range iterations - 1 {
		h.Reset()
		h.Write(key)
		key = h.Sum(key[:0])
	}
	return key
}

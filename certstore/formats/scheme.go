package formats

import (
	"bytes"
	"context"
	"math/bits"

	"golang.org/x/crypto/scrypt"

	"certdesk/certstore/printable"
)

// scheme is how a part of a file is encrypted under a password, read and charged, but not derived yet.
type scheme struct {
	cost int64 // of one try
	open func(ctx context.Context, s secret, data []byte) ([]byte, error)
}

// readScheme reads a password-based AlgorithmIdentifier (RFC 8018, RFC 7292 appendix C) and charges its counts. What
// certdesk does not know is told after what is damaged or beyond the limits.
func readScheme(c *cursor, b *budget) (scheme, error) {
	oid, params := c.algorithm()
	if c.err() != nil {
		return scheme{}, c.err()
	}
	var s scheme
	var err error
	if oid == oidPBES2 {
		s, err = readPBES2(params)
	} else {
		s, err = readPBES1(oid, params)
	}
	if err != nil {
		return s, err
	}
	return s, b.spend(s.cost)
}

// old is what PKCS#5 1.5 and PKCS#12 1.0 name as one: a key derivation and a cipher.
type old struct {
	digest digest
	pkcs12 bool
	seal   blockCipher
	rc4    int // bytes of the key; 0 for a block cipher
}

var schemes1 = map[string]old{
	"1.2.840.113549.1.5.3":    {digest: sumMD5, seal: cbc("DES")},
	"1.2.840.113549.1.5.6":    {digest: sumMD5, seal: cbc("RC2-64")},
	"1.2.840.113549.1.5.10":   {digest: sumSHA1, seal: cbc("DES")},
	"1.2.840.113549.1.5.11":   {digest: sumSHA1, seal: cbc("RC2-64")},
	"1.2.840.113549.1.12.1.1": {digest: sumSHA1, pkcs12: true, rc4: 16},
	"1.2.840.113549.1.12.1.2": {digest: sumSHA1, pkcs12: true, rc4: 5},
	oidPBE3DES:                {digest: sumSHA1, pkcs12: true, seal: cbc("DES-EDE3")},
	"1.2.840.113549.1.12.1.4": {digest: sumSHA1, pkcs12: true, seal: cbc("DES-EDE")},
	"1.2.840.113549.1.12.1.5": {digest: sumSHA1, pkcs12: true, seal: cbc("RC2")},
	oidPBERC240:               {digest: sumSHA1, pkcs12: true, seal: cbc("RC2-40")},
}

// cbc is a block cipher of families in that mode.
func cbc(name string) blockCipher {
	c, _ := sealingByName(name + "-CBC")
	return c
}

// readPBES1 reads SEQUENCE { salt OCTET STRING, iterations INTEGER }.
func readPBES1(oid string, params *cursor) (scheme, error) {
	o, known := schemes1[oid]
	if !known && !isPBE(oid) {
		return scheme{}, unknownCipher(oid)
	}
	in := params.enter(tagSequence)
	salt, iterations := in.octets(tagOctets), in.count()
	in.end()
	switch {
	case params.err() != nil:
		return scheme{}, params.err()
	case iterations > maxWork:
		return scheme{cost: iterations}, nil
	case !known:
		return scheme{}, unknownCipher(oid)
	}
	s := scheme{cost: iterations, open: func(ctx context.Context, s secret, data []byte) ([]byte, error) {
		key, err := pbkdf1(ctx, o.digest, s.text, salt, iterations)
		if err != nil {
			return nil, err
		}
		return o.seal.open(key[:8], key[8:], data)
	}}
	if o.pkcs12 {
		s = scheme{cost: cost(iterations, o.digest.blocks(o.seal.key)+1),
			open: func(ctx context.Context, s secret, data []byte) ([]byte, error) {
				return o.openPKCS12(ctx, s, salt, iterations, data)
			}}
	}
	return s, nil
}

func (o old) openPKCS12(ctx context.Context, s secret, salt []byte, iterations int64, data []byte) ([]byte, error) {
	key, err := pkcs12KDF(ctx, o.digest, forKey, s.wide, salt, iterations, max(o.seal.key, o.rc4))
	if err != nil {
		return nil, err
	}
	if o.rc4 > 0 {
		return openRC4(key, data)
	}
	iv, err := pkcs12KDF(ctx, o.digest, forIV, s.wide, salt, iterations, 8)
	if err != nil {
		return nil, err
	}
	return o.seal.open(key, iv, data)
}

// isPBE says whether the algorithm's parameters are a salt and a count.
func isPBE(oid string) bool {
	return bytes.HasPrefix([]byte(oid), []byte("1.2.840.113549.1.12.1.")) ||
		bytes.HasPrefix([]byte(oid), []byte("1.2.840.113549.1.5.")) && oid != oidPBKDF2 && oid != oidPBMAC1
}

// readPBES2 reads SEQUENCE { keyDerivation, encryption } (RFC 8018, A.4).
func readPBES2(params *cursor) (scheme, error) {
	in := params.enter(tagSequence)
	kdf, err := readKDF(in)
	if err != nil {
		return scheme{}, err
	}
	oid, cipher := in.algorithm()
	if in.err() != nil {
		return scheme{}, in.err()
	}
	seal, known := sealingByOID(oid)
	if !known {
		return scheme{}, unknownCipher(oid)
	}
	if oid == oidRC2 {
		seal = readRC2(cipher, seal)
	}
	iv := readIV(cipher)
	if cipher.err() != nil {
		return scheme{}, cipher.err()
	}
	if kdf.length != 0 && kdf.length != seal.key && oid != oidRC2 {
		return scheme{}, damaged("the file's key derivation makes %s, and %s takes %d", printable.Count(kdf.length, "byte"),
			seal.name, seal.key)
	}
	return scheme{cost: kdf.cost(seal.key), open: func(ctx context.Context, s secret, data []byte) ([]byte, error) {
		key, err := kdf.derive(ctx, s.text, seal.key)
		if err != nil {
			return nil, err
		}
		return seal.open(key, iv, data)
	}}, nil
}

// readIV reads a cipher's start value; RC2 says more than it.
func readIV(c *cursor) []byte {
	if c.peek() == tagSequence {
		c = c.enter(tagSequence)
		c.skip(tagInteger)
	}
	if !c.more() || c.peek() == tagNull {
		return nil
	}
	return c.octets(tagOctets)
}

// readRC2 finds the size of the key from the version, which is a code for the three common ones (RFC 8018, B.2.3).
func readRC2(c *cursor, s blockCipher) blockCipher {
	look := *c
	if look.peek() != tagSequence {
		return s
	}
	look = *look.enter(tagSequence)
	if look.peek() != tagInteger {
		return cbc("RC2-40") // 32 bits by the book; nobody writes it
	}
	switch look.count() {
	case 160:
		return cbc("RC2-40")
	case 120:
		return cbc("RC2-64")
	}
	return s
}

// kdf is a key derivation function with its parameters.
type kdf struct {
	prf        digest // of PBKDF2
	iterations int64
	salt       []byte
	length     int // bytes; 0 if not said
	n, r, p    int // of scrypt; n is 0 for PBKDF2
}

// readKDF reads the key derivation function of PBES2 or PBMAC1.
func readKDF(in *cursor) (kdf, error) {
	oid, params := in.algorithm()
	if in.err() != nil {
		return kdf{}, in.err()
	}
	switch oid {
	case oidPBKDF2:
		return readPBKDF2(params.enter(tagSequence))
	case oidScrypt:
		return readScrypt(params.enter(tagSequence))
	}
	return kdf{}, unknownCipher(oid)
}

// readPBKDF2 reads { salt, iterations, keyLength OPTIONAL, prf DEFAULT HMAC-SHA-1 } (RFC 8018, A.2).
func readPBKDF2(in *cursor) (k kdf, err error) {
	if in.peek() == tagSequence {
		return k, unsupported(recipeKey, "the file takes its salt from elsewhere, which certdesk cannot read")
	}
	k.salt, k.iterations = in.octets(tagOctets), in.count()
	if in.peek() == tagInteger {
		n := in.count()
		if n > 64 {
			return k, tooMuch("", "the file asks for a derived key of an impossible length")
		}
		k.length = int(n)
	}
	oid := oidHMACSHA1
	if in.more() {
		oid, _ = in.algorithm()
	}
	in.end()
	if in.err() != nil {
		return k, in.err()
	}
	if k.iterations > maxWork {
		k.prf = sumSHA1
		return k, nil
	}
	prf, known := hmacs[oid]
	if !known {
		return k, unknownCipher(oid)
	}
	k.prf = prf
	return k, nil
}

// readScrypt reads { salt, N, r, p, keyLength OPTIONAL } (RFC 7914, 7).
func readScrypt(in *cursor) (k kdf, err error) {
	k.salt = in.octets(tagOctets)
	n, r, p := in.count(), in.count(), in.count()
	if in.peek() == tagInteger {
		k.length = int(min(in.count(), 1<<20))
	}
	in.end()
	switch {
	case in.err() != nil:
		return k, in.err()
	case n > maxScrypt || r > maxScrypt || p > 1<<10 || 128*n*r > maxScrypt || n*r*p > 1<<21:
		return k, tooMuch("such a file is made to stall its reader; have it exported again with less memory",
			"the file asks for more than %d MiB of memory", maxScrypt>>20)
	case n < 2 || bits.OnesCount64(uint64(n)) != 1:
		return k, damaged("the parameters of scrypt are impossible")
	}
	k.n, k.r, k.p = int(n), int(r), int(p)
	return k, nil
}

// cost is that of deriving a key of so many bytes.
func (k kdf) cost(length int) int64 {
	if k.n > 0 {
		return 2 * int64(k.n) * int64(k.r) * int64(k.p)
	}
	return cost(k.iterations, 2*k.prf.weight*k.prf.blocks(length))
}

func (k kdf) derive(ctx context.Context, password []byte, length int) ([]byte, error) {
	if k.n == 0 {
		return pbkdf2(ctx, k.prf, password, k.salt, k.iterations, length)
	}
	if err := canceled(ctx); err != nil {
		return nil, err
	}
	key, err := scrypt.Key(password, k.salt, k.n, k.r, k.p, length)
	if err != nil {
		return nil, damaged("the parameters of scrypt are impossible")
	}
	return key, nil
}

func unknownCipher(oid string) error {
	return unsupported(recipePFX, "the file is protected with %s, which certdesk cannot open", objectName(oid))
}

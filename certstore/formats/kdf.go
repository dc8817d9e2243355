package formats

import (
	"encoding/asn1"
	"fmt"

	"golang.org/x/crypto/cryptobyte"
	cbasn1 "golang.org/x/crypto/cryptobyte/asn1"
)

// maxIterations is what all key derivations of one Decode may cost together: some seconds at most.
const maxIterations = 5_000_000

// maxScrypt is the memory one scrypt derivation may ask for, in bytes.
const maxScrypt = 64 << 20

// budget is what is left of maxIterations. Every count of a file is charged before the first is derived.
type budget struct{ left int64 }

func (b *budget) spend(n int64) error {
	if n > b.left {
		return tooMuch("such a file is made to stall its reader; have it exported again with fewer iterations",
			"the file asks for more than %d password iterations", maxIterations)
	}
	b.left -= n
	return nil
}

// algorithm charges a password-based AlgorithmIdentifier (RFC 8018, RFC 7292 appendix C) and refuses one that
// go-pkcs12 does not know.
func (b *budget) algorithm(in *cryptobyte.String) error {
	oid, params, err := readAlgorithm(in)
	if err != nil {
		return err
	}
	if oid == oidPBES2 {
		return b.pbes2(params)
	}
	if isPBE(oid) {
		if err := b.pbe(params); err != nil {
			return err
		}
	}
	if !knownPBE[oid] {
		return unknownCipher(oid)
	}
	return nil
}

// pbe charges SEQUENCE { salt OCTET STRING, iterations INTEGER }.
func (b *budget) pbe(params cryptobyte.String) error {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) {
		return damaged("the encryption's parameters are damaged")
	}
	if _, err := b.count(&seq); err != nil {
		return err
	}
	return atEnd(seq)
}

func (b *budget) pbes2(params cryptobyte.String) error {
	var seq cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() {
		return damaged("the encryption's parameters are damaged")
	}
	kdf, err := b.kdf(&seq)
	if err != nil {
		return err
	}
	oid, _, err := readAlgorithm(&seq)
	if err != nil {
		return err
	}
	if !knownPRFs[kdf.prf] {
		return unknownCipher(kdf.prf)
	}
	if !knownCiphers[oid] {
		return unknownCipher(oid)
	}
	return atEnd(seq)
}

// derivation is what PBKDF2 is to do.
type derivation struct {
	salt       []byte
	iterations int64
	length     int64 // bytes; 0 if not said
	prf        string
}

// kdf charges the key derivation function of PBES2 or PBMAC1.
func (b *budget) kdf(in *cryptobyte.String) (derivation, error) {
	oid, params, err := readAlgorithm(in)
	if err != nil {
		return derivation{}, err
	}
	switch oid {
	case oidPBKDF2:
		return b.pbkdf2(params)
	case oidScrypt:
		if err := checkScrypt(params); err != nil {
			return derivation{}, err
		}
	}
	return derivation{}, unknownCipher(oid)
}

// pbkdf2 charges SEQUENCE { salt, iterations, keyLength OPTIONAL, prf DEFAULT HMAC-SHA-1 } (RFC 8018, A.2).
func (b *budget) pbkdf2(params cryptobyte.String) (d derivation, err error) {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !params.Empty() || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) {
		return d, damaged("the parameters of the key derivation are damaged")
	}
	d = derivation{salt: salt, prf: oidHMACSHA1}
	if d.iterations, err = b.count(&seq); err != nil {
		return d, err
	}
	if seq.PeekASN1Tag(cbasn1.INTEGER) {
		if d.length, err = readCount(&seq); err != nil || d.length > 64 {
			return d, tooMuch("", "the file asks for a derived key of an impossible length")
		}
	}
	if !seq.Empty() {
		if d.prf, _, err = readAlgorithm(&seq); err != nil {
			return d, err
		}
	}
	return d, atEnd(seq)
}

func (b *budget) count(in *cryptobyte.String) (int64, error) {
	n, err := readCount(in)
	if err != nil {
		return 0, err
	}
	return n, b.spend(n)
}

// readCount reads a positive INTEGER; one of more than 62 bits reads as 1<<62, which every limit refuses.
func readCount(in *cryptobyte.String) (int64, error) {
	var raw cryptobyte.String
	if !in.ReadASN1(&raw, cbasn1.INTEGER) || len(raw) == 0 {
		return 0, damaged("a count in the file is damaged")
	}
	n := int64(0)
	for _, c := range raw {
		if n = n<<8 | int64(c); n >= 1<<54 {
			n = 1 << 62
			break
		}
	}
	if raw[0]&0x80 != 0 || n == 0 {
		return 0, damaged("a count in the file is zero or negative")
	}
	return n, nil
}

// checkScrypt refuses, before saying that scrypt is not known here, what nobody should derive.
func checkScrypt(params cryptobyte.String) error {
	var seq, salt cryptobyte.String
	if !params.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1(&salt, cbasn1.OCTET_STRING) {
		return damaged("the parameters of scrypt are damaged")
	}
	product := int64(128)
	for range 3 { // N, r, p
		n, err := readCount(&seq)
		if err != nil {
			return err
		}
		if n > maxScrypt/product {
			return tooMuch("", "the file asks for more than %d MiB of memory", maxScrypt>>20)
		}
		product *= n
	}
	return nil
}

// readAlgorithm reads SEQUENCE { algorithm, parameters OPTIONAL }.
func readAlgorithm(in *cryptobyte.String) (oid string, params cryptobyte.String, err error) {
	var seq cryptobyte.String
	var id asn1.ObjectIdentifier
	if !in.ReadASN1(&seq, cbasn1.SEQUENCE) || !seq.ReadASN1ObjectIdentifier(&id) {
		return "", nil, damaged("an algorithm of the file is damaged")
	}
	return id.String(), seq, nil
}

func atEnd(s cryptobyte.String) error {
	if !s.Empty() {
		return damaged("the file holds more than its format allows")
	}
	return nil
}

func unknownCipher(oid string) error {
	name := algorithmNames[oid]
	if name == "" {
		name = fmt.Sprintf("algorithm %s", oid)
	}
	return unsupported(recipePFX, "the file is protected with %s, which certdesk cannot read", name)
}

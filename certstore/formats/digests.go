package formats

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"hash"
)

// digest is a hash function, and what a block of it costs, in blocks of SHA-256.
type digest struct {
	new    func() hash.Hash
	weight int64
}

var (
	sumMD5    = digest{md5.New, 1}
	sumSHA1   = digest{sha1.New, 1}
	sumSHA224 = digest{sha256.New224, 1}
	sumSHA256 = digest{sha256.New, 1}
	sumSHA384 = digest{sha512.New384, 2}
	sumSHA512 = digest{sha512.New, 2}
)

// digests are the hash functions of PKCS#12 checksums. openssl can be asked for others, which are refused by name: no
// program writes MD4, RIPEMD-160, BLAKE2, SM3 or Whirlpool by itself.
var digests = map[string]digest{
	"1.2.840.113549.2.5":      sumMD5,
	oidSHA1:                   sumSHA1,
	"2.16.840.1.101.3.4.2.4":  sumSHA224,
	oidSHA256:                 sumSHA256,
	"2.16.840.1.101.3.4.2.2":  sumSHA384,
	"2.16.840.1.101.3.4.2.3":  sumSHA512,
	"2.16.840.1.101.3.4.2.5":  {sha512.New512_224, 2},
	"2.16.840.1.101.3.4.2.6":  {sha512.New512_256, 2},
	"2.16.840.1.101.3.4.2.7":  {func() hash.Hash { return sha3.New224() }, 4},
	"2.16.840.1.101.3.4.2.8":  {func() hash.Hash { return sha3.New256() }, 4},
	"2.16.840.1.101.3.4.2.9":  {func() hash.Hash { return sha3.New384() }, 4},
	"2.16.840.1.101.3.4.2.10": {func() hash.Hash { return sha3.New512() }, 4},
}

// hmacs are the pseudo-random functions of PBKDF2 and PBMAC1.
var hmacs = map[string]digest{
	"1.3.6.1.5.5.8.1.1":       sumMD5,
	"1.2.840.113549.2.6":      sumMD5,
	"1.3.6.1.5.5.8.1.2":       sumSHA1,
	oidHMACSHA1:               sumSHA1,
	"1.2.840.113549.2.8":      sumSHA224,
	oidHMACSHA256:             sumSHA256,
	"1.2.840.113549.2.10":     sumSHA384,
	"1.2.840.113549.2.11":     sumSHA512,
	"1.2.840.113549.2.12":     {sha512.New512_224, 2},
	"1.2.840.113549.2.13":     {sha512.New512_256, 2},
	"2.16.840.1.101.3.4.2.13": {func() hash.Hash { return sha3.New224() }, 4},
	"2.16.840.1.101.3.4.2.14": {func() hash.Hash { return sha3.New256() }, 4},
	"2.16.840.1.101.3.4.2.15": {func() hash.Hash { return sha3.New384() }, 4},
	"2.16.840.1.101.3.4.2.16": {func() hash.Hash { return sha3.New512() }, 4},
}

// size is the length of the digest in bytes.
func (d digest) size() int { return d.new().Size() }

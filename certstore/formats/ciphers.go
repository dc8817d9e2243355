package formats

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
	"errors"
	"strings"

	"certdesk/certstore/printable"
)

// blockCipher is a cipher in CBC mode, by its name in openssl without the mode.
type blockCipher struct {
	name string
	key  int // bytes
	new  func(key []byte) (cipher.Block, error)
}

// families are the block ciphers that the files of mail servers have been protected with in the last fifteen years, in
// CBC, the only mode they were written in: Windows (3DES and RC2-40; AES-256 since Server 2019), Java and NSS (3DES,
// RC2, AES), GnuTLS, and openssl by its defaults and in its old PEM keys (DES, 3DES, AES). What openssl writes only
// where somebody asks for it by name (Camellia, ARIA, SEED, SM4, Blowfish, CAST5, DESX, and the modes CFB, OFB, CTR and
// ECB) is refused by name, with the line that converts it: no cipher here is our own but RC2, which nobody else has.
var families = []struct {
	blockCipher
	cbc string // its object identifier; "" where PKCS#5 names it together with the key derivation
}{
	{blockCipher{"AES-128", 16, aes.NewCipher}, "2.16.840.1.101.3.4.1.2"},
	{blockCipher{"AES-192", 24, aes.NewCipher}, "2.16.840.1.101.3.4.1.22"},
	{blockCipher{"AES-256", 32, aes.NewCipher}, oidAES256},
	{blockCipher{"DES-EDE3", 24, des.NewTripleDESCipher}, "1.2.840.113549.3.7"},
	{blockCipher{"DES-EDE", 16, newTwoKeyDES}, ""},
	{blockCipher{"DES", 8, des.NewCipher}, "1.3.14.3.2.7"},
	{blockCipher{"RC2-40", 5, newRC2}, ""},
	{blockCipher{"RC2-64", 8, newRC2}, ""},
	{blockCipher{"RC2", 16, newRC2}, oidRC2},
}

func newTwoKeyDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(bytes.Clone(key), key[:8]...))
}

// sealingByOID finds what an AlgorithmIdentifier names.
func sealingByOID(oid string) (blockCipher, bool) {
	for _, f := range families {
		if f.cbc == oid {
			return f.blockCipher, true
		}
	}
	return blockCipher{}, false
}

// sealingByName finds what a DEK-Info line names, such as AES-256-CBC.
func sealingByName(name string) (blockCipher, bool) {
	base, isCBC := strings.CutSuffix(name, "-CBC")
	for _, f := range families {
		if isCBC && f.name == base {
			return f.blockCipher, true
		}
	}
	return blockCipher{}, false
}

// errNotDecrypted is what a wrong password leads to: bad padding, or noise.
var errNotDecrypted = errors.New("decryption failed")

// open decrypts data. iv has to be a block long.
func (c blockCipher) open(key, iv, data []byte) ([]byte, error) {
	block, err := c.new(key)
	if err != nil {
		return nil, err
	}
	size := block.BlockSize()
	if len(iv) < size {
		return nil, damaged("the start value of the encryption has %s, not %d", printable.Count(len(iv), "byte"), size)
	}
	if len(data) == 0 || len(data)%size != 0 {
		return nil, errNotDecrypted
	}
	out := make([]byte, len(data))
	cipher.NewCBCDecrypter(block, iv[:size]).CryptBlocks(out, data)
	return unpad(out, size)
}

// seal encrypts.
func (c blockCipher) seal(key, iv, data []byte) ([]byte, error) {
	block, err := c.new(key)
	if err != nil {
		return nil, err
	}
	pad := block.BlockSize() - len(data)%block.BlockSize()
	out := append(bytes.Clone(data), bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, iv).CryptBlocks(out, out)
	return out, nil
}

func openRC4(key, data []byte) ([]byte, error) {
	stream, err := rc4.NewCipher(key)
	if err != nil {
		return nil, err
	}
	out := make([]byte, len(data))
	stream.XORKeyStream(out, data)
	return out, nil
}

func unpad(data []byte, size int) ([]byte, error) {
	n := int(data[len(data)-1])
	if n == 0 || n > size || !bytes.Equal(data[len(data)-n:], bytes.Repeat([]byte{byte(n)}, n)) {
		return nil, errNotDecrypted
	}
	return data[:len(data)-n], nil
}

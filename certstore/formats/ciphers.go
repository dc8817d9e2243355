package formats

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/des"
	"crypto/rc4"
	"errors"
	"strings"

	"golang.org/x/crypto/blowfish"
	"golang.org/x/crypto/cast5"
)

// blockCipher is a cipher by its name in openssl, without its mode.
type blockCipher struct {
	name string
	key  int // bytes
	new  func(key []byte) (cipher.Block, error)
}

// family is the ciphers openssl encrypts keys with, and the modes' object identifiers. The order of modes is that of
// the fields, an empty one is an identifier openssl does not know.
var families = []struct {
	blockCipher
	cbc, ecb, cfb, ofb, ctr string
}{
	{blockCipher{"AES-128", 16, aes.NewCipher}, "2.16.840.1.101.3.4.1.2", "2.16.840.1.101.3.4.1.1", "2.16.840.1.101.3.4.1.4", "2.16.840.1.101.3.4.1.3", ""},
	{blockCipher{"AES-192", 24, aes.NewCipher}, "2.16.840.1.101.3.4.1.22", "2.16.840.1.101.3.4.1.21", "2.16.840.1.101.3.4.1.24", "2.16.840.1.101.3.4.1.23", ""},
	{blockCipher{"AES-256", 32, aes.NewCipher}, oidAES256, "2.16.840.1.101.3.4.1.41", "2.16.840.1.101.3.4.1.44", "2.16.840.1.101.3.4.1.43", ""},
	{blockCipher{"DES-EDE3", 24, des.NewTripleDESCipher}, "1.2.840.113549.3.7", "", "", "", ""},
	{blockCipher{"DES-EDE", 16, newTwoKeyDES}, "", "1.3.14.3.2.17", "", "", ""},
	{blockCipher{"DES", 8, des.NewCipher}, "1.3.14.3.2.7", "1.3.14.3.2.6", "1.3.14.3.2.9", "1.3.14.3.2.8", ""},
	{blockCipher{"DESX", 24, newDESX}, "", "", "", "", ""},
	{blockCipher{"RC2-40", 5, newRC2}, "", "", "", "", ""},
	{blockCipher{"RC2-64", 8, newRC2}, "", "", "", "", ""},
	{blockCipher{"RC2", 16, newRC2}, oidRC2, "", "", "", ""},
	{blockCipher{"BF", 16, newBlowfish}, "1.3.6.1.4.1.3029.1.2", "", "", "", ""},
	{blockCipher{"CAST5", 16, newCAST5}, oidCAST5, "", "", "", ""},
	{blockCipher{"CAMELLIA-128", 16, newCamellia}, "1.2.392.200011.61.1.1.1.2", "0.3.4401.5.3.1.9.1", "0.3.4401.5.3.1.9.4", "0.3.4401.5.3.1.9.3", "0.3.4401.5.3.1.9.9"},
	{blockCipher{"CAMELLIA-192", 24, newCamellia}, "1.2.392.200011.61.1.1.1.3", "0.3.4401.5.3.1.9.21", "0.3.4401.5.3.1.9.24", "0.3.4401.5.3.1.9.23", "0.3.4401.5.3.1.9.29"},
	{blockCipher{"CAMELLIA-256", 32, newCamellia}, "1.2.392.200011.61.1.1.1.4", "0.3.4401.5.3.1.9.41", "0.3.4401.5.3.1.9.44", "0.3.4401.5.3.1.9.43", "0.3.4401.5.3.1.9.49"},
	{blockCipher{"ARIA-128", 16, newARIA}, "1.2.410.200046.1.1.2", "1.2.410.200046.1.1.1", "1.2.410.200046.1.1.3", "1.2.410.200046.1.1.4", "1.2.410.200046.1.1.5"},
	{blockCipher{"ARIA-192", 24, newARIA}, "1.2.410.200046.1.1.7", "1.2.410.200046.1.1.6", "1.2.410.200046.1.1.8", "1.2.410.200046.1.1.9", "1.2.410.200046.1.1.10"},
	{blockCipher{"ARIA-256", 32, newARIA}, "1.2.410.200046.1.1.12", "1.2.410.200046.1.1.11", "1.2.410.200046.1.1.13", "1.2.410.200046.1.1.14", "1.2.410.200046.1.1.15"},
	{blockCipher{"SM4", 16, newSM4}, "1.2.156.10197.1.104.2", "1.2.156.10197.1.104.1", "1.2.156.10197.1.104.4", "1.2.156.10197.1.104.3", "1.2.156.10197.1.104.7"},
	{blockCipher{"SEED", 16, newSEED}, "1.2.410.200004.1.4", "1.2.410.200004.1.3", "1.2.410.200004.1.5", "1.2.410.200004.1.6", ""},
}

func newBlowfish(key []byte) (cipher.Block, error) { return blowfish.NewCipher(key) }

func newCAST5(key []byte) (cipher.Block, error) { return cast5.NewCipher(key) }

func newTwoKeyDES(key []byte) (cipher.Block, error) {
	return des.NewTripleDESCipher(append(bytes.Clone(key), key[:8]...))
}

// desx is DES between two masks.
type desx struct {
	cipher.Block
	in, out []byte
}

func newDESX(key []byte) (cipher.Block, error) {
	block, err := des.NewCipher(key[:8])
	return desx{block, key[8:16], key[16:24]}, err
}

func (x desx) Decrypt(dst, src []byte) {
	masked := make([]byte, 8)
	xor(masked, src, x.out)
	x.Block.Decrypt(dst, masked)
	xor(dst, dst, x.in)
}

func xor(dst, a, b []byte) {
	for i := range b {
		dst[i] = a[i] ^ b[i]
	}
}

// sealing is a cipher in a mode.
type sealing struct {
	blockCipher
	mode string
}

// sealingByOID finds what an AlgorithmIdentifier names.
func sealingByOID(oid string) (sealing, bool) {
	for _, f := range families {
		for mode, id := range map[string]string{"CBC": f.cbc, "ECB": f.ecb, "CFB": f.cfb, "OFB": f.ofb, "CTR": f.ctr} {
			if id != "" && id == oid {
				return sealing{f.blockCipher, mode}, true
			}
		}
	}
	return sealing{}, false
}

// sealingByName finds what a DEK-Info line names, such as AES-256-CBC.
func sealingByName(name string) (sealing, bool) {
	base, mode := "", ""
	if at := strings.LastIndexByte(name, '-'); at > 0 {
		base, mode = name[:at], name[at+1:]
	}
	if !strings.Contains(" CBC CFB CFB8 CFB1 OFB CTR ", " "+mode+" ") {
		return sealing{}, false
	}
	for _, f := range families {
		if f.name == base {
			return sealing{f.blockCipher, mode}, true
		}
	}
	return sealing{}, false
}

// errNotDecrypted is what a wrong password leads to: bad padding, or noise.
var errNotDecrypted = errors.New("decryption failed")

// open decrypts data. iv has to be a block long, or none where the mode takes none.
func (s sealing) open(key, iv, data []byte) ([]byte, error) {
	block, err := s.new(key)
	if err != nil {
		return nil, err
	}
	size := block.BlockSize()
	if s.mode != "ECB" && len(iv) < size {
		return nil, damaged("the start value of the encryption has %d bytes, not %d", len(iv), size)
	}
	out := make([]byte, len(data))
	switch s.mode {
	case "CBC", "ECB":
		if len(data) == 0 || len(data)%size != 0 {
			return nil, errNotDecrypted
		}
		chain := iv
		for at := 0; at < len(data); at += size {
			block.Decrypt(out[at:], data[at:at+size])
			if s.mode == "CBC" {
				xor(out[at:at+size], out[at:at+size], chain[:size])
				chain = data[at:]
			}
		}
		return unpad(out, size)
	case "OFB":
		cipher.NewOFB(block, iv[:size]).XORKeyStream(out, data)
	case "CTR":
		cipher.NewCTR(block, iv[:size]).XORKeyStream(out, data)
	case "CFB":
		cipher.NewCFBDecrypter(block, iv[:size]).XORKeyStream(out, data)
	case "CFB8":
		openCFB8(block, iv[:size], out, data)
	case "CFB1":
		openCFB1(block, iv[:size], out, data)
	}
	return out, nil
}

// seal encrypts for CBC, which alone is written.
func (s sealing) seal(key, iv, data []byte) ([]byte, error) {
	block, err := s.new(key)
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

func openCFB8(block cipher.Block, iv, out, data []byte) {
	register, stream := bytes.Clone(iv), make([]byte, len(iv))
	for i, c := range data {
		block.Encrypt(stream, register)
		out[i] = c ^ stream[0]
		register = append(register[1:], c)
	}
}

func openCFB1(block cipher.Block, iv, out, data []byte) {
	register, stream := bytes.Clone(iv), make([]byte, len(iv))
	for i := range 8 * len(data) {
		block.Encrypt(stream, register)
		bit := data[i/8] >> (7 - i%8) & 1
		out[i/8] |= (bit ^ stream[0]>>7) << (7 - i%8)
		for j := range register {
			register[j] <<= 1
			if j+1 < len(register) {
				register[j] |= register[j+1] >> 7
			}
		}
		register[len(register)-1] |= bit
	}
}

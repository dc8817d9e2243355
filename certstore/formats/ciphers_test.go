package formats

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

// TestCiphersAsOpenssl encrypts by openssl and decrypts here.
func TestCiphersAsOpenssl(t *testing.T) {
	plain := []byte("forty-eight bytes of text, of which some repeat.")
	in := write(t, "plain", plain)
	for _, f := range families {
		key := bytes.Repeat([]byte{0x2b, 0x7e, 0x15, 0x16, 0x28, 0xae, 0xd2, 0xa6}, 4)[:f.key]
		iv := []byte("0123456789abcdef")[:blockSize(t, f.blockCipher)]
		name := strings.ToLower(f.name) + "-cbc"
		out, ok := tryOpenssl(t, "enc", "-"+name, "-in", in, "-K", hex.EncodeToString(key), "-iv", hex.EncodeToString(iv))
		if !ok {
			continue
		}
		c, known := sealingByName(f.name + "-CBC")
		if !known {
			t.Fatal(f.name)
		}
		if got, err := c.open(key, iv, out); err != nil || !bytes.Equal(got, plain) {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func blockSize(t *testing.T, c blockCipher) int {
	t.Helper()
	b, err := c.new(make([]byte, c.key))
	if err != nil {
		t.Fatal(err)
	}
	return b.BlockSize()
}

// What is written here is the test vectors of RFC 2268, which openssl cannot be asked for.
func TestRC2(t *testing.T) {
	for _, c := range []struct {
		key, plain, cipher string
		bits               int
	}{
		{"0000000000000000", "0000000000000000", "ebb773f993278eff", 63},
		{"ffffffffffffffff", "ffffffffffffffff", "278b27e42e2f0d49", 64},
		{"88", "0000000000000000", "61a8a244adacccf0", 64},
		{"88bca90e90875a7f0f79c384627bafb2", "0000000000000000", "2269552ab0f85ca6", 128},
	} {
		key, _ := hex.DecodeString(c.key)
		plain, _ := hex.DecodeString(c.plain)
		block := newRC2Bits(key, c.bits)
		out := make([]byte, 8)
		if block.Encrypt(out, plain); hex.EncodeToString(out) != c.cipher {
			t.Errorf("%s: %x", c.key, out)
		}
		if block.Decrypt(out, out); !bytes.Equal(out, plain) {
			t.Errorf("%s: back comes %x", c.key, out)
		}
	}
}

package formats

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
	"sync"
)

// sm4 is the block cipher of GB/T 32907, and what a Chinese CA protects a key with.
type sm4 struct{ k [32]uint32 }

func newSM4(key []byte) (cipher.Block, error) {
	c := new(sm4)
	fk := [4]uint32{0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc}
	var x [36]uint32
	for i := range 4 {
		x[i] = binary.BigEndian.Uint32(key[4*i:]) ^ fk[i]
	}
	for i := range 32 {
		ck := uint32(0)
		for j := range 4 {
			ck = ck<<8 | uint32((4*i+j)*7&0xff)
		}
		b := sm4Tau(x[i+1] ^ x[i+2] ^ x[i+3] ^ ck)
		x[i+4] = x[i] ^ b ^ bits.RotateLeft32(b, 13) ^ bits.RotateLeft32(b, 23)
		c.k[i] = x[i+4]
	}
	return c, nil
}

func sm4Tau(x uint32) (out uint32) {
	for shift := 24; shift >= 0; shift -= 8 {
		out = out<<8 | uint32(sm4S[byte(x>>shift)])
	}
	return out
}

func (c *sm4) BlockSize() int { return 16 }

func (c *sm4) Encrypt(dst, src []byte) { c.crypt(dst, src, 0) }

func (c *sm4) Decrypt(dst, src []byte) { c.crypt(dst, src, 31) }

func (c *sm4) crypt(dst, src []byte, flip int) {
	var x [36]uint32
	for i := range 4 {
		x[i] = binary.BigEndian.Uint32(src[4*i:])
	}
	for i := range 32 {
		b := sm4Tau(x[i+1] ^ x[i+2] ^ x[i+3] ^ c.k[i^flip])
		x[i+4] = x[i] ^ b ^ bits.RotateLeft32(b, 2) ^ bits.RotateLeft32(b, 10) ^ bits.RotateLeft32(b, 18) ^ bits.RotateLeft32(b, 24)
	}
	for i := range 4 {
		binary.BigEndian.PutUint32(dst[4*i:], x[35-i])
	}
}

// aria is the block cipher of RFC 5794, and what a Korean CA protects a key with.
type aria struct{ enc, dec [][16]byte }

// ariaC are the digits of 1/pi.
var ariaC = [3][16]byte{
	{0x51, 0x7c, 0xc1, 0xb7, 0x27, 0x22, 0x0a, 0x94, 0xfe, 0x13, 0xab, 0xe8, 0xfa, 0x9a, 0x6e, 0xe0},
	{0x6d, 0xb1, 0x4a, 0xcc, 0x9e, 0x21, 0xc8, 0x20, 0xff, 0x28, 0xb1, 0xd5, 0xef, 0x5d, 0xe2, 0xb0},
	{0xdb, 0x92, 0x37, 0x1d, 0x21, 0x26, 0xe9, 0x70, 0x03, 0x24, 0x97, 0x75, 0x04, 0xe8, 0xc9, 0x0e},
}

func newARIA(key []byte) (cipher.Block, error) {
	var kl, kr [16]byte
	copy(kl[:], key)
	copy(kr[:], key[16:])
	n := (len(key) - 16) / 8 // 0, 1, 2
	var w [4][16]byte
	w[0] = kl
	w[1] = xor16(ariaOdd(w[0], ariaC[n]), kr)
	w[2] = xor16(ariaEven(w[1], ariaC[(n+1)%3]), w[0])
	w[3] = xor16(ariaOdd(w[2], ariaC[(n+2)%3]), w[1])
	c := new(aria)
	rounds := 12 + 2*n
	for _, by := range []uint{109, 97, 61, 31, 19} { // to the left: 19 and 31 are to the right, as 109 and 97
		for i := range 4 {
			c.enc = append(c.enc, xor16(w[i], rot16(w[(i+1)%4], by)))
		}
	}
	c.enc = c.enc[:rounds+1]
	for i := range c.enc {
		k := c.enc[rounds-i]
		if i > 0 && i < rounds {
			k = ariaA(k)
		}
		c.dec = append(c.dec, k)
	}
	return c, nil
}

func xor16(a, b [16]byte) [16]byte {
	xor(a[:], a[:], b[:])
	return a
}

func rot16(a [16]byte, by uint) (out [16]byte) {
	hi, lo := rot(binary.BigEndian.Uint64(a[:]), binary.BigEndian.Uint64(a[8:]), by)
	binary.BigEndian.PutUint64(out[:], hi)
	binary.BigEndian.PutUint64(out[8:], lo)
	return out
}

func ariaOdd(x, k [16]byte) [16]byte { return ariaA(ariaSubstitute(xor16(x, k), 0)) }

func ariaEven(x, k [16]byte) [16]byte { return ariaA(ariaSubstitute(xor16(x, k), 2)) }

// ariaBoxes are S1, S2 and their inverses. They are computed when a file first wants them: few ever do.
var ariaBoxes = sync.OnceValue(makeARIA)

func ariaSubstitute(x [16]byte, from int) [16]byte {
	boxes := ariaBoxes()
	for i := range x {
		x[i] = boxes[(i+from)%4][x[i]]
	}
	return x
}

// ariaRows say which seven bytes make each byte of the diffusion layer.
var ariaRows = [16][7]byte{
	{3, 4, 6, 8, 9, 13, 14}, {2, 5, 7, 8, 9, 12, 15}, {1, 4, 6, 10, 11, 12, 15}, {0, 5, 7, 10, 11, 13, 14},
	{0, 2, 5, 8, 11, 14, 15}, {1, 3, 4, 9, 10, 14, 15}, {0, 2, 7, 9, 10, 12, 13}, {1, 3, 6, 8, 11, 12, 13},
	{0, 1, 4, 7, 10, 13, 15}, {0, 1, 5, 6, 11, 12, 14}, {2, 3, 5, 6, 8, 13, 15}, {2, 3, 4, 7, 9, 12, 14},
	{1, 2, 6, 7, 9, 11, 12}, {0, 3, 6, 7, 8, 10, 13}, {0, 3, 4, 5, 9, 11, 14}, {1, 2, 4, 5, 8, 10, 15},
}

func ariaA(x [16]byte) (out [16]byte) {
	for i, row := range ariaRows {
		for _, j := range row {
			out[i] ^= x[j]
		}
	}
	return out
}

// makeARIA computes the boxes: S1 is that of AES, x^-1 and a map of its bits; S2 is x^247 and another.
func makeARIA() *[4][256]byte {
	boxes := new([4][256]byte)
	for x := range 256 {
		inverse := power(byte(x), 254, 0x1b)
		s1 := inverse ^ bits.RotateLeft8(inverse, 1) ^ bits.RotateLeft8(inverse, 2) ^ bits.RotateLeft8(inverse, 3) ^ bits.RotateLeft8(inverse, 4) ^ 0x63
		s2 := affine(power(byte(x), 247, 0x1b), ariaMap) ^ 0xe2
		boxes[0][x], boxes[1][x] = s1, s2
		boxes[2][s1], boxes[3][s2] = byte(x), byte(x)
	}
	return boxes
}

// ariaMap is the matrix of S2 (RFC 5794, 2.4.2), row by row from the lowest bit, each row's lowest bit the first column.
var ariaMap = [8]byte{0x7a, 0xbc, 0xeb, 0xb9, 0x34, 0x81, 0xba, 0xcb}

func affine(x byte, rows [8]byte) (out byte) {
	for i, row := range rows {
		out |= byte(bits.OnesCount8(x&row)&1) << i
	}
	return out
}

// power is x^n in the field of 256 elements that the polynomial makes.
func power(x byte, n int, polynomial byte) byte {
	out := byte(1)
	for range n {
		product := byte(0)
		for i := range 8 {
			carry := product >> 7
			product <<= 1
			product ^= carry * polynomial
			if out>>(7-i)&1 == 1 {
				product ^= x
			}
		}
		out = product
	}
	return out
}

func (c *aria) BlockSize() int { return 16 }

func (c *aria) Encrypt(dst, src []byte) { ariaCrypt(c.enc, dst, src) }

func (c *aria) Decrypt(dst, src []byte) { ariaCrypt(c.dec, dst, src) }

func ariaCrypt(keys [][16]byte, dst, src []byte) {
	x := [16]byte(src[:16])
	last := len(keys) - 1
	for i, k := range keys[:last-1] {
		if i%2 == 0 {
			x = ariaOdd(x, k)
		} else {
			x = ariaEven(x, k)
		}
	}
	x = xor16(ariaSubstitute(xor16(x, keys[last-1]), 2), keys[last])
	copy(dst, x[:])
}

// seed is the block cipher of RFC 4269, and what a Korean CA protected a key with before ARIA.
type seed struct{ k [16][2]uint32 }

// seedBoxes are x^247 and x^251 in the field of 0x163, each and a map of its bits.
var seedBoxes = sync.OnceValue(makeSEED)

func makeSEED() *[2][256]byte {
	boxes := new([2][256]byte)
	for x := range 256 {
		boxes[0][x] = affine(power(byte(x), 247, 0x63), [8]byte{0x14, 0x88, 0x21, 0x45, 0x42, 0x85, 0xfe, 0x8a}) ^ 0xa9
		boxes[1][x] = affine(power(byte(x), 251, 0x63), [8]byte{0x14, 0x42, 0x88, 0x8a, 0x21, 0xfe, 0x85, 0x45}) ^ 0x38
	}
	return boxes
}

func newSEED(key []byte) (cipher.Block, error) {
	a, c := binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])
	s := new(seed)
	for i := range s.k {
		kc := bits.RotateLeft32(0x9e3779b9, i)
		s.k[i] = [2]uint32{seedG(uint32(a>>32) + uint32(c>>32) - kc), seedG(uint32(a) - uint32(c) + kc)}
		if i%2 == 0 {
			a = bits.RotateLeft64(a, -8)
		} else {
			c = bits.RotateLeft64(c, 8)
		}
	}
	return s, nil
}

func seedG(x uint32) (out uint32) {
	boxes := seedBoxes()
	masks := [4]byte{0xfc, 0xf3, 0xcf, 0x3f}
	for i := 3; i >= 0; i-- {
		z := byte(0)
		for j := range 4 {
			z ^= boxes[j%2][byte(x>>(8*j))] & masks[(i+j)%4]
		}
		out = out<<8 | uint32(z)
	}
	return out
}

func (s *seed) BlockSize() int { return 16 }

func (s *seed) Encrypt(dst, src []byte) { s.crypt(dst, src, 0) }

func (s *seed) Decrypt(dst, src []byte) { s.crypt(dst, src, 15) }

func (s *seed) crypt(dst, src []byte, flip int) {
	l, r := binary.BigEndian.Uint64(src), binary.BigEndian.Uint64(src[8:])
	for i := range 16 {
		k := s.k[i^flip]
		t0 := uint32(r>>32) ^ k[0]
		t1 := seedG(uint32(r) ^ k[1] ^ t0)
		t0 = seedG(t0 + t1)
		t1 = seedG(t1 + t0)
		t0 += t1
		l, r = r, l^(uint64(t0)<<32|uint64(t1))
	}
	binary.BigEndian.PutUint64(dst, r)
	binary.BigEndian.PutUint64(dst[8:], l)
}

// sm4S is the S-box of SM4.
var sm4S = [256]byte{
	0xd6, 0x90, 0xe9, 0xfe, 0xcc, 0xe1, 0x3d, 0xb7, 0x16, 0xb6, 0x14, 0xc2, 0x28, 0xfb, 0x2c, 0x05,
	0x2b, 0x67, 0x9a, 0x76, 0x2a, 0xbe, 0x04, 0xc3, 0xaa, 0x44, 0x13, 0x26, 0x49, 0x86, 0x06, 0x99,
	0x9c, 0x42, 0x50, 0xf4, 0x91, 0xef, 0x98, 0x7a, 0x33, 0x54, 0x0b, 0x43, 0xed, 0xcf, 0xac, 0x62,
	0xe4, 0xb3, 0x1c, 0xa9, 0xc9, 0x08, 0xe8, 0x95, 0x80, 0xdf, 0x94, 0xfa, 0x75, 0x8f, 0x3f, 0xa6,
	0x47, 0x07, 0xa7, 0xfc, 0xf3, 0x73, 0x17, 0xba, 0x83, 0x59, 0x3c, 0x19, 0xe6, 0x85, 0x4f, 0xa8,
	0x68, 0x6b, 0x81, 0xb2, 0x71, 0x64, 0xda, 0x8b, 0xf8, 0xeb, 0x0f, 0x4b, 0x70, 0x56, 0x9d, 0x35,
	0x1e, 0x24, 0x0e, 0x5e, 0x63, 0x58, 0xd1, 0xa2, 0x25, 0x22, 0x7c, 0x3b, 0x01, 0x21, 0x78, 0x87,
	0xd4, 0x00, 0x46, 0x57, 0x9f, 0xd3, 0x27, 0x52, 0x4c, 0x36, 0x02, 0xe7, 0xa0, 0xc4, 0xc8, 0x9e,
	0xea, 0xbf, 0x8a, 0xd2, 0x40, 0xc7, 0x38, 0xb5, 0xa3, 0xf7, 0xf2, 0xce, 0xf9, 0x61, 0x15, 0xa1,
	0xe0, 0xae, 0x5d, 0xa4, 0x9b, 0x34, 0x1a, 0x55, 0xad, 0x93, 0x32, 0x30, 0xf5, 0x8c, 0xb1, 0xe3,
	0x1d, 0xf6, 0xe2, 0x2e, 0x82, 0x66, 0xca, 0x60, 0xc0, 0x29, 0x23, 0xab, 0x0d, 0x53, 0x4e, 0x6f,
	0xd5, 0xdb, 0x37, 0x45, 0xde, 0xfd, 0x8e, 0x2f, 0x03, 0xff, 0x6a, 0x72, 0x6d, 0x6c, 0x5b, 0x51,
	0x8d, 0x1b, 0xaf, 0x92, 0xbb, 0xdd, 0xbc, 0x7f, 0x11, 0xd9, 0x5c, 0x41, 0x1f, 0x10, 0x5a, 0xd8,
	0x0a, 0xc1, 0x31, 0x88, 0xa5, 0xcd, 0x7b, 0xbd, 0x2d, 0x74, 0xd0, 0x12, 0xb8, 0xe5, 0xb4, 0xb0,
	0x89, 0x69, 0x97, 0x4a, 0x0c, 0x96, 0x77, 0x7e, 0x65, 0xb9, 0xf1, 0x09, 0xc5, 0x6e, 0xc6, 0x84,
	0x18, 0xf0, 0x7d, 0xec, 0x3a, 0xdc, 0x4d, 0x20, 0x79, 0xee, 0x5f, 0x3e, 0xd7, 0xcb, 0x39, 0x48,
}

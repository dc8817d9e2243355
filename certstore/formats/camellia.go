package formats

import (
	"crypto/cipher"
	"encoding/binary"
	"math/bits"
)

// camellia is the block cipher of RFC 3713, which openssl offers by name for PKCS#12 files.
type camellia struct {
	whiten [4]uint64
	round  []uint64
	fl     []uint64 // two between each six rounds
}

var camelliaSigma = [6]uint64{0xa09e667f3bcc908b, 0xb67ae8584caa73b2, 0xc6ef372fe94f82be, 0x54ff53a5f1d36f1c, 0x10e527fade682d1d, 0xb05688c2b3e6c1fd}

// rot rotates 128 bits to the left.
func rot(hi, lo uint64, n uint) (uint64, uint64) {
	if n >= 64 {
		hi, lo, n = lo, hi, n-64
	}
	if n == 0 {
		return hi, lo
	}
	return hi<<n | lo>>(64-n), lo<<n | hi>>(64-n)
}

func newCamellia(key []byte) (cipher.Block, error) {
	var l, r, a, b [2]uint64
	l = [2]uint64{binary.BigEndian.Uint64(key), binary.BigEndian.Uint64(key[8:])}
	if len(key) > 16 {
		r[0] = binary.BigEndian.Uint64(key[16:])
		r[1] = ^r[0]
	}
	if len(key) > 24 {
		r[1] = binary.BigEndian.Uint64(key[24:])
	}
	d1, d2 := l[0]^r[0], l[1]^r[1]
	d2 ^= camelliaF(d1, camelliaSigma[0])
	d1 ^= camelliaF(d2, camelliaSigma[1])
	d1, d2 = d1^l[0], d2^l[1]
	d2 ^= camelliaF(d1, camelliaSigma[2])
	d1 ^= camelliaF(d2, camelliaSigma[3])
	a = [2]uint64{d1, d2}
	d1, d2 = a[0]^r[0], a[1]^r[1]
	d2 ^= camelliaF(d1, camelliaSigma[4])
	d1 ^= camelliaF(d2, camelliaSigma[5])
	b = [2]uint64{d1, d2}
	c := new(camellia)
	if len(key) == 16 {
		c.schedule128(l, a)
	} else {
		c.schedule256(l, r, a, b)
	}
	return c, nil
}

// take adds halves of a rotated part of the key to a list: both, or the first or second alone.
func take(list *[]uint64, part [2]uint64, by uint, halves ...int) {
	hi, lo := rot(part[0], part[1], by)
	for _, h := range halves {
		*list = append(*list, [2]uint64{hi, lo}[h])
	}
}

func (c *camellia) schedule128(l, a [2]uint64) {
	c.whiten[0], c.whiten[1] = l[0], l[1]
	take(&c.round, a, 0, 0, 1)
	take(&c.round, l, 15, 0, 1)
	take(&c.round, a, 15, 0, 1)
	take(&c.fl, a, 30, 0, 1)
	take(&c.round, l, 45, 0, 1)
	take(&c.round, a, 45, 0)
	take(&c.round, l, 60, 1)
	take(&c.round, a, 60, 0, 1)
	take(&c.fl, l, 77, 0, 1)
	take(&c.round, l, 94, 0, 1)
	take(&c.round, a, 94, 0, 1)
	take(&c.round, l, 111, 0, 1)
	c.whiten[2], c.whiten[3] = rot(a[0], a[1], 111)
}

func (c *camellia) schedule256(l, r, a, b [2]uint64) {
	c.whiten[0], c.whiten[1] = l[0], l[1]
	take(&c.round, b, 0, 0, 1)
	take(&c.round, r, 15, 0, 1)
	take(&c.round, a, 15, 0, 1)
	take(&c.fl, r, 30, 0, 1)
	take(&c.round, b, 30, 0, 1)
	take(&c.round, l, 45, 0, 1)
	take(&c.round, a, 45, 0, 1)
	take(&c.fl, l, 60, 0, 1)
	take(&c.round, r, 60, 0, 1)
	take(&c.round, b, 60, 0, 1)
	take(&c.round, l, 77, 0, 1)
	take(&c.fl, a, 77, 0, 1)
	take(&c.round, r, 94, 0, 1)
	take(&c.round, a, 94, 0, 1)
	take(&c.round, l, 111, 0, 1)
	c.whiten[2], c.whiten[3] = rot(b[0], b[1], 111)
}

func camelliaF(x, k uint64) uint64 {
	x ^= k
	s := func(shift uint) byte { return byte(x >> shift) }
	t1, t2 := camelliaS[s(56)], bits.RotateLeft8(camelliaS[s(48)], 1)
	t3, t4 := bits.RotateLeft8(camelliaS[s(40)], 7), camelliaS[bits.RotateLeft8(s(32), 1)]
	t5, t6 := bits.RotateLeft8(camelliaS[s(24)], 1), bits.RotateLeft8(camelliaS[s(16)], 7)
	t7, t8 := camelliaS[bits.RotateLeft8(s(8), 1)], camelliaS[s(0)]
	return binary.BigEndian.Uint64([]byte{
		t1 ^ t3 ^ t4 ^ t6 ^ t7 ^ t8, t1 ^ t2 ^ t4 ^ t5 ^ t7 ^ t8, t1 ^ t2 ^ t3 ^ t5 ^ t6 ^ t8, t2 ^ t3 ^ t4 ^ t5 ^ t6 ^ t7,
		t1 ^ t2 ^ t6 ^ t7 ^ t8, t2 ^ t3 ^ t5 ^ t7 ^ t8, t3 ^ t4 ^ t5 ^ t6 ^ t8, t1 ^ t4 ^ t5 ^ t6 ^ t7,
	})
}

func camelliaFL(x, k uint64) uint64 {
	l, r := uint32(x>>32), uint32(x)
	r ^= bits.RotateLeft32(l&uint32(k>>32), 1)
	l ^= r | uint32(k)
	return uint64(l)<<32 | uint64(r)
}

func camelliaFLInverse(y, k uint64) uint64 {
	l, r := uint32(y>>32), uint32(y)
	l ^= r | uint32(k)
	r ^= bits.RotateLeft32(l&uint32(k>>32), 1)
	return uint64(l)<<32 | uint64(r)
}

func (c *camellia) BlockSize() int { return 16 }

func (c *camellia) Encrypt(dst, src []byte) {
	d1, d2 := binary.BigEndian.Uint64(src)^c.whiten[0], binary.BigEndian.Uint64(src[8:])^c.whiten[1]
	for i := 0; i < len(c.round); i += 2 {
		if i > 0 && i%6 == 0 {
			d1, d2 = camelliaFL(d1, c.fl[i/3-2]), camelliaFLInverse(d2, c.fl[i/3-1])
		}
		d2 ^= camelliaF(d1, c.round[i])
		d1 ^= camelliaF(d2, c.round[i+1])
	}
	binary.BigEndian.PutUint64(dst, d2^c.whiten[2])
	binary.BigEndian.PutUint64(dst[8:], d1^c.whiten[3])
}

func (c *camellia) Decrypt(dst, src []byte) {
	d2, d1 := binary.BigEndian.Uint64(src)^c.whiten[2], binary.BigEndian.Uint64(src[8:])^c.whiten[3]
	for i := len(c.round) - 2; i >= 0; i -= 2 {
		d1 ^= camelliaF(d2, c.round[i+1])
		d2 ^= camelliaF(d1, c.round[i])
		if i > 0 && i%6 == 0 {
			d1, d2 = camelliaFLInverse(d1, c.fl[i/3-2]), camelliaFL(d2, c.fl[i/3-1])
		}
	}
	binary.BigEndian.PutUint64(dst, d1^c.whiten[0])
	binary.BigEndian.PutUint64(dst[8:], d2^c.whiten[1])
}

// camelliaS is SBOX1; the other three are rotations of it.
var camelliaS = [256]byte{
	112, 130, 44, 236, 179, 39, 192, 229, 228, 133, 87, 53, 234, 12, 174, 65,
	35, 239, 107, 147, 69, 25, 165, 33, 237, 14, 79, 78, 29, 101, 146, 189,
	134, 184, 175, 143, 124, 235, 31, 206, 62, 48, 220, 95, 94, 197, 11, 26,
	166, 225, 57, 202, 213, 71, 93, 61, 217, 1, 90, 214, 81, 86, 108, 77,
	139, 13, 154, 102, 251, 204, 176, 45, 116, 18, 43, 32, 240, 177, 132, 153,
	223, 76, 203, 194, 52, 126, 118, 5, 109, 183, 169, 49, 209, 23, 4, 215,
	20, 88, 58, 97, 222, 27, 17, 28, 50, 15, 156, 22, 83, 24, 242, 34,
	254, 68, 207, 178, 195, 181, 122, 145, 36, 8, 232, 168, 96, 252, 105, 80,
	170, 208, 160, 125, 161, 137, 98, 151, 84, 91, 30, 149, 224, 255, 100, 210,
	16, 196, 0, 72, 163, 247, 117, 219, 138, 3, 230, 218, 9, 63, 221, 148,
	135, 92, 131, 2, 205, 74, 144, 51, 115, 103, 246, 243, 157, 127, 191, 226,
	82, 155, 216, 38, 200, 55, 198, 59, 129, 150, 111, 75, 19, 190, 99, 46,
	233, 121, 167, 140, 159, 110, 188, 142, 41, 245, 249, 182, 47, 253, 180, 89,
	120, 152, 6, 106, 231, 70, 113, 186, 212, 37, 171, 66, 136, 162, 141, 250,
	114, 7, 185, 85, 248, 238, 172, 10, 54, 73, 42, 104, 60, 56, 241, 164,
	64, 40, 211, 123, 187, 201, 67, 193, 21, 227, 173, 244, 119, 199, 128, 158,
}

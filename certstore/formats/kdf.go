package formats

import (
	"context"
	"crypto/hmac"
	"crypto/md5"
	"crypto/subtle"
)

// stepsBetweenLooks is how many steps of a derivation run until it is seen that nobody waits for it any more.
const stepsBetweenLooks = 1 << 12

// blocks is how many digests a derived key of n bytes takes.
func (d digest) blocks(n int) int64 { return int64((n + d.size() - 1) / d.size()) }

// pbkdf2 derives a key of n bytes (RFC 8018, 5.2). The standard library's cannot be stopped.
func pbkdf2(ctx context.Context, d digest, password, salt []byte, iterations int64, n int) ([]byte, error) {
	prf := hmac.New(d.new, password)
	var out []byte
	for block := byte(1); len(out) < n; block++ {
		prf.Reset()
		prf.Write(salt)
		prf.Write([]byte{0, 0, 0, block})
		u := prf.Sum(nil)
		sum := append([]byte(nil), u...)
		for step := int64(1); step < iterations; step++ {
			if step%stepsBetweenLooks == 0 {
				if err := canceled(ctx); err != nil {
					return nil, err
				}
			}
			prf.Reset()
			prf.Write(u)
			u = prf.Sum(u[:0])
			subtle.XORBytes(sum, sum, u)
		}
		out = append(out, sum...)
	}
	return out[:n], nil
}

// pbkdf1 derives 16 bytes (RFC 8018, 5.1).
func pbkdf1(ctx context.Context, d digest, password, salt []byte, iterations int64) ([]byte, error) {
	key, err := repeat(ctx, d, append(append([]byte(nil), password...), salt...), iterations)
	return key[:min(16, len(key))], err
}

// repeat digests data, then the digest, as often as said.
func repeat(ctx context.Context, d digest, data []byte, times int64) ([]byte, error) {
	h := d.new()
	h.Write(data)
	sum := h.Sum(nil)
	for step := int64(1); step < times; step++ {
		if step%stepsBetweenLooks == 0 {
			if err := canceled(ctx); err != nil {
				return nil, err
			}
		}
		h.Reset()
		h.Write(sum)
		sum = h.Sum(sum[:0])
	}
	return sum, nil
}

// What a key derived by pkcs12KDF is for.
const (
	forKey = 1
	forIV  = 2
	forMAC = 3
)

// pkcs12KDF derives n bytes for a use (RFC 7292, B.2). The password is UTF-16, ended by a NUL.
func pkcs12KDF(ctx context.Context, d digest, use byte, password, salt []byte, iterations int64,
	n int) ([]byte, error) {
	v := d.new().BlockSize()
	diversifier := make([]byte, v)
	for i := range diversifier {
		diversifier[i] = use
	}
	text := append(fill(salt, v), fill(password, v)...)
	var out []byte
	for {
		a, err := repeat(ctx, d, append(append([]byte(nil), diversifier...), text...), iterations)
		if err != nil {
			return nil, err
		}
		if out = append(out, a...); len(out) >= n {
			return out[:n], nil
		}
		addToEach(text, fill(a, v)[:v])
	}
}

// fill repeats data to whole blocks of v bytes.
func fill(data []byte, v int) []byte {
	out := make([]byte, (len(data)+v-1)/v*v)
	for i := range out {
		out[i] = data[i%len(data)]
	}
	return out
}

// addToEach adds b and one to each block of text, as numbers.
func addToEach(text, b []byte) {
	for at := 0; at < len(text); at += len(b) {
		carry := 1
		for i := len(b) - 1; i >= 0; i-- {
			carry += int(text[at+i]) + int(b[i])
			text[at+i] = byte(carry)
			carry >>= 8
		}
	}
}

// bytesToKey is what openssl's old encrypted PEM derives its key with: MD5, once.
func bytesToKey(password, salt []byte, n int) (key []byte) {
	var last []byte
	for len(key) < n {
		h := md5.New()
		h.Write(last)
		h.Write(password)
		h.Write(salt)
		last = h.Sum(nil)
		key = append(key, last...)
	}
	return key[:n]
}

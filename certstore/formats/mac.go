package formats

import (
	"context"
	"crypto/hmac"
)

// checksum is the MacData of a PKCS#12 file: an HMAC over its content under a key derived from the password.
type checksum struct {
	digest     digest
	kdf        *kdf // of PBMAC1 (RFC 9579); nil for the classic way (RFC 7292, B)
	salt       []byte
	iterations int64
	sum        []byte
}

// minMACKey is the shortest key PBMAC1 may derive, in bytes; with a shorter one a wrong password fits by chance
// (CVE-2026-34181).
const minMACKey = 20

// readChecksum reads SEQUENCE { DigestInfo, salt, iterations DEFAULT 1 }, and charges its counts for every way the
// password is tried.
func readChecksum(c *cursor, b *budget) (*checksum, error) {
	in := c.enter(tagSequence)
	info := in.enter(tagSequence)
	oid, params := info.algorithm()
	m := &checksum{sum: info.octets(tagOctets), salt: in.octets(tagOctets), iterations: 1}
	if c.err() != nil {
		return nil, c.err()
	}
	if oid == oidPBMAC1 { // MacData's own count means nothing then, and is often 0
		return m, m.readPBMAC1(params.enter(tagSequence), b)
	}
	if in.more() {
		m.iterations = in.count()
	}
	in.end()
	if c.err() != nil {
		return nil, c.err()
	}
	if m.iterations > maxWork {
		return nil, b.spend(m.iterations)
	}
	known := false
	if m.digest, known = digests[oid]; !known {
		return nil, unknownCipher(oid)
	}
	return m, b.spend(m.cost())
}

// readPBMAC1 reads { keyDerivation, HMAC }, which counts instead of MacData's own.
func (m *checksum) readPBMAC1(in *cursor, b *budget) error {
	k, err := readKDF(in)
	if err != nil {
		return err
	}
	oid, _ := in.algorithm()
	if in.err() != nil {
		return in.err()
	}
	known := false
	if m.digest, known = hmacs[oid]; !known {
		return unknownCipher(oid)
	}
	if k.length < minMACKey {
		return unsupported(recipePFX, "the checksum's key is too short to prove anything")
	}
	m.kdf = &k
	return b.spend(m.cost())
}

// fits says whether the password made the checksum over content.
func (m *checksum) fits(ctx context.Context, s secret, content []byte) (bool, error) {
	var key []byte
	var err error
	if m.kdf != nil {
		key, err = m.kdf.derive(ctx, s.text, m.kdf.length)
	} else {
		key, err = pkcs12KDF(ctx, m.digest, forMAC, s.wide, m.salt, m.iterations, m.digest.size())
	}
	if err != nil {
		return false, err
	}
	mac := hmac.New(m.digest.new, key)
	mac.Write(content)
	return hmac.Equal(mac.Sum(nil), m.sum), nil
}

// cost is that of one try.
func (m *checksum) cost() int64 {
	if m.kdf != nil {
		return m.kdf.cost(m.kdf.length)
	}
	return cost(m.iterations, m.digest.weight)
}

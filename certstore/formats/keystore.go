package formats

import (
	"bytes"
	"crypto/sha1"
	"encoding/binary"
	"errors"
	"slices"
	"unicode/utf16"
	"unicode/utf8"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// The first bytes of Java's keystores.
const (
	magicJKS   = "\xfe\xed\xfe\xed"
	magicJCEKS = "\xce\xce\xce\xce"
)

// oidJKSKey is how Java protects a key in a JKS file.
const oidJKSKey = "1.3.6.1.4.1.42.2.17.1.1"

func isKeystore(data []byte) bool {
	return bytes.HasPrefix(data, []byte(magicJKS)) || bytes.HasPrefix(data, []byte(magicJCEKS))
}

// javaReader reads Java's DataOutput. After a fault all reads give zeroes.
type javaReader struct {
	rest []byte
	size int
	bad  bool
}

func (j *javaReader) bytes(n int) []byte {
	if n < 0 || n > len(j.rest) {
		j.bad, j.rest = true, nil
		return nil
	}
	out := j.rest[:n]
	j.rest = j.rest[n:]
	return out
}

func (j *javaReader) uint32() uint32 {
	if b := j.bytes(4); b != nil {
		return binary.BigEndian.Uint32(b)
	}
	return 0
}

// text reads Java's modified UTF-8, as far as names need it.
func (j *javaReader) text() string {
	b := j.bytes(2)
	if b == nil {
		return ""
	}
	return string(j.bytes(int(binary.BigEndian.Uint16(b))))
}

// data reads what its length stands before.
func (j *javaReader) data() []byte { return j.bytes(int(int32(j.uint32()))) }

func (j *javaReader) at() int { return j.size - len(j.rest) }

// javaKey is an entry whose key is encrypted.
type javaKey struct {
	alias  string
	sealed []byte
}

// keystore reads a JKS file. Its certificates are in clear and are read without a password too; a key asks for one. No
// library does this: pavlo-v-chernykh/keystore-go v4.5.0 takes 4 GiB of memory for a file of 31 bytes that says so, and
// wants the password for what is in clear.
func (r *reader) keystore(data []byte) error {
	if bytes.HasPrefix(data, []byte(magicJCEKS)) {
		return unsupported(recipeJava, "this is a JCEKS keystore, whose keys only Java can open")
	}
	r.inForm("Java keystore")
	j := &javaReader{rest: data[4:], size: len(data)}
	version, count := j.uint32(), j.uint32()
	if version != 1 && version != 2 {
		return unsupported(recipeJava, "the Java keystore is of an unknown version")
	}
	var keys []javaKey
	within := true
	for n := uint32(0); n < count && within && !j.bad; n++ {
		r.javaEntry(j, version, &keys)
		within = len(r.Certs) <= maxCerts && len(keys) <= maxKeys
	}
	if j.bad {
		return damaged("the Java keystore is damaged: it ends in the middle of an entry, at byte %d", j.at())
	}
	if within {
		if err := r.checkKeystore(data, len(j.rest)); err != nil {
			return err
		}
	}
	return r.javaKeys(keys)
}

// javaEntry reads one entry.
func (r *reader) javaEntry(j *javaReader, version uint32, keys *[]javaKey) {
	tag, alias := j.uint32(), printable.Text(j.text())
	j.bytes(8) // when it was made
	switch tag {
	case 1:
		*keys = append(*keys, javaKey{alias, j.data()})
		for n := j.uint32(); n > 0 && !j.bad; n-- {
			r.javaCertificate(j, version, alias)
		}
	case 2:
		r.javaCertificate(j, version, alias)
	default:
		j.bad = true
	}
}

func (r *reader) javaCertificate(j *javaReader, version uint32, alias string) {
	if version == 2 {
		if kind := j.text(); kind != "X.509" && kind != "X509" && !j.bad {
			r.note("left out: a certificate that is not X.509")
			j.data()
			return
		}
	}
	der := j.data()
	if j.bad {
		return
	}
	if err := r.certificate(der, Label{FriendlyName: alias}); err != nil {
		r.leaveOut(err)
	}
}

// checkKeystore verifies the SHA-1 over password, a known phrase and all before it.
func (r *reader) checkKeystore(data []byte, left int) error {
	if r.password == nil {
		return nil
	}
	if left < sha1.Size {
		return damaged("the Java keystore is damaged: it ends at byte %d, within its checksum", len(data))
	}
	body, sum := data[:len(data)-left], data[len(data)-left:][:sha1.Size]
	h := sha1.New()
	h.Write(javaPassword(r.password))
	h.Write([]byte("Mighty Aphrodite"))
	h.Write(body)
	if !bytes.Equal(h.Sum(nil), sum) {
		return r.notOpened()
	}
	return nil
}

// javaPassword is UTF-16 without a NUL.
func javaPassword(password []byte) (out []byte) {
	if !utf8.Valid(password) {
		return password
	}
	for _, u := range utf16.Encode([]rune(string(password))) {
		out = append(out, byte(u>>8), byte(u))
	}
	return out
}

func (r *reader) javaKeys(keys []javaKey) error {
	for _, key := range keys {
		in := readBER(key.sealed).enter(tagSequence)
		oid, _ := in.algorithm()
		sealed := in.octets(tagOctets)
		if in.err() != nil {
			return in.err()
		}
		if oid != oidJKSKey {
			return unsupported(recipeJava, "the key in the Java keystore is protected with %s, which certdesk cannot open",
				objectName(oid))
		}
		plain, err := openJKS(javaPassword(r.password), sealed)
		if errors.Is(err, errNotDecrypted) && r.password == nil {
			return r.notOpened()
		}
		if errors.Is(err, errNotDecrypted) {
			return fail.New(fail.WrongPassword, "give the key's own password; keytool asks for it as the key password",
				"the password is not that of the key in the Java keystore")
		}
		if err == nil {
			r.opened = true
			err = r.pkcs8(plain, Label{FriendlyName: key.alias})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// openJKS undoes Sun's own protection of a key: salt, what was masked with a chain of SHA-1, and a SHA-1 as proof.
func openJKS(password, data []byte) ([]byte, error) {
	if len(data) < 2*sha1.Size {
		return nil, damaged("a key in the Java keystore is damaged")
	}
	mask, masked, proof := data[:sha1.Size], data[sha1.Size:len(data)-sha1.Size], data[len(data)-sha1.Size:]
	plain := make([]byte, 0, len(masked))
	for i, c := range masked {
		if i%sha1.Size == 0 {
			sum := sha1.Sum(slices.Concat(password, mask))
			mask = sum[:]
		}
		plain = append(plain, c^mask[i%sha1.Size])
	}
	if sum := sha1.Sum(slices.Concat(password, plain)); !bytes.Equal(sum[:], proof) {
		return nil, errNotDecrypted
	}
	return plain, nil
}

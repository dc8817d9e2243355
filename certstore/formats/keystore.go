package formats

import (
	"bytes"
	"context"
	"crypto/md5"
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

// How Java protects a key in a JKS and in a JCEKS file.
const (
	oidJKSKey   = "1.3.6.1.4.1.42.2.17.1.1"
	oidJCEKSKey = "1.3.6.1.4.1.42.2.19.1"
)

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

// keystore reads a JKS or JCEKS file. Its certificates are in clear and are read without a password too; a key asks for
// one. Secret keys, which only JCEKS holds, are Java objects: what follows the first is not read.
func (r *reader) keystore(data []byte) error {
	r.inForm("Java keystore")
	j := &javaReader{rest: data[4:], size: len(data)}
	version, count := j.uint32(), j.uint32()
	if version != 1 && version != 2 {
		return unsupported(recipeJava, "the Java keystore is of an unknown version")
	}
	var keys []javaKey
	whole := true
	for range count {
		if whole = r.javaEntry(j, version, &keys); !whole || j.bad {
			break
		}
	}
	if j.bad {
		return damaged("the Java keystore is damaged: it ends in the middle of an entry, at byte %d", j.at())
	}
	if whole {
		if err := r.checkKeystore(data, len(j.rest)); err != nil {
			return err
		}
	}
	return r.javaKeys(keys)
}

// javaEntry reads one entry; false ends the reading.
func (r *reader) javaEntry(j *javaReader, version uint32, keys *[]javaKey) bool {
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
	case 3:
		r.note("left out: a secret key, and what follows it")
		return false
	default:
		j.bad = true
	}
	return len(r.Certs) <= maxCerts && len(*keys) <= maxKeys
}

func (r *reader) javaCertificate(j *javaReader, version uint32, alias string) {
	if version == 2 {
		if kind := j.text(); kind != "X.509" && kind != "X509" && !j.bad {
			r.note("left out: a certificate that is none of X.509")
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
		oid, params := in.algorithm()
		sealed := in.octets(tagOctets)
		if in.err() != nil {
			return in.err()
		}
		plain, err := r.openJava(oid, params, sealed)
		if errors.Is(err, errNotDecrypted) && r.password == nil {
			return r.notOpened()
		}
		if errors.Is(err, errNotDecrypted) {
			return fail.New(fail.WrongPassword, "give the key's own password; keytool asks for it as the key password", "the password is not that of the key in the Java keystore")
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

func (r *reader) openJava(oid string, params *cursor, data []byte) ([]byte, error) {
	switch oid {
	case oidJKSKey:
		return openJKS(javaPassword(r.password), data)
	case oidJCEKSKey:
		in := params.enter(tagSequence)
		salt, iterations := in.octets(tagOctets), in.count()
		if in.err() != nil {
			return nil, in.err()
		}
		if err := r.budget.spend(cost(iterations, 2)); err != nil {
			return nil, err
		}
		return openJCEKS(r.ctx, r.password, salt, iterations, data)
	}
	return nil, unsupported(recipeJava, "the key in the Java keystore is protected with %s, which certdesk cannot open", objectName(oid))
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

// openJCEKS undoes PBEWithMD5AndTripleDES, which is Java's alone: each half of the salt is digested with the password on
// its own; both together are key and start value.
func openJCEKS(ctx context.Context, password, salt []byte, iterations int64, data []byte) ([]byte, error) {
	if len(salt) != 8 {
		return nil, damaged("a key in the Java keystore is damaged")
	}
	salt = bytes.Clone(salt)
	if bytes.Equal(salt[:4], salt[4:]) { // Java means to reverse the first half, and does it so
		salt[0], salt[1], salt[2] = salt[3], salt[0], salt[1]
	}
	var derived []byte
	for _, half := range [][]byte{salt[:4], salt[4:]} {
		text := slices.Concat(half, password)
		for step := range iterations {
			if step%stepsBetweenLooks == 0 {
				if err := canceled(ctx); err != nil {
					return nil, err
				}
			}
			sum := md5.Sum(text)
			text = append(append(text[:0], sum[:]...), password...)
		}
		half = text[:md5.Size]
		derived = append(derived, half...)
	}
	plain, err := cbc("DES-EDE3").open(derived[:24], derived[24:], data)
	if err == nil && !isSequence(plain) {
		err = errNotDecrypted
	}
	return plain, err
}

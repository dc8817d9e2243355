package formats

// kind is what a structure is.
type kind int

const (
	kindUnknown kind = iota
	kindCertificate
	kindRequest
	kindCRL
	kindPKCS7
	kindPKCS12
	kindPKCS8
	kindPKCS1
	kindSEC1
	kindDSA
	kindEncryptedKey
	kindPublicKey
	kindParameters
	kindDH
)

// sniff tells the kind of a well-formed element by the tags of its first children.
func sniff(e element) kind {
	outer, inner := childTags(e)
	switch {
	case matches(outer, "\x30\x30\x03"):
		return sniffSigned(inner)
	case matches(outer, "\x06\xa0"), outer == "\x06":
		return kindPKCS7
	case matches(outer, "\x02\x30\x04"), matches(outer, "\x02\x30\x24"):
		return kindPKCS8
	case matches(outer, "\x02\x30\x30\x04"):
		return kindParameters
	case matches(outer, "\x02\x30") && len(outer) <= 3:
		return kindPKCS12
	case matches(outer, "\x02\x02\x02\x02\x02\x02\x02\x02\x02"):
		return kindPKCS1
	case outer == "\x02\x02\x02\x02\x02\x02":
		return kindDSA
	case matches(outer, "\x02\x04"):
		return kindSEC1
	case outer == "\x30\x04", outer == "\x30\x24":
		return kindEncryptedKey
	case outer == "\x02\x02" && isGenerator(e):
		return kindDH
	case outer == "\x30\x03", outer == "\x02\x02":
		return kindPublicKey
	}
	return kindUnknown
}

// sniffSigned tells what was signed by the tags of its fields.
func sniffSigned(fields string) kind {
	switch {
	case matches(fields, "\xa0\x02\x30\x30\x30\x30\x30"), matches(fields, "\x02\x30\x30\x30\x30\x30"):
		return kindCertificate
	case matches(fields, "\x02\x30\x30\xa0"), fields == "\x02\x30\x30":
		return kindRequest
	case matches(fields, "\x02\x30\x30\x17"), matches(fields, "\x02\x30\x30\x18"),
		matches(fields, "\x30\x30\x17"), matches(fields, "\x30\x30\x18"):
		return kindCRL
	}
	return kindUnknown
}

func matches(tags, prefix string) bool {
	return len(tags) >= len(prefix) && tags[:len(prefix)] == prefix
}

// childTags gives the tags of the first children of a SEQUENCE, and of the first child's own.
func childTags(e element) (outer, inner string) {
	if e.tag != tagSequence {
		return "", ""
	}
	var first element
	outer, first = tagsOf(e)
	if first.tag == tagSequence {
		inner, _ = tagsOf(first)
	}
	return outer, inner
}

func tagsOf(e element) (tags string, first element) {
	c := readBER(nil).within(e)
	for n := 0; n < 12 && c.more(); n++ {
		child := c.next()
		if c.err() != nil {
			break
		}
		if n == 0 {
			first = child
		}
		tags += string([]byte{child.tag})
	}
	return tags, first
}

// isGenerator tells Diffie-Hellman parameters from an RSA public key, which are two numbers both.
func isGenerator(e element) bool {
	c := readBER(nil).within(e)
	c.next()
	g := c.next().body
	return len(g) == 1 && (g[0] == 2 || g[0] == 5)
}

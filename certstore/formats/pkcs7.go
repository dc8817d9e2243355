package formats

// pkcs7 takes the certificates of a signed or degenerate PKCS#7 message (RFC 5652), in DER or BER. Nothing is verified:
// what a chain is worth, its certificates' own signatures say. smallstep/pkcs7, which writes such files, is not asked
// to read them: one certificate it cannot parse makes it refuse all, and it reads little of BER.
func (r *reader) pkcs7(e element) error {
	c := readBER(nil).within(e)
	oid := c.oid()
	if c.err() != nil {
		return c.err()
	}
	switch oid {
	case oidEncryptedData, oidEnvelopedData, oidAuthEnveloped:
		r.leaveOut(unsupported("ask the sender for the certificates unencrypted",
			"this is an encrypted message (PKCS#7), not a file of certificates"))
		return nil
	case oidSignedData, oidNetscapeCerts:
	default:
		r.leaveOut(unsupported("", "this PKCS#7 file holds no certificates"))
		return nil
	}
	in := c.enter(tagExplicit0).enter(tagSequence)
	if oid == oidSignedData {
		in.take(tagInteger)
		in.take(tagSet)
		in.take(tagSequence)
		if in.peek() != tagExplicit0 { // no certificates at all
			in.rest = nil
		} else {
			in = in.enter(tagExplicit0)
		}
	}
	if c.err() != nil {
		return c.err()
	}
	r.inForm("PKCS#7")
	return r.certificatesOf(in)
}

// certificatesOf reads certificates one after another; what else RFC 5652 lets stand among them (attribute
// certificates) is passed over.
func (r *reader) certificatesOf(in *cursor) error {
	found := false
	for in.more() {
		e := in.next()
		if in.err() != nil {
			break
		}
		if e.tag != tagSequence {
			r.note("left out: an attribute certificate")
			continue
		}
		found = true
		if err := r.certificate(e.raw, Label{}); err != nil {
			return err
		}
	}
	if in.err() == nil && !found {
		r.leaveOut(unsupported("", "this PKCS#7 file holds no certificates"))
	}
	return in.err()
}

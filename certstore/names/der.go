package names

import (
	"encoding/asn1"
	"encoding/binary"
	"encoding/hex"
	"math/big"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"certdesk/certstore/printable"
)

// oidCommonName is 2.5.4.3.
const oidCommonName = "2.5.4.3"

// foreign is one attribute as a certificate holds it.
type foreign struct {
	oid   string
	value asn1.RawValue
}

// FromDER is the RFC 4514 text of a distinguished name out of a certificate, whatever its string types, as
// openssl's -nameopt RFC2253 writes it, made printable. What is no distinguished name is shown as #hex.
func FromDER(raw []byte) string {
	rdns, ok := parseName(raw)
	if !ok {
		return dump(raw)
	}
	var b strings.Builder
	for i := len(rdns) - 1; i >= 0; i-- {
		if i < len(rdns)-1 {
			b.WriteByte(',')
		}
		for j := len(rdns[i]) - 1; j >= 0; j-- {
			if j < len(rdns[i])-1 {
				b.WriteByte('+')
			}
			b.WriteString(rdns[i][j].text())
		}
	}
	return printable.Text(b.String())
}

// CommonName is the last (most specific) common name in a distinguished name, made printable, or "".
func CommonName(raw []byte) string {
	rdns, _ := parseName(raw)
	name := ""
	for _, rdn := range rdns {
		for _, a := range rdn {
			if s, ok := decodeString(a.value); ok && a.oid == oidCommonName {
				name = s
			}
		}
	}
	return printable.Text(name)
}

func (a foreign) text() string {
	short, known := shortNames[a.oid]
	if !known {
		return a.oid + "=" + dump(a.value.FullBytes)
	}
	s, ok := decodeString(a.value)
	if !ok {
		return short + "=" + dump(a.value.FullBytes)
	}
	return short + "=" + escape(s)
}

func dump(der []byte) string { return "#" + strings.ToUpper(hex.EncodeToString(der)) }

// parseName takes a Name (RFC 5280 4.1.2.4) apart: a sequence of sets of sequences of OID and value.
func parseName(raw []byte) ([][]foreign, bool) {
	sets, ok := children(raw, asn1.TagSequence)
	if !ok {
		return nil, false
	}
	var rdns [][]foreign
	for _, set := range sets {
		pairs, ok := children(set.FullBytes, asn1.TagSet)
		if !ok {
			return nil, false
		}
		var rdn []foreign
		for _, pair := range pairs {
			parts, ok := children(pair.FullBytes, asn1.TagSequence)
			if !ok || len(parts) != 2 || parts[0].Class != asn1.ClassUniversal || parts[0].Tag != asn1.TagOID {
				return nil, false
			}
			rdn = append(rdn, foreign{dotted(parts[0].Bytes), parts[1]})
		}
		rdns = append(rdns, rdn)
	}
	return rdns, true
}

// children reads one constructed value of that tag that fills raw, and gives what it contains.
func children(raw []byte, tag int) ([]asn1.RawValue, bool) {
	var outer asn1.RawValue
	rest, err := asn1.Unmarshal(raw, &outer)
	if err != nil || len(rest) > 0 || outer.Class != asn1.ClassUniversal || outer.Tag != tag || !outer.IsCompound {
		return nil, false
	}
	var out []asn1.RawValue
	for rest = outer.Bytes; len(rest) > 0; {
		var v asn1.RawValue
		if rest, err = asn1.Unmarshal(rest, &v); err != nil {
			return nil, false
		}
		out = append(out, v)
	}
	return out, true
}

// dotted writes an object identifier's bytes (X.690 8.19) with its arcs of any size.
func dotted(der []byte) string {
	var arcs []string
	arc := new(big.Int)
	for _, c := range der {
		arc.Lsh(arc, 7).Or(arc, big.NewInt(int64(c&0x7f)))
		if c&0x80 != 0 {
			continue
		}
		if len(arcs) == 0 {
			first := min(arc.Int64(), 80) / 40
			if !arc.IsInt64() {
				first = 2
			}
			arcs = append(arcs, big.NewInt(first).String())
			arc.Sub(arc, big.NewInt(first*40))
		}
		arcs = append(arcs, arc.String())
		arc.SetInt64(0)
	}
	return strings.Join(arcs, ".")
}

// decodeString reads an ASN.1 string as openssl does: T.61 is taken for Latin-1, as its users did.
func decodeString(v asn1.RawValue) (string, bool) {
	if v.Class != asn1.ClassUniversal || v.IsCompound {
		return "", false
	}
	switch v.Tag {
	case asn1.TagUTF8String:
		return string(v.Bytes), utf8.Valid(v.Bytes)
	case asn1.TagNumericString, asn1.TagPrintableString, asn1.TagT61String, asn1.TagIA5String, tagVisibleString:
		return latin1(v.Bytes), true
	case asn1.TagBMPString:
		return bmp(v.Bytes)
	case tagUniversalString:
		return universal(v.Bytes)
	}
	return "", false
}

// The string types that encoding/asn1 has no name for.
const (
	tagVisibleString   = 26
	tagUniversalString = 28
)

func latin1(b []byte) string {
	runes := make([]rune, len(b))
	for i, c := range b {
		runes[i] = rune(c)
	}
	return string(runes)
}

func bmp(b []byte) (string, bool) {
	if len(b)%2 != 0 {
		return "", false
	}
	units := make([]uint16, len(b)/2)
	for i := range units {
		units[i] = binary.BigEndian.Uint16(b[2*i:])
	}
	return string(utf16.Decode(units)), true
}

func universal(b []byte) (string, bool) {
	if len(b)%4 != 0 {
		return "", false
	}
	runes := make([]rune, len(b)/4)
	for i := range runes {
		runes[i] = rune(binary.BigEndian.Uint32(b[4*i:]))
		if !utf8.ValidRune(runes[i]) {
			return "", false
		}
	}
	return string(runes), true
}

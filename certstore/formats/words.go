package formats

import (
	"cmp"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"strings"

	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Words says what a file was found to hold: "PKCS#12, one key (RSA 2048), a certificate for mail.example.org and two of
// its CAs, under a password".
func (b Bundle) Words() string {
	list := []string{b.Form}
	add := func(text string) {
		if text != "" {
			list = append(list, text)
		}
	}
	add(b.keyWords())
	if n := len(b.OddKeys); n > 0 {
		add(plural(n, "key", "keys") + " that certdesk cannot use")
	}
	add(b.certWords())
	add(b.requestWords())
	if b.Sealed {
		add("under a password")
	}
	return strings.Join(list, ", ")
}

func (b Bundle) keyWords() string {
	if len(b.Keys) == 0 {
		return ""
	}
	var kinds []string
	for _, key := range b.Keys {
		kinds = append(kinds, keyWord(key))
	}
	return spelled(len(b.Keys)) + " " + ending(len(b.Keys), "key", "keys") + " (" + some(kinds) + ")"
}

func keyWord(key crypto.Signer) string {
	switch k := key.Public().(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA %d", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA " + k.Curve.Params().Name
	}
	return "Ed25519"
}

// certWords are the certificates: whom they are for, and how many CAs stand above them.
func (b Bundle) certWords() string {
	certs := unique(b.Certs)
	held, others := Leaves(certs, IssuersOf(certs), b.holds())
	leaves := append(held, others...)
	rest := len(certs) - len(leaves)
	switch len(leaves) {
	case 0:
		return authorityWords(certs)
	case 1:
		chain, _, _ := SortChain(leaves[0], certs)
		return joined(leafWords(leaves[0]), ofItsCAs(len(chain)), apart(rest-len(chain)))
	}
	var whom []string
	for _, c := range leaves {
		whom = append(whom, whoFor(c))
	}
	return joined(plural(len(leaves), "certificate", "certificates")+" (for "+some(whom)+")", apart(rest))
}

// holds says of a public key whether the private one is here.
func (b Bundle) holds() func(crypto.PublicKey) bool {
	here := map[string]bool{}
	for _, key := range b.Keys {
		if spki, err := SPKI(key.Public()); err == nil {
			here[spki] = true
		}
	}
	return func(pub crypto.PublicKey) bool {
		spki, err := SPKI(pub)
		return err == nil && here[spki]
	}
}

func leafWords(c *x509.Certificate) string {
	if SelfSigned(c) {
		return "a self-signed certificate for " + whoFor(c)
	}
	return "a certificate for " + whoFor(c)
}

// authorityWords are certificates none of which is a server's.
func authorityWords(certs []*x509.Certificate) string {
	switch len(certs) {
	case 0:
		return ""
	case 1:
		return "the certificate of a CA (" + whoFor(certs[0]) + ")"
	}
	var whom []string
	for _, c := range certs {
		whom = append(whom, whoFor(c))
	}
	return plural(len(certs), "certificate", "certificates") + " of CAs (" + some(whom) + ")"
}

func ofItsCAs(n int) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "its CA's"
	}
	return spelled(n) + " of its CAs"
}

// apart are certificates that do not belong to the leaf.
func apart(n int) string {
	if n <= 0 {
		return ""
	}
	return spelled(n) + " " + ending(n, "other", "others")
}

func (b Bundle) requestWords() string {
	switch len(b.Requests) {
	case 0:
		return ""
	case 1:
		r := b.Requests[0]
		return "a request for " + nameOf(r.DNSNames, r.RawSubject)
	}
	return plural(len(b.Requests), "request", "requests")
}

// whoFor is the first name of a certificate, else what its subject is called.
func whoFor(c *x509.Certificate) string {
	if len(c.DNSNames) == 0 && len(c.IPAddresses) > 0 && names.CommonName(c.RawSubject) == "" {
		return c.IPAddresses[0].String()
	}
	return nameOf(c.DNSNames, c.RawSubject)
}

func nameOf(hosts []string, subject []byte) string {
	host := ""
	if len(hosts) > 0 {
		host = printable.Text(hosts[0])
	}
	return brief(cmp.Or(host, names.CommonName(subject), names.FromDER(subject), "nobody"))
}

// brief is as much of a name as a sentence has room for.
func brief(name string) string {
	if r := []rune(name); len(r) > 100 {
		return string(r[:97]) + "..."
	}
	return name
}

// numerals are the numbers that are written out.
var numerals = []string{"no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"}

func spelled(n int) string {
	if n < len(numerals) {
		return numerals[n]
	}
	return fmt.Sprint(n)
}

func ending(n int, single, several string) string {
	if n == 1 {
		return single
	}
	return several
}

func plural(n int, single, several string) string {
	return spelled(n) + " " + ending(n, single, several)
}

// some lists the first three of many, each once.
func some(texts []string) string {
	var list []string
	seen := map[string]bool{}
	for _, text := range texts {
		if !seen[text] {
			list = append(list, text)
		}
		seen[text] = true
	}
	if more := len(list) - 3; more > 0 {
		return strings.Join(list[:3], ", ") + fmt.Sprintf(" and %d more", more)
	}
	return strings.Join(list, ", ")
}

// joined puts an "and" before the last of what is not empty.
func joined(texts ...string) string {
	var list []string
	for _, text := range texts {
		if text != "" {
			list = append(list, text)
		}
	}
	last := len(list) - 1
	if last < 1 {
		return strings.Join(list, "")
	}
	return strings.Join(list[:last], ", ") + " and " + list[last]
}

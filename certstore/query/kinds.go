package query

import (
	"slices"
	"strings"
)

// keyWords are the kinds, curves and sizes that are offered.
var keyWords = []string{"RSA", "ECDSA", "Ed25519", "2048", "3072", "4096", "P-256", "P-384"}

// keyKinds are the kinds of key that the store keeps.
var keyKinds = []string{"RSA", "ECDSA", "Ed25519"}

// readKey reads the beginning of a kind of key, its bits, or both: "rsa", "2048", "rsa-2048", "p256", "ecdsa-p384".
func readKey(a asked) (sieve, string) {
	value := strings.NewReplacer("-", "", "_", "", " ", "").Replace(a.value)
	kind := strings.TrimRight(value, "0123456789")
	size := value[len(kind):]
	switch {
	case value != "" && strings.HasPrefix("ed25519", value) && len(value) > 1:
		kind, size = value, ""
	case kind == "p" || kind == "ecdsap" || kind == "ecp":
		kind = "ecdsa"
	}
	if kind != "" && !slices.ContainsFunc(keyKinds, func(k string) bool { return beginsSo(k, kind) }) {
		return sieve{}, a.name + " takes " + a.key.takes
	}
	begins, bits := "\n"+kind, "\n"+size
	return sieve{
		keeps: func(r *Row) bool {
			return (kind == "" || strings.HasPrefix(r.key, begins)) && (size == "" || strings.Contains(r.key, bits))
		},
		words: phrase{verb: "be", value: keySaid(kind, size)},
	}, ""
}

func beginsSo(name, begun string) bool { return strings.HasPrefix(strings.ToLower(name), begun) }

// keySaid is what a key is: "RSA 2048", "P-256", "ECDSA or Ed25519".
func keySaid(kind, size string) string {
	var kinds []string
	for _, k := range keyKinds {
		if beginsSo(k, kind) {
			kinds = append(kinds, k)
		}
	}
	switch {
	case size == "":
		return strings.Join(kinds, " or ")
	case kind == "":
		return size + "-bit"
	case kinds[0] == "ECDSA":
		return "P-" + size
	}
	return kinds[0] + " " + size
}

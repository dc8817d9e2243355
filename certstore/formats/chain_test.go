package formats

import (
	"crypto"
	"crypto/x509"
	"math/bits"
	"testing"

	"certdesk/certstore/fail"
)

func certsOf(t testing.TB, names ...string) (out []*x509.Certificate) {
	for _, name := range names {
		out = append(out, loadCert(t, name))
	}
	return out
}

func TestSortChain(t *testing.T) {
	cases := map[string]struct {
		leaf      string
		others    []string
		chain     []string
		signed    int // bit i: chain[i] signed the one below
		unrelated []string
	}{
		"in order":         {"rsa2048", []string{"intermediate", "root"}, []string{"intermediate", "root"}, 3, nil},
		"backwards, twice": {"rsa2048", []string{"root", "intermediate", "root", "rsa2048"}, []string{"intermediate", "root"}, 3, nil},
		"a gap":            {"rsa2048", []string{"root"}, nil, 0, []string{"root"}},
		"no root":          {"rsa2048", []string{"intermediate"}, []string{"intermediate"}, 1, nil},
		"nothing":          {"rsa2048", nil, nil, 0, nil},
		"self-signed":      {"self-signed", []string{"root"}, nil, 0, []string{"root"}},
		"another leaf":     {"rsa2048", []string{"wildcard", "intermediate"}, []string{"intermediate"}, 1, []string{"wildcard"}},
		"cross-signed":     {"rsa2048", []string{"intermediate", "intermediate-cross", "root2"}, []string{"intermediate-cross", "root2"}, 3, []string{"intermediate"}},
		"PSS and SHA-1":    {"pss-signed", []string{"intermediate", "root"}, []string{"intermediate", "root"}, 3, nil},
		"SHA-1":            {"sha1-signed", []string{"intermediate"}, []string{"intermediate"}, 1, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			chain, signed, unrelated := SortChain(loadCert(t, c.leaf), certsOf(t, c.others...))
			checkCerts(t, "chain", chain, c.chain)
			checkCerts(t, "unrelated", unrelated, c.unrelated)
			if len(signed) != len(chain) {
				t.Fatalf("%d edges of %d", len(signed), len(chain))
			}
			for i, s := range signed {
				if s != (c.signed>>i&1 == 1) {
					t.Errorf("signed is %v", signed)
				}
			}
			if bits.Len(uint(c.signed)) > len(signed) {
				t.Errorf("signed is %v", signed)
			}
		})
	}
}

func checkCerts(t *testing.T, what string, got []*x509.Certificate, want []string) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%s has %d certificates, want %v", what, len(got), want)
	}
	for i, name := range want {
		if !got[i].Equal(loadCert(t, name)) {
			t.Errorf("%s[%d] is %s, want %s", what, i, got[i].Subject, name)
		}
	}
}

// A certificate with the issuer's name but another key is shown as a link that nobody signed.
func TestSortChainSaysWhatWasNotSigned(t *testing.T) {
	impostor := *loadCert(t, "rsa4096")
	impostor.RawSubject = loadCert(t, "intermediate").RawSubject
	impostor.Raw = append([]byte(nil), impostor.Raw[1:]...)
	chain, signed, _ := SortChain(loadCert(t, "rsa2048"), []*x509.Certificate{&impostor})
	if len(chain) == 0 || signed[0] {
		t.Errorf("%d links, signed %v", len(chain), signed)
	}
	chain, signed, _ = SortChain(loadCert(t, "rsa2048"), []*x509.Certificate{&impostor, loadCert(t, "intermediate")})
	if len(chain) == 0 || !signed[0] || !chain[0].Equal(loadCert(t, "intermediate")) {
		t.Error("the true issuer was not preferred")
	}
}

// Two certificates that name each other as issuer, and a long row, must end.
func TestSortChainTerminates(t *testing.T) {
	a, b := *loadCert(t, "rsa1024"), *loadCert(t, "rsa4096")
	a.RawSubject, a.RawIssuer, a.Raw = []byte("a"), []byte("b"), []byte("1")
	b.RawSubject, b.RawIssuer, b.Raw = []byte("b"), []byte("a"), []byte("2")
	leaf := *loadCert(t, "rsa2048")
	leaf.RawIssuer = []byte("a")
	if chain, _, _ := SortChain(&leaf, []*x509.Certificate{&a, &b}); len(chain) != 2 {
		t.Errorf("%d links", len(chain))
	}
	var row []*x509.Certificate
	for i := range 100 {
		c := a
		c.RawSubject, c.RawIssuer, c.Raw = []byte{byte(i)}, []byte{byte(i + 1)}, []byte{byte(i)}
		row = append(row, &c)
	}
	leaf.RawIssuer = []byte{0}
	if chain, _, _ := SortChain(&leaf, row); len(chain) != maxChain {
		t.Errorf("%d links", len(chain))
	}
}

func TestFindLeaf(t *testing.T) {
	holds := func(names ...string) func(crypto.PublicKey) bool {
		return func(pub crypto.PublicKey) bool {
			for _, name := range names {
				if sameKey(pub, loadCert(t, name).PublicKey) {
					return true
				}
			}
			return false
		}
	}
	cases := map[string]struct {
		certs []string
		has   func(crypto.PublicKey) bool
		leaf  string
		code  fail.Code
	}{
		"alone":                      {[]string{"rsa2048"}, nil, "rsa2048", ""},
		"root first":                 {[]string{"root", "intermediate", "rsa2048"}, nil, "rsa2048", ""},
		"twice":                      {[]string{"rsa2048", "rsa2048"}, nil, "rsa2048", ""},
		"a root alone":               {[]string{"root"}, nil, "root", ""},
		"CAs only":                   {[]string{"root", "intermediate"}, nil, "intermediate", ""},
		"a CA as leaf, with its key": {[]string{"root", "intermediate", "ca-as-leaf"}, holds("ca-as-leaf"), "ca-as-leaf", ""},
		"two leaves, one key":        {[]string{"wildcard", "rsa2048", "root"}, holds("rsa2048"), "rsa2048", ""},
		"two leaves, no key":         {[]string{"wildcard", "rsa2048"}, nil, "", fail.Ambiguous},
		"two leaves, two keys":       {[]string{"wildcard", "rsa2048"}, holds("wildcard", "rsa2048"), "", fail.Ambiguous},
		"leaf and CA key":            {[]string{"rsa2048", "root"}, holds("rsa2048", "root"), "rsa2048", ""},
		"nothing":                    {nil, nil, "", fail.UnsupportedFormat},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			leaf, err := FindLeaf(certsOf(t, c.certs...), c.has)
			if c.code != "" {
				wantCode(t, err, c.code)
			} else if err != nil || !leaf.Equal(loadCert(t, c.leaf)) {
				t.Errorf("got %v, error %v", leaf, err)
			}
		})
	}
}

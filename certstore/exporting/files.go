package exporting

import (
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// Files are the files that an export of an entry writes, a request for each. The public ones come first: where a later
// one fails, no key lies about that nobody asked for.
func (r Request) Files(e ledger.Entry) []Request {
	switch r.Format {
	case PEMAndKey:
		return []Request{r.beside("", PEM), r.beside(".key", KeyAlone)}
	case PEMParts:
		leaf := r.beside("", PEM)
		leaf.NoChain = true
		if r.NoChain || len(Between(e)) == 0 {
			return []Request{leaf, r.beside(".key", KeyAlone)}
		}
		return []Request{leaf, r.beside("-chain"+filepath.Ext(r.Path), ChainPEM), r.beside(".key", KeyAlone)}
	case Java:
		return []Request{r.beside("-truststore"+filepath.Ext(r.Path), TrustStore), r.beside("", PKCS12)}
	}
	return []Request{r}
}

// beside is a request for a file whose name differs from the path in its end; "" is the path itself.
func (r Request) beside(end string, f Format) Request {
	if end != "" {
		r.Path = strings.TrimSuffix(r.Path, filepath.Ext(r.Path)) + end
	}
	r.Format = f
	return r
}

// Between are the certificates between an entry and its root.
func Between(e ledger.Entry) []trust.Link {
	links := e.Chain[:e.Reach()]
	if root := slices.IndexFunc(links, func(l trust.Link) bool { return l.SelfSigned }); root >= 0 {
		return links[:root]
	}
	return links
}

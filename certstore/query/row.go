package query

import (
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// Row is an entry as a query sees it, made once: a key pressed in the filter looks at every row there is.
type Row struct {
	text     string // all its words in lower case, a line each
	named    string // these parts of text: the friendly name, the subject and all names
	own      string // the common name and the names
	alt      string // the names, a line each in their order
	written  string // the same as people write them; "" where all are stored so
	issuer   string
	bound    string // the slots that serve it
	key      string // kind and bits
	is       set
	services ledger.Services
	ends     bool
	until    int64 // when it ends, in seconds since 1970
}

// TextRow is a row that has words alone, which are in lower case.
func TextRow(text string) Row { return Row{text: text} }

// Rows are entries as a query sees them, their words one behind the other in memory.
func Rows(entries []ledger.Entry) []Row {
	var all strings.Builder
	rows, ends := make([]Row, len(entries)), make([]parts, len(entries))
	for i := range entries {
		e := &entries[i]
		rows[i] = Row{is: bits(e), services: e.Wanted | e.Services, ends: e.Kind == ledger.Certificate,
			until: e.NotAfter.Unix()}
		ends[i] = write(&all, e)
	}
	text, from := all.String(), 0
	for i, p := range ends {
		r := &rows[i]
		r.text, r.named = text[from:p.key], text[from:p.written]
		r.own, r.alt = text[p.label:p.names], text[p.common:p.names]
		r.written = text[p.names:p.written]
		r.issuer, r.bound, r.key = text[p.written:p.issuer], text[p.rest:p.bound], text[p.bound:p.key]
		from = p.key
	}
	return rows
}

// parts is where the parts of a row's text end, in their order.
type parts struct{ label, common, names, written, issuer, rest, bound, key int }

// write writes every word of an entry, a line each and in lower case.
func write(b *strings.Builder, e *ledger.Entry) (p parts) {
	add := func(words ...string) int {
		for _, word := range words {
			b.WriteByte('\n')
			b.WriteString(strings.ToLower(word))
		}
		b.WriteByte('\n')
		return b.Len()
	}
	issuer, own := names.Short(e.Issuer), ""
	if e.SelfSigned {
		issuer, own = "itself", "self-signed"
	}
	settled := ""
	if e.Settled() {
		settled = WordSettled
	}
	p.label = add(e.FriendlyName, e.Subject)
	p.common = p.label
	if cn := e.CommonName(); len(e.Names) == 0 || cn != e.Names[0] {
		p.common = add(cn)
	}
	p.names = add(e.Names...)
	p.written = p.names
	if written := writtenOf(e.Names); !slices.Equal(written, e.Names) {
		p.written = add(written...)
	}
	p.issuer = add(issuer, e.Issuer)
	p.rest = add(e.Verdict.Word, settled, e.Thumbprint, e.Serial, strings.Join((e.Wanted|e.Services).Names(), " "), own)
	p.bound = add(titles(e.Bound)...)
	p.key = add(e.KeyAlgorithm, strconv.Itoa(e.KeySize))
	return p
}

// writtenOf are names as people write them.
func writtenOf(list []string) []string {
	if !slices.ContainsFunc(list, func(name string) bool { return names.Written(name) != name }) {
		return list
	}
	written := make([]string, len(list))
	for i, name := range list {
		written[i] = names.Written(name)
	}
	return written
}

// titles are the slots that serve an entry, and the ports that proved it.
func titles(bound []ledger.Binding) (list []string) {
	for _, b := range bound {
		list = append(list, b.Title())
		for _, p := range b.Prove {
			list = append(list, p.URL)
		}
	}
	return list
}

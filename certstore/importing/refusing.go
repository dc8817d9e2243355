package importing

import (
	"crypto/x509"
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

func noCertificate(b formats.Bundle) error {
	switch {
	case len(b.Requests) > 0:
		return fail.New(fail.UnsupportedFormat, "send it to the CA and import the certificate that comes back",
			"this is a request, not the CA's answer to one")
	case len(b.OddKeys) > 0 && len(b.Keys) == 0:
		return oddKey(b)
	case len(b.Keys) > 0:
		return fail.New(fail.UnsupportedFormat, "import the certificate's file together with it",
			"the file holds a private key and no certificate")
	}
	return fail.New(fail.UnsupportedFormat, "import the file the CA sent: PEM, DER, PKCS#7 or PKCS#12",
		"there is no certificate in the file")
}

func oddKey(b formats.Bundle) error {
	return fail.New(fail.UnsupportedFormat, "make a new request: certdesk keeps RSA, ECDSA and Ed25519 keys", "%s",
		b.OddKeys[0].Reason)
}

func removedError(code fail.Code, what string, r *ledger.Row) error {
	return fail.New(code, "`certdesk restore "+r.Short()+"` brings it back; then import again", "%s: %s (%s)", what,
		r.FriendlyName, r.Thumbprint)
}

// completesNothing says why CA certificates alone are not imported: they are here and do their work, or no chain needs
// them.
func (h Held) completesNothing(cas []*x509.Certificate) error {
	var entries []int64
	for _, c := range cas {
		below := h.entriesBelow(judging.Sum(c.Raw))
		if len(below) == 0 {
			return fail.New(fail.NoMatchingRequest, "import it together with the certificate that it signed",
				"this is a CA's certificate, and no chain here needs it: %s", names.FromDER(c.RawSubject))
		}
		entries = append(entries, below...)
	}
	slices.Sort(entries)
	list := ledger.NameList(slices.Compact(entries),
		func(id int64) string { return ledger.Label(&h.State.ByID[id].Entry) })
	return fail.New(fail.AlreadyExists, "there is nothing to do: it is in the chain of "+list,
		"this CA certificate is here already: %s", names.FromDER(cas[0].RawSubject))
}

// entriesBelow are the live entries whose chains hold a CA certificate.
func (h Held) entriesBelow(sum string) (ids []int64) {
	for _, r := range h.State.Rows {
		if r.Removed.IsZero() && chainHas(r, sum) {
			ids = append(ids, r.ID)
		}
	}
	return ids
}

// nobodyLacks says of a CA's certificate without a key, which completes no chain, where it stands already, or that
// nothing here is below it. Its key is the CA's own: nobody expects it here.
func (h Held) nobodyLacks(m *Match) error {
	var below []string
	for _, r := range h.State.Rows {
		if chainHas(r, m.Entry.SHA256) {
			below = append(below, ledger.Label(&r.Entry))
		}
	}
	if len(below) > 0 {
		return fail.New(fail.AlreadyExists, "there is nothing to do",
			"this CA's certificate is here already, in the chain of %s: %s", judging.SomeOf(below), m.Entry.Subject)
	}
	return fail.New(fail.NoMatchingRequest,
		"import it together with the server's certificate; if it is a root to be trusted, "+
			"name its file under trust in the configuration",
		"this is a CA's certificate, and no certificate here was issued by it: %s", m.Entry.Subject)
}

// noMatchingRequest names the requests that wait, so that a wrong file or a wrong server shows.
func (h Held) noMatchingRequest(m *Match) error {
	var waiting []string
	for _, r := range h.State.Rows {
		if r.Kind == ledger.PendingReq && r.Removed.IsZero() {
			waiting = append(waiting, r.FriendlyName+" ("+r.CommonName()+")")
		}
	}
	hint := "no request waits here: import it where the request was made, or give its private key in the same import"
	if n := len(waiting); n > 0 {
		if n > 5 {
			waiting = append(waiting[:5], fmt.Sprintf("%d more", n-5))
		}
		hint = "its key belongs to none of the requests that wait here: " + strings.Join(waiting, ", ")
	}
	return fail.New(fail.NoMatchingRequest, hint, "the private key of %s is not here", m.Entry.Subject)
}

// Package storetest makes large stores for benchmarks. Only tests import it.
package storetest

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"certdesk/certstore/disk/disktest"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// Fill makes a store whose journal names n entries: self-signed, issued and pending ones, with names and chains as
// mail servers have them. The journal is whole, its sums and its chain hold; the objects it names are not there.
func Fill(dir string, n int, now time.Time) error {
	return write(dir, n, func(i int) ledger.Entry { return Entry(i, now) })
}

// write makes the folders, and a journal with a line for each entry.
func write(dir string, n int, entry func(i int) ledger.Entry) error {
	for _, sub := range []string{"keys", "certs", "requests"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := disktest.WriteJournal(f, n, func(i int) (string, any) {
		return "import", map[string]any{"entry": entry(i), "newKey": true}
	}); err != nil {
		return err
	}
	return f.Close()
}

// Entry is the i-th entry of Fill, as the journal keeps it.
func Entry(i int, now time.Time) ledger.Entry {
	host := fmt.Sprintf("mail%05d.example.org", i)
	thumb := sumOf(host)
	e := ledger.Entry{
		Kind: ledger.Certificate, FriendlyName: fmt.Sprintf("server %05d", i), Thumbprint: strings.ToUpper(thumb[:40]),
		SHA256:  thumb,
		Created: now.Add(-time.Hour).UTC(), Subject: "CN=" + host + ",OU=Mail,O=Sunshine\\, Inc.,L=Brussels,C=BE",
		Common:    host,
		Issuer:    "CN=Example CA R3,O=Example,C=BE",
		Names:     []string{host, "imap." + host, "smtp." + host, "autodiscover." + host},
		NotBefore: now.AddDate(0, 0, -90).UTC(), NotAfter: now.AddDate(0, 0, i%400-20).UTC(),
		Serial:       strings.ToUpper(thumb[:32]),
		KeyAlgorithm: "RSA", KeySize: 2048, SignatureAlgorithm: "SHA256-RSA", SPKI: sumOf("key" + host), KeyKept: true,
		Wanted: ledger.Services(1 << (i % 5)),
		Chain: []trust.Link{{Subject: "CN=Example CA R3,O=Example,C=BE", Issuer: "CN=Example Root,C=BE", SHA256: sumOf("R3"),
			NotBefore: now.AddDate(-3, 0, 0).UTC(), NotAfter: now.AddDate(3, 0, 0).UTC(), Signed: true}},
	}
	switch i % 10 {
	case 0:
		e.SelfSigned, e.Issuer, e.Chain = true, e.Subject, nil
	case 1:
		e.Kind, e.Request, e.Issuer, e.Chain, e.Serial = ledger.PendingReq, thumb, "", nil, ""
		e.NotBefore, e.NotAfter = time.Time{}, time.Time{}
	}
	return e
}

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

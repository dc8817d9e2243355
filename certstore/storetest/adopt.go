package storetest

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/disk"
	"certdesk/certstore/formats"
)

// Adopt makes a store that holds these certificates, without their keys, as no verb would: to compare what is said
// of them with what others say.
func Adopt(dir string, certs []*x509.Certificate, now time.Time) error {
	if err := os.MkdirAll(filepath.Join(dir, "certs"), 0o700); err != nil {
		return err
	}
	f, err := os.OpenFile(filepath.Join(dir, "journal"), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer f.Close()
	w, prev := bufio.NewWriter(f), strings.Repeat("0", 64)
	for i, c := range certs {
		e, err := certstore.Describe(c, nil)
		if err != nil {
			return err
		}
		e.FriendlyName, e.KeyKept = fmt.Sprintf("certificate %d", i), true
		if err := os.WriteFile(filepath.Join(dir, "certs", e.SHA256+".pem"), formats.CertPEM(c.Raw), 0o600); err != nil {
			return err
		}
		if prev, err = record(w, i, prev, e, now); err != nil {
			return err
		}
	}
	return w.Flush()
}

// record writes one line of a journal and gives its sum.
func record(w *bufio.Writer, i int, prev string, e certstore.Entry, now time.Time) (sum string, err error) {
	data, err := json.Marshal(map[string]any{"entry": e, "newKey": true})
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(disk.Record{Seq: int64(i + 1), Prev: prev, Time: now.Add(-time.Hour).UTC(), Actor: disk.Actor{UID: os.Geteuid()}, Op: "import", Data: data})
	if err != nil {
		return "", err
	}
	sum = sumOf(string(text))
	_, err = fmt.Fprintf(w, "%s %s\n", sum, text)
	return sum, err
}

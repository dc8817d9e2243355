package formats

import (
	"bytes"
	"crypto/x509"
	"encoding/asn1"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// seedAll adds every small file of testdata whose name one of the patterns fits.
func seedAll(f *testing.F, patterns ...string) {
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(testdata, pattern))
		if err != nil || len(files) == 0 {
			f.Fatalf("no testdata for %s: %v", pattern, err)
		}
		for _, name := range files {
			data, err := os.ReadFile(name)
			if err != nil {
				f.Fatal(err)
			}
			if len(data) < 8<<10 && !strings.Contains(name, "iterations") && !strings.Contains(name, "gnutls") && !strings.Contains(name, "nss") {
				f.Add(data)
			}
		}
	}
}

// fuzzWork is enough for the seeds and too little for a fuzzer to spend its time on deriving keys: limits_test.go holds
// the real bound.
const fuzzWork = 60_000

// decodes holds what is true of whatever bytes: an answer with a code, nothing unfit to show, time and memory within
// bounds.
func decodes(t *testing.T, data []byte, passwords ...[]byte) {
	t.Helper()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for _, password := range passwords {
		began := time.Now()
		b, err := decode(t.Context(), data, password, fuzzWork)
		checkAnswer(t, b, err)
		if took := time.Since(began); took > 30*time.Second { // many fuzz at once; alone it is a sixth
			t.Errorf("it took %s", took)
		}
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapSys) - int64(before.HeapSys); grown > 128<<20 {
		t.Errorf("the heap grew by %d bytes for %d bytes of input", grown, len(data))
	}
}

func checkAnswer(t *testing.T, b Bundle, err error) {
	t.Helper()
	for _, note := range b.Notes {
		if printable.Text(note) != note {
			t.Errorf("a note is unfit to show: %q", note)
		}
	}
	if err == nil {
		if words := b.Words(); printable.Text(words) != words || len(words) > 4<<10 {
			t.Errorf("words unfit to show: %q", words)
		}
		if len(b.Certs)+len(b.Keys)+len(b.OddKeys)+len(b.Requests) == 0 {
			t.Error("nothing was read, and no error")
		}
		if len(b.Certs) != len(b.CertLabels) || len(b.Keys) != len(b.KeyLabels) {
			t.Error("labels are missing")
		}
		if leaf, err := FindLeaf(b.Certs, nil); err == nil {
			SortChain(leaf, b.Certs)
		}
		return
	}
	e := fail.Of(err)
	if e.Code == fail.Failed || printable.Text(e.Text) != e.Text {
		t.Errorf("unfit to show: %s %q", e.Code, e.Text)
	}
}

func FuzzDecode(f *testing.F) {
	seedAll(f, "certs/*", "formats/*")
	f.Fuzz(func(t *testing.T, data []byte) { decodes(t, data, nil, []byte("secret")) })
}

func FuzzPEM(f *testing.F) {
	seedAll(f, "formats/*.pem", "formats/*.key", "formats/*.txt")
	leaf := load(f, "formats", "leaf.pem")
	for _, m := range maims {
		f.Add([]byte(m.do(string(leaf))))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _ := plainText(data)
		if blocks, _, err := splitPEM(text); err == nil && len(blocks) > bytes.Count(text, pemBegin) {
			t.Errorf("%d blocks of %d frames", len(blocks), bytes.Count(text, pemBegin))
		}
		decodes(t, data, []byte("secret"))
	})
}

// FuzzPKCS12 puts the bytes where a checksum would otherwise keep them out: into a safe in clear.
func FuzzPKCS12(f *testing.F) {
	seedAll(f, "formats/*.pfx", "formats/*.p12")
	for _, name := range []string{"in-clear.pfx", "default.pfx"} {
		c := readBER(load(f, "formats", name)).enter(tagSequence)
		c.next()
		info := c.enter(tagSequence)
		info.next()
		for safes := info.enter(tagExplicit0).inner(tagOctets).enter(tagSequence); safes.more(); {
			f.Add(safes.next().raw)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		decodes(t, sequence(number(3), contentInfo(sequence(data))), []byte("secret"))
		decodes(t, sequence(number(3), contentInfo(sequence(contentInfo(data)))), []byte("secret"))
		decodes(t, data, []byte("secret"))
	})
}

// FuzzBER: DER stays as it is, BER becomes DER once and for all, and a certificate that the library reads is seen alike.
func FuzzBER(f *testing.F) {
	seedAll(f, "formats/*.der", "formats/*.p7b", "formats/*.pfx", "formats/*.p12")
	files, _ := filepath.Glob(filepath.Join(testdata, "formats", "odd-*.pem"))
	for _, name := range files {
		b, err := Decode(load(f, "formats", filepath.Base(name)), nil)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b.Certs[0].Raw)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		der, err := toDER(data)
		if err != nil {
			return
		}
		again, err := toDER(der)
		if err != nil || !bytes.Equal(again, der) {
			t.Errorf("%x becomes %x becomes %x, %v", data, der, again, err)
		}
		var raw asn1.RawValue
		if rest, err := asn1.Unmarshal(data, &raw); err == nil && !readBER(data).next().isBER() && !bytes.Equal(der, data[:len(data)-len(rest)]) {
			t.Errorf("DER was changed: %x to %x", data, der)
		}
		seenAlike(t, der)
	})
}

func seenAlike(t *testing.T, der []byte) {
	t.Helper()
	want, err := x509.ParseCertificate(der)
	if err != nil {
		_, _ = reduced(der)
		return
	}
	got, err := reduced(der)
	if err != nil {
		t.Fatalf("the library reads it, the reduced view not: %v", err)
	}
	if !bytes.Equal(got.RawSubject, want.RawSubject) || !bytes.Equal(got.RawSubjectPublicKeyInfo, want.RawSubjectPublicKeyInfo) ||
		got.SerialNumber.Cmp(want.SerialNumber) != 0 || !bytes.Equal(got.RawTBSCertificate, want.RawTBSCertificate) {
		t.Error("the reduced view differs from the library's")
	}
}

func FuzzKeystore(f *testing.F) {
	seedAll(f, "formats/*.jks")
	f.Fuzz(func(t *testing.T, data []byte) {
		decodes(t, data, nil, []byte("secret"))
		decodes(t, append([]byte(magicJKS), data...), []byte("secret"))
	})
}

func FuzzZIP(f *testing.F) {
	seedAll(f, "formats/*.zip")
	f.Fuzz(func(t *testing.T, data []byte) { decodes(t, data, nil) })
}

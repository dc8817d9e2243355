package exporting

import (
	"slices"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// entry is a certificate that answered a request; its key may leave.
func entry() ledger.Entry {
	return ledger.Entry{Kind: ledger.Certificate, FriendlyName: "mail", Request: "r", HasKey: true, Exportable: true,
		Chain: []trust.Link{{Subject: "CN=Int", Signed: true}, {Subject: "CN=Root", Signed: true, SelfSigned: true}}}
}

func pending() ledger.Entry {
	return ledger.Entry{Kind: ledger.PendingReq, FriendlyName: "mail", Request: "r", HasKey: true}
}

// The ending of a path and the wish say what is written, or what to say instead.
func TestWhatAPathAsksFor(t *testing.T) {
	unasked := entry()
	unasked.Request = ""
	for _, c := range []struct {
		of   ledger.Entry
		path string
		wish Wish
		want Format
		code fail.Code
	}{
		{entry(), "a.pfx", Wish{}, PKCS12, ""},
		{entry(), "a.P12", Wish{}, PKCS12, ""},
		{entry(), "a.cer", Wish{}, PEM, ""},
		{entry(), "a.cer", Wish{Binary: true}, DER, ""},
		{entry(), "a.der", Wish{}, DER, ""},
		{entry(), "a.p7b", Wish{}, PKCS7, ""},
		{entry(), "a.pem", Wish{WithKey: true}, KeyPEM, ""},
		{entry(), "a.crt", Wish{WithKey: true}, "", fail.Usage},
		{entry(), "a.p7c", Wish{WithKey: true}, "", fail.Usage},
		{entry(), "a.txt", Wish{}, "", fail.Usage},
		{entry(), "a", Wish{}, "", fail.Usage},
		{entry(), "a.req", Wish{Request: true}, RequestPEM, ""},
		{entry(), "a.csr", Wish{Request: true, Binary: true}, RequestDER, ""},
		{entry(), "a.pfx", Wish{Request: true}, "", fail.Usage},
		{unasked, "a.req", Wish{Request: true}, "", fail.NotFound},
		{pending(), "a.pem", Wish{}, RequestPEM, ""},
		{pending(), "a.der", Wish{}, RequestDER, ""},
		{pending(), "a.pem", Wish{WithKey: true}, "", fail.Usage},
		{pending(), "a.pfx", Wish{For: "windows-2016"}, "", fail.NotFound},
		{entry(), "a.pem", Wish{For: "nginx"}, PEMAndKey, ""},
		{entry(), "a.pem", Wish{For: "appliance"}, PEMParts, ""},
		{entry(), "a.pem", Wish{For: "java"}, "", fail.Usage},
		{entry(), "a.p12", Wish{For: "java-truststore", WithKey: true}, "", fail.Usage},
	} {
		got, _, err := Choose(c.of, c.path, c.wish)
		if got != c.want || (err == nil) != (c.code == "") || err != nil && !fail.Is(err, c.code) {
			t.Errorf("%s %+v: %q, %v; want %q, %q", c.path, c.wish, got, err, c.want, c.code)
		}
	}
	if _, profile, _ := Choose(entry(), "a.pfx", Wish{For: "windows-2016"}); profile != formats.Windows2016 {
		t.Errorf("Windows 2016 gets %s", profile)
	}
}

// Files that belong together stand beside the path, the public ones first.
func TestTheFilesThatBelongTogether(t *testing.T) {
	alone := entry()
	alone.Chain = nil
	for _, c := range []struct {
		of      ledger.Entry
		format  Format
		noChain bool
		want    []string
	}{
		{entry(), PKCS12, false, []string{"d/a.pem"}},
		{entry(), PEMAndKey, false, []string{"d/a.pem", "d/a.key"}},
		{entry(), PEMParts, false, []string{"d/a.pem", "d/a-chain.pem", "d/a.key"}},
		{entry(), PEMParts, true, []string{"d/a.pem", "d/a.key"}},
		{alone, PEMParts, false, []string{"d/a.pem", "d/a.key"}},
		{entry(), Java, false, []string{"d/a-truststore.pem", "d/a.pem"}},
	} {
		var got []string
		secret := false
		for _, f := range (Request{Path: "d/a.pem", Format: c.format, NoChain: c.noChain}).Files(c.of) {
			if secret && !f.Format.BringsKey() {
				t.Errorf("%s: %s comes after a key", c.format, f.Path)
			}
			got, secret = append(got, f.Path), secret || f.Format.BringsKey()
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: %q, want %q", c.format, got, c.want)
		}
	}
}

// A key leaves where it is here, may leave, and belongs to a certificate that can be used.
func TestWhichKeysMayLeave(t *testing.T) {
	for name, c := range map[string]struct {
		change func(e *ledger.Entry)
		code   fail.Code // of a form that brings the key
	}{
		"as it is":       {func(*ledger.Entry) {}, ""},
		"not exportable": {func(e *ledger.Entry) { e.Exportable = false }, fail.NotExportable},
		"not here":       {func(e *ledger.Entry) { e.HasKey = false }, fail.NotExportable},
		"unfit":          {func(e *ledger.Entry) { e.Defect = "broken" }, fail.Unfit},
		"unread":         {func(e *ledger.Entry) { e.Unread = "strange" }, fail.Unfit},
	} {
		e := entry()
		c.change(&e)
		err := Allowed(e, PKCS12)
		if (err == nil) != (c.code == "") || err != nil && !fail.Is(err, c.code) {
			t.Errorf("%s: %v", name, err)
		}
		if err := Allowed(e, PEM); err != nil {
			t.Errorf("%s: what is public does not leave: %v", name, err)
		}
	}
}

// Every word of --for means one reader, each of whose endings leads back to the form it is for.
func TestEveryReaderIsMeantByItsWords(t *testing.T) {
	seen := map[string]bool{}
	for _, r := range Readers() {
		for _, value := range r.Values {
			if got, known := ReaderOf(value); seen[value] || !known || got.Name != r.Name {
				t.Errorf("%s means %s", value, got.Name)
			}
			seen[value] = true
		}
		for _, f := range r.Forms {
			for _, ending := range f.Endings {
				if got, fits := r.Form("a" + ending); !fits || got.Format != f.Format {
					t.Errorf("%s: a%s is %s, want %s", r.Name, ending, got.Format, f.Format)
				}
			}
		}
		if _, fits := r.Form("a.docx"); fits {
			t.Errorf("%s takes a document", r.Name)
		}
	}
}

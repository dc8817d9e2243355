package sheet

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/trust"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func hostile(name string) certstore.Entry {
	return certstore.Entry{ID: 1, Kind: certstore.Certificate, FriendlyName: name, Subject: "CN=" + name, Issuer: name,
		Names: []string{name, "mail.example.org"}, NotBefore: noon, NotAfter: noon.AddDate(0, 0, -3), DaysLeft: -3,
		Thumbprint: "9A3F", KeyAlgorithm: "RSA", KeySize: 2048,
		Verdict: trust.Verdict{Status: trust.DateInvalid, Word: "expired", Reason: name}}
}

func TestNoCellOfAHostileCertificateIsAFormula(t *testing.T) {
	for _, name := range []string{`=HYPERLINK("http://evil.test","x")`, "+1", "-2+3", "@SUM(A1)", "\t=1", "＝1", " =1",
		"x;=1", "x; =1+2", "a,\"b\"\n=c", "=cmd|' /C calc'!A0", "*.example.org"} {
		text, err := CSV([]certstore.Entry{hostile(name)}, false)
		if err != nil {
			t.Fatal(err)
		}
		records, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
		if err != nil || len(records) != 2 || len(records[1]) != len(columns) {
			t.Fatalf("%q: %v %q", name, err, text)
		}
		for i, cell := range records[1] {
			for _, part := range strings.Split(cell, ";") {
				part = strings.TrimLeft(part, " ")
				if part != "" && strings.ContainsAny(part[:1], "=+-@\t\r") && columns[i].name != "daysLeft" || strings.HasPrefix(part, "＝") {
					t.Errorf("%q: the cell %s is %q", name, records[0][i], cell)
				}
			}
		}
	}
}

func TestCSVHasTheFieldsOfJSON(t *testing.T) {
	e := hostile("mail")
	e.Services, e.Wanted = certstore.SMTP|certstore.IMAP, certstore.SMTP|certstore.IIS
	text, err := CSV([]certstore.Entry{e}, true)
	if err != nil {
		t.Fatal(err)
	}
	want := "thumbprint,kind,status,statusReason,friendlyName,subject,certificateDomains,issuer,notBefore,notAfter,daysLeft," +
		"services,wantedServices,isSelfSigned,hasPrivateKey,privateKeyExportable,publicKeyAlgorithm,publicKeySize," +
		"signatureAlgorithm,serialNumber,sha256,removed,removedBy\n" +
		"9A3F,certificate,DateInvalid,mail,mail,CN=mail,mail mail.example.org,mail,2026-11-23T12:00:00Z,2026-11-20T12:00:00Z,-3," +
		"IMAP SMTP,IIS,false,false,false,RSA,2048,,,,,\n"
	if string(text) != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestMarkdownIsTextAndNoMarkup(t *testing.T) {
	text := string(Markdown([]certstore.Entry{hostile("a|b <script> [x](y) *c* `d` \\e\n| f")}, noon, false))
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	if len(lines) != 3 {
		t.Fatalf("%d lines:\n%s", len(lines), text)
	}
	for _, line := range lines {
		if n := strings.Count(line, "|") - strings.Count(line, `\|`); n != 9 {
			t.Errorf("%d cells: %s", n-1, line)
		}
	}
	for _, markup := range []string{" <script", " [x]", " *c*", " `d`"} {
		if strings.Contains(text, markup) {
			t.Errorf("%s has %s", text, markup)
		}
	}
	if !strings.HasPrefix(text, "| Status | Name | Names | Services | Issuer | Expires | Left | Thumbprint |\n| --- | --- |") {
		t.Error(text)
	}
}

// Package sheet writes rows for other programs: CSV for a spreadsheet, Markdown for a page, JSON for a script, days for
// a calendar, figures for Prometheus.
//
// Its promise: a row is a line, and what a hostile certificate is called is text there: no formula in a spreadsheet, no
// markup on a page, no line of its own among events and figures.
package sheet

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/printable"
	"certdesk/ui/words"
)

// column is one column of CSV, called as the field of JSON is.
type column struct {
	name string
	cell func(e *certstore.Entry) string
	ours bool // a number, a day or a word of certdesk, which needs no guard
}

var columns = []column{
	{"thumbprint", func(e *certstore.Entry) string { return e.Thumbprint }, true},
	{"kind", func(e *certstore.Entry) string { return string(e.Kind) }, true},
	{"status", func(e *certstore.Entry) string { return string(e.Verdict.Status) }, true},
	{"statusReason", func(e *certstore.Entry) string { return e.Verdict.Reason }, false},
	{"friendlyName", func(e *certstore.Entry) string { return e.FriendlyName }, false},
	{"subject", func(e *certstore.Entry) string { return e.Subject }, false},
	{"certificateDomains", func(e *certstore.Entry) string { return strings.Join(e.Names, " ") }, false},
	{"issuer", func(e *certstore.Entry) string { return e.Issuer }, false},
	{"notBefore", func(e *certstore.Entry) string { return moment(e.NotBefore) }, true},
	{"notAfter", func(e *certstore.Entry) string { return moment(e.NotAfter) }, true},
	{"daysLeft", daysLeft, true},
	{"services", func(e *certstore.Entry) string { return names(e.Services) }, true},
	{"wantedServices", func(e *certstore.Entry) string { return names(e.Wanted &^ e.Services) }, true},
	{"isSelfSigned", func(e *certstore.Entry) string { return strconv.FormatBool(e.SelfSigned) }, true},
	{"hasPrivateKey", func(e *certstore.Entry) string { return strconv.FormatBool(e.HasKey) }, true},
	{"privateKeyExportable", func(e *certstore.Entry) string { return strconv.FormatBool(e.Exportable) }, true},
	{"publicKeyAlgorithm", func(e *certstore.Entry) string { return e.KeyAlgorithm }, false},
	{"publicKeySize", func(e *certstore.Entry) string { return strconv.Itoa(e.KeySize) }, true},
	{"signatureAlgorithm", func(e *certstore.Entry) string { return e.SignatureAlgorithm }, false},
	{"serialNumber", func(e *certstore.Entry) string { return e.Serial }, true},
	{"sha256", func(e *certstore.Entry) string { return e.SHA256 }, true},
}

var trashColumns = append(columns[:len(columns):len(columns)],
	column{"removed", func(e *certstore.Entry) string { return moment(e.Removed) }, true},
	column{"removedBy", func(e *certstore.Entry) string { return e.RemovedBy }, false})

// moment is RFC 3339 in UTC, as in JSON; "" for none.
func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

func names(s certstore.Services) string { return strings.Join(s.Names(), " ") }

func daysLeft(e *certstore.Entry) string {
	if e.Kind != certstore.Certificate {
		return ""
	}
	return strconv.Itoa(e.DaysLeft)
}

// CSV is rows as RFC 4180 has them, the names of the columns first; removed says that they are of the trash.
func CSV(entries []certstore.Entry, removed bool) ([]byte, error) {
	list := columns
	if removed {
		list = trashColumns
	}
	records := [][]string{make([]string, len(list))}
	for i, c := range list {
		records[0][i] = c.name
	}
	for i := range entries {
		record := make([]string, len(list))
		for n, c := range list {
			if record[n] = c.cell(&entries[i]); !c.ours {
				record[n] = guarded(printable.Text(record[n]))
			}
		}
		records = append(records, record)
	}
	var out bytes.Buffer
	err := csv.NewWriter(&out).WriteAll(records)
	return out.Bytes(), err
}

// formula are the characters that a formula begins with, the wide ones of East Asian keyboards too (OWASP, "CSV
// Injection").
const formula = "=+-@\t\r＝＋－＠"

// guarded is foreign text that a spreadsheet takes for text: an apostrophe stands before what would begin a formula, at
// the beginning and behind what separates cells where a comma does not.
func guarded(text string) string {
	var b strings.Builder
	begins := true
	for _, r := range text {
		if begins && strings.ContainsRune(formula, r) {
			b.WriteByte('\'')
		}
		begins = r == ';' || r == '\t' || begins && r == ' '
		b.WriteRune(r)
	}
	return b.String()
}

// Markdown is rows as a table of a page, in the words of the desk.
func Markdown(entries []certstore.Entry, now time.Time, removed bool) []byte {
	var out bytes.Buffer
	titles := []string{"Status", "Name", "Names", "Services", "Issuer", "Expires", "Left", "Thumbprint"}
	if removed {
		titles = append(titles, "Removed", "By")
	}
	line(&out, titles)
	line(&out, strings.Fields(strings.Repeat("--- ", len(titles))))
	for i := range entries {
		e := &entries[i]
		cells := []string{e.Verdict.Word, words.Title(*e), strings.Join(e.Names, ", "), words.UseWords(*e),
			words.Issuer(*e), words.Day(e.NotAfter, now), words.LeftCell(*e, now), e.Thumbprint}
		if removed {
			cells = append(cells, words.Day(e.Removed, now), e.RemovedBy)
		}
		for n, cell := range cells {
			cells[n] = escaped.Replace(printable.Text(cell))
		}
		line(&out, cells)
	}
	return out.Bytes()
}

func line(out *bytes.Buffer, cells []string) {
	out.WriteString("| " + strings.Join(cells, " | ") + " |\n")
}

// escaped takes their meaning from the characters that CommonMark, its tables or a page of HTML give one to.
var escaped = strings.NewReplacer(`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "<", `\<`,
	">", `\>`, "|", `\|`, "~", `\~`, "&", `\&`, "$", `\$`)

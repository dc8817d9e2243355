package formats

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf16"

	"certdesk/certstore/fail"
)

// maims are the ways mail programs, editors, shells, web pages and people spoil a PEM file. With a code it is refused by
// that and the word; without, it is read, and the word is in the note that says so.
var maims = []struct {
	name string
	do   func(pem string) string
	code fail.Code
	word string
}{
	{"UTF-8 byte order mark", func(s string) string { return "\xef\xbb\xbf" + s }, "", "byte order mark"},
	{"UTF-16 LE with mark", func(s string) string { return "\xff\xfe" + wide16(s, 0) }, "", "UTF-16"},
	{"UTF-16 BE with mark", func(s string) string { return "\xfe\xff" + wide16(s, 1) }, "", "UTF-16"},
	{"UTF-16 LE without", func(s string) string { return wide16(s, 0) }, "", "UTF-16"},
	{"carriage returns only", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }, "", "carriage returns"},
	{"CR LF", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }, "", ""},
	{"indent", func(s string) string { return "    " + strings.ReplaceAll(s, "\n", "\n    ") }, "", "indented"},
	{"tabs", func(s string) string { return "\t" + strings.ReplaceAll(s, "\n", "\n\t") }, "", "indented"},
	{"> quoting", func(s string) string { return "> " + strings.ReplaceAll(s, "\n", "\n> ") }, "", "quoting"},
	{"> > quoting", func(s string) string { return "> > " + strings.ReplaceAll(s, "\n", "\n> > ") }, "", "quoting"},
	{"| quoting", func(s string) string { return "| " + strings.ReplaceAll(s, "\n", "\n| ") }, "", "quoting"},
	{"text before BEGIN", func(s string) string { return "certificate: " + s }, "", "before BEGIN"},
	{"text around", func(s string) string { return "Dear customer,\n\n" + s + "\nRegards -- the CA\n" }, "", ""},
	{"all on one line, with blanks", func(s string) string { return strings.ReplaceAll(s, "\n", " ") }, "", "one line"},
	{"all on one line, without", func(s string) string { return strings.ReplaceAll(s, "\n", "") }, "", "one line"},
	{"Base64 on one line", func(s string) string { return rewrap(s, 10000) }, "", "one line"},
	{"lines of 76", func(s string) string { return rewrap(s, 76) }, "", ""},
	{"lines of 7", func(s string) string { return rewrap(s, 7) }, "", ""},
	{`literal \n`, func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) }, "", `\n`},
	{"JSON", func(s string) string {
		return fmt.Sprintf(`{"certificate": %q, "n": 1}`, strings.ReplaceAll(s, "\n", "\r\n"))
	}, "", `\n`},
	{"JSON by PHP", func(s string) string {
		return `{"certificate":"` + strings.NewReplacer("\n", `\n`, "/", `\/`, "+", `\u002B`).Replace(s) + `"}`
	}, "", `\n`},
	{"blank lines between", func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") }, "", ""},
	{"blanks at line ends", func(s string) string { return strings.ReplaceAll(s, "\n", "  \n") }, "", ""},
	{"NULs at the end", func(s string) string { return s + "\x00\x00\x00" }, "", ""},
	{"no final newline", strings.TrimSpace, "", ""},
	{"quoted-printable", func(s string) string { return quotedPrintable(s) }, "", "quoted-printable"},
	{"HTML with br", func(s string) string {
		return "<html><p>" + strings.ReplaceAll(strings.ReplaceAll(s, "+", "&#43;"), "\n", "<br/>\n") + "</p>"
	}, "", "HTML"},
	{"no-break spaces", func(s string) string { return strings.ReplaceAll(s, "\n", "\u00a0\n") }, "", "invisible"},
	{"zero-width spaces", func(s string) string { return strings.ReplaceAll(s, "\n", "\u200b\n") }, "", "invisible"},
	{"source code", func(s string) string {
		return `"` + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\" +\n\"") + `";`
	}, fail.Damaged, "Base64"},
	{"a YAML string", func(s string) string { return "tls.crt: |\n  " + strings.ReplaceAll(s, "\n", "\n  ") }, "", ""},
	{"Base64 for web addresses", func(s string) string {
		return bodyOf(s, func(b string) string { return strings.NewReplacer("+", "-", "/", "_").Replace(b) })
	}, "", "web addresses"},
	{"without the = at the end", func(s string) string {
		return bodyOf(s, func(b string) string { return strings.TrimRight(b, "=\n") + "\n" })
	}, "", ""},
	{"dashes made long", func(s string) string { return strings.ReplaceAll(s, "-----", "—–-") }, "", "BEGIN and END"},
	{"four dashes", func(s string) string { return strings.ReplaceAll(s, "-----", "----") }, "", "BEGIN and END"},
	{"frame in small letters", func(s string) string {
		return strings.NewReplacer("BEGIN CERTIFICATE", "begin certificate", "END CERTIFICATE", "end certificate").Replace(s)
	}, "", "BEGIN and END"},
	{"no frame", func(s string) string { return bodyOf(s, nil) }, "", "no BEGIN"},
	{"no frame, UTF-16", func(s string) string { return wide16(bodyOf(s, nil), 0) }, "", "UTF-16"},
	{"no BEGIN", func(s string) string { return s[strings.Index(s, "\n"):] }, fail.Damaged, "BEGIN line is missing"},
	{"no END", func(s string) string { return s[:strings.Index(s, "-----END")] }, fail.Damaged, "no END line"},
	{"another END", func(s string) string { return strings.Replace(s, "END CERTIFICATE", "END CERT", 1) }, fail.Damaged, "no END line"},
	{"a line is missing", func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		return strings.Join(append(lines[:5:5], lines[6:]...), "")
	}, fail.Damaged, "damaged at byte"},
	{"a line twice", func(s string) string {
		lines := strings.SplitAfter(s, "\n")
		return strings.Join(append(lines[:6:6], lines[5:]...), "")
	}, fail.Damaged, ""},
	{"half of it", func(s string) string { return s[:len(s)/2] }, fail.Damaged, "no END line"},
	{"all in small letters", strings.ToLower, fail.Damaged, ""},
	{"stars in it", func(s string) string { return s[:200] + "****" + s[204:] }, fail.Damaged, "not Base64"},
}

func wide16(s string, high int) string {
	var out []byte
	for _, u := range utf16.Encode([]rune(s)) {
		pair := [2]byte{byte(u), byte(u >> 8)}
		out = append(out, pair[high], pair[1-high])
	}
	return string(out)
}

// bodyOf changes what stands between the frames; without a change the frames are left out.
func bodyOf(s string, change func(string) string) string {
	begin, end := strings.Index(s, "\n")+1, strings.Index(s, "-----END")
	if change == nil {
		return s[begin:end]
	}
	return s[:begin] + change(s[begin:end]) + s[end:]
}

func rewrap(s string, width int) string {
	return bodyOf(s, func(body string) string {
		body = strings.ReplaceAll(body, "\n", "")
		var out strings.Builder
		for len(body) > 0 {
			n := min(width, len(body))
			out.WriteString(body[:n] + "\n")
			body = body[n:]
		}
		return out.String()
	})
}

func quotedPrintable(s string) string {
	return rewrapEach(strings.ReplaceAll(s, "=", "=3D"), 50)
}

// rewrapEach breaks each line with a soft break, as a mail program does.
func rewrapEach(s string, width int) string {
	lines := strings.Split(s, "\n")
	for i, line := range lines {
		if len(line) > width {
			lines[i] = line[:width] + "=\n" + line[width:]
		}
	}
	return strings.Join(lines, "\n")
}

func TestMaimedPEM(t *testing.T) {
	for _, cert := range []string{"leaf.pem", "other"} {
		original := string(load(t, "formats", "leaf.pem"))
		if cert == "other" { // one that ends in ==
			original = string(CertPEM(loadCert(t, "ecdsa-p256").Raw))
		}
		want, err := Decode([]byte(original), nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range maims {
			t.Run(cert+" "+m.name, func(t *testing.T) {
				checkMaimed(t, []byte(m.do(original)), want.Certs[0].Raw, m.code, m.word)
			})
		}
	}
}

func checkMaimed(t *testing.T, data, want []byte, code fail.Code, word string) {
	t.Helper()
	b, err := Decode(data, nil)
	if code != "" {
		wantCode(t, err, code)
		if !strings.Contains(err.Error(), word) {
			t.Errorf("%q does not say %q", err, word)
		}
		return
	}
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Certs) != 1 || !bytes.Equal(b.Certs[0].Raw, want) {
		t.Error("another certificate came out")
	}
	if !strings.Contains(strings.Join(b.Notes, "\n"), word) {
		t.Errorf("notes %q do not say %q", b.Notes, word)
	}
}

// A bundle is read whole or not at all: half a chain is worse than an error.
func TestMaimedBlockOfABundle(t *testing.T) {
	chain := load(t, "formats", "fullchain.pem")
	second := bytes.Index(chain[100:], pemBegin) + 100
	maimed := bytes.Clone(chain)
	copy(maimed[second+400:], "!!!!")
	_, err := Decode(maimed, nil)
	wantCode(t, err, fail.Damaged)
	if !strings.Contains(err.Error(), "block 2") || !strings.Contains(err.Error(), "line") {
		t.Error(err)
	}
}

package delivering

import (
	"bytes"
	"mime"
	"mime/quotedprintable"
	"strings"
	"time"

	"certdesk/certstore/printable"
)

// foldAt is how long a line of a header may be (RFC 5322, section 2.1.1).
const foldAt = 76

// message is a letter as mail (RFC 5322). It says that no person wrote it, so that no vacation answers (RFC 3834; the
// last header is what Exchange heeds).
func (l Letter) message(from, to, host string) []byte {
	var b bytes.Buffer
	header := func(name, value string) { b.WriteString(name + ": " + value + "\r\n") }
	header("From", "certdesk <"+from+">")
	header("To", "<"+to+">")
	header("Subject", subject(l.Subject))
	header("Date", l.At.Format(time.RFC1123Z))
	header("Message-ID", "<"+l.ID+"@"+host+">")
	header("Auto-Submitted", "auto-generated")
	header("X-Auto-Response-Suppress", "All")
	header("MIME-Version", "1.0")
	header("Content-Type", `text/plain; charset="utf-8"`)
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	for line := range strings.Lines(l.Text) {
		_, _ = w.Write([]byte(printable.Text(strings.TrimRight(line, "\r\n")) + "\r\n")) // a buffer takes everything
	}
	_ = w.Close()
	return b.Bytes()
}

// subject is a text as the value of a header, encoded where that is needed (RFC 2047), and folded. What a line of
// plain text begins with would be taken for an encoded word is encoded too.
func subject(text string) string {
	text = strings.Join(strings.Fields(printable.Text(text)), " ")
	if strings.Contains(text, "=?") {
		text = mime.BEncoding.Encode("utf-8", text+"\u00a0") // a character that is none of ASCII has all of it encoded
	}
	text = mime.QEncoding.Encode("utf-8", text)
	var b strings.Builder
	column := len("Subject: ")
	for i, word := range strings.Split(text, " ") {
		switch {
		case i == 0 && column+len(word) <= foldAt:
		case column+1+len(word) > foldAt:
			b.WriteString("\r\n ")
			column = 1
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += len(word)
	}
	return b.String()
}

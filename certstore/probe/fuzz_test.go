package probe

import (
	"io"
	"net"
	"strings"
	"testing"
	"unicode"
)

// Whatever is said before TLS, the dialogue ends, and what is told of it can be shown.
func FuzzDialogue(f *testing.F) {
	for _, said := range []string{
		"220 mail\r\n250-mail\r\n250 STARTTLS\r\n220 go\r\n", "220-a\r\n220 b\r\n250 STARTTLS\r\n454 no\r\n", "554 no\r\n", "2", "220", "220\r\n250\r\n",
		"* OK hi\r\n* CAPABILITY STARTTLS\r\na1 OK\r\na2 OK\r\n", "* PREAUTH\r\n", "* BYE\r\n", "* OK\r\na1 BAD\r\n",
		"+OK\r\n+OK\r\nSTLS\r\n.\r\n+OK\r\nmore", "+OK\r\n-ERR\r\n+OK\r\n", "-ERR\r\n", "\"STARTTLS\"\r\nOK\r\nOK\r\n", "\"A\" {4}\r\nOK\r\n", "BYE\r\n", "\x00\xff\x1b[31m\u202e\r\n", strings.Repeat("x", 5000),
	} {
		f.Add(said)
	}
	f.Fuzz(func(t *testing.T, said string) {
		for _, scheme := range []Scheme{SMTP, LMTP, IMAP, POP3, Sieve} {
			here, there := net.Pipe()
			go func() { _, _ = io.WriteString(there, said); _ = there.Close() }()
			go func() { _, _ = io.Copy(io.Discard, there) }()
			talk := newTalk(&wire{Conn: here})
			if err := talk.startTLS(scheme); err != nil {
				why := explain(t.Context(), Request{}, talk.at, talk.wire, err)
				if why.text == "" || strings.ContainsFunc(why.text+why.said, unicode.IsControl) {
					t.Errorf("%s: %q: %s, %q, %q", scheme, said, why.result, why.text, why.said)
				}
			}
			_ = here.Close()
		}
	})
}

package probe

import (
	"bytes"
	"io"
	"net"
	"strings"
	"testing"
	"unicode"
)

// Whatever a server says in place of its first flight, it is read to an end, and proves nothing that it has not signed.
func FuzzFlight(f *testing.F) {
	hello := "\x16\x03\x03\x00\x2c\x02\x00\x00\x28\x03\x03" + strings.Repeat("r", 32) + "\x00\xc0\x2f\x00\x00\x00"
	for _, said := range []string{"", hello, hello + "\x16\x03\x03\x00\x04\x0e\x00\x00\x00", hello + "\x15\x03\x03\x00\x02\x02\x28",
		"\x16\x03\x03\x00\x07\x0b\x00\x00\x03\x00\x00\x00", hello + "\x17\x03\x03\x00\x03abc", "\x16\x03\x03\x00\x04\x0b\xff\xff\xff"} {
		f.Add([]byte(said))
	}
	f.Fuzz(func(t *testing.T, said []byte) {
		got, err := readFlight(bytes.NewReader(said))
		if err == nil && (len(got.certs) == 0 || got.proves(make([]byte, 32))) {
			t.Errorf("%d certificates, proven", len(got.certs))
		}
		var sealed flight
		if err := sealed.open(&recorded{in: said, out: said}, make([]byte, 32)); err == nil && sealed.proves(nil) {
			t.Error("sealed and proven")
		}
	})
}

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

package probe

import (
	"bufio"
	"context"
	"io"
	"net"
	"time"
)

// farewell is how long a goodbye may take; the answer is known already.
const farewell = 2 * time.Second

var goodbyes = map[Scheme]string{
	SMTP: "QUIT\r\n", LMTP: "QUIT\r\n", SMTPS: "QUIT\r\n", Sieve: "LOGOUT\r\n",
	POP3: "QUIT\r\n", POP3S: "QUIT\r\n", IMAP: "a9 LOGOUT\r\n", IMAPS: "a9 LOGOUT\r\n",
}

// bye ends a conversation as a client does, after the greeting where that is still to come, and waits until the other
// side has closed. What goes wrong here says nothing about the certificate.
func bye(ctx context.Context, scheme Scheme, conn net.Conn, greeted bool) {
	word := goodbyes[scheme]
	if word == "" || ctx.Err() != nil {
		_ = conn.Close()
		return
	}
	_ = conn.SetDeadline(time.Now().Add(farewell))
	in := bufio.NewReaderSize(conn, maxLine)
	if greeted {
		if _, err := in.ReadSlice('\n'); err != nil {
			_ = conn.Close()
			return
		}
	}
	if _, err := io.WriteString(conn, word); err == nil {
		_, _ = io.Copy(io.Discard, io.LimitReader(in, maxLine))
	}
	_ = conn.Close()
}

package probe

import (
	"bufio"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"

	"certdesk/certstore/printable"
)

const (
	maxLine  = 4 << 10 // of a reply; RFC 5321 has 512, a long IMAP capability list a little more
	maxLines = 200     // of one reply
)

// talk is the part of a conversation that is in plain text.
type talk struct {
	wire *wire
	in   *bufio.Reader
	at   string // what is being waited for, for the sentence about a failure
	name string // by which the other side greets, printable
}

func newTalk(w *wire) *talk { return &talk{wire: w, in: bufio.NewReaderSize(w, maxLine)} }

// startTLS leads the conversation to where the handshake begins. What came along behind the answer to STARTTLS is
// not protected by TLS, and somebody on the way may have put it there: it is never read as part of the session.
func (t *talk) startTLS(scheme Scheme) error {
	steps := map[Scheme]func() error{SMTP: t.smtp, LMTP: t.lmtp, IMAP: t.imap, POP3: t.pop3, Sieve: t.sieve}
	if err := steps[scheme](); err != nil {
		return err
	}
	if n := t.in.Buffered(); n > 0 {
		extra, _ := t.in.Peek(n)
		return failed(Plaintext, "more came after the answer to STARTTLS, before TLS: it was not read", quotable(extra))
	}
	return nil
}

func (t *talk) smtp() error { return t.mail("EHLO") }

// lmtp is SMTP under another greeting (RFC 2033).
func (t *talk) lmtp() error { return t.mail("LHLO") }

func (t *talk) mail(hello string) error {
	greeting, err := t.smtpReply("a greeting", "2")
	if err != nil {
		return err
	}
	t.name = firstWord(greeting)
	offers, err := t.smtpAsk(hello+" "+literal(t.wire.LocalAddr()), "2")
	if err != nil {
		return err
	}
	if !offered(offers, "STARTTLS") {
		return noStartTLS("STARTTLS")
	}
	_, err = t.smtpAsk("STARTTLS", "2")
	return err
}

// firstWord is that of a greeting, which is the name of the host (RFC 5321 4.2).
func firstWord(lines []string) string {
	for _, line := range lines {
		if words := strings.Fields(line); len(words) > 0 {
			return printable.Text(words[0])
		}
	}
	return ""
}

func (t *talk) smtpAsk(command, want string) ([]string, error) {
	if err := t.say(command); err != nil {
		return nil, err
	}
	verb, _, _ := strings.Cut(command, " ")
	return t.smtpReply("an answer to "+verb, want)
}

// smtpReply reads a reply of one or more lines, whose code must begin with want, and gives the texts of the lines.
func (t *talk) smtpReply(what, want string) (texts []string, err error) {
	for range maxLines {
		line, err := t.line(what)
		if err != nil {
			return nil, err
		}
		if len(line) < 3 || strings.Trim(line[:3], "0123456789") != "" || len(line) > 3 && line[3] != ' ' && line[3] != '-' {
			return nil, notThe("SMTP", line)
		}
		if len(line) > 3 {
			texts = append(texts, line[4:])
		}
		switch {
		case len(line) > 3 && line[3] == '-':
		case !strings.HasPrefix(line, want):
			return nil, refusedWith(what, line)
		default:
			return texts, nil
		}
	}
	return nil, errTooMuch
}

func (t *talk) imap() error {
	greeting, err := t.line("a greeting")
	switch {
	case err != nil:
		return err
	case has(greeting, "* PREAUTH"):
		return failed(Plaintext, "it treats every client as logged in from the start, when STARTTLS is no longer allowed",
			quotable([]byte(greeting)))
	case has(greeting, "* BYE"):
		return refusedWith("a greeting", greeting)
	case !has(greeting, "* OK"):
		return notThe("IMAP", greeting)
	}
	told, err := t.imapAsk("a1", "CAPABILITY")
	if err != nil {
		return err
	}
	if !slices.ContainsFunc(told, func(l string) bool {
		return has(l, "* CAPABILITY ") && slices.Contains(strings.Fields(strings.ToUpper(l)), "STARTTLS")
	}) {
		return noStartTLS("STARTTLS")
	}
	_, err = t.imapAsk("a2", "STARTTLS")
	return err
}

// imapAsk gives the untagged lines before the tagged OK.
func (t *talk) imapAsk(tag, command string) (told []string, err error) {
	if err := t.say(tag + " " + command); err != nil {
		return nil, err
	}
	what := "an answer to " + command
	for range maxLines {
		line, err := t.line(what)
		switch {
		case err != nil:
			return nil, err
		case has(line, tag+" OK"):
			return told, nil
		case has(line, tag+" "), has(line, "* BYE"):
			return nil, refusedWith(what, line)
		case !has(line, "* "):
			return nil, notThe("IMAP", line)
		}
		told = append(told, line)
	}
	return nil, errTooMuch
}

// pop3 asks for the capabilities first; a server too old to know CAPA is asked for STLS outright.
func (t *talk) pop3() error {
	if err := t.pop3Reply("a greeting"); err != nil {
		return err
	}
	offers, err := t.pop3Offers()
	switch {
	case err != nil && !isRefusal(err):
		return err
	case err == nil && !offered(offers, "STLS"):
		return noStartTLS("STLS")
	}
	if err := t.say("STLS"); err != nil {
		return err
	}
	return t.pop3Reply("an answer to STLS")
}

func isRefusal(err error) bool {
	f, ok := err.(*failure)
	return ok && f.result == Refused
}

func (t *talk) pop3Reply(what string) error {
	line, err := t.line(what)
	switch {
	case err != nil:
		return err
	case has(line, "-ERR"):
		return refusedWith(what, line)
	case !has(line, "+OK"):
		return notThe("POP3", line)
	}
	return nil
}

func (t *talk) pop3Offers() (lines []string, err error) {
	if err := t.say("CAPA"); err != nil {
		return nil, err
	}
	if err := t.pop3Reply("an answer to CAPA"); err != nil {
		return nil, err
	}
	for range maxLines {
		line, err := t.line("the list of capabilities")
		if err != nil || line == "." {
			return lines, err
		}
		lines = append(lines, line)
	}
	return nil, errTooMuch
}

func (t *talk) say(line string) error {
	_, err := t.wire.Write([]byte(line + "\r\n"))
	return err
}

// line reads one line, without its end.
func (t *talk) line(what string) (string, error) {
	t.at = what
	line, err := t.in.ReadSlice('\n')
	if err == bufio.ErrBufferFull {
		return "", failed(Garbage, fmt.Sprintf("a line of more than %d bytes came for %s", maxLine, what), quotable(line))
	}
	return strings.TrimRight(string(line), "\r\n"), err
}

// has compares as the protocols do, without case.
func has(line, prefix string) bool {
	return len(line) >= len(prefix) && strings.EqualFold(line[:len(prefix)], prefix)
}

// offered looks for a keyword at the beginning of a line.
func offered(lines []string, keyword string) bool {
	return slices.ContainsFunc(lines, func(l string) bool {
		first, _, _ := strings.Cut(l, " ")
		return strings.EqualFold(first, keyword)
	})
}

// literal is what a client without a name of its own says it is (RFC 5321 4.1.3).
func literal(local net.Addr) string {
	at, err := netip.ParseAddrPort(local.String())
	switch a := at.Addr().Unmap().WithZone(""); {
	case err != nil:
		return "localhost"
	case a.Is6():
		return "[IPv6:" + a.String() + "]"
	default:
		return "[" + a.String() + "]"
	}
}

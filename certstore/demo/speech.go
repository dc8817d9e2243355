package demo

import (
	"strings"

	"certdesk/certstore/port"
)

// language is what a server says first, and what it answers to a line.
type language struct {
	greeting string
	answer   func(line string) (reply string, then next)
}

// next is how a conversation goes on after an answer.
type next int

const (
	goesOn next = iota
	startsTLS
	ends
)

var speech = map[port.Scheme]language{
	port.SMTP:  {"220 " + Server + " ESMTP of the demo\r\n", smtp},
	port.IMAP:  {"* OK IMAP of the demo\r\n", imap},
	port.IMAPS: {"* OK IMAP of the demo\r\n", imap},
	port.POP3S: {"+OK POP3 of the demo\r\n", pop3},
	port.HTTPS: {"", web},
}

func smtp(line string) (string, next) {
	switch verb(line) {
	case "EHLO":
		return "250-" + Server + "\r\n250 STARTTLS\r\n", goesOn
	case "HELO":
		return "250 " + Server + "\r\n", goesOn
	case "STARTTLS":
		return "220 go ahead\r\n", startsTLS
	case "QUIT":
		return "221 goodbye\r\n", ends
	}
	return "502 the demo takes no mail\r\n", goesOn
}

func imap(line string) (string, next) {
	tag, rest, _ := strings.Cut(line, " ")
	switch verb(rest) {
	case "CAPABILITY":
		return "* CAPABILITY IMAP4rev1 STARTTLS LOGINDISABLED\r\n" + tag + " OK\r\n", goesOn
	case "STARTTLS":
		return tag + " OK begin\r\n", startsTLS
	case "LOGOUT":
		return "* BYE\r\n" + tag + " OK\r\n", ends
	}
	return tag + " NO the demo has no mail\r\n", goesOn
}

func pop3(line string) (string, next) {
	if verb(line) == "QUIT" {
		return "+OK goodbye\r\n", ends
	}
	return "-ERR the demo has no mail\r\n", goesOn
}

// web answers where a request's header ends, whatever was asked.
func web(line string) (string, next) {
	if line != "" {
		return "", goesOn
	}
	const text = "the web site of the demo of certdesk\n"
	return "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n" + text, ends
}

// verb is a line's first word, without case.
func verb(line string) string {
	word, _, _ := strings.Cut(line, " ")
	return strings.ToUpper(word)
}

package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"time"

	"certdesk/certstore/printable"
)

// failure is an end without a certificate.
type failure struct {
	result Result
	text   string
	said   string // printable
}

func (f *failure) Error() string { return f.text }

func noStartTLS(word string) error {
	return &failure{Plaintext, "it does not offer " + word + ": everything said there is readable on the way", ""}
}

func refusedWith(what, line string) error {
	if what == "a greeting" {
		return &failure{Refused, "it turns clients away", quotable([]byte(line))}
	}
	return &failure{Refused, "it refuses " + strings.TrimPrefix(what, "an answer to "), quotable([]byte(line))}
}

func notThe(protocol, line string) error {
	return &failure{Garbage, "it does not speak " + protocol, quotable([]byte(line))}
}

// explain puts an error into words: at is what was being waited for.
func explain(ctx context.Context, req Request, at string, w *wire, err error) *failure {
	var known *failure
	var name *net.DNSError
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(ctx.Err(), context.Canceled):
		return &failure{NoAnswer, "interrupted while waiting for " + at, ""}
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		return late(req, at, w)
	case errors.As(err, &name):
		return &failure{NoAnswer, "the address of " + printable.Text(req.Host) + " cannot be found: " + printable.Text(name.Err), ""}
	case errors.Is(err, errTooMuch):
		return &failure{Garbage, "far too much came for " + at, w.said()}
	case errors.Is(err, syscall.ECONNREFUSED):
		return &failure{Refused, "connection refused: nothing listens there", ""}
	case brokenOff(err) && at == connecting:
		return &failure{Refused, "it broke the connection off at once", ""}
	case brokenOff(err):
		return &failure{Refused, "it broke the connection off when " + at + " was due", w.said()}
	case w == nil:
		return &failure{NoAnswer, "no connection: " + bare(err), ""}
	}
	return badHandshake(w, err)
}

// connecting and handshaking are what is waited for before and after the plain text.
const (
	connecting  = "a connection"
	handshaking = "a TLS handshake"
)

func late(req Request, at string, w *wire) *failure {
	text := fmt.Sprintf("no answer within %s, waiting for %s", inSeconds(req.Timeout), at)
	if at == "a greeting" {
		text += "; a port that speaks TLS from the first byte is asked with " + string(req.Scheme) + "s://"
	}
	f := &failure{NoAnswer, text, ""}
	if w != nil {
		f.said = w.said()
	}
	return f
}

func inSeconds(d time.Duration) string {
	if d%time.Second == 0 {
		return fmt.Sprintf("%d s", d/time.Second)
	}
	return d.String()
}

func brokenOff(err error) bool {
	for _, end := range []error{io.EOF, io.ErrUnexpectedEOF, syscall.ECONNRESET, syscall.EPIPE, syscall.ECONNABORTED} {
		if errors.Is(err, end) {
			return true
		}
	}
	return false
}

// badHandshake tells text and noise from an alert and from TLS nobody here can follow.
func badHandshake(w *wire, err error) *failure {
	var record tls.RecordHeaderError
	var remote *net.OpError
	switch {
	case errors.As(err, &record) && isText(w.heard):
		return &failure{Plaintext, "plain text came where TLS was due", w.said()}
	case errors.As(err, &record):
		return &failure{Garbage, "what came is no TLS", w.said()}
	case errors.As(err, &remote) && remote.Op == "remote error":
		return &failure{Refused, "it refused the handshake: " + bare(remote.Err), ""}
	}
	return &failure{Garbage, "its TLS cannot be followed: " + bare(err), ""}
}

// bare takes out of a network error what the sentence around it names.
func bare(err error) string {
	var op *net.OpError
	var call *os.SyscallError
	switch {
	case errors.As(err, &call):
		err = call.Err
	case errors.As(err, &op):
		err = op.Err
	}
	return printable.Text(strings.TrimPrefix(err.Error(), "tls: "))
}

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

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// failure is an end without a certificate.
type failure struct {
	result Result
	text   string
	said   string // printable
	silent bool   // not a byte came where the other side, or its answer to a handshake, should have been first
	local  bool   // certdesk could not go on, the other side could have
	tls    bool   // it was the handshake that failed
}

// foreign says whether a handshake failed in a way that another client's need not: certdesk's own TLS gave up, or the
// server did with what that offers, by an alert or without a word.
func (f *failure) foreign() bool { return f.tls && (f.local || f.result == Refused) }

// unparsed says whether the library gave up at the certificate itself.
func (f *failure) unparsed() bool {
	return f.local && strings.Contains(f.text, "failed to parse certificate")
}

func failed(result Result, text, said string) *failure {
	return &failure{result: result, text: text, said: said}
}

func (f *failure) Error() string { return f.text }

// postfixUnproxied begins what Postfix says where no PROXY protocol header came (smtpd_upstream_proxy_protocol), as it
// does for other troubles: "421 4.3.0 ... Server local error" of 3.7, "421 4.3.2 ... No system resources" of others.
const postfixUnproxied = "421 4.3."

func noStartTLS(word string) error {
	return failed(Plaintext, "it does not offer "+word+": everything said there is readable on the way", "")
}

func refusedWith(what, line string) error {
	if what == "a greeting" {
		f := failed(Refused, "it turns clients away", quotable([]byte(line)))
		f.silent = strings.HasPrefix(line, postfixUnproxied)
		return f
	}
	return failed(Refused, "it refuses "+strings.TrimPrefix(what, "an answer to "), quotable([]byte(line)))
}

func notThe(protocol, line string) error {
	return failed(Garbage, "it does not speak "+protocol, quotable([]byte(line)))
}

// explain puts an error into words: at is what was being waited for.
func explain(ctx context.Context, req Request, at string, w *wire, err error) *failure {
	f := inWords(ctx, req, at, w, err)
	first := at == "a greeting" || at == handshaking && !req.Scheme.StartTLS() && brokenOff(err)
	f.silent = f.silent || first && w != nil && len(w.heard) == 0 && (f.result == Refused || f.result == NoAnswer)
	return f
}

func inWords(ctx context.Context, req Request, at string, w *wire, err error) *failure {
	var known *failure
	var name *net.DNSError
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(ctx.Err(), context.Canceled):
		return failed(NoAnswer, "interrupted while waiting for "+at, "")
	case ctx.Err() != nil, errors.Is(err, os.ErrDeadlineExceeded):
		return late(req, at, w)
	case errors.As(err, &name):
		return failed(NoAnswer, "the name "+printable.Text(req.Host)+" has no address here: "+printable.Text(name.Err), "")
	case errors.Is(err, errTooMuch):
		return failed(Garbage, "far too much came for "+at, w.said())
	case errors.Is(err, syscall.ECONNREFUSED):
		return failed(Refused, "connection refused: nothing listens there", "")
	case brokenOff(err) && at == connecting:
		return failed(Refused, "it broke the connection off at once", "")
	case brokenOff(err):
		return failed(Refused, "it broke the connection off when "+at+" was due", w.said())
	case w == nil:
		return failed(NoAnswer, "no connection: "+bare(err), "")
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
	f := failed(NoAnswer, text, "")
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
		f := failed(Plaintext, "plain text came where TLS was expected", w.said())
		f.silent = strings.HasPrefix(string(w.heard), postfixUnproxied)
		return f
	case errors.As(err, &record):
		return failed(Garbage, "the answer is not TLS", w.said())
	case errors.As(err, &remote) && remote.Op == "remote error":
		return refusedHandshake(bare(remote.Err))
	}
	f := failed(Unknown, cannotSpeak+" ("+bare(err)+"); other clients may", "")
	f.local = true
	return f
}

// refusedIt is how a sentence begins on a handshake that was refused.
const refusedIt = "it refused the handshake: "

// cannotSpeak is how a sentence begins on what certdesk does not know and others may.
const cannotSpeak = "certdesk cannot speak what this port speaks"

// refusedHandshake is an alert in words. A server that has nothing for a name, or for none, may be set up to say so.
func refusedHandshake(alert string) *failure {
	if alert == "unrecognized name" {
		return failed(NoName, "it has no certificate for clients that ask for this name, or for none", "")
	}
	return failed(Refused, refusedIt+alert, "")
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
	return fail.Plain(printable.Text(err.Error()))
}

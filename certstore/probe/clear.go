package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"strings"
	"time"
)

// askInClear asks once more where certdesk's own TLS could not go on and another client's may: a server of TLS 1.2 or
// older shows its certificate, and proves its key, before any secret is agreed on. why is how the first attempt ended.
func askInClear(ctx context.Context, req Request, before Report, why *failure) (Report, *failure) {
	report := before
	f, random, err := readInClear(ctx, req)
	var refused alert
	switch {
	case err == nil:
		return report, report.readFrom(f, random, req, why)
	case errors.As(err, &refused) && refused == tooOld && why.unparsed():
		return report, report.readSealed(ctx, req, why)
	case errors.As(err, &refused) && refused == tooOld && !only13(why):
		return report, unknown("it speaks only TLS 1.3, with what certdesk does not know (" + why.bareText() + ")")
	}
	return report, why
}

// readFrom fills in what a server showed in clear.
func (r *Report) readFrom(f flight, clientRandom []byte, req Request, why *failure) *failure {
	r.Protocol, r.Cipher = tls.VersionName(f.version), suiteName(f.suite)
	r.Staple = f.staple
	r.judgeCertificates(f.certs, req)
	reason := "certdesk cannot finish a handshake with this port (" + spoken(f, why) + ")"
	if !f.proves(clientRandom) {
		r.Notes = append(r.Notes, "the certificate was read in clear; that the port has its key was not proven")
		return unknown(reason)
	}
	r.Notes = append(r.Notes, reason+": it read the certificate and verified the signature of its key; "+
		"other clients may do more")
	return nil
}

// spoken says what it was that certdesk does not speak.
func spoken(f flight, why *failure) string {
	cipher := suiteName(f.suite)
	if strings.HasPrefix(cipher, "TLS_DHE") {
		return "key exchange by DHE: " + cipher
	}
	return why.bareText()
}

// bareText is what went wrong without the sentence around it.
func (f *failure) bareText() string {
	text := strings.TrimPrefix(strings.TrimPrefix(f.text, cannotSpeak+" ("), refusedIt)
	return strings.TrimSuffix(text, "); other clients may")
}

func unknown(reason string) *failure {
	f := failed(Unknown, reason+"; other clients may", "")
	f.local = true
	return f
}

// readInClear opens a connection of its own, up to the end of the server's first flight.
func readInClear(ctx context.Context, req Request) (f flight, random []byte, err error) {
	hello, random, err := clientHello(req)
	if err != nil {
		return f, nil, err
	}
	err = beforeTLS(ctx, req, func(w *wire) error {
		if _, err := w.Write(hello); err != nil {
			return err
		}
		f, err = readFlight(w)
		if err == nil {
			_, _ = w.Write([]byte{21, 3, 3, 0, 2, 2, 90}) // user_canceled: so that no log calls it a lost connection
		}
		return err
	})
	return f, random, err
}

// readSealed fills in what a server of TLS 1.3 alone shows, which chooses the kind of certificate.
func (r *Report) readSealed(ctx context.Context, req Request, why *failure) *failure {
	var f flight
	open := req
	open.Key = Any
	err := beforeTLS(ctx, req, func(w *wire) (err error) {
		f, err = readModern(ctx, open, w)
		return err
	})
	switch {
	case err != nil:
		return unknown("its certificate is one that certdesk cannot read (" + why.bareText() + ")")
	case req.Key != Any && KeyOf(f.certs[0]) != req.Key:
		return failed(NoKey, onlyItsChoice, "")
	}
	return r.readFrom(f, nil, req, why)
}

// beforeTLS leads another connection to where a handshake begins.
func beforeTLS(ctx context.Context, req Request, handshake func(*wire) error) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", req.Address())
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	if err := sayProxy(req, conn); err != nil {
		return err
	}
	w := &wire{Conn: conn}
	if req.Scheme.StartTLS() {
		if err := newTalk(w).startTLS(req.Scheme); err != nil {
			return err
		}
	}
	return handshake(w)
}

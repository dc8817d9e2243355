package probe

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
)

// askInClear asks once more where certdesk's own TLS could not go on and another client's may: a server of TLS 1.2 or
// older shows its certificate, and proves its key, before any secret is agreed on. Every suite there is is offered, so
// that whether a port has a certificate does not hang on what this library speaks. why is how the first attempt ended.
func askInClear(ctx context.Context, req Request, before Report, why *failure) (Report, *failure) {
	report := before
	f, random, err := readInClear(ctx, req, offers(req.Key, true))
	var refused alert
	wasRefused := errors.As(err, &refused)
	switch {
	case err == nil:
		return report, report.readFrom(f, random, req, why)
	case f.unread:
		return report, unreadable(why)
	case wasRefused && refused == tooOld && why.unparsed():
		return report, report.readSealed(ctx, req, why)
	case wasRefused && refused == tooOld && !only13(why):
		return report, unknown("it speaks only TLS 1.3, with what certdesk does not know (" + why.bareText() + ")")
	case wasRefused && req.Key == Any:
		return report, report.askUncertified(ctx, req, why)
	}
	return report, why
}

// askUncertified offers a port that refused every suite with a certificate those without one.
func (r *Report) askUncertified(ctx context.Context, req Request, why *failure) *failure {
	f, _, err := readInClear(ctx, req, offers(Any, false))
	if !errors.Is(err, errUncertified) {
		return why
	}
	r.Protocol, r.Cipher = versionName(f.version), suiteName(f.suite)
	how := "anonymous suites, by which anybody can answer in its place"
	if strings.Contains(r.Cipher, "PSK_") {
		how = "pre-shared keys"
	}
	return failed(NoCertificate, "it serves no certificate at all: it speaks TLS only with "+how+" ("+r.Cipher+")", "")
}

// readFrom fills in what a server showed in clear.
func (r *Report) readFrom(f flight, clientRandom []byte, req Request, why *failure) *failure {
	r.Protocol, r.Cipher = versionName(f.version), suiteName(f.suite)
	r.Staple = f.staple
	r.judgeCertificates(f.certs, req)
	reason := "certdesk's TLS cannot complete a handshake with this port (" + spoken(f, why) + ")"
	if !f.proves(clientRandom) {
		r.Notes = append(r.Notes, "the certificate was read in clear; that the port has its key was not proven")
		if r.Text != "" {
			reason += ", and " + r.Text
		}
		return unknown(reason)
	}
	r.Notes = append(r.Notes, reason+": it read the certificate and verified the signature of its key; "+
		"other clients may do more")
	return nil
}

// spoken says what it was that certdesk does not speak.
func spoken(f flight, why *failure) string {
	switch group := f.group(); {
	case f.version < tls.VersionTLS10:
		return "it speaks nothing newer than SSL 3.0"
	case f.version < tls.VersionTLS13 && !slices.Contains(config(Request{}).CipherSuites, f.suite):
		return "it chose " + suiteName(f.suite)
	case f.wantsClient && !why.local:
		return "it demands a certificate of the client"
	case group != "":
		return "its key exchange is by " + group
	}
	return why.bareText()
}

// foreignGroups are those of foreign handshakes that have been met, by the numbers of RFC 8422, 7027 and 8446.
var foreignGroups = map[uint16]string{19: "secp192r1", 21: "secp224r1", 22: "secp256k1", 26: "brainpoolP256r1",
	27: "brainpoolP384r1", 28: "brainpoolP512r1", 30: "X448"}

// group names the curve of a key exchange that certdesk's TLS does not know, "" for none.
func (f flight) group() string {
	rest := cryptobyte.String(f.exchange)
	var kind uint8
	var curve uint16
	if !strings.HasPrefix(suiteName(f.suite), "TLS_ECDHE") || !rest.ReadUint8(&kind) || kind != 3 ||
		!rest.ReadUint16(&curve) {
		return ""
	}
	return foreignGroups[curve]
}

func versionName(version uint16) string {
	if version == 0x0300 {
		return "SSL 3.0"
	}
	return tls.VersionName(version)
}

// bareText is what went wrong without the sentence around it.
func (f *failure) bareText() string {
	text := strings.TrimPrefix(strings.TrimPrefix(f.text, cannotSpeak+" ("), refusedIt)
	return strings.TrimSuffix(text, "); other clients may")
}

func unreadable(why *failure) *failure {
	return unknown("its certificate is one that certdesk cannot read (" + why.bareText() + ")")
}

func unknown(reason string) *failure {
	f := failed(Unknown, reason+"; other clients may", "")
	f.local = true
	return f
}

// readInClear opens a connection of its own, up to the end of the server's first flight.
func readInClear(ctx context.Context, req Request, suites []uint16) (f flight, random []byte, err error) {
	hello, random, err := clientHello(req.Name, suites)
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
		return unreadable(why)
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

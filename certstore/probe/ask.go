package probe

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"strings"
	"syscall"
	"time"

	"certdesk/certstore/formats"
	"certdesk/certstore/trust"
)

// Ask puts one question to one listener, and takes no longer than its Timeout. Where the other side says not a word, as
// one that wants a PROXY protocol header first, it is asked once more with one, for a few seconds at most.
func Ask(ctx context.Context, req Request) Report {
	req = req.filled()
	report, err := within(ctx, req.Timeout, req)
	if err != nil && err.silent && !req.Proxy && ctx.Err() == nil {
		report, err = behindProxy(ctx, req, report, err)
	}
	if err != nil {
		report.Result, report.Text, report.Said = err.result, err.text, err.said
	}
	return report
}

// within asks as certdesk's own TLS can, and where that is not enough reads what the server shows of itself.
func within(ctx context.Context, limit time.Duration, req Request) (Report, *failure) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	report, err := ask(ctx, req)
	if only13(err) && req.Key != Any {
		report, err = askModern(ctx, req)
	}
	if err != nil && err.foreign() && ctx.Err() == nil {
		report, err = askInClear(ctx, req, report, err)
	}
	if err != nil && req.Key != Any && err.result == Refused && err.tls && !only13(err) {
		err = failed(NoKey, "it has no "+string(req.Key)+" certificate: "+err.text, err.said)
	}
	return report, err
}

// askModern asks for a kind of certificate where TLS 1.3 alone is spoken: the server chooses, and if that is another
// kind nobody can know whether it has this one.
func askModern(ctx context.Context, req Request) (Report, *failure) {
	open := req
	open.Key = Any
	report, err := ask(ctx, open)
	report.Key = req.Key
	if err == nil && KeyOf(report.Leaf) != req.Key {
		unknown := empty(req)
		unknown.Address = report.Address
		return unknown, failed(NoKey, onlyItsChoice, "")
	}
	return report, err
}

// onlyItsChoice is why a kind of certificate cannot be asked for.
const onlyItsChoice = "it speaks only TLS 1.3 and chose another kind of certificate: it cannot be asked for this one"

func empty(req Request) Report {
	r := Report{Target: req.Target, Name: req.Name, Key: req.Key, Proxied: req.Proxy}
	if req.Proxy {
		r.Notes = []string{"it expects the PROXY protocol: it was asked as a proxy asks it, and answers no other clients"}
	}
	return r
}

// ask holds one conversation: connect, STARTTLS where it is due, handshake, goodbye.
func ask(ctx context.Context, req Request) (Report, *failure) {
	report, began := empty(req), time.Now()
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", req.Address())
	if err != nil {
		report.Took, report.Refuser = time.Since(began), refuser(err)
		return report, explain(ctx, req, connecting, nil, err)
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })()
	report.Address = conn.RemoteAddr().String()
	if err := sayProxy(req, conn); err != nil {
		return report, explain(ctx, req, connecting, nil, err)
	}
	last, why := report.converse(ctx, req, &wire{Conn: conn})
	report.Took = time.Since(began)
	if last != nil {
		bye(ctx, req.Scheme, last, why == nil && !req.Scheme.StartTLS())
	}
	return report, why
}

// refuser is the address of a dial that was refused.
func refuser(err error) string {
	var op *net.OpError
	if errors.As(err, &op) && op.Addr != nil && errors.Is(err, syscall.ECONNREFUSED) {
		return op.Addr.String()
	}
	return ""
}

// converse gets to the end of the handshake. It gives the connection that a goodbye is due on, if one is.
func (r *Report) converse(ctx context.Context, req Request, w *wire) (net.Conn, *failure) {
	if req.Scheme.StartTLS() {
		t := newTalk(w)
		err := t.startTLS(req.Scheme)
		r.Greets = t.name
		if err != nil {
			return w, explain(ctx, req, t.at, w, err)
		}
		w.forget()
	}
	secure := tls.Client(w, config(req))
	if err := secure.HandshakeContext(ctx); err != nil {
		return nil, handshakeFailure(ctx, req, w, err)
	}
	r.judge(secure.ConnectionState(), req)
	return secure, nil
}

// handshakeFailure is explain for a handshake: the failure is marked as TLS's, so that within can tell that there is no
// certificate of the kind that was asked for, which some servers say by breaking off.
func handshakeFailure(ctx context.Context, req Request, w *wire, err error) *failure {
	why := explain(ctx, req, handshaking, w, err)
	why.tls = true
	return why
}

// only13 says whether an offer of TLS 1.2 was refused as too old.
func only13(err *failure) bool {
	return err != nil && err.result == Refused && strings.HasSuffix(err.text, "protocol version not supported")
}

// config offers all that crypto/tls can do: a probe sees what is served, to old clients as well. Verification is
// left out because judge does it, over what was sent, and says what is wrong. No session is kept.
func config(req Request) *tls.Config {
	c := &tls.Config{ServerName: req.Name, InsecureSkipVerify: true, MinVersion: tls.VersionTLS10}
	for _, suite := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		if req.Key == Any || strings.Contains(suite.Name, "_ECDSA_") == (req.Key == ECDSA) {
			c.CipherSuites = append(c.CipherSuites, suite.ID)
		}
	}
	if req.Key != Any {
		c.MaxVersion = tls.VersionTLS12
	}
	return c
}

// judge fills in what was served.
func (r *Report) judge(state tls.ConnectionState, req Request) {
	r.Protocol, r.Cipher = tls.VersionName(state.Version), tls.CipherSuiteName(state.CipherSuite)
	r.Staple = state.OCSPResponse
	r.judgeCertificates(state.PeerCertificates, req)
}

// judgeCertificates judges what was sent, the leaf first.
func (r *Report) judgeCertificates(sent []*x509.Certificate, req Request) {
	r.Sent, r.Leaf = sent, sent[0]
	r.SHA256 = formats.SHA256(r.Leaf.Raw)
	if trust.MustStaple(r.Leaf) && r.Staple == nil {
		r.StapleFault = "it demands an OCSP staple in each handshake (must-staple), and none was sent: " +
			"clients that mind it refuse it"
	}
	r.NameFault, r.DateFault = nameFault(r.Leaf, r.Name), dateFault(r.Leaf, req.Now)
	r.Chain = judgeChain(r.Sent, req.Roots, req.Now)
	r.UsageFault = usageFault(r.Sent)
	r.Result, r.Text = compare(r.SHA256, req.Expect)
}

func compare(served string, expect Expect) (Result, string) {
	switch {
	case expect.Wanted == "":
		return Answers, ""
	case strings.EqualFold(served, expect.Wanted):
		return Matches, ""
	case strings.EqualFold(served, expect.Former):
		return Old, "the old certificate is still served"
	}
	return Another, "another certificate is served than the one that was expected"
}

// Against is a report on a port that was asked for nothing, held against what should be there.
func (r Report) Against(expect Expect) Report {
	if r.Result == Answers {
		r.Result, r.Text = compare(r.SHA256, expect)
	}
	return r
}

// KeyOf is the kind a certificate is of.
func KeyOf(c *x509.Certificate) Key {
	if c.PublicKeyAlgorithm == x509.RSA {
		return RSA
	}
	return ECDSA
}

// AskKinds asks what a listener serves, and then for the kind of certificate it did not choose. It gives one report, or
// two where both kinds are served or the second question went wrong. What is expected belongs to one kind, and is asked
// for with Ask.
func AskKinds(ctx context.Context, req Request) []Report { return KindsBy(Ask)(ctx, req) }

// KindsBy is AskKinds for somebody who asks in another way.
func KindsBy(ask func(context.Context, Request) Report) func(context.Context, Request) []Report {
	return func(ctx context.Context, req Request) []Report { return askKinds(ctx, req, ask) }
}

func askKinds(ctx context.Context, req Request, ask func(context.Context, Request) Report) []Report {
	req.Key, req.Expect = Any, Expect{}
	first := ask(ctx, req)
	if !first.Served() {
		return []Report{first}
	}
	req.Key = RSA
	if KeyOf(first.Leaf) == RSA {
		req.Key = ECDSA
	}
	second := ask(ctx, req)
	if second.Result == NoKey || errors.Is(ctx.Err(), context.Canceled) {
		return []Report{first}
	}
	return []Report{first, second}
}

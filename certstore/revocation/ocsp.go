package revocation

import (
	"bytes"
	"context"
	"crypto"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"
	"golang.org/x/crypto/ocsp"

	"certdesk/certstore/fetching"
	"certdesk/certstore/trust"
)

// maxResponse bounds an OCSP response; one has 500 to 3,000 bytes.
const maxResponse = 64 << 10

// maxGet is how long a request may be to be asked by GET, which caches on the way answer (RFC 6960, A.1).
const maxGet = 255

// askResponder asks a responder about one certificate. A few know only one way of asking.
func (v *visit) askResponder(ctx context.Context, s Subject, at string) (trust.Revocation, error) {
	// SHA-1 is the one hash of names that all responders know; it protects nothing here
	request, err := ocsp.CreateRequest(s.Cert, s.Issuer, &ocsp.RequestOptions{Hash: crypto.SHA1})
	if err != nil {
		return trust.Revocation{}, errors.New("no question can be made for its responder")
	}
	post := fetching.Question{At: at, Body: request, Kind: "application/ocsp-request", Most: maxResponse}
	inURL := base64.StdEncoding.EncodeToString(request)
	if len(inURL) > maxGet {
		return v.answerOf(ctx, s, post)
	}
	get := post
	get.At, get.Body = strings.TrimSuffix(at, "/")+"/"+url.QueryEscape(inURL), nil
	r, err := v.answerOf(ctx, s, get)
	var answered answerError
	if errors.As(err, &answered) && ctx.Err() == nil {
		return v.answerOf(ctx, s, post)
	}
	return r, err
}

// answerError is what a responder answered that is no answer.
type answerError struct{ error }

func (v *visit) answerOf(ctx context.Context, s Subject, q fetching.Question) (trust.Revocation, error) {
	data, err := v.put(ctx, q)
	var status fetching.StatusError
	switch {
	case errors.As(err, &status):
		return trust.Revocation{}, answerError{err}
	case err != nil:
		return trust.Revocation{}, err
	}
	return Response(data, s.Cert, s.Issuer, v.Now())
}

// Response reads an OCSP response about a certificate, from a responder or stapled to a handshake: what it says, or in
// half a sentence why it does not count.
func Response(data []byte, cert, issuer *x509.Certificate, now time.Time) (trust.Revocation, error) {
	r, err := ocsp.ParseResponseForCert(data, cert, nil) // with the issuer it refuses one that embeds the issuer
	if err != nil {
		return trust.Revocation{}, answerError{unreadable(data, err)}
	}
	if err := signedFor(r, issuer, now); err != nil {
		return trust.Revocation{}, err
	}
	if !namesIssuer(r, issuer) {
		return trust.Revocation{}, errors.New("the answer is about a certificate of another CA")
	}
	end := until(r.ThisUpdate, r.NextUpdate)
	if err := fresh("the answer", r.ThisUpdate, end, now); err != nil {
		return trust.Revocation{}, err
	}
	said := trust.Revocation{AsOf: r.ThisUpdate.UTC(), Until: end.UTC(), Due: due(r.ThisUpdate, r.NextUpdate, now)}
	switch r.Status {
	case ocsp.Good:
		said.Standing = trust.StandsGood
	case ocsp.Revoked:
		said = revoked(said, r.RevokedAt, r.RevocationReason)
	default:
		return trust.Revocation{}, errors.New("the responder does not know the certificate")
	}
	return said, nil
}

// unreadable says why a response cannot be read.
func unreadable(data []byte, err error) error {
	var refusal ocsp.ResponseError
	switch {
	case errors.As(err, &refusal):
		return fmt.Errorf("the responder refused to answer: %s", refusal.Status)
	case bytes.HasPrefix(bytes.TrimSpace(data), []byte("<")):
		return errors.New("the answer is a web page")
	case strings.Contains(err.Error(), "no response matching"):
		return errors.New("the answer is about another certificate")
	case strings.Contains(err.Error(), "bad signature"):
		return errors.New("the signature of the answer is not valid")
	}
	return errors.New("the answer is not one of an OCSP responder")
}

// signedFor says why a response is not one that the issuer made, or somebody whom it gave that right (RFC 6960,
// 4.2.2.2): any other certificate of the same CA could sign one, and the library takes it.
func signedFor(r *ocsp.Response, issuer *x509.Certificate, now time.Time) error {
	if r.CheckSignatureFrom(issuer) == nil {
		return nil
	}
	d := r.Certificate
	switch {
	case d == nil:
		return errors.New("the answer is not signed by the certificate's CA")
	case !bytes.Equal(d.RawIssuer, issuer.RawSubject) || d.CheckSignatureFrom(issuer) != nil:
		return errors.New("the answer is signed by somebody whom the certificate's CA does not know")
	case !slices.Contains(d.ExtKeyUsage, x509.ExtKeyUsageOCSPSigning):
		return errors.New("the answer is signed with a certificate that may not sign answers: it lacks OCSPSigning")
	case now.Before(d.NotBefore.Add(-trust.ClockSkew)) || now.After(d.NotAfter.Add(trust.ClockSkew)):
		return errors.New("the certificate of the responder is out of date")
	}
	return nil
}

// namesIssuer holds the hashes of the issuer's name and key in a response against the issuer: a serial number alone
// could be that of another CA's certificate. The library reads the serial number only; the three stand together.
func namesIssuer(r *ocsp.Response, issuer *x509.Certificate) bool {
	var key struct {
		Algorithm asn1.RawValue
		Bits      asn1.BitString
	}
	if _, err := asn1.Unmarshal(issuer.RawSubjectPublicKeyInfo, &key); err != nil || !r.IssuerHash.Available() {
		return false
	}
	hash := func(data []byte) []byte {
		h := r.IssuerHash.New()
		h.Write(data)
		return h.Sum(nil)
	}
	var b cryptobyte.Builder
	b.AddASN1OctetString(hash(issuer.RawSubject))
	b.AddASN1OctetString(hash(key.Bits.RightAlign()))
	b.AddASN1BigInt(r.SerialNumber)
	id, err := b.Bytes()
	return err == nil && bytes.Contains(r.TBSResponseData, id)
}

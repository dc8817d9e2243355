package cli

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/wizard"
)

// moment is a time for a person: local, with its zone.
func moment(t time.Time) string { return t.Local().Format("2 Jan 2006 15:04 MST") }

// days says how far away a last day is.
func days(n int) string {
	switch {
	case n < 0:
		return fmt.Sprintf("%s ago", plural(-n, "day"))
	case n == 0:
		return "less than a day left"
	}
	return plural(n, "day") + " left"
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// equivalents are the commands that would make an entry's like, here and in the Exchange Management Shell; none
// where the subject holds what a request cannot.
func equivalents(e certstore.Entry, s *session) []string {
	r, ok := requestLike(e)
	if !ok {
		return nil
	}
	answers, env := wizard.FromRequest(r), s.env()
	return slices.Concat(strings.Split(wizard.CertdeskCommand(answers, env), "\n"),
		strings.Split(wizard.ShellCommand(answers, env), "\n"))
}

// requestLike is the request that would give an entry's subject, names and key.
func requestLike(e certstore.Entry) (certstore.Request, bool) {
	subject, err := names.ParseSubject(e.Subject)
	if err != nil {
		return certstore.Request{}, false
	}
	key, ok := keySpec(e)
	r := certstore.Request{SelfSigned: e.SelfSigned, Subject: subject, Key: key, Exportable: e.Exportable,
		Wanted: e.Wanted, FriendlyName: e.FriendlyName}
	for _, text := range append([]string{subject.Get("CN")}, e.Names...) {
		n, err := names.Normalize(text)
		if err != nil {
			return certstore.Request{}, false
		}
		r.Names = append(r.Names, n)
	}
	r.Names = names.Dedupe(r.Names)
	return r, ok
}

func keySpec(e certstore.Entry) (certstore.KeySpec, bool) {
	switch {
	case e.KeyAlgorithm == "RSA":
		return certstore.KeySpec{Algorithm: "rsa", Bits: e.KeySize}, true
	case e.KeyAlgorithm == "ECDSA" && e.KeySize == 256:
		return certstore.KeySpec{Algorithm: "ecdsa-p256"}, true
	case e.KeyAlgorithm == "ECDSA" && e.KeySize == 384:
		return certstore.KeySpec{Algorithm: "ecdsa-p384"}, true
	}
	return certstore.KeySpec{}, false
}

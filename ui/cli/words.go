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
func moment(t time.Time) string { return t.Local().Format("2 Jan 2006 15:04:05 MST") }

// dayOf is a date for a person.
func dayOf(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.Local().Format("2 Jan 2006")
}

// hoursBelow is the time under which hours are told: of two days it matters which part is left.
const hoursBelow = 48

// untilEnd is how far away the end of an entry's life is, in whole days or, near it, in whole hours; what has begun
// does not count. over says that it has passed. Seconds are counted, since a Duration ends after 292 years.
func untilEnd(e certstore.Entry, now time.Time) (n int, unit string, over bool) {
	seconds := e.NotAfter.Unix() - now.Unix()
	if over = now.After(e.NotAfter); seconds < 0 {
		seconds = -seconds
	}
	if hours := int(seconds / 3600); hours < hoursBelow {
		return hours, "hour", over
	}
	return int(seconds / (24 * 3600)), "day", over
}

// left says how much of an entry's life is left, or how long ago it ended.
func left(e certstore.Entry, now time.Time) string {
	n, unit, over := untilEnd(e, now)
	text := plural(n, unit)
	if n == 0 {
		text = "less than an hour"
	}
	if over {
		return text + " ago"
	}
	return text + " left"
}

// timeLeft is left as the value of a field.
func timeLeft(e certstore.Entry, now time.Time) string {
	if now.After(e.NotAfter) {
		return "expired " + left(e, now)
	}
	return strings.TrimSuffix(left(e, now), " left")
}

// leftCell is left for a column: "345 d", "23 h", "<1 h", and after the end "-21 d": whole days, as the sentence and the
// desk say them.
func leftCell(e certstore.Entry, now time.Time) string {
	if e.NotAfter.IsZero() {
		return "-"
	}
	n, unit, over := untilEnd(e, now)
	sign := map[bool]string{true: "-"}[over]
	if n == 0 {
		return sign + "<1 h"
	}
	return fmt.Sprintf("%s%d %.1s", sign, n, unit)
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

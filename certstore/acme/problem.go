package acme

import (
	"cmp"
	"context"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/mholt/acmez/v3/acme"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Problem is why an authority did not do what it was asked for. It is the cause of what the calls return.
type Problem struct {
	Type       string    // the word of RFC 8555, section 6.7, such as rateLimited; "" where it said none
	Status     int       // of HTTP; 0 where nothing was answered
	Detail     string    // the CA's own sentence, printable and not long
	Names      []string  // that it is about, where it said so
	RetryAfter time.Time // when it wants to be asked again
	Temporary  bool      // to try again later is all that can be done
	text       string
}

func (p *Problem) Error() string { return p.text }

// ProblemOf is the problem in an error, nil for none.
func ProblemOf(err error) *Problem {
	var p *Problem
	if errors.As(err, &p) {
		return p
	}
	return nil
}

// IsType says whether an authority gave this reason.
func IsType(err error, word string) bool {
	p := ProblemOf(err)
	return p != nil && p.Type == word
}

// The reasons that decide what is done next (RFC 8555, section 6.7; RFC 9773).
const (
	NoAccount       = "accountDoesNotExist"
	AlreadyReplaced = "alreadyReplaced"
	AlreadyRevoked  = "alreadyRevoked"
	RateLimited     = "rateLimited"
	Malformed       = "malformed"
	Unauthorized    = "unauthorized"
	badNonce        = "badNonce"
)

// problem says what went wrong in a call, in words of a person.
func (c *Client) problem(err error) error {
	if err == nil {
		return nil
	}
	var told *fail.Error
	if errors.As(err, &told) {
		return err
	}
	if said, ok := problemIn(err); ok {
		return c.said(said)
	}
	return c.unsaid(err)
}

// problemIn finds what an authority said: the library gives it as a value, and within an order as a pointer.
func problemIn(err error) (acme.Problem, bool) {
	var at *acme.Problem
	if errors.As(err, &at) && at != nil {
		return *at, true
	}
	var p acme.Problem
	return p, errors.As(err, &p)
}

// said is a refusal with a reason.
func (c *Client) said(said acme.Problem) error {
	_, _, after := c.web.noted()
	p := &Problem{Type: word(said.Type), Status: said.Status, Detail: detail(said), Names: about(said),
		RetryAfter: after}
	p.Temporary = p.Type == badNonce || p.Type == RateLimited || p.Type == "serverInternal" || p.Status >= 500
	if p.Type == RateLimited && p.RetryAfter.IsZero() {
		p.RetryAfter = momentIn(said.Detail, c.now())
	}
	text, hint := p.words(printable.Text(c.ca.Name))
	p.text = text
	return fail.New(fail.Failed, hint, "%w", p)
}

// momentIn finds the moment in what Boulder says of its limits: "retry after 2026-11-28 10:00:00 UTC: see ...".
func momentIn(text string, now time.Time) time.Time {
	_, rest, _ := strings.Cut(text, "retry after ")
	said := rest[:min(len(rest), len("2026-11-28 10:00:00 UTC"))]
	at, err := time.Parse(time.RFC3339, strings.Replace(strings.Replace(said, " UTC", "Z", 1), " ", "T", 1))
	if err != nil || at.Before(now) || at.After(now.Add(longest)) {
		return time.Time{}
	}
	return at.UTC()
}

// word is a type without its namespace.
func word(typ string) string {
	w := strings.TrimPrefix(typ, acme.ProblemTypeNamespace)
	if len(w) > 64 || w == "about:blank" {
		return ""
	}
	return printable.Text(w)
}

// detail is what the CA says, with what it says of each name.
func detail(said acme.Problem) string {
	parts := []string{}
	for i, sub := range said.Subproblems {
		if i == 5 {
			parts = append(parts, fmt.Sprintf("%d more", len(said.Subproblems)-5))
			break
		}
		text := short(cmp.Or(sub.Detail, word(sub.Type)))
		if name := short(sub.Identifier.Value); name != "" && !strings.Contains(text, name) {
			text = name + ": " + text
		}
		parts = append(parts, text)
	}
	if len(parts) == 0 {
		return short(cmp.Or(said.Detail, said.Title, word(said.Type), fmt.Sprintf("HTTP %d", said.Status)))
	}
	return strings.Join(parts, "; ")
}

func about(said acme.Problem) (names []string) {
	for _, sub := range said.Subproblems {
		if sub.Identifier.Value != "" && len(names) < 100 {
			names = append(names, short(sub.Identifier.Value))
		}
	}
	return names
}

// longestWords is how much of a text of the CA's is shown.
const longestWords = 300

// short is a text of the CA's as it is shown: printable, in one line, and not longer than anybody reads.
func short(text string) string {
	if len(text) > 4*longestWords {
		text = text[:4*longestWords]
	}
	text = printable.Text(strings.Join(strings.Fields(text), " "))
	if runes := []rune(text); len(runes) > longestWords {
		return string(runes[:longestWords-3]) + "..."
	}
	return text
}

func shorts(list []string) (out []string) {
	for _, text := range list[:min(len(list), 20)] {
		out = append(out, short(text))
	}
	return out
}

// unsaid is a failure that gives no reason of ACME's: no answer, or one that is none of an authority.
func (c *Client) unsaid(err error) error {
	status, kind, after := c.web.noted()
	p := &Problem{Status: status, RetryAfter: after, Temporary: true}
	name := printable.Text(c.ca.Name)
	hint := "certdesk goes on where it stopped when it is tried again"
	var unknown x509.UnknownAuthorityError
	var wrongName x509.HostnameError
	var slow net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fail.New(fail.Canceled, hint, "it was interrupted while %s was asked: %w", name, err)
	case errors.As(err, &unknown), errors.As(err, &wrongName):
		p.Temporary = false
		hint = "if it is your own CA name its root in ca_file; else somebody is in between"
		p.text = fmt.Sprintf("%s is not believed: its HTTPS certificate is not one that this host trusts for its name: %s",
			name, short(innermost(err)))
	case errors.Is(err, errRedirect), errors.Is(err, errPlain), errors.Is(err, errTooLong):
		p.Temporary = false
		return fail.New(fail.Failed, "compare the address with what the CA gives as its ACME directory",
			"%s does not answer as an ACME CA does: %s", printable.Text(c.ca.Directory), innermost(err))
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &slow) && slow.Timeout():
		p.text = name + " does not answer in time"
	case status >= 500:
		p.text = fmt.Sprintf("%s is out of order just now: it answers %d %s", name, status, http.StatusText(status))
	case status >= 400:
		p.Temporary = status == http.StatusTooManyRequests
		p.text = fmt.Sprintf("%s answers %d %s and gives no reason", name, status, http.StatusText(status))
		hint = "compare the address with what the CA gives as its ACME directory"
	case status >= 200:
		return c.noACME("it sends " + short(cmp.Or(kind, "something without a type")) + " where JSON was to be expected")
	default:
		p.text = fmt.Sprintf("%s cannot be reached: %s", name, short(innermost(err)))
	}
	return fail.New(fail.Failed, hint, "%w", p)
}

// innermost is the last cause of an error: what stands before it names addresses and attempts of the library's.
func innermost(err error) string {
	for {
		next := errors.Unwrap(err)
		if next == nil {
			return err.Error()
		}
		err = next
	}
}

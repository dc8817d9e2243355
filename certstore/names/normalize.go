package names

import (
	"net/netip"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"certdesk/certstore/fail"
)

// maxName is Exchange's limit for one domain name, in characters.
const maxName = 255

// Normalize reads one name as a person types it: an IP address, an e-mail address, or a DNS name, which comes
// out as lower-case A-labels without a final dot; it may begin with one "*.". Normalizing twice changes
// nothing. Errors: InvalidName, saying what to type.
func Normalize(s string) (Name, error) {
	s = strings.TrimSpace(dropMarks(s))
	if s == "" {
		return Name{}, fail.New(fail.InvalidName, "type a name such as mail.example.org", "a domain name is empty")
	}
	if n := utf8.RuneCountInString(s); n > maxName {
		return Name{}, tooLong(s, n)
	}
	if a, err := netip.ParseAddr(strings.Trim(s, "[]")); err == nil && a.Zone() == "" {
		return Name{IP, a.Unmap().String()}, nil
	}
	if strings.Contains(s, "@") {
		return normalizeEmail(s)
	}
	return normalizeDNS(s)
}

// dropMarks takes out what cannot be seen and comes along when a name is copied from a document or a chat:
// byte order marks, zero-width spaces, direction marks.
func dropMarks(s string) string {
	return strings.Map(func(r rune) rune {
		switch r {
		case 0xfeff, 0x200b, 0x200e, 0x200f, 0x202a, 0x202c, 0x2066, 0x2068, 0x2069, 0xad:
			return -1
		}
		return r
	}, s)
}

func invalid(s, hint, why string) error {
	return fail.New(fail.InvalidName, hint, "%s is not a usable name: %s", quote(s), why)
}

func tooLong(s string, n int) error {
	return fail.New(fail.InvalidName, "a DNS name has at most 253 characters: shorten it",
		"the name %s is %d characters long; the limit is %d", quote(s), n, maxName)
}

// normalizeEmail wants a plain local part (RFC 5321 4.1.2 Dot-string), since RFC 822 names are ASCII.
func normalizeEmail(s string) (Name, error) {
	at := strings.LastIndexByte(s, '@')
	local, host := s[:at], s[at+1:]
	if !isDotString(local) || len(local) > 64 {
		return Name{}, invalid(s, "type an e-mail address such as admin@example.org",
			"the part before @ is empty, too long or has characters no certificate can hold")
	}
	domain, err := normalizeDNS(host)
	if err != nil || strings.HasPrefix(domain.Value, "*") {
		return Name{}, invalid(s, "type an e-mail address such as admin@example.org", "the part after @ is not a domain")
	}
	if n := len(local) + 1 + len(domain.Value); n > maxName {
		return Name{}, tooLong(s, n)
	}
	return Name{Email, local + "@" + domain.Value}, nil
}

func isDotString(s string) bool {
	for _, atom := range strings.Split(s, ".") {
		if atom == "" || strings.ContainsFunc(atom, notAtext) {
			return false
		}
	}
	return true
}

func notAtext(r rune) bool {
	letter := 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9'
	return !letter && !strings.ContainsRune("!#$%&'*+-/=?^_`{|}~", r)
}

// toASCII maps as UTS 46 says for looking a name up; lengths, hyphens and letters are checked here, with
// sentences a person can act on.
var toASCII = idna.New(idna.MapForLookup(), idna.BidiRule(), idna.Transitional(false), idna.StrictDomainName(false),
	idna.CheckHyphens(false), idna.VerifyDNSLength(false))

func normalizeDNS(s string) (Name, error) {
	host, star := strings.CutPrefix(s, "*.")
	if err := refuseLookalike(s, host); err != nil {
		return Name{}, err
	}
	ascii, err := asciiHost(host)
	if err != nil {
		return Name{}, invalid(s, "type the name in letters of one script, or its xn-- form",
			"it has characters no host name can have")
	}
	ascii = strings.TrimSuffix(ascii, ".")
	if err := checkLabels(s, ascii); err != nil {
		return Name{}, err
	}
	if star {
		if !strings.Contains(ascii, ".") {
			return Name{}, invalid(s, "put a whole domain after the star, such as *.example.org",
				"a wildcard stands for one label of a domain")
		}
		ascii = "*." + ascii
	}
	if len(ascii) > maxName {
		return Name{}, tooLong(s, len(ascii))
	}
	return Name{DNS, ascii}, nil
}

// asciiHost leaves plain ASCII to checkLabels, whose words are better.
func asciiHost(host string) (string, error) {
	lower := strings.ToLower(host)
	if isASCII(host) && !strings.HasPrefix(lower, "xn--") && !strings.Contains(lower, ".xn--") {
		return lower, nil
	}
	return toASCII.ToASCII(host)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf })
}

// refuseLookalike catches what people paste in place of a host name.
func refuseLookalike(s, host string) error {
	switch {
	case strings.Contains(s, "://"):
		return invalid(s, "type the host name alone: "+hostOfURL(s), "it is an address of a page")
	case strings.Contains(host, "*"):
		return invalid(s, "use one star as the first label, such as *.example.org", "the star is not where a wildcard can be")
	case strings.ContainsAny(host, "/\\"):
		return invalid(s, "type the host name alone", "it has a slash")
	case strings.Contains(host, ":"):
		return invalid(s, "type the host name without a port", "it has a colon")
	case strings.Contains(host, "_"):
		return invalid(s, "use a hyphen, or the host's other name", "an underscore is not allowed in a certificate")
	}
	return nil
}

func hostOfURL(s string) string {
	_, rest, _ := strings.Cut(s, "://")
	host, _, _ := strings.Cut(rest, "/")
	host = strings.Trim(quote(host), `"`)
	if host == "" {
		return "mail.example.org"
	}
	return host
}

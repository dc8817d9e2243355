package query

import (
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
)

// wordSieve looks for a word anywhere, and for a wildcard that covers it. A thumbprint is one however it is written.
func wordSieve(typed string) sieve {
	word := strings.ToLower(typed)
	digits, covered := thumbprint(word), wildcardFor(word)
	return sieve{
		keeps: func(r *Row) bool {
			return strings.Contains(r.text, word) || covered != "" && strings.Contains(r.own, covered) ||
				digits != "" && strings.Contains(r.text, digits)
		},
		words: phrase{verb: "contain", value: quoted(typed)},
		sight: sight{in: Status | Name | Names | Issuer, word: word, covered: covered, services: servicesCalled(word)},
	}
}

// thumbprint is a word of hexadecimal digits without the colons between them, "" for another.
func thumbprint(word string) string {
	digits := strings.ReplaceAll(word, ":", "")
	if digits == word || len(digits) < ledger.MinDigits || strings.Trim(digits, "0123456789abcdef") != "" {
		return ""
	}
	return digits
}

// wildcardFor is the line of a wildcard that covers a whole name, "" for what is none.
func wildcardFor(name string) string {
	if _, domain, ok := strings.Cut(name, "."); ok && strings.Contains(domain, ".") {
		return "\n*." + domain + "\n"
	}
	return ""
}

// readName takes a part of a name, and a whole name that a wildcard covers.
func readName(a asked) (sieve, string) {
	covered := wildcardFor(a.value)
	return sieve{
		keeps: func(r *Row) bool {
			return strings.Contains(r.named, a.value) || covered != "" && strings.Contains(r.own, covered)
		},
		words: phrase{verb: "have", value: quoted(a.typed), behind: " in a name"},
		sight: sight{in: Name | Names, word: a.value, covered: covered},
	}, ""
}

// readCovers takes a whole name: a certificate is good for it that has it, or a wildcard for just its first label.
func readCovers(a asked) (sieve, string) {
	want, err := names.Normalize(a.value)
	if err != nil {
		return sieve{}, quoted(a.typed) + " is no name: " + a.name + " takes " + a.key.takes
	}
	line, covered := "\n"+strings.ToLower(want.Value)+"\n", ""
	_, domain, found := strings.Cut(want.Value, ".")
	if found && want.Kind == names.DNS && !strings.HasPrefix(want.Value, "*") {
		covered = "\n*." + domain + "\n"
	}
	return sieve{
		keeps: func(r *Row) bool {
			return strings.Contains(r.own, line) || covered != "" && strings.Contains(r.own, covered)
		},
		words: phrase{verb: "cover", value: quoted(want.Value)},
		sight: sight{in: Names, word: strings.Trim(line, "\n"), covered: covered},
	}, ""
}

func readIssuer(a asked) (sieve, string) {
	return sieve{
		keeps: func(r *Row) bool { return strings.Contains(r.issuer, a.value) },
		words: phrase{verb: "be", before: "issued by ", value: quoted(a.typed)},
		sight: sight{in: Issuer, word: a.value},
	}, ""
}

// readServer looks at what a certificate is bound to: the daemon, its configuration and ports, its name and slot.
func readServer(a asked) (sieve, string) {
	return sieve{
		keeps: func(r *Row) bool { return strings.Contains(r.bound, a.value) },
		words: phrase{verb: "be", before: "in use by ", value: quoted(a.typed)},
		sight: sight{whole: Services},
	}, ""
}

func serviceWords() (list []string) {
	for _, s := range ledger.AllServices() {
		list = append(list, s.Names()...)
	}
	return append(list, ledger.Services(0).String())
}

// readService takes the beginning of a service's name; None is what is for nothing.
func readService(a asked) (sieve, string) {
	var meant ledger.Services
	for _, s := range ledger.AllServices() {
		if strings.HasPrefix(strings.ToLower(s.Names()[0]), a.value) {
			meant |= s
		}
	}
	switch none := strings.HasPrefix("none", a.value); {
	case meant != 0:
		return sieve{
			keeps: func(r *Row) bool { return r.services&meant != 0 },
			words: phrase{verb: "be", before: "for ", value: strings.Join(meant.Names(), " or ")},
			sight: sight{services: meant},
		}, ""
	case none:
		return sieve{
			keeps: func(r *Row) bool { return r.services == 0 },
			words: phrase{verb: "be", before: "for ", value: "no service"},
		}, ""
	}
	return sieve{}, a.name + " takes " + a.key.takes
}

// servicesCalled are those that a word occurs in, as their names do in a row's text.
func servicesCalled(word string) (set ledger.Services) {
	for _, s := range ledger.AllServices() {
		if strings.Contains(strings.ToLower(s.Names()[0]), word) {
			set |= s
		}
	}
	return set
}

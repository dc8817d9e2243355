package cli

import (
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
	"certdesk/ui/screen"
)

// filter is what the flags of list ask for; all that are given must hold.
type filter struct {
	domainName, services         string
	statuses                     []string
	selfSigned, expired, removed bool
}

// statusWords are the words --status takes, as the desk's filter does.
var statusWords = strings.Join(screen.StatusWords(), ", ")

// compile gives the test an entry must pass. Errors: Usage, InvalidName.
func (f filter) compile(now time.Time) (func(certstore.Entry) bool, error) {
	var tests []func(certstore.Entry) bool
	add := func(wanted bool, test func(certstore.Entry) bool) {
		if wanted {
			tests = append(tests, test)
		}
	}
	services, err := certstore.ParseServices(f.services)
	if err != nil {
		return nil, err
	}
	status, err := statusTest(f.statuses)
	if err != nil {
		return nil, err
	}
	name, err := nameTest(f.domainName)
	if err != nil {
		return nil, err
	}
	add(f.services != "", servicesTest(services))
	add(len(f.statuses) > 0, status)
	add(f.domainName != "", name)
	add(f.selfSigned, isSelfSigned)
	add(f.expired, isExpired(now))
	return func(e certstore.Entry) bool {
		return !slices.ContainsFunc(tests, func(test func(certstore.Entry) bool) bool { return !test(e) })
	}, nil
}

func isSelfSigned(e certstore.Entry) bool {
	return e.Kind == certstore.Certificate && e.SelfSigned
}

func isExpired(now time.Time) func(certstore.Entry) bool {
	return func(e certstore.Entry) bool { return e.Kind == certstore.Certificate && now.After(e.NotAfter) }
}

// servicesTest wants all of a set; None wants entries that are for nothing.
func servicesTest(want certstore.Services) func(certstore.Entry) bool {
	return func(e certstore.Entry) bool {
		has := e.Wanted | e.Services
		if want == 0 {
			return has == 0
		}
		return has.Has(want)
	}
}

// statusTest wants one of several statuses, by the words of the list or by Exchange's.
func statusTest(words []string) (func(certstore.Entry) bool, error) {
	for i, word := range words {
		words[i] = strings.TrimSpace(word)
		if !isStatus(words[i]) {
			return nil, filterError("%q is not a status: use %s", word, statusWords)
		}
	}
	return func(e certstore.Entry) bool {
		return containsFold(words, e.Verdict.Word) || containsFold(words, string(e.Verdict.Status))
	}, nil
}

func isStatus(word string) bool {
	return containsFold(screen.StatusWords(), word) ||
		slices.ContainsFunc(certstore.Urgency(), func(s trust.Status) bool { return strings.EqualFold(string(s), word) })
}

// nameTest wants a certificate that covers a name: in its names or its common name, a wildcard for one label.
func nameTest(text string) (func(certstore.Entry) bool, error) {
	if text == "" {
		return nil, nil
	}
	want, err := names.Normalize(text)
	if err != nil {
		return nil, err
	}
	return func(e certstore.Entry) bool {
		return slices.ContainsFunc(append([]string{e.CommonName()}, e.Names...), func(has string) bool {
			return want.CoveredBy(has)
		})
	}, nil
}

// usable says whether a certificate is valid today.
func usable(e certstore.Entry) bool {
	return e.Verdict.Status == trust.Valid || e.Verdict.Status == trust.Expiring
}

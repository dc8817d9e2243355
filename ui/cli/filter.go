package cli

import (
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/query"
	"certdesk/certstore/when"
)

// filter is what the flags of list and remove ask for; all that are given must hold.
type filter struct {
	text, domainName, services   string
	before, in                   string
	statuses                     []string
	selfSigned, expired, removed bool
}

// statusWords are the words --status takes, as the desk's filter does.
var statusWords = strings.Join(query.StatusWords(), ", ")

// query is what the flags ask for, in the grammar of the desk's filter: --filter stands last, since a quote may stay
// open there. Errors: Usage, InvalidName.
func (f filter) query(now time.Time) (query.Query, error) {
	services, err := f.serviceTerms()
	if err != nil {
		return query.Query{}, err
	}
	statuses, err := f.statusTerms()
	if err != nil {
		return query.Query{}, err
	}
	covers, err := f.nameTerms()
	if err != nil {
		return query.Query{}, err
	}
	ends, err := f.endTerms(now)
	if err != nil {
		return query.Query{}, err
	}
	terms := slices.Concat(services, statuses, covers, ends)
	if f.selfSigned {
		terms = append(terms, "is:self-signed")
	}
	q := query.Parse(strings.Join(append(terms, f.text), " "), now.Local())
	if q.Problem != "" {
		return query.Query{}, filterError("--filter: %s", q.Problem)
	}
	return q, nil
}

// serviceTerms want all of a set; None wants entries that are for nothing.
func (f filter) serviceTerms() (terms []string, err error) {
	if f.services == "" {
		return nil, nil
	}
	services, err := certstore.ParseServices(f.services)
	if services == 0 {
		return []string{"service:none"}, err
	}
	for _, name := range services.Names() {
		terms = append(terms, "service:"+name)
	}
	return terms, err
}

// statusTerms want one of several statuses, each whole: a script must not get more once there are more words.
func (f filter) statusTerms() ([]string, error) {
	var list []string
	for _, word := range f.statuses {
		if word = strings.TrimSpace(word); !query.IsStatus(word) {
			return nil, filterError("%q is not a status: use %s", word, statusWords)
		}
		list = append(list, query.Quote(word))
	}
	if len(list) == 0 {
		return nil, nil
	}
	return []string{"status:" + strings.Join(list, ",")}, nil
}

// nameTerms want a certificate that covers a name.
func (f filter) nameTerms() ([]string, error) {
	if f.domainName == "" {
		return nil, nil
	}
	want, err := names.Normalize(f.domainName)
	return []string{"covers:" + query.Quote(want.Value)}, err
}

// endTerms want an end before a day, or soon.
func (f filter) endTerms(now time.Time) (terms []string, err error) {
	if f.expired {
		terms = append(terms, "expires<now")
	}
	if f.before != "" {
		if _, ok := when.Read(f.before, now); !ok {
			return nil, filterError("--expires-before takes a day: %s; %q is none", when.Forms, f.before)
		}
		terms = append(terms, "expires<"+query.Quote(f.before))
	}
	if f.in != "" {
		if p, ok := when.Read(f.in, now); !ok || !p.Away {
			return nil, filterError("--expires-in takes a time from now, such as 30d or 2w; %q is none", f.in)
		}
		terms = append(terms, "expires<"+query.Quote(f.in))
	}
	return terms, nil
}

// kept are the entries that the flags ask for.
func (f filter) kept(entries []certstore.Entry, now time.Time) ([]certstore.Entry, error) {
	q, err := f.query(now)
	return q.Kept(entries), err
}

// filterError is the answer to a filter that names what does not exist.
func filterError(format string, args ...any) error {
	return fail.New(fail.Usage, "certdesk list --help shows the filters", format, args...)
}

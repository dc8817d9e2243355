package domains

import (
	"strconv"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// A directory is read by pages, since Active Directory gives 1,000 entries at once and no more.
const (
	pageSize   = 500
	mostDomain = 10000 // a server that always has one page more is not followed for ever
)

// entries gather what a search gives.
type entries struct {
	source, attribute string
	count             int
	strange           []string // values that are no domain names
	any               bool     // "*" was among them
	referrals         []string
	out               Listing
}

// search reads page after page. Each request is made anew: the library leaves its paging control in one that was used.
func (l LDAP) search(conn *ldap.Conn, base string, found *entries) error {
	attributes := []string{l.attribute()}
	if l.attribute() == exchangeAttribute {
		attributes = append(attributes, exchangeFlags)
	}
	page := ldap.NewControlPaging(pageSize)
	for {
		result, err := conn.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 10, false,
			l.filter(), attributes, []ldap.Control{page}))
		if result != nil {
			found.add(result)
		}
		if err != nil {
			return err
		}
		if found.count > mostDomain {
			return fail.New(fail.LimitExceeded, "set base or filter so that fewer are found", "it has more than %d domains",
				mostDomain)
		}
		next, paged := ldap.FindControl(result.Controls, ldap.ControlTypePaging).(*ldap.ControlPaging)
		if !paged || len(next.Cookie) == 0 {
			return nil
		}
		page.SetCookie(next.Cookie)
	}
}

func (f *entries) add(result *ldap.SearchResult) {
	for _, entry := range result.Entries {
		flags, err := strconv.Atoi(entry.GetEqualFoldAttributeValue(exchangeFlags))
		for _, value := range entry.GetEqualFoldAttributeValues(f.attribute) {
			f.count++
			f.value(value, flags, err == nil)
		}
	}
	f.referrals = append(f.referrals, result.Referrals...)
}

// The flags of an accepted domain, as Exchange's own assemblies name them.
const (
	flagType     = 3
	flagDefault  = 4
	flagOutbound = 256
)

var domainTypes = []string{"authoritative", "external relay", "internal relay", ""}

// value takes one value in. "*" is any domain; what has X.400 or a slip in it is no domain name.
func (f *entries) value(text string, flags int, known bool) {
	text = strings.TrimSpace(text)
	if text == "*" {
		f.any = true
		return
	}
	n, err := names.Normalize(text)
	if err != nil || n.Kind != names.DNS {
		f.strange = append(f.strange, text)
		return
	}
	d := Domain{Name: n.Value, Source: f.source}
	if known {
		d.Type, d.Default = domainTypes[flags&flagType], flags&flagDefault != 0
	}
	if known && flags&flagOutbound != 0 {
		d.Skipped = "outbound only"
	}
	f.out.Domains = append(f.out.Domains, d)
}

// listing is what came of it, with what is to be said.
func (f *entries) listing() Listing {
	if f.any {
		f.say(fail.New(fail.UnsupportedFormat, "name those that a certificate needs in accepted_domains.names",
			"it accepts mail for any domain (*), which adds no name"))
	}
	if len(f.referrals) > 0 {
		f.say(fail.New(fail.UnsupportedFormat, "name that server in accepted_domains.ldap if its domains are needed",
			"it refers to %s, which is not asked", printable.Text(f.referrals[0])))
	}
	if f.count == 0 && len(f.out.Remarks) == 0 {
		f.say(fail.New(fail.NotFound, "look at base and filter, and whether the account may read there",
			"it has no accepted domain there"))
	}
	f.out.Remarks = append(f.out.Remarks, noNames(f.source, f.strange)...)
	return merge([]Listing{f.out})
}

func (f *entries) say(err *fail.Error) {
	f.out.Remarks = append(f.out.Remarks, Remark{Source: f.source, Err: err})
}

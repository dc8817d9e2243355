package domains

import (
	"context"
	"net/url"
	"strings"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/directory"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// LDAP is a directory to read accepted domains from: Active Directory with Exchange, or with a filter and an attribute
// of its own any other.
type LDAP struct {
	URL          string `toml:"url"`
	StartTLS     bool   `toml:"start_tls"`
	BindDN       string `toml:"bind_dn"`
	PasswordFile string `toml:"password_file"`
	CAFile       string `toml:"ca_file"`
	Base         string `toml:"base"`
	Filter       string `toml:"filter"`
	Attribute    string `toml:"attribute"`
}

// What Exchange has in Active Directory.
const (
	exchangeFilter    = "(objectClass=msExchAcceptedDomain)"
	exchangeAttribute = "msExchAcceptedDomainName"
	exchangeFlags     = "msExchAcceptedDomainFlags"
)

func (l LDAP) filter() string {
	if l.Filter == "" {
		return exchangeFilter
	}
	return l.Filter
}

func (l LDAP) attribute() string {
	if l.Attribute == "" {
		return exchangeAttribute
	}
	return l.Attribute
}

// server is the directory itself.
func (l LDAP) server() directory.Server {
	return directory.Server{URL: l.URL, StartTLS: l.StartTLS, BindDN: l.BindDN, PasswordFile: l.PasswordFile,
		CAFile: l.CAFile}
}

// ldapTable is where the configuration names it.
const ldapTable = "accepted_domains.ldap"

// check refuses what cannot be asked.
func (l LDAP) check() error {
	if l.URL == "" {
		return nil
	}
	if _, err := ldap.CompileFilter(l.filter()); err != nil {
		return fail.New(fail.InvalidConfig, "write it in brackets, such as (objectClass=mailDomain)",
			ldapTable+": filter %q is none: %s", printable.Text(l.Filter), directory.Reason(err))
	}
	if l.Filter != "" && l.Attribute == "" {
		return fail.New(fail.InvalidConfig, "add attribute, such as \"associatedDomain\"",
			ldapTable+": filter is given, and not which attribute has the domain")
	}
	return l.server().Check(ldapTable)
}

// source is what a directory is called.
func (l LDAP) source() string { return printable.Text(l.URL) }

// read gives the accepted domains of the directory.
func (l LDAP) read(ctx context.Context) Listing {
	found := &entries{source: l.source(), attribute: l.attribute()}
	if err := l.ask(ctx, found); err != nil {
		found.out.Remarks = append(found.out.Remarks,
			Remark{Source: found.source, Err: l.explain(ctx, err, found.count), Whole: true})
	}
	return found.listing()
}

// ask connects, binds and searches.
func (l LDAP) ask(ctx context.Context, found *entries) error {
	conn, err := l.server().Open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	base := l.Base
	if base == "" {
		if base, err = defaultBase(conn); err != nil {
			return err
		}
	}
	if l.Filter == "" {
		found.out.Points = points(conn, base, found.source)
	}
	return l.search(conn, base, found)
}

// pointFilter finds what Outlook inside asks first: the keywords are those of Exchange's autodiscover, by address and by
// pointer.
const pointFilter = "(&(objectClass=serviceConnectionPoint)(|(keywords=77378F46-2C66-4aa9-A6A6-3E7A48B19596)" +
	"(keywords=67661d7F-8FC4-4fa7-BFAC-E1D7794C1F68)))"

// points are the hosts of the addresses there. A directory without Exchange has none, and says so in many ways.
func points(conn *ldap.Conn, base, source string) (list []Point) {
	result, err := conn.Search(ldap.NewSearchRequest(base, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 100, 5, false,
		pointFilter, []string{"serviceBindingInformation"}, nil))
	if err != nil {
		return nil
	}
	for _, entry := range result.Entries {
		for _, address := range entry.GetEqualFoldAttributeValues("serviceBindingInformation") {
			u, err := url.Parse(address)
			if err != nil || !strings.HasPrefix(u.Scheme, "http") { // a pointer leads to another directory
				continue
			}
			if n, err := names.Normalize(u.Hostname()); err == nil && n.Kind == names.DNS {
				list = append(list, Point{n.Value, source})
			}
		}
	}
	return list
}

// defaultBase is where Exchange keeps its configuration, else the first tree of the directory.
func defaultBase(conn *ldap.Conn) (string, error) {
	attributes := []string{"configurationNamingContext", "defaultNamingContext", "namingContexts"}
	result, err := conn.Search(ldap.NewSearchRequest("", ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 5, false,
		"(objectClass=*)", attributes, nil))
	if err != nil {
		return "", err
	}
	for _, entry := range result.Entries {
		for _, name := range attributes {
			if value := entry.GetAttributeValue(name); value != "" {
				return value, nil
			}
		}
	}
	return "", fail.New(fail.NotFound, "say in base below what to search, such as dc=example,dc=org",
		"it does not say where its entries are")
}

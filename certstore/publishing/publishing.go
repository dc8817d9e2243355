// Package publishing puts certificates into a directory, as values of an attribute of the server's entry, and takes them
// out again.
//
// Its promise: only values that its caller calls its own are ever taken out, by value; what somebody else put there
// stays. Each step is right when it is done twice, and whatever a server does it ends within its time.
package publishing

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"strings"
	"time"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/directory"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Place is where certificates are published.
type Place struct {
	directory.Server
	Entry     string `toml:"entry"`     // the distinguished name of this server's entry
	Attribute string `toml:"attribute"` // "" for DefaultAttribute
}

// Table is where the configuration names it.
const Table = "publish"

// DefaultAttribute is that of RFC 4523; Active Directory has it without ";binary".
const DefaultAttribute = "userCertificate" + binary

const binary = ";binary"

// Check refuses what cannot be written to. Errors: InvalidConfig.
func (p Place) Check() error {
	if p == (Place{}) {
		return nil
	}
	if err := p.Server.Check(Table); err != nil {
		return err
	}
	if dn, err := ldap.ParseDN(p.Entry); err != nil || len(dn.RDNs) == 0 {
		return fail.New(fail.InvalidConfig, "write the name of this server's entry, such as cn=mail01,dc=example,dc=org",
			Table+": entry %q is no name of an entry", printable.Text(p.Entry))
	}
	if p.BindDN == "" {
		return fail.New(fail.InvalidConfig, "add bind_dn and password_file of an account that may write there",
			Table+": nobody may write without an account")
	}
	return nil
}

// Kind is the attribute by its name alone, to which options such as ";binary" belong.
func (p Place) Kind() string {
	if p.Attribute == "" {
		return kind(DefaultAttribute)
	}
	return kind(p.Attribute)
}

func kind(attribute string) string {
	name, _, _ := strings.Cut(attribute, ";")
	return strings.ToLower(name)
}

// spellings are the attribute as it is given, and as another directory wants it.
func (p Place) spellings() [2]string {
	given := p.Attribute
	if given == "" {
		given = DefaultAttribute
	}
	if name, ok := strings.CutSuffix(given, binary); ok {
		return [2]string{given, name}
	}
	return [2]string{given, given + binary}
}

// placeTime is the longest that a directory is waited for.
const placeTime = 9 * time.Second

// Look counts the values that the attribute of the entry has now. Errors: of the directory, with what to do.
func (p Place) Look(ctx context.Context) (int, error) {
	ctx, end := context.WithTimeout(ctx, placeTime)
	defer end()
	conn, err := p.Open(ctx)
	if err != nil {
		return 0, p.explain(ctx, err)
	}
	defer conn.Close()
	_, values, err := p.values(conn)
	if err != nil {
		return 0, p.explain(ctx, err)
	}
	return len(values), nil
}

// Set has the entry hold a certificate and lets go, at once, of those values that old says are outdated ones of ours;
// with nil nothing is put in. Errors: of the directory, with what to do.
func (p Place) Set(ctx context.Context, der []byte, old func(sum string) bool) error {
	ctx, end := context.WithTimeout(ctx, placeTime)
	defer end()
	err := p.set(ctx, der, old)
	if err == nil {
		return nil
	}
	return p.explain(ctx, err)
}

func (p Place) set(ctx context.Context, der []byte, old func(sum string) bool) error {
	conn, err := p.Open(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	name, values, err := p.values(conn)
	if err != nil {
		return err
	}
	var gone []string
	for _, v := range values {
		if bytes.Equal(v, der) {
			der = nil
		} else if old(Sum(v)) {
			gone = append(gone, string(v))
		}
	}
	if der == nil && len(gone) == 0 {
		return nil
	}
	spellings := p.spellings()
	if name != "" {
		spellings = [2]string{name, name}
	}
	err = conn.Modify(p.change(spellings[0], der, gone))
	if ldap.IsErrorAnyOf(err, ldap.LDAPResultUndefinedAttributeType, ldap.LDAPResultNoSuchAttribute,
		ldap.LDAPResultInvalidAttributeSyntax) && spellings[0] != spellings[1] {
		err = conn.Modify(p.change(spellings[1], der, gone))
	}
	if ldap.IsErrorWithCode(err, ldap.LDAPResultInappropriateMatching) && len(gone) == len(values) {
		err = conn.Modify(p.replacement(spellings[0], der))
	}
	return err
}

// replacement is the change of an attribute that has no rule by which values are compared, and holds nothing but ours.
func (p Place) replacement(attribute string, der []byte) *ldap.ModifyRequest {
	m := ldap.NewModifyRequest(p.Entry, nil)
	if der == nil {
		m.Replace(attribute, nil)
	} else {
		m.Replace(attribute, []string{string(der)})
	}
	return m
}

// change is one modification: the directory does all of it or nothing. What goes comes first, for an attribute that
// takes one value.
func (p Place) change(attribute string, der []byte, gone []string) *ldap.ModifyRequest {
	m := ldap.NewModifyRequest(p.Entry, nil)
	if len(gone) > 0 {
		m.Delete(attribute, gone)
	}
	if der != nil {
		m.Add(attribute, []string{string(der)})
	}
	return m
}

// values are those of the attribute, and how the directory spells it; "" where it has none.
func (p Place) values(conn *ldap.Conn) (name string, values [][]byte, err error) {
	result, err := conn.Search(ldap.NewSearchRequest(p.Entry, ldap.ScopeBaseObject, ldap.NeverDerefAliases, 0, 5, false,
		"(objectClass=*)", []string{kind(p.spellings()[0])}, nil))
	if err != nil {
		return "", nil, err
	}
	for _, entry := range result.Entries {
		for _, a := range entry.Attributes {
			if kind(a.Name) == p.Kind() {
				return a.Name, a.ByteValues, nil
			}
		}
	}
	return "", nil, nil
}

// Sum is by which a value is known.
func Sum(value []byte) string {
	sum := sha256.Sum256(value)
	return hex.EncodeToString(sum[:])
}

// explain says why a certificate could not be put there, or taken out.
func (p Place) explain(ctx context.Context, err error) *fail.Error {
	told := p.why(ctx, err)
	return fail.New(told.Code, told.Hint, "the directory %s: %w", printable.Text(p.URL), told)
}

func (p Place) why(ctx context.Context, err error) *fail.Error {
	var said *ldap.Error
	if !errors.As(err, &said) {
		return p.Explain(ctx, err, Table)
	}
	switch said.ResultCode {
	case ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax:
		return fail.New(fail.NotFound, "correct entry below ["+Table+"], or the rights of its account", "there is no entry %s",
			printable.Text(p.Entry))
	case ldap.LDAPResultInsufficientAccessRights:
		return fail.New(fail.NotPermitted, "allow it there, or name another account below ["+Table+"]",
			"%s may not write %s of %s", p.Account(), p.Kind(), printable.Text(p.Entry))
	case ldap.LDAPResultInappropriateMatching:
		return fail.New(fail.Failed, "take that one out by hand if it is not needed",
			"%s has a value that certdesk did not put there, and takes no change beside it: it is left as it is", p.Kind())
	case ldap.LDAPResultConstraintViolation:
		return fail.New(fail.Failed, "take that one out by hand if it is not needed",
			"%s takes one value, and has one that certdesk did not put there: it is left as it is", p.Kind())
	case ldap.LDAPResultUndefinedAttributeType, ldap.LDAPResultObjectClassViolation, ldap.LDAPResultInvalidAttributeSyntax:
		return fail.New(fail.Failed, "name another attribute below ["+Table+"]", "the entry %s takes no %s: %s",
			printable.Text(p.Entry), p.Kind(), directory.Reason(said))
	}
	return p.Explain(ctx, err, Table)
}

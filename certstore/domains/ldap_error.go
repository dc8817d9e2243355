package domains

import (
	"context"
	"errors"

	"github.com/go-ldap/ldap/v3"

	"certdesk/certstore/directory"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// explain says why a directory gave nothing, or not all, and what to do about it. got is what it gave before.
func (l LDAP) explain(ctx context.Context, err error, got int) *fail.Error {
	var said *ldap.Error
	if !errors.As(err, &said) {
		return l.server().Explain(ctx, err, ldapTable)
	}
	switch said.ResultCode {
	case ldap.LDAPResultSizeLimitExceeded, ldap.LDAPResultAdminLimitExceeded:
		return fail.New(fail.LimitExceeded, "raise the server's limit for this account, or allow it paged searches",
			"it gave %s and then refused more: some are missing", printable.Count(got, "domain"))
	case ldap.LDAPResultTimeLimitExceeded:
		return fail.New(fail.Failed, "set base so that less is searched", "it ran out of time after %s",
			printable.Count(got, "domain"))
	case ldap.LDAPResultNoSuchObject, ldap.LDAPResultInvalidDNSyntax:
		return fail.New(fail.NotFound, "correct base, or leave it out for the directory's own", "there is nothing at %s",
			printable.Text(l.Base))
	case ldap.LDAPResultInsufficientAccessRights, ldap.LDAPResultOperationsError, ldap.LDAPResultInappropriateAuthentication:
		return fail.New(fail.NotPermitted, "give bind_dn and password_file of an account that may read there",
			"it does not let %s read: %s", l.server().Account(), directory.Reason(said))
	}
	return l.server().Explain(ctx, err, ldapTable)
}

package formats

import (
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Recipes that turn a file certdesk cannot read into one it can. OLD and NEW stand for the admin's paths. (A pipe
// into openssl pkcs12 -export, which would keep the key off the disk, does not work: it reads its input twice.)
const (
	recipePFX = "convert it: openssl pkcs12 -in OLD.pfx -nodes -out NEW.pem, import NEW.pem, then delete it: its key " +
		"is unprotected"
	recipeKey   = "decrypt it with: openssl pkey -in OLD.key -out NEW.key"
	recipeJava  = "convert it: keytool -importkeystore -srckeystore OLD.jks -destkeystore NEW.pfx -deststoretype PKCS12"
	hintDamaged = "fetch or copy the file again, in binary mode"
)

// shown is a library's error whose text is safe to show; the library may quote bytes of the file.
type shown struct{ error }

func (s shown) Error() string { return fail.Plain(printable.Text(s.error.Error())) }

func (s shown) Unwrap() error { return s.error }

func damaged(format string, args ...any) error {
	return fail.New(fail.Damaged, hintDamaged, format, args...)
}

func unsupported(hint, format string, args ...any) error {
	return fail.New(fail.UnsupportedFormat, hint, format, args...)
}

func tooMuch(hint, format string, args ...any) error {
	return fail.New(fail.LimitExceeded, hint, format, args...)
}

package cli

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// exportFlags are the flags of export.
type exportFlags struct {
	path, passwordFile, profile              string
	binary, noChain, withKey, request, force bool
	generate                                 bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export THUMBPRINT --path FILE",
		Short: "write a certificate, its key or its request to a file",
		Long: "The file's extension says what is written: .pfx and .p12 the certificate with its key and chain under a\n" +
			"password, .pem .cer .crt the public part, .p7b the public part with its chain, .req .csr the request.",
		Example: "  certdesk export 9A3F51 --path mail.pfx\n  certdesk export 9A3F51 --path mail.pfx --generate-password --password-file mail.password\n" +
			"  certdesk export 9A3F51 --path mail.pem --with-key",
		Args: argsBetween(1, 1, "the thumbprint"),

		ValidArgsFunction: a.thumbprints(false),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.path, "path", "", "the `file` to write")
	fl.StringVar(&f.passwordFile, "password-file", "", "a `file` that holds the password; - for standard input")
	fl.BoolVar(&f.generate, "generate-password", false, "make a password up and write it to --password-file, which must not exist yet")
	fl.StringVar(&f.profile, "for", "modern", "who opens a .pfx, a `receiver`: modern, windows-2016 (and older), ancient (RC2), or\njava-truststore (the CA certificates above it, for Java, Tomcat and Zimbra to trust)")
	fl.BoolVar(&f.binary, "binary-encoded", false, "DER instead of PEM")
	fl.BoolVar(&f.noChain, "no-chain", false, "without the CA certificates")
	fl.BoolVar(&f.withKey, "with-key", false, "key, certificate and chain as PEM, unencrypted")
	fl.BoolVar(&f.request, "request", false, "the request the certificate answered")
	fl.BoolVar(&f.force, "force", false, "overwrite the file at --path")
	offer(cmd, "for", receivers()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd); err != nil {
			return err
		}
		return a.run(func(ctx context.Context, s *session, args []string) error { return a.export(ctx, cmd, s, f, args[0]) })(cmd, args)
	}
	return cmd
}

// receivers are what --for takes.
func receivers() []string { return append(formats.Profiles(), string(exporting.TrustStore)) }

func (f exportFlags) wish() exporting.Wish {
	return exporting.Wish{Binary: f.binary, WithKey: f.withKey, Request: f.request || namesRequest(f.path),
		TrustStore: f.profile == string(exporting.TrustStore)}
}

func (f exportFlags) check(cmd *cobra.Command) error {
	switch {
	case f.path == "":
		return usage(cmd, "--path is missing: say which file to write")
	case !slices.Contains(receivers(), f.profile):
		return usage(cmd, "--for %s is not known: use %s", f.profile, strings.Join(receivers(), ", "))
	case f.generate && (f.passwordFile == "" || f.passwordFile == "-"):
		return usage(cmd, "--generate-password needs --password-file with a file that does not exist yet: a password is never printed")
	case f.generate && filepath.Clean(f.passwordFile) == filepath.Clean(f.path):
		return usage(cmd, "--path and --password-file are the same file")
	case f.withKey && f.request:
		return usage(cmd, "--with-key and --request cannot be used together")
	}
	return nil
}

func (a *app) export(ctx context.Context, cmd *cobra.Command, s *session, f exportFlags, thumbprint string) error {
	if err := s.writable(); err != nil {
		return err
	}
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	format, err := exporting.Choose(e, f.path, f.wish())
	if err != nil {
		return err
	}
	if err := f.fits(cmd, e, format); err != nil {
		return err
	}
	if err := mayWrite(f.path, f.force); err != nil {
		return err
	}
	if err := exporting.Allowed(e, format); err != nil {
		return err
	}
	r := exporting.Request{ID: e.ID, Path: f.path, Overwrite: f.force, Format: format,
		Profile: formats.Profile(f.profile), NoChain: f.noChain}
	if format.AsksPassword() && (e.HasKey || format == exporting.TrustStore) {
		if r.Password, err = a.exportPassword(ctx, f); err != nil {
			return err
		}
		defer clear(r.Password)
		if why := formats.PoorPassword(r.Password); why != "" && format == exporting.PKCS12 {
			a.note("warning: the password is poor: %s; --generate-password makes a good one", why)
		}
	}
	if err := f.write(ctx, s, r); err != nil {
		return err
	}
	return a.showExported(e, f, format)
}

// write writes the file; a password that was made up is on the disk before what it opens, and gone if that fails.
func (f exportFlags) write(ctx context.Context, s *session, r exporting.Request) error {
	if !f.generate {
		return s.store.Export(ctx, r)
	}
	if err := s.store.Outside(f.passwordFile); err != nil {
		return err
	}
	if err := console.KeepPassword(f.passwordFile, r.Password); err != nil {
		return err
	}
	err := s.store.Export(ctx, r)
	if err != nil {
		os.Remove(f.passwordFile)
	}
	return err
}

// fits refuses flags that mean nothing for the form that is written.
func (f exportFlags) fits(cmd *cobra.Command, e certstore.Entry, format exporting.Format) error {
	switch {
	case format.AsksPassword():
		return nil
	case f.withKey && f.binary:
		return usage(cmd, "--with-key and --binary-encoded cannot be used together: a key is exported as PEM, or in a .pfx")
	}
	for _, flag := range []string{"password-file", "generate-password", "for"} {
		if cmd.Flags().Changed(flag) {
			return usage(cmd, "--%s is for .pfx and .p12: this writes %s", flag, f.content(e, format))
		}
	}
	return nil
}

// namesRequest says whether a path can only mean the request.
func namesRequest(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".req" || ext == ".csr"
}

// content says what a file will hold.
func (f exportFlags) content(e certstore.Entry, format exporting.Format) string {
	certificate := "the certificate"
	if !f.noChain && len(e.Chain) > 0 && format != exporting.DER {
		certificate = "the certificate and its chain"
	}
	switch format {
	case exporting.RequestPEM, exporting.RequestDER:
		return "the request"
	case exporting.PKCS12:
		return certificate + ", with the key, under the password"
	case exporting.TrustStore:
		return "the CA certificates above it, for Java to trust, under the password"
	case exporting.KeyPEM:
		return certificate + ", with the key, unencrypted: who reads the file has the key"
	}
	return certificate + ", without the key"
}

// mayWrite refuses an existing file before anybody is asked for a password; the store looks again.
func mayWrite(path string, force bool) error {
	if _, err := os.Lstat(path); err == nil && !force {
		return fail.New(fail.AlreadyExists, "choose another name, or --force overwrites it",
			"%s exists already", printable.Text(path))
	}
	return nil
}

func (a *app) exportPassword(ctx context.Context, f exportFlags) ([]byte, error) {
	switch {
	case f.generate:
		return []byte(formats.GeneratePassword()), nil
	case f.passwordFile == "":
		return a.console.NewPassword(ctx)
	}
	password, err := a.console.FilePassword(ctx, f.passwordFile)
	if err == nil && len(password) == 0 {
		return nil, fail.New(fail.PasswordNeeded, "the file will hold the private key: choose a password", "the password is empty")
	}
	return password, err
}

func (a *app) showExported(e certstore.Entry, f exportFlags, format exporting.Format) error {
	if a.flags.json {
		return a.printJSON(wire.ResultsOf(certstore.Results{Done: []certstore.Entry{e}}))
	}
	a.print("wrote %s to %s: %s\n", words.Label(e), printable.Text(f.path), f.content(e, format))
	if f.generate {
		a.print("its password is in %s: send that by another way than the file\n", printable.Text(f.passwordFile))
	}
	return nil
}

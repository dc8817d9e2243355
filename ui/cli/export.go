package cli

import (
	"context"
	"fmt"
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
	path, passwordFile, reader               string
	binary, noChain, withKey, request, force bool
	generate                                 bool
}

func (a *app) exportCommand() *cobra.Command {
	var f exportFlags
	cmd := &cobra.Command{
		Use:   "export THUMBPRINT --path FILE",
		Short: "write a certificate, its key or its request to a file",
		Long: "The ending of the file says what is written: .pfx and .p12 the certificate with its key and chain under a\n" +
			"password, .pem .cer .crt the public part, .p7b the public part with its chain, .req .csr the request.\n" +
			"--for names who will open it, and makes what that takes; what belongs beside the file is written beside it:\n\n" +
			readersHelp() + "\n\nA store that is read-only here still exports what is public; the history then does not name " +
			"it.",
		Example: "  certdesk export 9A3F51 --path mail.pfx\n  certdesk export 9A3F51 --path mail.pfx --generate-password " +
			"--password-file mail.password\n" +
			"  certdesk export 9A3F51 --path mail.pem --for nginx",
		Args: argsBetween(1, 1, "the thumbprint"),

		ValidArgsFunction: a.thumbprints(false),
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.path, "path", "", "the `file` to write")
	fl.StringVar(&f.passwordFile, "password-file", "", "a `file` that holds the password; - for standard input")
	fl.BoolVar(&f.generate, "generate-password", false,
		"generate a password and write it to --password-file, which is needed and must not exist yet: it is never printed")
	fl.StringVar(&f.reader, "for", "", "who opens it, a `reader` of the list above; left out, the ending decides (a "+
		".pfx is for windows-2019)")
	fl.BoolVar(&f.binary, "binary-encoded", false, "DER instead of PEM")
	fl.BoolVar(&f.noChain, "no-chain", false, "without the CA certificates")
	fl.BoolVar(&f.withKey, "with-key", false, "key, certificate and chain as PEM, unencrypted")
	fl.BoolVar(&f.request, "request", false, "the request the certificate answered")
	fl.BoolVar(&f.force, "force", false, "overwrite the file at --path")
	offer(cmd, "for", exporting.Named()...)
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd); err != nil {
			return err
		}
		return a.run(func(ctx context.Context, s *session,
			args []string) error {
			return a.export(ctx, cmd, s, f, args[0])
		})(cmd, args)
	}
	return cmd
}

// readersHelp lists what --for takes, and what is made then.
func readersHelp() string {
	var lines []string
	for _, r := range exporting.Readers() {
		if slices.Contains(exporting.Named(), r.Values[0]) {
			lines = append(lines, fmt.Sprintf("  %-24s%s: %s", strings.Join(r.Values, ", "), r.Name, r.Makes))
		}
	}
	return strings.Join(lines, "\n")
}

func (f exportFlags) wish() exporting.Wish {
	return exporting.Wish{Binary: f.binary, WithKey: f.withKey, Request: f.request || f.reader == "" &&
		namesRequest(f.path),
		For: f.reader}
}

func (f exportFlags) check(cmd *cobra.Command) error {
	switch {
	case f.path == "":
		return usage(cmd, "--path is missing: say which file to write")
	case cmd.Flags().Changed("for") && !slices.Contains(exporting.Named(), f.reader):
		return usage(cmd, "--for %s is not known: use %s", f.reader, strings.Join(exporting.Named(), ", "))
	case f.generate && (f.passwordFile == "" || f.passwordFile == "-"):
		return usage(cmd, "--generate-password needs --password-file with a file that does not exist yet: a password is "+
			"never printed")
	case f.generate && filepath.Clean(f.passwordFile) == filepath.Clean(f.path):
		return usage(cmd, "--path and --password-file are the same file")
	case f.withKey && f.request:
		return usage(cmd, "--with-key and --request cannot be used together")
	}
	return nil
}

func (a *app) export(ctx context.Context, cmd *cobra.Command, s *session, f exportFlags, thumbprint string) error {
	e, err := s.store.Find(ctx, thumbprint, false)
	if err != nil {
		return err
	}
	format, profile, err := exporting.Choose(e, f.path, f.wish())
	if err != nil {
		return err
	}
	if err := f.fits(cmd, e, format); err != nil {
		return err
	}
	if err := mayLeave(s, e, format); err != nil {
		return err
	}
	r := exporting.Request{ID: e.ID, Path: f.path, Overwrite: f.force, Format: format, Profile: profile,
		NoChain: f.noChain}
	if err := mayWrite(r.Files(e)); err != nil {
		return err
	}
	if r.Password, err = a.passwordFor(ctx, f, format); err != nil {
		return err
	}
	defer clear(r.Password)
	if err := f.write(ctx, s, r); err != nil {
		return err
	}
	return a.showExported(s, e, f, r)
}

// mayLeave refuses a key that may not leave, and one from a store that is only read.
func mayLeave(s *session, e certstore.Entry, format exporting.Format) error {
	if format.BringsKey() {
		if err := s.writable(); err != nil {
			return err
		}
	}
	return exporting.Allowed(e, format)
}

// passwordFor is the password of a file that stands under one; nil for others.
func (a *app) passwordFor(ctx context.Context, f exportFlags, format exporting.Format) ([]byte, error) {
	if !format.AsksPassword() {
		return nil, nil
	}
	password, err := a.exportPassword(ctx, f)
	if why := formats.PoorPassword(password); err == nil && why != "" && format.BringsKey() {
		a.note("warning: the password is weak: %s; --generate-password generates a good one", why)
	}
	return password, err
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
	for _, flag := range []string{"password-file", "generate-password"} {
		if cmd.Flags().Changed(flag) {
			holds := words.FileHolds(e, exporting.Request{Format: format, NoChain: f.noChain})
			return usage(cmd, "--%s is for .pfx and .p12: this writes %s", flag, holds)
		}
	}
	return nil
}

// namesRequest says whether a path can only mean the request.
func namesRequest(path string) bool {
	ext := strings.ToLower(filepath.Ext(path))
	return ext == ".req" || ext == ".csr"
}

// mayWrite refuses an existing file before anybody is asked for a password; the store looks again.
func mayWrite(files []exporting.Request) error {
	for _, r := range files {
		if _, err := os.Lstat(r.Path); err == nil && !r.Overwrite {
			return fail.New(fail.AlreadyExists, "choose another name, or --force overwrites it",
				"%s exists already", printable.Text(r.Path))
		}
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
		return nil, fail.New(fail.PasswordNeeded, "the file will hold the private key: choose a password",
			"the password is empty")
	}
	return password, err
}

func (a *app) showExported(s *session, e certstore.Entry, f exportFlags, r exporting.Request) error {
	if s.store.Unrecorded(r.Format) {
		a.note("%s", words.NotRecorded)
	}
	if a.flags.json {
		return a.printJSON(wire.ResultsOf(certstore.Results{Done: []certstore.Entry{e}}))
	}
	for _, file := range r.Files(e) {
		a.print("wrote %s to %s\n", words.Label(e), words.ExportedFile(e, file))
	}
	if reader, named := exporting.ReaderOf(f.reader); named && reader.Advice != "" {
		a.print("%s\n", reader.Advice)
	}
	if f.generate {
		a.print("its password is in %s: send that separately from the file\n", printable.Text(f.passwordFile))
	}
	return nil
}

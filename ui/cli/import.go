package cli

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// importFlags are the flags of import.
type importFlags struct {
	passwordFile, friendly, services string
	exportable, served, fetch        bool
}

// passwordTries is how often a person may mistype before the command gives up.
const passwordTries = 3

func (a *app) importCommand() *cobra.Command {
	var f importFlags
	cmd := &cobra.Command{
		Use:   "import FILE... | --served [THUMBPRINT...]",
		Short: "import a CA's answer, or a certificate with its key",
		Long: "Reads certificates, chains and keys in PEM, DER, PKCS#7 or PKCS#12; the content decides, never the\n" +
			"extension. Keys, certificates and chains in the files of one call are put together by public key; where they\n" +
			"are about several certificates each has its own result. A dash reads standard input.\n\n" +
			"--served imports what a service serves and the store does not have, with its key from the file that the service " +
			"reads.",
		Example: "  certdesk import answer.p7b\n  certdesk import privkey.pem fullchain.pem\n  certdesk import " +
			"answers/*.cer intermediate.pem\n" +
			"  certdesk import --served",
	}
	fl := cmd.Flags()
	fl.SortFlags = false
	fl.StringVar(&f.passwordFile, "password-file", "", "a `file` that holds the password; - for standard input")
	fl.StringVar(&f.friendly, "friendly-name", "",
		"the `text` it is listed under, 1 to 64 characters (default the request's, or the common name)")
	fl.BoolVar(&f.exportable, "private-key-exportable", false,
		"a key the files bring may leave the store again; also of a certificate that is here already, if its file holds "+
			"the key")
	fl.StringVar(&f.services, "services", "",
		"the services it is wanted for, a `list` of IIS, SMTP, POP, IMAP, UM or None (default the request's); enabled at "+
			"once where a service is configured")
	fl.BoolVar(&f.served, "served", false, "what services serve and the store does not have: all of it, or only the "+
		"thumbprints given")
	fl.BoolVar(&f.fetch, "fetch-issuers", false,
		"fetch the CA's certificates that are missing, from the http address in the certificate")
	offerServices(cmd, "services")
	cmd.Args = f.args
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		if err := f.check(cmd, args); err != nil {
			return err
		}
		if f.served {
			return a.run(a.importServed)(cmd, args)
		}
		return a.run(func(ctx context.Context, s *session,
			args []string) error {
			return a.doImport(ctx, cmd, s, f, args)
		})(cmd, args)
	}
	return cmd
}

// args wants files, or with --served thumbprints or none.
func (f *importFlags) args(cmd *cobra.Command, args []string) error {
	given := cmd.Flags().Changed
	if f.served && (given("password-file") || given("friendly-name") || given("services") || f.exportable) {
		return usage(cmd, "--served imports what is served as it is: leave the other flags out")
	}
	if f.served {
		return noneEmpty(cmd, args, "the thumbprint")
	}
	return argsBetween(1, 0, "the file")(cmd, args)
}

// check sees that standard input is asked for one thing only.
func (f importFlags) check(cmd *cobra.Command, args []string) error {
	asked := append(slices.Clone(args), f.passwordFile)
	if first := slices.Index(asked, "-"); first >= 0 && slices.Contains(asked[first+1:], "-") {
		return usage(cmd, "standard input can be read for one thing only: give a file for the other")
	}
	return nil
}

func (a *app) doImport(ctx context.Context, cmd *cobra.Command, s *session, f importFlags, args []string) error {
	if err := s.writable(); err != nil {
		return err
	}
	r, err := a.importRequest(ctx, cmd, f, args)
	if err != nil {
		return err
	}
	groups, err := a.inspect(ctx, s, &r)
	if f.passwordFile != "" {
		hintAtFile(groups, f.passwordFile)
	}
	for _, password := range r.Passwords {
		clear(password)
	}
	if err != nil {
		return err
	}
	a.tellFound(groups)
	switch {
	case len(groups) > 1 && f.friendly != "":
		return usage(cmd, "--friendly-name is for one certificate, and the files hold %d: import them one at a time", len(groups))
	case len(groups) > 1:
		return a.importSeveral(ctx, s, a.fetchIssuers(ctx, s, groups, f.fetch))
	}
	groups = a.fetchIssuers(ctx, s, groups, f.fetch)
	e, found, err := a.importGroup(ctx, s, groups[0])
	if err != nil {
		return err
	}
	var now certstore.Services
	if r.Wanted != nil {
		now = s.configured(*r.Wanted)
	}
	a.tellImported(e, found)
	return a.enableAtOnce(ctx, s, madeReport{made: issuing.Made{Entry: e}, notes: importNotes(found)}, now)
}

func (a *app) importGroup(ctx context.Context, s *session, g importing.Group) (certstore.Entry,
	importing.Found, error) {
	if err := a.mayImport(ctx, &g); err != nil {
		return certstore.Entry{}, g.Found, err
	}
	got := s.store.ImportGroup(ctx, g)
	return got.Entry, got.Found, got.Err
}

// mayImport says why a group cannot be imported; of a certificate that is here it asks whether to add what is new.
func (a *app) mayImport(ctx context.Context, g *importing.Group) error {
	if g.Err != nil || g.Found.Action != importing.Exists {
		return g.Err
	}
	g.Attach = true
	return a.attach(ctx, g.Found)
}

func (a *app) importRequest(ctx context.Context, cmd *cobra.Command, f importFlags,
	args []string) (importing.Request, error) {
	r := importing.Request{Options: importing.Options{FriendlyName: f.friendly, Exportable: f.exportable}}
	if cmd.Flags().Changed("services") {
		wanted, err := certstore.ParseServices(f.services)
		if err != nil {
			return r, err
		}
		r.Wanted = &wanted
	}
	if f.passwordFile != "" {
		password, err := a.console.FilePassword(ctx, f.passwordFile)
		if err != nil {
			return r, err
		}
		r.Passwords = [][]byte{password}
	}
	r.Sources = a.sources(ctx, args)
	return r, nil
}

// sources reads the files of an import, all before anything is done with one.
func (a *app) sources(ctx context.Context, paths []string) (out []importing.Source) {
	for _, path := range paths {
		source := importing.Source{Label: printable.Text(path)}
		if path == "-" {
			source.Label = "standard input"
			source.Data, source.Err = console.Await(ctx, func() ([]byte, error) { return formats.ReadAll(a.io.In) })
		} else {
			source.Data, source.Err = formats.ReadFile(path)
		}
		out = append(out, source)
	}
	return out
}

// inspect looks into the sources, and asks for the password of each that wants one where none was given.
func (a *app) inspect(ctx context.Context, s *session, r *importing.Request) ([]importing.Group, error) {
	groups, err := s.store.InspectAll(ctx, *r)
	if err != nil || len(r.Passwords) > 0 {
		return groups, err
	}
	seals := importing.Seals{Most: passwordTries}
	for seals.Next(groups) != "" {
		if seals.Wrong > 0 {
			a.note("%s", words.WrongPassword(seals.Wrong, seals.Most))
		}
		password, err := a.console.Password(ctx, "Password of "+seals.Label+": ")
		if fail.Is(err, fail.PasswordNeeded) {
			return withoutPassword(groups, err), nil
		}
		if err != nil {
			return nil, err
		}
		seals.Try(password)
		r.Passwords = seals.Passwords
		if groups, err = s.store.InspectAll(ctx, *r); err != nil {
			return nil, err
		}
	}
	return groups, nil
}

// hintAtFile tells who gave the password in a file to look there: nobody typed it.
func hintAtFile(groups []importing.Group, path string) {
	for i := range groups {
		if fail.Is(groups[i].Err, fail.WrongPassword) {
			wrong := *fail.Of(groups[i].Err)
			wrong.Hint = "look at " + printable.Text(path) + ": the password is its one line, with the blanks at its ends"
			groups[i].Err = &wrong
		}
	}
}

// withoutPassword says of every file that wants a password why nobody could be asked for it.
func withoutPassword(groups []importing.Group, why error) []importing.Group {
	for i := range groups {
		if importing.Sealed(groups[i]) {
			groups[i].Err = why
		}
	}
	return groups
}

// attach asks whether what is new in a certificate that is here already should be kept.
func (a *app) attach(ctx context.Context, f importing.Found) error {
	if len(f.Attachable) == 0 {
		return nil // the store says so, and what could be new
	}
	here := fmt.Sprintf("the certificate is here already, as %s", words.Label(f.Existing))
	what := strings.Join(f.Attachable, " and ")
	if a.flags.yes {
		return nil
	}
	if !a.console.CanAsk() {
		return fail.New(fail.AlreadyExists, "--yes adds what is new: "+what, "%s", here)
	}
	return a.console.Confirm(ctx, here+".\nAdd what is new, "+what+"?", "--yes adds it")
}

// tellImported says what was imported; as JSON it is said when it is known what it was enabled for.
func (a *app) tellImported(e certstore.Entry, f importing.Found) {
	if a.flags.json {
		return
	}
	for _, n := range slices.Concat(wire.Gaps(f.Gaps), importNotes(f)) {
		a.note("note: %s", n)
	}
	a.tellFindings(e)
	a.print("%s\n%s\nthumbprint %s\n", importSentence(e, f), printable.Text(plain.Status(e)), e.Thumbprint)
}

// importNotes are the sentences beside an import's result.
func importNotes(f importing.Found) []string {
	return append(slices.Clone(f.Notes), f.CompletedWords()...)
}

func importSentence(e certstore.Entry, f importing.Found) string {
	switch f.Action {
	case importing.Completes:
		return fmt.Sprintf("imported %s: it completes the request that waited", words.Label(e))
	case importing.Reissue:
		return fmt.Sprintf("imported %s: another certificate for a key that was here already", words.Label(e))
	case importing.Exists:
		return fmt.Sprintf("added to %s: %s", words.Label(e), strings.Join(f.Attachable, " and "))
	}
	return fmt.Sprintf("imported %s with its key", words.Label(e))
}

// tellFindings says what is to be minded in a certificate before anybody relies on it.
func (a *app) tellFindings(e certstore.Entry) {
	for _, finding := range e.Verdict.Findings {
		if finding.Severity != trust.Info {
			a.note("%s: %s", finding.Severity, printable.Text(finding.Text))
		}
	}
}

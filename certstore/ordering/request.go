package ordering

import (
	"context"
	"crypto/x509"
	"os"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/acme"
	"certdesk/certstore/acme/challenge"
	"certdesk/certstore/acme/due"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// Request is what is to be ordered.
type Request struct {
	Make    issuing.Request // of a request, for a certificate or a renewal of one
	CA      string          // what the configuration calls the authority
	Profile string          // "" for what the configuration says
	Trial   Trial
}

// Trial says whether an order is tried at the authority's directory for trying first, where it has one.
type Trial int

// The choices: by default names that this authority has not certified yet are tried.
const (
	TrialForNew Trial = iota
	TrialAlways
	TrialNever
)

// Check refuses what an authority could not be asked for, without asking it. Errors: NotFound for the authority,
// InvalidName, LimitExceeded, and those of making the request.
func (o *Orders) Check(ctx context.Context, r Request) error {
	_, err := o.checked(ctx, r)
	return err
}

func (o *Orders) checked(ctx context.Context, r Request) (config.ACME, error) {
	ca, err := o.CA(r.CA)
	if err != nil {
		return ca, err
	}
	if r.Profile != "" {
		ca.Profile = r.Profile
	}
	if err := ca.Check(); err != nil { // the profile may be anything that was typed
		return ca, fail.New(fail.Usage, "`certdesk acme "+ca.Name+"` lists what it has", "%s: %w", ca.Name, err)
	}
	if r.Make.SelfSigned {
		return ca, fail.New(fail.Usage, "make a request, or leave the CA out",
			"a self-signed certificate is not ordered from %s", ca.Name)
	}
	if err := Provable(r.Make.Names, ca); err != nil {
		return ca, err
	}
	if r.Trial == TrialAlways && ca.Staging == "" {
		return ca, fail.New(fail.Usage, "give staging in its [[acme]] table, or leave --staging out",
			"%s has no directory for trying", ca.Name)
	}
	return ca, o.store.Check(ctx, r.Make)
}

// Provable refuses names that are not proven in the way that is configured, or are too many. Errors: InvalidName,
// LimitExceeded.
func Provable(list []names.Name, ca config.ACME) error {
	dns := ca.Proves() == challenge.DNS01 || ca.Proves() == challenge.DNSPersist01
	for _, n := range list {
		if plain, err := names.Normalize(n.Value); err == nil {
			n = plain
		}
		switch {
		case n.Kind == names.Email:
			return fail.New(fail.InvalidName, "leave it out, or make a request for another CA",
				"%s certifies servers, not mail addresses such as %s", ca.Name, n.Value)
		case n.Kind == names.IP && dns:
			return fail.New(fail.InvalidName, "prove it by http-01 or tls-alpn-01, or leave it out",
				"the address %s cannot be proven by %s", n.Value, ca.Proves())
		case strings.HasPrefix(n.Value, "*.") && !dns:
			return fail.New(fail.InvalidName, "a wildcard is proven by a record in DNS: challenge = \"dns-01\"",
				"%s cannot be proven by %s", n.Value, ca.Proves())
		}
	}
	if most := MostNames(ca.Profile); len(list) > most {
		return fail.New(fail.LimitExceeded, "order several certificates, or leave names out",
			"%s takes %s in a certificate%s, and these are %d", ca.Name, printable.Count(most, "name"),
			ofProfile(ca.Profile), len(list))
	}
	return nil
}

// MostNames is how many names a certificate of a profile may have, as Let's Encrypt has it (facts of 2026-09); others
// have the same, or say so.
func MostNames(profile string) int {
	if slices.Contains([]string{"tlsserver", "shortlived"}, profile) {
		return 25
	}
	return 100
}

func ofProfile(profile string) string {
	if profile == "" {
		return ""
	}
	return " of the profile " + printable.Text(profile)
}

// allowed refuses an order that would only use up the limits of an authority. Errors: LimitExceeded.
func (o *Orders) allowed(ctx context.Context, want due.Want) error {
	var at time.Time
	var why string
	if err := o.store.Read(ctx, func(st *ledger.State) { at, why = due.Held(st.Asked, want, o.Now()) }); err != nil {
		return err
	}
	if at.IsZero() {
		return nil
	}
	return fail.New(fail.LimitExceeded, "it may be asked again from "+when.Minute(at.UTC())+" on", "%s", why)
}

// known says whether an authority has certified just these names before.
func known(st *ledger.State, directory string, list []string) bool {
	want := set(list)
	return st.Find(func(r *ledger.Row) bool {
		return r.Automatic != nil && r.Automatic.Order.Directory == directory && !r.Automatic.Issued.IsZero() &&
			slices.Equal(set(r.Names), want)
	}) != nil
}

func set(list []string) []string {
	lower := make([]string, len(list))
	for i, name := range list {
		lower[i] = strings.ToLower(name)
	}
	slices.Sort(lower)
	return slices.Compact(lower)
}

// connect gives who asks an authority at one of its directories.
func (o *Orders) connect(ca config.ACME, directory string) (*acme.Client, error) {
	to := acme.CA{Name: ca.Name, Directory: directory}
	if directory == ca.Staging {
		to.Name += " (staging)"
	}
	if ca.CAFile != "" {
		text, err := os.ReadFile(ca.CAFile)
		to.Roots = x509.NewCertPool()
		if err != nil || !to.Roots.AppendCertsFromPEM(text) {
			return nil, fail.New(fail.InvalidConfig, "ca_file is a PEM file of the roots of its HTTPS",
				"no certificate can be read from %s", printable.Text(ca.CAFile))
		}
	}
	return acme.New(to, o.Now), nil
}

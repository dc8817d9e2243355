package settings

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/acme"
	"certdesk/certstore/config"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// ofACME asks for a CA that certificates are ordered from. A way by DNS that needs [acme.dns] is written by hand.
var ofACME = []asked{
	{key: "name", label: "Name", empty: "letsencrypt", hint: "What it is called here, one word."},
	{key: "directory", label: "Directory", empty: "https://ca.example.org/acme/directory",
		hint: "The address of its ACME directory, as the CA gives it; a step-ca of the house has one too."},
	{key: "contact", label: "Mail address", empty: "postmaster@example.org", hint: "The CA writes there if it has to."},
	{key: "accept_terms", label: "Its terms", shape: asYesNo,
		hint:    "They are shown when it is tried: read them, then come back and accept them.",
		options: options("", "not accepted yet", "yes", "read and accepted")},
	{key: "challenge", label: "Names proven", shape: asChoice, hint: "How the CA sees that a name is yours.",
		options: options("", "by this server on port 80", "tls-alpn-01", "by this server on port 443",
			"dns-persist-01", "by a record in DNS that stands")},
	{key: "webroot", label: "Web root", empty: "certdesk answers on port 80 itself",
		hint: "The directory that a web server here gives out on port 80, such as /var/www/html."},
	{key: "ca_file", label: "Its own root", empty: "the system's roots",
		hint: "A PEM file with the root of its HTTPS: for a CA of the house."},
	{key: "eab_kid", label: "Customer id", empty: "none", hint: "The key identifier (EAB), where the CA gave you one."},
	{key: "eab_key_file", label: "Customer key", empty: "none", hint: "The file with the key that came with it."},
	{key: "profile", label: "Profile", empty: "the CA's choice", hint: "Which of its profiles; trying it lists them."},
	{key: "staging", label: "For trying", empty: "none",
		hint: "The address of its directory for trying: new names are tried there first."},
	{key: "key", label: "Renewal's key", shape: asChoice, hint: "A key that DANE or a partner pins is kept.",
		options: options("", "a new one each time", "reuse", "the same one")},
}

func acmeSetting(i int) setting {
	return setting{name: fmt.Sprintf("CA %d", i+1), table: "acme", at: i, asks: ofACME,
		about: "A CA that certificates are ordered from (ACME): it proves the names, and what it issues renews itself."}
}

// acmeRows are the CAs of a file, and the way to another. The first is offered as Let's Encrypt.
func acmeRows(f config.File) (list []row) {
	for i, ca := range f.Config.ACME {
		list = append(list, row{acmeSetting(i), kit.Printable(ca.Name + ": " + ca.Directory),
			lineOf(f, config.Change{Table: "acme", At: i})})
	}
	next := acmeSetting(len(f.Config.ACME))
	_, err := f.Config.CA(config.LetsEncrypt.Name)
	if err != nil {
		next.given = map[string]any{"name": config.LetsEncrypt.Name, "directory": config.LetsEncrypt.Directory,
			"staging": config.LetsEncrypt.Staging}
	}
	return append(list, addRow(next, "a CA to order from, such as Let's Encrypt"))
}

// authority is the CA that a setting is about; false where it is about none, or takes one out.
func (s setting) authority(c config.Config) (config.ACME, bool) {
	if s.table != "acme" || s.at >= len(c.ACME) {
		return config.ACME{}, false
	}
	return c.ACME[s.at], true
}

// directoryOf asks a CA what it says of itself, and tells of it.
func directoryOf(ctx context.Context, store *certstore.Store, ca config.ACME) []trust.Finding {
	said, err := store.DirectoryOf(ctx, ca)
	if err != nil {
		text, hint := words.Failure(err)
		return []trust.Finding{finding(trust.Error, strings.Join(words.NotEmpty(words.Stop(text), hint), " "))}
	}
	return append(saidOf(said, ca), finding(trust.Info, "Names are proven by "+kit.Printable(wizard.ProvenBy(ca))+"."))
}

// termsShown is the finding that shows terms which nobody has accepted.
const termsShown = "terms-shown"

func saidOf(said acme.Directory, ca config.ACME) (list []trust.Finding) {
	profiles := slices.Sorted(maps.Keys(said.Profiles))
	all := kit.Printable(strings.Join(profiles, ", "))
	switch {
	case said.Terms != "" && !ca.AcceptTerms:
		list = append(list, trust.Finding{Severity: trust.Error, Code: termsShown, Text: "It has terms: " +
			kit.Printable(said.Terms) + " - read them, then go back and choose that they are accepted."})
	case said.Terms != "":
		list = append(list, finding(trust.Info, "Its terms are accepted: "+kit.Printable(said.Terms)))
	}
	if said.ExternalAccount && ca.EABKid == "" {
		list = append(list, finding(trust.Error, "It wants to know which of its customers asks: give the customer id and "+
			"the file with its key."))
	}
	switch {
	case ca.Profile != "" && !slices.Contains(profiles, ca.Profile):
		list = append(list, finding(trust.Error, "It has no profile "+kit.Printable(ca.Profile)+"; there is "+all+"."))
	case len(profiles) > 0:
		list = append(list, finding(trust.Info, "It has the profiles "+all+"."))
	}
	return list
}

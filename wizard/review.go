package wizard

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
)

// Fact is one label and its value; a value may hold several lines.
type Fact struct{ Label, Value string }

// Review is a request in words, line by line, for the desk and for line mode; everything in it is printable.
func Review(r issuing.Request) []Fact {
	lines := []Fact{
		{"Purpose", purposeText(r)},
		{"Friendly name", r.FriendlyName},
		{"Subject", r.Subject.String()},
		{"Names", namesText(r)},
		{"Key", keyText(r)},
		{"Exportable", exportableText(r)},
		{"Services", servicesText(r.Wanted)},
	}
	switch {
	case r.Order != nil: // the CA says how long it is valid, and no file is written
	case r.SelfSigned:
		lines = append(lines, Fact{"Valid for", printable.Count(r.ValidDays, "day")})
	default:
		lines = append(lines, Fact{"File", fileText(r)})
	}
	for i := range lines {
		lines[i].Value = printable.Text(lines[i].Value)
	}
	return lines
}

// ReviewAll is a family of requests in words: what they share, and then each with its names.
func ReviewAll(list []issuing.Request) []Fact {
	facts := Review(list[0])
	if len(list) == 1 {
		return facts
	}
	facts = slices.DeleteFunc(facts, func(f Fact) bool {
		return slices.Contains([]string{"Friendly name", "Subject", "Names", "File"}, f.Label)
	})
	for i, r := range list {
		for _, f := range []Fact{{fmt.Sprintf("%d of %d", i+1, len(list)), r.FriendlyName}, {"  Subject", r.Subject.String()},
			{"  Names", namesText(r)}, {"  File", fileText(r)}} {
			facts = append(facts, Fact{f.Label, printable.Text(f.Value)})
		}
	}
	return facts
}

func purposeText(r issuing.Request) string {
	text := "request for a CA"
	switch {
	case r.SelfSigned:
		text = "self-signed certificate"
	case r.Order != nil && r.Order.Profile != "":
		text = "certificate ordered from " + r.Order.CA + ", profile " + r.Order.Profile
	case r.Order != nil:
		text = "certificate ordered from " + r.Order.CA
	}
	if r.RenewalOf != 0 {
		text += ", a renewal"
	}
	return text
}

func servicesText(s certstore.Services) string {
	if s == 0 {
		return "none"
	}
	return s.String()
}

// namesText is all names in one line, the common name first.
func namesText(r issuing.Request) string {
	shown := make([]string, len(r.Names))
	for i, n := range r.Names {
		shown[i] = names.Shown(n.Value)
	}
	text := strings.Join(shown, ", ")
	if len(r.Names) > 1 {
		text += fmt.Sprintf(" (%d names)", len(r.Names))
	}
	return text
}

func keyText(r issuing.Request) string {
	if r.ReuseKey {
		return "the key of the certificate it renews"
	}
	return "new, " + keyName(r.Key)
}

func keyName(k issuing.KeySpec) string {
	switch k.Algorithm {
	case ECDSAP256:
		return "ECDSA P-256"
	case ECDSAP384:
		return "ECDSA P-384"
	}
	return fmt.Sprintf("RSA %d bits", k.Bits)
}

// NotExportable says what a key that is not exportable is kept from, and by whom.
const NotExportable = "no: certdesk never exports it, but root can copy it"

func exportableText(r issuing.Request) string {
	if r.ReuseKey {
		return "as it is"
	}
	if r.Exportable {
		return "yes: the key can leave with an export"
	}
	return NotExportable
}

func fileText(r issuing.Request) string {
	if r.Path == "" {
		return "none: the request stays in the store"
	}
	text := r.Path + " (PEM)"
	if r.Binary {
		text = r.Path + " (DER)"
	}
	if r.Overwrite {
		text += ", replaces what is there"
	}
	return text
}

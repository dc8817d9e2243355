// Package domains knows the accepted domains of the organisation, and where each came from.
//
// Its promise: every domain is a lower-case A-label, there is each once, and none is lost in silence.
package domains

import (
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
)

// Domain is one accepted domain, and the place that named it.
type Domain struct {
	Name   string `json:"name"`
	Source string `json:"source"`
}

// Configuration is the Source of the domains in accepted_domains.names.
const Configuration = "configuration"

// FromConfig gives the domains of accepted_domains.names: normalised, each once, in the file's order.
// Errors: InvalidConfig, with the position in the list, counted from 1.
func FromConfig(list []string) ([]Domain, error) {
	out := make([]Domain, 0, len(list))
	seen := map[string]bool{}
	for i, text := range list {
		n, err := names.Normalize(text)
		if err == nil && (n.Kind != names.DNS || strings.HasPrefix(n.Value, "*")) {
			err = fail.New(fail.InvalidName, "", "%q is not a domain", n.Value)
		}
		if err != nil {
			return nil, fail.New(fail.InvalidConfig, "write a mail domain, such as example.org",
				"entry %d of accepted_domains.names: %w", i+1, err)
		}
		if !seen[n.Value] {
			seen[n.Value] = true
			out = append(out, Domain{n.Value, Configuration})
		}
	}
	return out, nil
}

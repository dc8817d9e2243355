package names

import (
	_ "embed"
	"slices"
	"strings"
)

// Country is a country of ISO 3166-1: its two-letter code and its English name.
type Country struct{ Code, Name string }

// IsCountry says whether code is one of ISO 3166-1, in capitals.
func IsCountry(code string) bool {
	return slices.ContainsFunc(Countries, func(c Country) bool { return c.Code == code })
}

// countryLines is a code and a name a line. golang.org/x/text/display, which knows names too, has 285 regions that are
// no countries of the list and costs 2.7 MB.
//
//go:embed countries.txt
var countryLines string

// Countries is ISO 3166-1 in the order of the English names.
var Countries = parseCountries(countryLines)

func parseCountries(lines string) (list []Country) {
	for line := range strings.Lines(lines) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		list = append(list, Country{code, name})
	}
	return list
}

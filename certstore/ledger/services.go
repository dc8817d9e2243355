package ledger

import (
	"strings"

	"certdesk/certstore/fail"
)

// Services is a set of what a certificate is for, in Exchange's order.
type Services uint8

// The services. IIS is the web site, UM voice.
const (
	IMAP Services = 1 << iota
	POP
	UM
	IIS
	SMTP
)

var serviceNames = []struct {
	bit    Services
	letter byte
	name   string
}{{IMAP, 'I', "IMAP"}, {POP, 'P', "POP"}, {UM, 'U', "UM"}, {IIS, 'W', "IIS"}, {SMTP, 'S', "SMTP"}}

// AllServices lists each service once, in Exchange's order.
func AllServices() []Services {
	var all []Services
	for _, s := range serviceNames {
		all = append(all, s.bit)
	}
	return all
}

// ParseServices reads a comma-separated list such as "IIS,SMTP", or "None". Case does not count.
func ParseServices(list string) (Services, error) {
	var set Services
	words := strings.FieldsFunc(list, func(r rune) bool { return r == ',' || r == ' ' })
	for _, word := range words {
		if strings.EqualFold(word, "none") && len(words) > 1 {
			return 0, fail.New(fail.Usage, "give None alone, or leave it out", "None cannot be combined with other services")
		}
		bit, ok := ParseService(word)
		if !ok {
			return 0, fail.New(fail.Usage, "use IIS, SMTP, POP, IMAP, UM or None", "%q is not a service", word)
		}
		set |= bit
	}
	return set, nil
}

// ParseService reads the name of one service, or "None". Case does not count.
func ParseService(word string) (Services, bool) {
	if strings.EqualFold(word, "none") {
		return 0, true
	}
	for _, s := range serviceNames {
		if strings.EqualFold(word, s.name) {
			return s.bit, true
		}
	}
	return 0, false
}

// Names lists the services of the set by name, in Exchange's order; never nil.
func (s Services) Names() []string {
	names := []string{}
	for _, n := range serviceNames {
		if s&n.bit != 0 {
			names = append(names, n.name)
		}
	}
	return names
}

// Has says whether all of other is in the set.
func (s Services) Has(other Services) bool { return s&other == other }

// Letters is the positional form IPUWS with blank standing for each absent service, such as "....S".
func (s Services) Letters(blank byte) string {
	out := make([]byte, len(serviceNames))
	for i, n := range serviceNames {
		if out[i] = blank; s&n.bit != 0 {
			out[i] = n.letter
		}
	}
	return string(out)
}

// String is the list as Exchange prints it: "IMAP, SMTP", or "None".
func (s Services) String() string {
	if s == 0 {
		return "None"
	}
	return strings.Join(s.Names(), ", ")
}

// MarshalText is the journal's form.
func (s Services) MarshalText() ([]byte, error) { return []byte(strings.Join(s.Names(), ",")), nil }

// UnmarshalText reads what MarshalText wrote.
func (s *Services) UnmarshalText(text []byte) (err error) {
	*s, err = ParseServices(string(text))
	return err
}

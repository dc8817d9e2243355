package services

import (
	"cmp"
	"errors"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// Unasked is a part of an instance whose clients nobody can ask for.
type Unasked struct {
	Text  string // one sentence
	Amiss bool   // that is a fault, and not how such a part always is
}

// UnaskedOf gives the parts of an instance that Places has no question for: names that a pattern decides on, and tables
// whose names cannot be listed.
func UnaskedOf(in daemon.Instance, sites []daemon.Site) (list []Unasked) {
	asked, err := daemon.ParseListeners(in.Listen)
	if err != nil {
		return nil
	}
	here := onPorts(asked, sites, &choice{})
	for _, s := range here {
		if s.Unlisted == "" && reached(s, here) || in.Name != "" && unasked(in, s, here) != "" {
			continue
		}
		why := cmp.Or(s.Unlisted, "a pattern decides which names it is for")
		list = append(list, Unasked{printable.Text(s.Where + ": " + why + ", so clients of its names were not asked for; " +
			"`certdesk test HOST:PORT --name NAME` asks for one"), s.Amiss})
	}
	return list
}

// switchesOn is the setting that switches TLS on, by driver.
var switchesOn = map[string]string{"postfix": "smtpd_tls_security_level = may", "dovecot": "ssl = yes",
	"nginx": "listen 443 ssl", "apache": "SSLEngine on"}

// ErrNoPort is why an instance has nothing to ask.
var ErrNoPort = errors.New("no port is known")

// NoPort is the error where an instance has no place that clients can ask, and no slot. Errors: NotFound.
func NoPort(in daemon.Instance) error {
	e := &fail.Error{Code: fail.NotFound, Err: ErrNoPort,
		Text: in.Driver + " has no port with TLS for " + in.Use,
		Hint: "switch TLS on in its configuration first (" + switchesOn[in.Driver] + ")"}
	if in.Driver == "command" {
		e.Text, e.Hint = "no port of it is known", "name its ports under listen in the configuration of certdesk"
	}
	return e
}

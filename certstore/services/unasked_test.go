package services

import (
	"errors"
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// What no question of a survey reaches is said: names in tables that cannot be listed, and those a pattern decides on.
// A table that cannot be read is a fault; one of a kind that nobody can list is none.
func TestWhatIsNotAskedIsSaid(t *testing.T) {
	smtp, at := []Listener{{"smtp", "127.0.0.1", 25}}, []Listener{{"https", "", 443}}
	table := func(spec, why string, amiss bool) Site {
		return Site{Listen: smtp, Where: spec, Fixed: why, Unlisted: why, Amiss: amiss, index: -1}
	}
	port := Site{Listen: smtp}
	patterns := []Site{port, table("pcre:/p", "it is of a type that certdesk cannot list", false), table("regexp:/r", "it is of that type too", false)}
	for name, c := range map[string]struct {
		in    Instance
		sites []Site
		texts []string // each holds these words
		amiss bool
	}{
		"names that are listed":       {Instance{}, []Site{port, {Listen: smtp, Names: []string{"mail.a.test"}}}, nil, false},
		"patterns":                    {Instance{}, patterns, []string{"pcre:/p: it is of a type that certdesk cannot list, so", "regexp:/r: it is"}, false},
		"a table that is gone":        {Instance{}, []Site{port, table("lmdb:/nowhere/sni", "it cannot be read", true)}, []string{"lmdb:/nowhere/sni: it cannot be read, so"}, true},
		"of other ports":              {Instance{Listen: []string{"smtp://127.0.0.1:587"}}, append(patterns[:2:2], Site{Listen: []Listener{{"smtp", "127.0.0.1", 587}}}), nil, false},
		"where one name is asked for": {Instance{Name: "mail.a.test"}, patterns[:2], nil, false},
		"a pattern of a web server": {Instance{}, []Site{{Listen: at, index: 0}, {Listen: at, Where: "site:9", index: 1}},
			[]string{"site:9: a pattern decides which names it is for, so clients of its names were not asked for"}, false},
	} {
		got := UnaskedOf(c.in, c.sites)
		if len(got) != len(c.texts) {
			t.Errorf("%s: %+v", name, got)
			continue
		}
		for i, u := range got {
			if !strings.Contains(u.Text, c.texts[i]) || !strings.Contains(u.Text, "certdesk test HOST:PORT --name") || u.Amiss != c.amiss {
				t.Errorf("%s: %+v", name, u)
			}
		}
	}
}

// A daemon that is known and serves no TLS is no daemon that is unknown.
func TestADaemonWithoutTLSIsSaidToHaveNone(t *testing.T) {
	for name, d := range drivers {
		err := NoPort(Instance{Use: "IMAP", Driver: name})
		e := fail.Of(err)
		if !errors.Is(err, ErrNoPort) || e.Code != fail.NotFound || strings.Contains(e.Hint, "()") || !strings.Contains(e.Text, "port") {
			t.Errorf("%s (%T): %q, %q", name, d, e.Text, e.Hint)
		}
	}
}

package services

import (
	"errors"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/services/drivers"
)

// What no question of a survey reaches is said: names in tables that cannot be listed, and those a pattern decides on.
// A table that cannot be read is a fault; one of a kind that nobody can list is none.
func TestWhatIsNotAskedIsSaid(t *testing.T) {
	smtp, at := []daemon.Listener{{Scheme: "smtp", Host: "127.0.0.1", Port: 25}}, []daemon.Listener{{Scheme: "https", Host: "", Port: 443}}
	table := func(spec, why string, amiss bool) daemon.Site {
		return daemon.Site{Listen: smtp, Where: spec, Fixed: why, Unlisted: why, Amiss: amiss, Index: -1}
	}
	port := daemon.Site{Listen: smtp}
	patterns := []daemon.Site{port, table("pcre:/p", "it is of a type that certdesk cannot list", false), table("regexp:/r", "it is of that type too", false)}
	for name, c := range map[string]struct {
		in    daemon.Instance
		sites []daemon.Site
		texts []string // each holds these words
		amiss bool
	}{
		"names that are listed":       {daemon.Instance{}, []daemon.Site{port, {Listen: smtp, Names: []string{"mail.a.test"}}}, nil, false},
		"patterns":                    {daemon.Instance{}, patterns, []string{"pcre:/p: it is of a type that certdesk cannot list, so", "regexp:/r: it is"}, false},
		"a table that is gone":        {daemon.Instance{}, []daemon.Site{port, table("lmdb:/nowhere/sni", "it cannot be read", true)}, []string{"lmdb:/nowhere/sni: it cannot be read, so"}, true},
		"of other ports":              {daemon.Instance{Listen: []string{"smtp://127.0.0.1:587"}}, append(patterns[:2:2], daemon.Site{Listen: []daemon.Listener{{Scheme: "smtp", Host: "127.0.0.1", Port: 587}}}), nil, false},
		"where one name is asked for": {daemon.Instance{Name: "mail.a.test"}, patterns[:2], nil, false},
		"a pattern of a web server": {daemon.Instance{}, []daemon.Site{{Listen: at, Index: 0}, {Listen: at, Where: "site:9", Index: 1}},
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
	for name, d := range drivers.ByName {
		err := NoPort(daemon.Instance{Use: "IMAP", Driver: name})
		e := fail.Of(err)
		if !errors.Is(err, ErrNoPort) || e.Code != fail.NotFound || strings.Contains(e.Hint, "()") || !strings.Contains(e.Text, "port") {
			t.Errorf("%s (%T): %q, %q", name, d, e.Text, e.Hint)
		}
	}
}

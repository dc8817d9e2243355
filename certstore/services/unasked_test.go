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
	_, path := tableOf(t, "hash", "mail.a.test DIR/k.pem\n", "k.pem")
	postfixOf := func(maps string) []Site {
		return postfixFrom(legacyMain+"tls_server_sni_maps = "+maps+"\n", smtpLine).sites()
	}
	at := []Listener{{"https", "", 443}}
	for name, c := range map[string]struct {
		in    Instance
		sites []Site
		texts []string // each holds these words
		amiss bool
	}{
		"names that are listed":       {Instance{}, postfixOf("hash:" + path), nil, false},
		"patterns":                    {Instance{}, postfixOf("pcre:/p, regexp:/r"), []string{"pcre:/p: it is of a type that certdesk cannot list, so", "regexp:/r: it is"}, false},
		"a table that is gone":        {Instance{}, postfixOf("lmdb:/nowhere/sni"), []string{"lmdb:/nowhere/sni: it cannot be read: "}, true},
		"a table without a type":      {Instance{}, postfixOf("/etc/sni"), []string{"/etc/sni: it has no type, which stops Postfix"}, true},
		"of other ports":              {Instance{Listen: []string{"smtp://127.0.0.1:587"}}, append(postfixOf("pcre:/p"), Site{Listen: []Listener{{"smtp", "127.0.0.1", 587}}}), nil, false},
		"where one name is asked for": {Instance{Name: "mail.a.test"}, postfixOf("pcre:/p"), nil, false},
		"a pattern of a web server": {Instance{}, []Site{{Listen: at, index: 0}, {Listen: at, Where: "site:9", index: 1}},
			[]string{"site:9: a pattern decides which names it is for, so clients of its names were not asked for"}, false},
	} {
		got := c.in.Unasked(c.sites)
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
		err := Instance{Use: "IMAP", Driver: name}.NoPort()
		e := fail.Of(err)
		if !errors.Is(err, ErrNoPort) || e.Code != fail.NotFound || strings.Contains(e.Hint, "()") || !strings.Contains(e.Text, "port") {
			t.Errorf("%s (%T): %q, %q", name, d, e.Text, e.Hint)
		}
	}
}

package enabling

import (
	"net/netip"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/services"
)

// What a service has to ask decides between trouble, which a survey ends with, and a note.
func TestWhatCannotBeAskedIsTroubleOrANote(t *testing.T) {
	t.Parallel()
	in := services.Instance{Use: "IMAP", Driver: "dovecot", Config: "/nowhere/dovecot.conf"}
	ds, _ := holding(t, []services.Instance{in})
	at := func(port int) []services.Listener {
		return []services.Listener{{Scheme: "imaps", Host: "127.0.0.1", Port: port}}
	}
	plain := services.Site{Listen: at(993)}
	shut := services.Site{Listen: at(1993), Proxied: at(1993), Heeds: []netip.Prefix{}}
	table := services.Site{Listen: at(993), Where: "pcre:/p", Fixed: "x", Unlisted: "it cannot be listed"}
	gone := table
	gone.Amiss = true
	for name, c := range map[string]struct {
		sites         []services.Site
		trouble, note string
	}{
		"all can be asked":          {[]services.Site{plain}, "", ""},
		"no TLS at all":             {nil, "dovecot has no port with TLS for IMAP", ""},
		"a slot at another port":    {[]services.Site{plain, shut}, "", "reached only through its proxy"},
		"a slot at no other port":   {[]services.Site{shut}, "reached only through its proxy", ""},
		"a table nobody can list":   {[]services.Site{plain, table}, "", "clients of its names were not asked for"},
		"a table that is not there": {[]services.Site{plain, gone}, "clients of its names were not asked for", ""},
	} {
		svc, err := services.New(services.Host{}, in)
		if err != nil {
			t.Fatal(err)
		}
		l := look{Service: svc}
		err = ds.places(&l, services.State{Running: true, Sites: c.sites, Aside: []string{"aside"}})
		trouble, note := strings.Join(l.troubles, "\n"), strings.Join(l.notes, "\n")
		if err != nil {
			trouble += fail.Sentence(err) + fail.Of(err).Hint
		}
		if !strings.Contains(trouble, c.trouble) || (c.trouble == "") != (trouble == "") || !strings.Contains(note, c.note) ||
			!strings.HasPrefix(note, "aside") {
			t.Errorf("%s: %q, %q", name, trouble, note)
		}
	}
}

// What is bound to a name in a table that cannot be listed any more is asked for as it was when it was proven.
func TestABoundNameOfAnUnlistedTableIsAsked(t *testing.T) {
	t.Parallel()
	e := ledger.Entry{ID: 7, Thumbprint: "9A3F51AABBCCDDEEFF", SHA256: "aa"}
	in := services.Instance{Use: "SMTP", Driver: "postfix", Config: "/etc/postfix"}
	proof := services.Proof{URL: "smtp://127.0.0.1:25", Name: "mail.example.org"}
	ds, held := holding(t, nil, e)
	held.state.Bindings = []ledger.Binding{{Service: in, Slot: "mail.example.org", Entry: e.ID, SHA256: e.SHA256,
		Prove: []services.Proof{proof}}}
	svc, err := services.New(services.Host{}, in)
	if err != nil {
		t.Fatal(err)
	}
	l := look{Service: svc, places: []services.Place{{Slot: services.DefaultSlot}}}
	told := func() []string {
		v := Survey{about: map[string][]int64{}}
		ds.tellOf(&v, l)
		if len(v.TroublesOf(e)) != len(v.Troubles) || len(v.TroublesOf(ledger.Entry{ID: e.ID + 1})) != 0 {
			t.Errorf("of whom: %v", v.about)
		}
		return v.Troubles
	}
	if lost := told(); len(lost) != 1 || len(ds.elsewhere([]look{l})) != 0 {
		t.Errorf("a slot that is gone: %v", lost)
	}
	l.unasked = []services.Unasked{{Text: "pcre:/p"}}
	ports := ds.elsewhere([]look{l})
	if lost := told(); len(lost) != 0 || !slices.ContainsFunc(ports,
		func(p Port) bool { return p.Name == proof.Name && p.Expected == e.SHA256 }) {
		t.Errorf("%v, %+v", lost, ports)
	}
}

package certstore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// named are sources with a label each: name, bytes, name, bytes.
func named(list ...any) importing.Request {
	var r importing.Request
	for i := 0; i < len(list); i += 2 {
		r.Sources = append(r.Sources, importing.Source{Label: list[i].(string), Data: list[i+1].([]byte)})
	}
	return r
}

func (f *fixture) groups(r importing.Request) []importing.Group {
	f.Helper()
	g, err := f.store.InspectAll(f.Context(), r)
	f.must(err)
	return g
}

// told is each group in a few words: its sources, then what becomes of it.
func told(groups []importing.Group) (list []string) {
	for _, g := range groups {
		what := string(g.Found.Action)
		if g.Err != nil {
			what = string(fail.Of(g.Err).Code)
		}
		list = append(list, strings.Join(g.From, "+")+": "+what)
	}
	return list
}

// answered makes a request for a host and gives the CA's answer to it.
func (f *fixture) answered(host string) []byte {
	f.Helper()
	return f.ca.answer(f.T, f.make(request(host)).DER, f.now.AddDate(0, 0, 90))
}

// pfx is a PKCS#12 file of a certificate from another server, under a password.
func (f *fixture) pfx(host, password string) []byte {
	f.Helper()
	g := newFixtureOn(f.T, nil, filepath.Join(f.TempDir(), "store"))
	g.ca = f.ca
	r := request(host)
	r.Exportable = true
	e := g.bought(r)
	path := filepath.Join(f.TempDir(), "x.pfx")
	f.must(g.store.Export(f.Context(), exporting.Request{ID: e.ID, Path: path, Format: exporting.PKCS12, Profile: formats.Modern, Password: []byte(password)}))
	data, err := os.ReadFile(path)
	f.must(err)
	return data
}

// stranger is a certificate whose key is nowhere here, and that key.
func (f *fixture) stranger(host string) (cert, key []byte) {
	f.Helper()
	g := newFixture(f.T)
	made := g.make(request(host))
	key, err := os.ReadFile(g.store.dir.Path(ledger.Keys, made.Entry.SPKI))
	f.must(err)
	return f.ca.answer(f.T, made.DER, f.now.AddDate(0, 0, 90)), key
}

func TestSourcesOfSeveralCertificatesAreSortedIntoGroups(t *testing.T) {
	f := newFixture(t)
	one, two := f.answered("one.example.org"), f.answered("two.example.org")
	cert, key := f.stranger("three.example.org")
	nobody, _ := f.stranger("nobody.example.org")
	text, pfx, req := []byte("good morning"), f.pfx("moved.example.org", "s3cret"), f.make(request("later.example.org")).PEM
	both := slices.Concat(one, two)
	for name, c := range map[string]struct {
		in   importing.Request
		want []string
	}{
		"two answers":                        {named("1", one, "2", two), []string{"1: completes", "2: completes"}},
		"two answers in one paste":           {named("paste", both), []string{"paste: completes", "paste: completes"}},
		"the chain serves every group":       {named("ca", f.ca.chain(), "1", one, "2", two), []string{"ca+1: completes", "ca+2: completes"}},
		"a key in another file":              {named("1", one, "key", key, "3", cert), []string{"1: completes", "key+3: adds"}},
		"a stranger among answers":           {named("1", one, "x", nobody, "2", two), []string{"1: completes", "x: no-matching-request", "2: completes"}},
		"a stranger in the paste of answers": {named("paste", slices.Concat(both, nobody)), []string{"paste: completes", "paste: completes", "paste: no-matching-request"}},
		"a text among answers":               {named("t", text, "1", one, "2", two), []string{"t: unsupported-format", "1: completes", "2: completes"}},
		"a request among answers":            {named("1", one, "r", req, "2", two), []string{"1: completes", "r: unsupported-format", "2: completes"}},
		"a key of nobody among answers":      {named("1", one, "2", two, "key", key), []string{"1: completes", "2: completes", "key: unsupported-format"}},
		"a wrong key beside an answer":       {named("1", slices.Concat(one, key), "2", two), []string{"1: key-mismatch", "2: completes"}},
		"a protected file":                   {named("1", one, "p", pfx), []string{"1: completes", "p: password-needed"}},
		"the same answer twice":              {named("1", one, "again", one, "2", two), []string{"1+again: completes", "2: completes"}},
		// One certificate is what it always was.
		"one answer":                   {named("1", one), []string{"1: completes"}},
		"one answer and its chain":     {named("1", one, "ca", f.ca.chain()), []string{"1+ca: completes"}},
		"certificate and key":          {named("c", cert, "k", key), []string{"c+k: adds"}},
		"an answer with another's key": {named("1", one, "k", key), []string{"1+k: key-mismatch"}},
		"an answer beside a stranger":  {named("1", slices.Concat(one, nobody)), []string{"1: completes"}},
		"an answer and a text":         {named("1", one, "t", text), []string{"1: completes", "t: unsupported-format"}},
		"a request alone":              {named("r", req), []string{"r: unsupported-format"}},
	} {
		f.unchanged(name, func() {
			if got := told(f.groups(c.in)); !slices.Equal(got, c.want) {
				t.Errorf("%s: %q, want %q", name, got, c.want)
			}
		})
	}
}

func TestEachGroupImportsItselfAlone(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	in := named("chain", f.ca.chain(), "pfx", f.pfx("moved.example.org", "s3cret"))
	for i := range 5 {
		in.Sources = append(in.Sources, importing.Source{Label: fmt.Sprint(i), Data: f.answered(fmt.Sprintf("host%d.example.org", i))})
	}
	in.Passwords = [][]byte{[]byte("guess"), []byte("s3cret")}
	for i, g := range f.groups(in) {
		f.must(g.Err)
		e := f.importGroup(g)
		if e.Verdict.Status != trust.Valid || len(e.Chain) != 1 || len(f.list(false)) < 5 {
			t.Errorf("group %d: %s is %s, chain of %d", i, e.FriendlyName, e.Verdict.Status, len(e.Chain))
		}
	}
	if l := f.list(false); len(l) != 6 {
		t.Errorf("%d entries", len(l))
	}
	if ok, found := f.doctor(false); !ok {
		t.Errorf("doctor: %v", found)
	}
	for _, g := range f.groups(in) {
		if g.Err != nil || g.Found.Action != importing.Exists || len(g.Found.Attachable) != 0 {
			t.Errorf("the second time %v: %s %v %v", g.From, g.Found.Action, g.Found.Attachable, g.Err)
		}
	}
}

func TestAnIntermediateAmongAnswersAlsoCompletesWhatIsHere(t *testing.T) {
	f := newFixture(t)
	old := f.unchained("old.example.org")
	in := named("1", f.answered("one.example.org"), "2", f.answered("two.example.org"), "ca", f.ca.chain())
	groups := f.groups(in)
	if got, want := told(groups), []string{"1+ca: completes", "2+ca: completes", "ca: exists"}; !slices.Equal(got, want) {
		t.Fatalf("%q, want %q", got, want)
	}
	last := groups[2]
	if last.Found.Existing.ID != old.ID || len(last.Found.Attachable) != 1 {
		t.Errorf("%+v", last.Found)
	}
	last.Attach = true
	if e := f.importGroup(last); e.ID != old.ID || e.Verdict.Status != trust.Valid {
		t.Errorf("%s: %s", e.FriendlyName, e.Verdict.Status)
	}
}

func TestAFileThatCannotBeReadStopsNoOther(t *testing.T) {
	f := newFixture(t)
	in := named("1", f.answered("one.example.org"))
	in.Sources = append(in.Sources, importing.Source{Label: "gone", Err: fail.New(fail.Failed, "check the path", "cannot read gone")})
	if got, want := told(f.groups(in)), []string{"1: completes", "gone: failed"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}

package certstore

import (
	"crypto/x509"
	"encoding/pem"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/exporting"
	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/importing"
	"certdesk/certstore/issuing"
	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

func TestARequestBecomesAValidRowWithTheSameID(t *testing.T) {
	f := newFixture(t)
	path := filepath.Join(t.TempDir(), "secure_smtp.req")
	r := request("proexchange.global", "belgianbeers.rock")
	r.FriendlyName, r.Path = "secure_smtp", path
	made := f.make(r)

	if e := made.Entry; e.Verdict.Status != trust.PendingRequest || !e.HasKey || e.Exportable || e.Wanted != ledger.SMTP || e.FriendlyName != "secure_smtp" {
		t.Errorf("pending entry is %+v", e)
	}
	onDisk, err := os.ReadFile(path)
	f.must(err)
	block, _ := pem.Decode(onDisk)
	req, err := x509.ParseCertificateRequest(block.Bytes)
	f.must(err)
	f.must(req.CheckSignature())
	if got := strings.Join(req.DNSNames, " "); got != "proexchange.global belgianbeers.rock" {
		t.Errorf("names in the request: %s", got)
	}

	e := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90)), f.ca.chain()))
	if e.ID != made.Entry.ID || e.FriendlyName != "secure_smtp" || e.Verdict.Status != trust.Valid || e.Wanted != ledger.SMTP {
		t.Errorf("completed entry is %+v", e)
	}
	if list := f.list(false); len(list) != 1 {
		t.Errorf("a completed request is still a row: %d rows", len(list))
	}
	if e.Request != made.Entry.SHA256 {
		t.Errorf("the request's bytes are no longer known")
	}
}

func TestTheStatusFollowsTheClock(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	for _, c := range []struct {
		days   int
		status trust.Status
		word   string
	}{{0, trust.Valid, "valid"}, {61, trust.Expiring, "expiring"}, {91, trust.DateInvalid, "expired"}, {-120, trust.DateInvalid, "not yet valid"}} {
		saved := f.now
		f.now = f.now.AddDate(0, 0, c.days)
		if got := f.list(false)[0]; got.Verdict.Status != c.status || got.Verdict.Word != c.word {
			t.Errorf("after %d days: %s %q (%s)", c.days, got.Verdict.Status, got.Verdict.Word, got.Verdict.Reason)
		}
		f.now = saved
	}
	if e.Verdict.RootType != trust.RootThirdParty {
		t.Errorf("root type %s", e.Verdict.RootType)
	}
}

func TestUntrustedSaysWhichCertificateIsMissing(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	e := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))))
	if e.Verdict.Status != trust.Untrusted || !strings.Contains(e.Verdict.Reason, "Test Intermediate") {
		t.Errorf("%s: %s", e.Verdict.Status, e.Verdict.Reason)
	}
	r := files(f.ca.chain(), pemOf(t, f, e))
	r.Attach = true
	again := f.importOK(r)
	if again.ID != e.ID || again.Verdict.Status != trust.Valid {
		t.Errorf("after the chain was attached: %s: %s", again.Verdict.Status, again.Verdict.Reason)
	}
}

func pemOf(t *testing.T, f *fixture, e ledger.Entry) []byte {
	t.Helper()
	d, err := f.store.Show(t.Context(), e.ID)
	f.must(err)
	return d.PEM
}

func TestImportRefuses(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	answer := f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))
	elsewhere := newFixture(t)
	foreign := elsewhere.make(request("other.example.org"))
	stranger := elsewhere.ca.answer(t, foreign.DER, f.now.AddDate(0, 0, 90))
	wrongKey, err := formats.KeyPEM(mustKey(t))
	f.must(err)

	for name, c := range map[string]struct {
		in   importing.Request
		code fail.Code
		hint string
	}{
		"an answer to an unknown request": {files(stranger), fail.NoMatchingRequest, "mail.example.org"},
		"a key that does not match":       {files(answer, wrongKey), fail.KeyMismatch, ""},
		"a request instead of an answer":  {files(made.PEM), fail.UnsupportedFormat, ""},
		"text":                            {files([]byte("good morning")), fail.UnsupportedFormat, ""},
	} {
		before := digest(t, f.store.Dir())
		_, _, err := f.store.Import(t.Context(), c.in)
		f.wants(err, c.code)
		if err != nil && !strings.Contains(fail.Of(err).Hint, c.hint) {
			t.Errorf("%s: hint %q does not name %q", name, fail.Of(err).Hint, c.hint)
		}
		if digest(t, f.store.Dir()) != before {
			t.Errorf("%s: the store changed", name)
		}
	}

	f.importOK(files(answer))
	before := digest(t, f.store.Dir())
	_, _, err = f.store.Import(t.Context(), files(answer))
	f.wants(err, fail.AlreadyExists)
	if digest(t, f.store.Dir()) != before {
		t.Error("importing twice changed the store")
	}
}

func TestAnAnswerToARemovedRequestNeedsRestore(t *testing.T) {
	f := newFixture(t)
	made := f.make(request("mail.example.org"))
	res, err := f.store.Remove(t.Context(), []ledger.Entry{made.Entry}, false)
	f.must(err)
	if len(res.Refused) != 1 || !fail.Is(res.Refused[0].Err, fail.ConfirmationNeeded) {
		t.Fatalf("a pending request was removed without the typed words: %+v", res)
	}
	_, err = f.store.Remove(t.Context(), []ledger.Entry{made.Entry}, true)
	f.must(err)
	answer := f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 90))
	_, _, err = f.store.Import(t.Context(), files(answer))
	f.wants(err, fail.NoMatchingRequest)
	if !strings.Contains(fail.Of(err).Hint, "restore") {
		t.Errorf("hint: %s", fail.Of(err).Hint)
	}
	_, err = f.store.Restore(t.Context(), []int64{made.Entry.ID})
	f.must(err)
	if e := f.importOK(files(answer)); e.ID != made.Entry.ID {
		t.Errorf("entry %d instead of %d", e.ID, made.Entry.ID)
	}
}

func TestAReissueIsANewEntryOnTheSameKey(t *testing.T) {
	f := newFixture(t)
	first := f.make(request("mail.example.org"))
	f.importOK(files(f.ca.answer(t, first.DER, f.now.AddDate(0, 0, 10))))
	again := files(f.ca.answer(t, first.DER, f.now.AddDate(0, 0, 90)))
	again.Exportable = true
	found, err := f.store.Inspect(t.Context(), again)
	f.must(err)
	if found.Action != importing.Reissue {
		t.Errorf("action %s", found.Action)
	}
	e := f.importOK(again)
	if e.ID == first.Entry.ID || e.SPKI != first.Entry.SPKI || e.Exportable {
		t.Errorf("reissue: %+v", e)
	}
}

func TestExportAndImportIntoASecondStore(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	r := request("mail.example.org")
	r.Exportable = true
	e := f.bought(r)
	pfx := filepath.Join(t.TempDir(), "mail.pfx")
	f.must(f.store.Export(t.Context(), exporting.Request{ID: e.ID, Path: pfx, Format: exporting.PKCS12, Profile: formats.Modern, Password: []byte("s3cret")}))
	if info, err := os.Stat(pfx); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("mode of the export: %v %v", info.Mode(), err)
	}
	data, err := os.ReadFile(pfx)
	f.must(err)

	g := newFixture(t)
	second := g.open(nil, filepath.Join(t.TempDir(), "second"), f.ca.root)
	wrong := files(data)
	wrong.Passwords = [][]byte{[]byte("guess")}
	_, _, err = second.Import(t.Context(), wrong)
	g.wants(err, fail.WrongPassword)
	right := files(data)
	right.Passwords = [][]byte{[]byte("s3cret")}
	moved, _, err := second.Import(t.Context(), right)
	g.must(err)
	if moved.Thumbprint != e.Thumbprint || moved.Verdict.Status != trust.Valid || moved.Exportable || len(moved.Chain) != 1 {
		t.Errorf("in the second store: %+v", moved)
	}
	err = second.Export(t.Context(), exporting.Request{ID: moved.ID, Path: pfx + "2.pfx", Format: exporting.PKCS12, Profile: formats.Modern, Password: []byte("x")})
	g.wants(err, fail.NotExportable)
	if _, err := os.Stat(pfx + "2.pfx"); err == nil {
		t.Error("a refused export left a file")
	}
}

func TestPurgeDestroysOnlyWhatNobodyElseRefersTo(t *testing.T) {
	f := newFixture(t)
	a, b := f.bought(request("a.example.org")), f.bought(request("b.example.org"))
	_, err := f.store.Purge(t.Context(), []int64{a.ID})
	f.must(err)
	if len(f.list(false)) != 2 {
		t.Fatal("purge touched a live entry")
	}
	_, err = f.store.Remove(t.Context(), []ledger.Entry{a}, false)
	f.must(err)
	if _, err := f.store.objects.Key(a.SPKI); err != nil {
		t.Errorf("remove took the key: %v", err)
	}
	_, err = f.store.Purge(t.Context(), []int64{a.ID})
	f.must(err)
	if _, err := f.store.objects.Key(a.SPKI); err == nil {
		t.Error("the purged key is still there")
	}
	if _, err := f.store.objects.Certificate(b.Chain[0].SHA256); err != nil {
		t.Errorf("purge took the intermediate that another entry uses: %v", err)
	}
	if report, err := f.store.Doctor(t.Context(), false); err != nil || !report.OK {
		t.Errorf("doctor after a purge: %+v %v", report, err)
	}
}

// What WouldPurge names is what Purge destroys: not what another entry needs, and not a key that another entry has.
func TestAPurgeSaysBeforehandWhatItWouldDestroy(t *testing.T) {
	f := newFixture(t)
	old, other := f.bought(request("a.example.org")), f.bought(request("b.example.org"))
	heir := f.renewal(old.ID).Entry
	if _, err := f.store.WouldPurge(t.Context(), []int64{old.ID}); err == nil {
		t.Error("a live entry would be purged")
	}
	f.remove(old.ID, other.ID)
	shared, err := f.store.WouldPurge(t.Context(), []int64{old.ID})
	f.must(err)
	if shared.Key || len(shared.Files) != 2 || len(shared.Heirs) != 1 || shared.Heirs[0].ID != heir.ID {
		t.Errorf("with a renewal on the same key: %+v", shared)
	}
	alone, err := f.store.WouldPurge(t.Context(), []int64{other.ID})
	f.must(err)
	if !alone.Key || len(alone.Files) != 3 || len(alone.Heirs) != 0 {
		t.Errorf("with a key of its own: %+v", alone)
	}
	_, err = f.store.Purge(t.Context(), []int64{other.ID})
	f.must(err)
	for _, file := range alone.Files {
		if _, err := os.Stat(file); err == nil {
			t.Errorf("%s was to be destroyed", file)
		}
	}
}

func TestRenewalKeepsNamesAndIsRefusedTwice(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org", "imap.example.org"))
	r, err := f.store.RenewalRequest(t.Context(), e.ID)
	f.must(err)
	if r.SelfSigned || len(r.Names) != 2 || r.Names[0].Value != "mail.example.org" || r.Subject.String() != e.Subject || r.Wanted != ledger.SMTP {
		t.Errorf("renewal: %+v", r)
	}
	r.ReuseKey = true
	made := f.make(r)
	if made.Entry.SPKI != e.SPKI {
		t.Error("the key was to be reused")
	}
	_, err = f.store.RenewalRequest(t.Context(), e.ID)
	f.wants(err, fail.RenewalPending)
	renewed := f.importOK(files(f.ca.answer(t, made.DER, f.now.AddDate(0, 0, 200)), f.ca.chain()))
	if renewed.ID != made.Entry.ID || len(f.list(false)) != 2 {
		t.Error("the old entry stays beside the renewed one")
	}
}

func TestSelfSignedHasTheShapeOfExchanges(t *testing.T) {
	f := newFixture(t)
	r := request("ex2007ee", "ex2007ee.proexchange.global")
	r.SelfSigned, r.Key = true, issuing.KeySpec{Algorithm: "rsa", Bits: 2048}
	made := f.make(r)
	c, err := x509.ParseCertificate(made.DER)
	f.must(err)
	if c.SignatureAlgorithm != x509.SHA256WithRSA || c.IsCA || !c.BasicConstraintsValid || c.NotAfter.Sub(c.NotBefore) != 365*24*time.Hour {
		t.Errorf("certificate: %+v", c)
	}
	if made.Entry.Verdict.Status != trust.Valid || made.Entry.Verdict.RootType != trust.RootNone {
		t.Errorf("verdict: %+v", made.Entry.Verdict)
	}
}

func TestNewRefusesAndLeavesTheStoreAsItWas(t *testing.T) {
	f := newFixture(t)
	f.make(request("mail.example.org"))
	taken := filepath.Join(t.TempDir(), "taken.req")
	f.must(os.WriteFile(taken, []byte("mine"), 0o600))
	for name, c := range map[string]struct {
		change func(*issuing.Request)
		code   fail.Code
	}{
		"existing path":        {func(r *issuing.Request) { r.Path = taken }, fail.AlreadyExists},
		"unwritable path":      {func(r *issuing.Request) { r.Path = "/nonexistent/x.req" }, fail.Failed},
		"CN of 65 characters":  {func(r *issuing.Request) { r.Subject = r.Subject.With("CN", strings.Repeat("a", 65)) }, fail.InvalidSubject},
		"a name of 256":        {func(r *issuing.Request) { r.Names[0].Value = strings.Repeat("a.", 128) }, fail.InvalidName},
		"friendly name of 65":  {func(r *issuing.Request) { r.FriendlyName = strings.Repeat("x", 65) }, fail.InvalidName},
		"a key of 512 bits":    {func(r *issuing.Request) { r.Key = issuing.KeySpec{Algorithm: "rsa", Bits: 512} }, fail.Usage},
		"no names":             {func(r *issuing.Request) { r.Names = nil }, fail.InvalidName},
		"a renewal of nothing": {func(r *issuing.Request) { r.RenewalOf = 999 }, fail.NotFound},
	} {
		r := request("new.example.org")
		c.change(&r)
		before := digest(t, f.store.Dir())
		_, err := f.store.New(t.Context(), r)
		if !fail.Is(err, c.code) {
			t.Errorf("%s: %v, want %s", name, err, c.code)
		}
		if digest(t, f.store.Dir()) != before {
			t.Errorf("%s: the store changed", name)
		}
	}
	if data, _ := os.ReadFile(taken); string(data) != "mine" {
		t.Error("the existing file was touched")
	}
}

func TestFindTakesWhatWindowsShows(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	spaced := "\u200e" + strings.ToLower(e.Thumbprint[:2]) + " " + e.Thumbprint[2:4] + ":" + e.Thumbprint[4:]
	for _, text := range []string{e.Thumbprint, e.Thumbprint[:6], spaced, e.SHA256, e.SHA256[:12]} {
		if got, err := f.store.Find(t.Context(), text, false); err != nil || got.ID != e.ID {
			t.Errorf("%q: %v", text, err)
		}
	}
	for text, code := range map[string]fail.Code{"123": fail.Usage, "zzzzzz": fail.Usage, "000000": fail.NotFound} {
		_, err := f.store.Find(t.Context(), text, false)
		f.wants(err, code)
	}
}

func TestDoctorFindsWhatIsWrongAndRepairsByAdding(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	if r, err := f.store.Doctor(t.Context(), false); err != nil || !r.OK {
		t.Fatalf("a healthy store: %+v %v", r, err)
	}
	journal := filepath.Join(f.store.Dir(), "journal")
	text, err := os.ReadFile(journal)
	f.must(err)
	lines := strings.SplitAfter(string(text), "\n")
	f.must(os.WriteFile(journal, []byte(lines[0]+strings.Replace(lines[1], "mail", "fail", 1)+strings.Join(lines[2:], "")), 0o600))
	made := func() error {
		_, err := f.open(nil, f.store.Dir(), f.ca.root).New(t.Context(), request("x.example.org"))
		return err
	}
	if len(lines) == 3 { // the damaged line was the last one: the next writer moves it aside
		f.must(made())
	}
	s := f.open(nil, f.store.Dir(), f.ca.root)
	report, err := s.Doctor(t.Context(), true)
	f.must(err)
	list, err := s.List(t.Context(), false)
	f.must(err)
	found := false
	for _, have := range list {
		found = found || have.Thumbprint == e.Thumbprint
	}
	if !found {
		t.Errorf("the certificate whose line was damaged is not listed again: %+v\n%+v", report, list)
	}
	f.must(os.Remove(s.dir.Path(ledger.Keys, e.SPKI)))
	if report, err := s.Doctor(t.Context(), false); err != nil || report.OK {
		t.Errorf("a missing key went unnoticed: %+v %v", report, err)
	}
}

func TestAReadOnlyStoreHasNoWriter(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	s, err := Open(Options{Dir: f.store.Dir(), ReadOnly: true})
	f.must(err)
	before := digest(t, f.store.Dir())
	_, err = s.New(t.Context(), request("x.example.org"))
	f.wants(err, fail.ReadOnly)
	_, _, err = s.Import(t.Context(), files(f.ca.chain()))
	f.wants(err, fail.ReadOnly)
	_, err = s.Remove(t.Context(), []ledger.Entry{e}, false)
	f.wants(err, fail.ReadOnly)
	_, err = s.Doctor(t.Context(), true)
	f.wants(err, fail.ReadOnly)
	f.wants(s.Export(t.Context(), exporting.Request{ID: e.ID, Path: filepath.Join(t.TempDir(), "x.pem"), Format: exporting.KeyPEM}), fail.ReadOnly)
	if digest(t, f.store.Dir()) != before {
		t.Error("a read-only store changed")
	}
}

func TestHistorySaysWhoDidWhat(t *testing.T) {
	f := newFixture(t)
	e := f.bought(request("mail.example.org"))
	_, err := f.store.Remove(t.Context(), []ledger.Entry{e}, false)
	f.must(err)
	events, err := f.store.History(t.Context())
	f.must(err)
	var texts []string
	for _, ev := range events {
		texts = append(texts, ev.Text)
	}
	req := events[0].Text[len("made the request "):]
	want := "made the request " + req + "; imported the CA's answer to " + ledger.Label(&e) + "; removed " + ledger.Label(&e)
	if got := strings.Join(texts, "; "); got != want || !strings.HasPrefix(req, "mail.example.org (") {
		t.Errorf("history: %s", got)
	}
	last, n, err := f.store.VerifyHistory("")
	if err != nil || n != 3 || last != events[2].Sum {
		t.Errorf("verify: %s %d %v", last, n, err)
	}
	_, _, err = f.store.VerifyHistory(strings.Repeat("0", 64))
	f.wants(err, fail.Damaged)
}

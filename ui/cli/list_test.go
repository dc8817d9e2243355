package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/x/ansi"

	"certdesk/certstore"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/wire"
)

// The JSON of an entry: every field, its name, its form. A change here breaks people's scripts.
const goldenEntry = `{
  "id": 1,
  "thumbprint": "HEX40",
  "sha256": "hex64",
  "kind": "certificate",
  "friendlyName": "secure_smtp",
  "subject": "CN=proexchange.global,O=Sun\\, \\\"Inc.\\\" & Co,C=BE",
  "issuer": "CN=proexchange.global,O=Sun\\, \\\"Inc.\\\" & Co,C=BE",
  "certificateDomains": [
    "proexchange.global",
    "belgianbeers.rock"
  ],
  "notBefore": "TIME",
  "notAfter": "TIME",
  "daysLeft": 79,
  "isSelfSigned": true,
  "rootCAType": "None",
  "status": "Valid",
  "statusReason": "TEXT",
  "services": [],
  "servicesString": ".....",
  "wantedServices": [
    "SMTP"
  ],
  "hasPrivateKey": true,
  "privateKeyExportable": false,
  "publicKeyAlgorithm": "RSA",
  "publicKeySize": 2048,
  "signatureAlgorithm": "SHA256-RSA",
  "serialNumber": "SERIAL",
  "spki": "hex64",
  "chain": [],
  "findings": [],
  "statusWord": "valid",
  "statusAdvice": "` + "`" + `certdesk enable` + "`" + ` enables it for SMTP",
  "statusAsOf": "TIME"
}`

func TestEntryJSON(t *testing.T) {
	o := newOffice(t)
	r := o.must("new", "--subject-name", `C=BE, O="Sun, \"Inc.\" & Co", CN=proexchange.global`, "--domain-name", "belgianbeers.rock",
		"--friendly-name", "secure_smtp", "--valid-days", "80")
	if strings.Contains(r.out, "{") {
		t.Fatalf("JSON was not asked for: %s", r.out)
	}
	o.now = today.Add(time.Second)
	got := o.must("list", "--json").out
	for _, c := range []struct{ pattern, with string }{{`"[0-9A-F]{40}"`, `"HEX40"`}, {`"[0-9a-f]{64}"`, `"hex64"`},
		{`"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"`, `"TIME"`}, {`("serialNumber": )"[0-9A-F]+"`, `${1}"SERIAL"`}, {`("statusReason": )"[^"]+"`, `${1}"TEXT"`},
		{`(?s)("findings": )\[.*?\n  *\]`, `${1}[]`}} {
		got = regexp.MustCompile(c.pattern).ReplaceAllString(got, c.with)
	}
	want := "[\n  " + strings.ReplaceAll(goldenEntry, "\n", "\n  ") + "\n]\n"
	if got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestListsAreNeverNull(t *testing.T) {
	o := newOffice(t)
	for _, line := range []string{"list --json", "list --removed --json", "history --json"} {
		if r := o.must(strings.Fields(line)...); strings.TrimSpace(r.out) != "[]" {
			t.Errorf("%s on an empty store: %q, want []", line, r.out)
		}
	}
	data, _ := json.Marshal(wire.EntryOf(certstore.Entry{}))
	for _, field := range []string{"certificateDomains", "services", "wantedServices", "chain", "findings"} {
		contains(t, string(data), `"`+field+`":[]`)
	}
}

func TestListFilters(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("self.example.org", "--services", "SMTP,IIS")
	o.request("pending.example.org", "--services", "POP")
	o.valid("*.example.org", "--friendly-name", "wild")
	o.selfSigned("old.example.net", "--valid-days", "1", "--services", "None")
	o.now = today.AddDate(0, 0, 3)
	for line, want := range map[string]string{
		"":                                  "self.example.org pending.example.org wild old.example.net",
		"--self-signed":                     "self.example.org old.example.net",
		"--expired":                         "old.example.net",
		"--self-signed --services IIS,SMTP": "self.example.org",
		"--services None":                   "wild old.example.net",
		"--status pending":                  "pending.example.org",
		"--status PendingRequest,expired":   "pending.example.org old.example.net",
		"--status dateinvalid":              "old.example.net",
		"--removed":                         "",
		"--domain-name SELF.example.org":    "wild self.example.org",
		"--filter wild":                     "wild",
		"--filter !is:self-signed":          "pending.example.org wild",
		"--filter key:rsa --self-signed":    "self.example.org old.example.net",
		"--filter covers:a.example.org":     "wild",
		`--filter "self.ex`:                 "self.example.org", // an open quote takes no other flag away
		"--expires-in 1d":                   "old.example.net",
		"--expires-before today":            "old.example.net",
		"--expires-before 2h --filter !old": "",
	} {
		var got []string
		for _, e := range o.list(strings.Fields(line)...) {
			got = append(got, e.FriendlyName)
		}
		if strings.Join(got, " ") != want {
			t.Errorf("list %s: %v, want %v", line, got, want)
		}
	}
}

// A request tells when it was made, a certificate does not; the list says how long one has waited.
func TestTheAgeOfARequest(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("self.example.org")
	o.request("waits.example.org")
	o.now = today.AddDate(0, 0, 12)
	for _, e := range o.list() {
		switch at := e.RequestedAt; {
		case e.Kind == certstore.Certificate && at != nil, e.Kind == certstore.PendingReq && (at == nil || *at != "2026-11-23T09:00:00Z"):
			t.Errorf("%s: requestedAt %v", e.FriendlyName, at)
		}
	}
	contains(t, o.must("list").out, "waiting 12 d")
	contains(t, o.must("show", "waits.example.org").out, "Requested      23 Nov 2026", "Waiting        12 days")
}

func TestAFilterThatCannotBeReadIsRefused(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("one.example.org")
	for line, want := range map[string]string{
		"--filter befor:25dec":                    `no filter word is called "befor:"; did you mean before:?`,
		"--filter is:expird":                      "did you mean expired?",
		"--expires-before 12/25/2026":             `--expires-before takes a day: 25dec, 2026-12-25, dec or 30d; "12/25/2026" is none`,
		"--expires-in 25dec":                      `--expires-in takes a time from now, such as 30d or 2w; "25dec" is none`,
		"--format xml":                            `"xml" is no format: use table, json, csv, markdown, ics, prometheus`,
		"--format csv --json":                     "give --json or --format csv, not both",
		"--status exp":                            `"exp" is not a status`,
		"--format prometheus --removed":           "nobody measures what is removed",
		"--path x.txt":                            "--path takes another --format than the table: json, csv",
		"--format csv --force":                    "--force is for the file at --path",
		"--format csv --path x --domain-name a.b": "--path takes no --domain-name: `--filter covers:a.b` lists the same",
	} {
		r := o.run(append([]string{"list"}, strings.Fields(line)...)...)
		if r.code != 2 || r.out != "" || !strings.Contains(r.err, want) && !strings.Contains(r.err, jsonString(want)) {
			t.Errorf("list %s: exit %d: %s%s", line, r.code, r.out, r.err)
		}
	}
}

// jsonString is a text as it stands within a string of JSON.
func jsonString(text string) string {
	quoted, _ := json.Marshal(text)
	return strings.Trim(string(quoted), `"`)
}

func TestListInOtherFormats(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("one.example.org", "--friendly-name", "=one|two")
	o.selfSigned("two.example.org")
	if got, want := o.must("list", "--format", "json").out, o.must("list", "--json").out; got != want {
		t.Errorf("%s\nis not\n%s", got, want)
	}
	text := o.must("list", "--format", "csv", "--filter", "one").out
	contains(t, text, "thumbprint,kind,status,", ",'=one|two,", ",one.example.org,")
	if n := strings.Count(text, "\n"); n != 2 {
		t.Errorf("%d lines:\n%s", n, text)
	}
	contains(t, o.must("list", "--format", "markdown").out, "| Status | Name |", `| =one\|two | one.example.org |`)
	if got := o.must("list", "--format", "csv", "--filter", "nobody").out; strings.Count(got, "\n") != 1 {
		t.Errorf("no rows:\n%s", got)
	}
	o.must("remove", o.list("--filter", "two.")[0].Thumbprint, "--yes")
	contains(t, o.must("list", "--removed", "--format", "csv").out, ",removed,removedBy\n", "two.example.org")
}

// What is shown is said on a terminal, with the name that a row is there for.
func TestAFilteredListSaysWhatItShows(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("one.example.org", "--domain-name", "imap.example.org,pop.example.org", "--friendly-name", "mail")
	o.selfSigned("two.example.org")
	contains(t, o.must("list", "--filter", "pop.").out, "pop.example.org +2")
	if r := o.must("list", "--filter", "pop."); strings.Contains(r.out, "1 of 2") {
		t.Errorf("a file is told: %s", r.out)
	}
	var out, errs bytes.Buffer
	streams := o.io(&out, &errs)
	streams.Width = func() int { return 80 }
	if code := Run(context.Background(), o.args([]string{"list", "--filter", "before:2030 pop."}), streams); code != 0 {
		t.Fatal(errs.String())
	}
	contains(t, out.String(), "\n\n1 of 2 expires before 2030 and contains \"pop.\"\n")
	contains(t, o.must("list", "--filter", "before:2020").out, "none of 2 expire before 2020")
}

// Exchange's rule: with its key; the most recent first day; the first valid one of a CA, only then self-signed.
func TestTheOneThatWouldBeChosen(t *testing.T) {
	entry := func(id int64, age int, status trust.Status, self, key bool) certstore.Entry {
		return certstore.Entry{ID: id, Kind: certstore.Certificate, SelfSigned: self, HasKey: key,
			NotBefore: today.AddDate(0, 0, -age), Verdict: trust.Verdict{Status: status}}
	}
	for _, c := range []struct {
		name    string
		entries []certstore.Entry
		want    int64
	}{
		{"the newest of a CA", []certstore.Entry{entry(1, 9, trust.Valid, false, true), entry(2, 3, trust.Valid, false, true)}, 2},
		{"a CA's before a newer self-signed one", []certstore.Entry{entry(1, 9, trust.Valid, false, true), entry(2, 3, trust.Valid, true, true)}, 1},
		{"expiring is still valid", []certstore.Entry{entry(1, 9, trust.Expiring, false, true)}, 1},
		{"a self-signed one where the CA's is not valid", []certstore.Entry{entry(1, 9, trust.Untrusted, false, true), entry(2, 30, trust.Valid, true, true)}, 2},
		{"never without a key", []certstore.Entry{entry(1, 9, trust.Valid, false, false)}, 0},
		{"never a request", []certstore.Entry{{ID: 1, Kind: certstore.PendingReq, HasKey: true}}, 0},
		{"nothing of nothing", nil, 0},
	} {
		_, chosen := selection(c.entries)
		var got int64
		if chosen != nil {
			got = chosen.ID
		}
		if got != c.want {
			t.Errorf("%s: %d, want %d", c.name, got, c.want)
		}
	}
}

func TestListByNameMarksTheChosen(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("a.example.org")
	o.valid("*.example.org", "--friendly-name", "wild")
	r := o.must("list", "--domain-name", "a.example.org")
	contains(t, r.out, "\n> * valid", "wild", "would be used")
	if list := o.list("--domain-name", "a.example.org"); !list[0].Chosen || list[0].FriendlyName != "wild" || list[1].Chosen {
		t.Errorf("%+v", list)
	}
	if r := o.run("list", "--domain-name", "nobody.test"); r.code != 4 || r.out != "" || !strings.Contains(r.err, "no certificate here covers nobody.test") {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
	if r := o.run("list", "--domain-name", "nobody.test", "--json"); r.code != 4 || r.out != "[]\n" || !strings.Contains(r.err, `"not-found"`) {
		t.Errorf("exit %d: %s%s", r.code, r.out, r.err)
	}
}

func TestAnEmptyListSaysWhy(t *testing.T) {
	o := newOffice(t)
	none := "there is no store at " + o.store() + " yet"
	contains(t, o.must("list").out, "no certificates: "+none)
	contains(t, o.run("list", "--domain-name", "a.example").err, "no certificate here covers a.example: "+none)
	contains(t, o.must("doctor").out, none)
	o.selfSigned("one.example.org")
	contains(t, o.must("list", "--expired").out, "the only one there is does not match")
	contains(t, o.must("list", "--removed").out, "nothing is removed")
	o.selfSigned("two.example.org")
	contains(t, o.must("list", "--status", "expiring").out, "none of 2 are expiring")
}

func TestTheTrashSaysWhenAndByWhom(t *testing.T) {
	o := newOffice(t)
	e := o.selfSigned("one.example.org", "--friendly-name", strings.Repeat("long ", 9))
	o.now = today.AddDate(0, 0, 2)
	o.must("remove", e.Thumbprint, "--yes")
	list := o.list("--removed")
	if len(list) != 1 || list[0].Removed == nil || list[0].RemovedBy == "" {
		t.Fatalf("%+v", list)
	}
	contains(t, o.must("list", "--removed").out, "REMOVED", "BY", "25 Nov 2026", list[0].RemovedBy)
	contains(t, o.must("history").out, list[0].RemovedBy, "removed "+strings.TrimSpace(e.FriendlyName), e.Thumbprint[:12])
	var out, errs bytes.Buffer
	streams := o.io(&out, &errs)
	streams.Width = func() int { return 60 }
	if code := Run(context.Background(), o.args([]string{"list", "--removed"}), streams); code != 0 {
		t.Fatal(errs.String())
	}
	for line := range strings.Lines(out.String()) {
		if w := ansi.StringWidth(strings.TrimRight(line, "\n")); w > 60 {
			t.Errorf("a line of %d:\n%s", w, out.String())
		}
	}
	contains(t, out.String(), "REMOVED", "BY", "THUMBPRINT", "25 Nov 2026")
}

func TestTableFitsItsWidth(t *testing.T) {
	o := newOffice(t)
	o.selfSigned("a.very.long.name.that.goes.on.and.on.and.on.example.org", "--domain-name", "b.example.org")
	o.request("webmail.proexchange.global", "--friendly-name", "é漢字 "+strings.Repeat("x", 40))
	o.must("remove", o.selfSigned("later.example.org").Thumbprint, "--yes")
	for _, width := range []int{0, 60, 72, 80, 100, 140, 200} {
		var out, errs bytes.Buffer
		streams := o.io(&out, &errs)
		streams.Width = func() int { return width }
		if code := Run(context.Background(), o.args([]string{"list"}), streams); code != 0 {
			t.Fatal(errs.String())
		}
		for line := range strings.Lines(out.String()) {
			if w := ansi.StringWidth(strings.TrimRight(line, "\n")); width > 0 && w > width {
				t.Errorf("%d columns: a line of %d:\n%s", width, w, out.String())
			}
		}
		contains(t, out.String(), "pending", "STATUS", "THUMBPRINT", "LEFT")
	}
}

func TestWorstFirst(t *testing.T) {
	var entries []certstore.Entry
	for i, s := range []trust.Status{trust.Valid, trust.PendingRequest, trust.Expiring, trust.Invalid, trust.Unknown, trust.DateInvalid, trust.Untrusted} {
		entries = append(entries, certstore.Entry{ID: int64(i), Verdict: trust.Verdict{Status: s}})
	}
	var got []string
	for _, e := range worstFirst(entries) {
		got = append(got, string(e.Verdict.Status))
	}
	if s := strings.Join(got, " "); s != "Invalid DateInvalid Untrusted Expiring PendingRequest Unknown Valid" {
		t.Error(s)
	}
}

// A filter of the configuration that says nothing is told where the configuration is looked at.
func TestAFilterThatMeansNothingIsTold(t *testing.T) {
	o := newOffice(t)
	text, _ := os.ReadFile(o.config)
	o.write("certdesk.toml", string(text)+"[[filter]]\nname = \"mine\"\nshow = \"owner:me\"\n")
	contains(t, o.must("doctor").out, `the filter "mine": no filter word is called "owner:"`)
}

package query

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/services/daemon"
	"certdesk/certstore/trust"
)

// noon is the moment of these tests.
var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func entry(id int64, called, word string, status trust.Status, left int, names ...string) ledger.Entry {
	return ledger.Entry{ID: id, Kind: ledger.Certificate, FriendlyName: called, Names: names,
		Subject: "CN=" + names[0] + ",O=ProExchange,C=BE", Common: names[0], Issuer: "CN=ProExchange CA,O=ProExchange,C=BE",
		Thumbprint: fmt.Sprintf("%040X", 0x9a3f0000+id), NotAfter: noon.AddDate(0, 0, left).Add(time.Hour), DaysLeft: left,
		KeyAlgorithm: "RSA", KeySize: 2048, Verdict: trust.Verdict{Status: status, Word: word}}
}

// office has an entry in every state.
func office() []ledger.Entry {
	smtp := entry(1, "secure_smtp", "expiring", trust.Expiring, 16, "proexchange.global", "belgianbeers.rock")
	smtp.Wanted, smtp.Exportable = ledger.SMTP, true
	pending := entry(2, "secure_client", "pending", trust.PendingRequest, 0, "webmail.proexchange.global",
		"webmail.belgianbeers.rock", "autodiscover.proexchange.global")
	pending.Kind, pending.Issuer, pending.NotAfter, pending.Wanted = ledger.PendingReq, "", time.Time{}, ledger.IIS
	web := entry(3, "webmail 2025", "valid", trust.Valid, 80, "webmail.belgianbeers.rock", "a.belgianbeers.rock",
		"imap.belgianbeers.rock")
	web.Services, web.Wanted = ledger.IIS|ledger.IMAP, ledger.POP
	dovecot := daemon.Instance{Use: "IMAP", Driver: "dovecot", Name: "imap.belgianbeers.rock"}
	web.Bound = []ledger.Binding{{Service: dovecot, Prove: []daemon.Proof{{URL: "imaps://127.0.0.1:993"}}},
		{Service: daemon.Instance{Use: "IIS", Driver: "nginx"}, Slot: "webmail.belgianbeers.rock"}}
	own := entry(4, "this server", "valid", trust.Valid, 300, "mail01.proexchange.global", "mail01")
	own.SelfSigned, own.Issuer, own.KeyAlgorithm, own.KeySize = true, own.Subject, "ECDSA", 256
	old := entry(5, "webmail 2023", "expired", trust.DateInvalid, -40, "webmail.belgianbeers.rock")
	soon := entry(6, "next year", "not yet valid", trust.DateInvalid, 400, "*.proexchange.global")
	soon.KeyAlgorithm, soon.KeySize = "Ed25519", 256
	lost := entry(7, "partner", "untrusted", trust.Untrusted, 200, "edge.partner.example")
	lost.Issuer = `CN=Partner\, Inc. CA`
	settled := entry(8, "secure_smtp 2025", "expiring", trust.Expiring, 3, "proexchange.global")
	settled.Successor = &ledger.Successor{ID: 1}
	return []ledger.Entry{smtp, pending, web, own, old, soon, lost, settled}
}

func ids(list []ledger.Entry) string {
	var out []string
	for _, e := range list {
		out = append(out, fmt.Sprint(e.ID))
	}
	return strings.Join(out, " ")
}

const everybody = "1 2 3 4 5 6 7 8"

func TestTheGrammar(t *testing.T) {
	for _, c := range []struct{ text, want, says string }{
		{"", everybody, "8 of 8"},
		{"webmail", "2 3 5", `3 of 8 contain "webmail"`},
		{"WEBMAIL 2025", "3", `1 of 8 contains "WEBMAIL" and "2025"`},
		{"webmail !2025", "2 5", `2 of 8 contain "webmail" and do not contain "2025"`},
		{`"webmail 2025"`, "3", `1 of 8 contains "webmail 2025"`},
		{"mail.proexchange.global", "2 6", `2 of 8 contain "mail.proexchange.global"`}, // 6 by its wildcard, 2 by a part
		{"dovecot", "3", `1 of 8 contains "dovecot"`},
		{"00009A3F0003", "3", ""},
		{"00:00:9a:3f:00:03", "3", ""},
		{"2001:db8::1", "", `0 of 8 contain "2001:db8::1"`}, // a colon makes no key of what is none
		{"ab:cd", "", ""},
		{"cn=mail01", "4", ""}, // nor does a sign of equality
		{`"foo:bar"`, "", ""},
		{"!", everybody, "8 of 8"},
		{"!!x", everybody, ""}, // the second is a part of the word

		{"is:expired", "5", "1 of 8 is expired"},
		{"status:expired", "5", "1 of 8 is expired"},
		{"status:exp", "1 5 8", "3 of 8 are expired or expiring"},
		{"is:valid", "3 4", "2 of 8 are valid"},
		{"!is:valid", "1 2 5 6 7 8", "6 of 8 are not valid"},
		{"is:expired,pending", "2 5", "2 of 8 are expired or pending"},
		{"is:DateInvalid", "5 6", "2 of 8 are expired or not yet valid"},
		{"is:not-yet-valid", "6", "1 of 8 is not yet valid"},
		{`is:"not yet"`, "6", "1 of 8 is not yet valid"},
		{"is:renewed", "8", "1 of 8 is renewed"},
		{"is:self-signed", "4", "1 of 8 is self-signed"},
		{"is:in-use", "3", "1 of 8 is in use"},
		{"is:exportable", "1", "1 of 8 is exportable"},
		{"is:attention", "1 5 6 7", "4 of 8 need attention"},
		{"needs:attention", "1 5 6 7", "4 of 8 need attention"},
		{"!needs:att", "2 3 4 8", "4 of 8 do not need attention"},

		{"service:smtp", "1", "1 of 8 is for SMTP"},
		{"svc:IIS", "2 3", "2 of 8 are for IIS"},
		{"svc:smtp,imap", "1 3", "2 of 8 are for SMTP or IMAP"},
		{"!svc:smtp !svc:iis", "4 5 6 7 8", "5 of 8 are not for SMTP and for IIS"},
		{"service:none", "4 5 6 7 8", "5 of 8 are for no service"},
		{"server:nginx", "3", `1 of 8 is in use by "nginx"`},
		{"server:imap.belgian", "3", ""},
		{"server::993", "3", `1 of 8 is in use by ":993"`},
		{"server:postfix", "", ""},

		{"before:25dec", "1 5 8", "3 of 8 expire before 25 Dec"},
		{"before:2026-12-09", "5 8", "2 of 8 expire before 9 Dec"},
		{"after:2026-12-09", "3 4 6 7", "4 of 8 expire after 9 Dec"},
		{"after:2026-12-08", "1 3 4 6 7", "5 of 8 expire after 8 Dec"},
		{"expires<2026-12-25", "1 5 8", "3 of 8 expire before 25 Dec"},
		{"expires<=2026-12-09", "1 5 8", "3 of 8 expire by the end of 9 Dec"},
		{"expires:dec", "1", "1 of 8 expires in December 2026"},
		{"expires=9dec", "1", "1 of 8 expires on 9 Dec"},
		{"expires>=2027", "3 4 6 7", "4 of 8 expire in 2027 or later"},
		{"expires<30d", "1 5 8", "3 of 8 expire in less than 30 days"},
		{"before:2w", "5 8", "2 of 8 expire in less than 2 weeks"},
		{"expires<now", "5", "1 of 8 is expired"},
		{"!is:expired before:25dec", "1 8", "2 of 8 are not expired and expire before 25 Dec"},
		{`before:"25 dec 2027"`, "1 3 4 5 7 8", "6 of 8 expire before 25 Dec 2027"},
		{"days<30", "1 5 8", "3 of 8 expire in less than 30 days"},
		{"days<=16", "1 5 8", ""},
		{"days<16", "5 8", ""},
		{"days>=300", "4 6", "2 of 8 expire in at least 300 days"},
		{"days>300", "6", ""},
		{"days=80", "3", "1 of 8 expires in 80 days"},
		{"days<-30", "5", "1 of 8 expires before 30 days ago"},
		{"!days<30", "2 3 4 6 7", "5 of 8 do not expire in less than 30 days"},

		{"ca:proexchange", "1 3 4 5 6 8", `6 of 8 are issued by "proexchange"`},
		{"issuer:itself", "4", ""},
		{`ca:"partner\, inc"`, "7", ""},
		{`ca:"partner, inc. ca"`, "7", ""}, // a comma within quotes does not mean or
		{"name:belgianbeers", "1 2 3 5", `4 of 8 have "belgianbeers" in a name`},
		{"covers:x.proexchange.global", "6", `1 of 8 covers "x.proexchange.global"`},
		{"covers:PROEXCHANGE.global", "1 8", ""},
		{"covers:a.b.proexchange.global", "", ""},
		{"covers:exchange.global", "", ""},
		{"key:rsa", "1 2 3 5 7 8", "6 of 8 are RSA"},
		{"key:RSA-2048", "1 2 3 5 7 8", "6 of 8 are RSA 2048"},
		{"key:2048", "1 2 3 5 7 8", "6 of 8 are 2048-bit"},
		{"key:p256", "4", "1 of 8 is P-256"},
		{"key:ecdsa-p256", "4", ""},
		{"key:P-384", "", "0 of 8 are P-384"},
		{"key:e", "4 6", "2 of 8 are ECDSA or Ed25519"},
		{"key:ed25519", "6", "1 of 8 is Ed25519"},
		{"days", "", ""},
	} {
		q := Parse(c.text, noon)
		kept := q.Kept(office())
		if got := ids(kept); got != c.want || q.Problem != "" {
			t.Errorf("%q keeps %q (%s), want %q", c.text, got, q.Problem, c.want)
		}
		if got := q.Says(len(kept), 8); c.says != "" && got != c.says {
			t.Errorf("%q: %s, want %s", c.text, got, c.says)
		}
	}
}

func TestABadTermIsToldAndKeepsNothingBack(t *testing.T) {
	for text, problem := range map[string]string{
		"befor:25dec":      `no filter word is called "befor:"; did you mean before:?`,
		"expire<30d":       `no filter word is called "expire<"; did you mean expires<?`,
		"!stat:expired":    `no filter word is called "stat:"; did you mean status:?`,
		"foo:bar":          `no filter word is called "foo:"; there are is: before: after: expires< days< service: server: `,
		"is:":              "is: takes old one served, not served,",
		"is:expird":        `is: has no "expird"; did you mean expired?`,
		"status:nonsense":  "status: takes old one served, ",
		"needs:":           "needs: takes attention alone: needs:attention",
		"needs:nothing":    "needs: takes attention",
		"svc:x400":         "svc: takes IMAP, POP, UM, IIS, SMTP or None",
		"before:":          "before: takes a day: 25dec, 2026-12-25, dec or 30d",
		"before:soon":      `"soon" is no day: before: takes 25dec, 2026-12-25, dec or 30d`,
		"expires<12/25/26": `"12/25/26" is no day: expires< takes`,
		"before<3d":        `no filter word is called "before<"; did you mean before:?`,
		"expires<>3d":      `no filter word is called "expires<>"; did you mean expires<?`,
		"days<":            "days< takes a number, such as days<30",
		"days<soon":        "days< takes a number",
		"key:dsa":          "key: takes a kind, bits or a curve",
		"covers:a_b":       `"a_b" is no name: covers: takes a whole name`,
		"name:,,":          "name: takes a part of it",
	} {
		q := Parse(text, noon)
		if !strings.HasPrefix(q.Problem, problem) {
			t.Errorf("%q: %s, want %s", text, q.Problem, problem)
		}
		if got := ids(q.Kept(office())); got != everybody || !q.Empty() || q.Idle() {
			t.Errorf("%q keeps %q", text, got)
		}
		if got := ids(Parse(text+" webmail", noon).Kept(office())); got != "2 3 5" {
			t.Errorf("%q with a word keeps %q", text, got)
		}
	}
}

func TestATermKnowsItsPlace(t *testing.T) {
	text := `  !is:expired "a b"  Before:25dec`
	var got []string
	for _, term := range Parse(text, noon).Terms {
		got = append(got, fmt.Sprintf("%s|%s|%s", text[term.From:term.To], text[term.Value:term.To], term.Key))
	}
	if want := `!is:expired|expired|is: "a b"|"a b"| Before:25dec|25dec|before:`; strings.Join(got, " ") != want {
		t.Errorf("%q", got)
	}
}

func TestRowsOfWordsAlone(t *testing.T) {
	row := TextRow("removed secure_smtp by root")
	for text, want := range map[string]bool{"smtp": true, "!smtp": false, "is:valid": true, "befor:x": false,
		"root by": true} {
		if got := ParseWords(text); got.Keeps(&row) != want {
			t.Errorf("%q: %v", text, !want)
		}
	}
	if got := ParseWords("days<30").Problem; got != "this list is filtered by words alone, not by days<" {
		t.Error(got)
	}
}

// Every word that a verdict or a port gives a row is a status that can be asked for.
func TestEveryStatusIsAWordOfTheFilter(t *testing.T) {
	for _, e := range office() {
		if !IsStatus(e.Verdict.Word) || !IsStatus(string(e.Verdict.Status)) || bits(&e)&bit(e.Verdict.Word) == 0 {
			t.Errorf("%s, %s is no status", e.Verdict.Word, e.Verdict.Status)
		}
	}
	if len(isWords) > 32 || IsStatus("exp") || !IsStatus("dateinvalid") {
		t.Error("a set holds 32 words, and a status is whole")
	}
}

func TestWhatMatchedIsLit(t *testing.T) {
	for _, c := range []struct {
		query, text, lit string
		part             Part
	}{
		{"mail", "Mail.example mailbox", "Mail mail", Names},
		{"mail", "mail.example", "", Expires},
		{"!mail", "mail.example", "", Names},
		{"ma il", "mail", "mail", Name},
		{"mail.example.org", "*.example.org", "*.example.org", Names},
		{"name:x.example.org", "a.b.*.example.org", "", Names},
		{"ca:example", "Example CA R3", "Example", Issuer},
		{"ca:example", "example.org", "", Names},
		{"is:expired", "! expired", "! expired", Status},
		{"before:25dec", "9 Dec 2026", "9 Dec 2026", Expires},
		{"svc:smtp,iis", "IP.WS", "WS", Services},
		{"smtp", "(----S)", "S", Services},
		{"smtp", "IIS (SMTP)", "SMTP", Services},
		{"kelvin", "\u212aelvin", "\u212aelvin", Name}, // the sign of the unit, three bytes, is lowered to one
	} {
		var got []string
		for _, p := range Parse(c.query, noon).Lit(c.part, c.text) {
			got = append(got, c.text[p[0]:p[1]])
		}
		if strings.Join(got, " ") != c.lit {
			t.Errorf("%s in %q: %q", c.query, c.text, got)
		}
	}
}

func TestTheNameThatARowMatchedBy(t *testing.T) {
	rows := Rows(office())
	for _, c := range []struct {
		query, called, want string
		id                  int
	}{
		{"imap", "webmail 2025", "imap.belgianbeers.rock", 3},
		{"name:imap", "webmail 2025", "imap.belgianbeers.rock", 3},
		{"webmail", "webmail 2025", "", 3},
		{"belgian", "webmail 2025", "", 3}, // the first name has it
		{"webmail.belgian", "secure_client", "webmail.belgianbeers.rock", 2},
		{"covers:a.belgianbeers.rock", "webmail 2025", "a.belgianbeers.rock", 3},
		{"covers:webmail.belgianbeers.rock", "webmail 2025", "", 3},
		{"!imap", "this server", "", 4},
		{"zzz", "webmail 2025", "", 3},
	} {
		got := ""
		if at, ok := Parse(c.query, noon).NameOf(&rows[c.id-1], c.called); ok {
			got = office()[c.id-1].Names[at]
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
}

func TestCompletion(t *testing.T) {
	v := Values{Issuers: []string{"Example CA R3", "ProExchange CA"}, Servers: []string{"dovecot", "nginx"}}
	for text, want := range map[string]string{
		"be":              "before:",
		"webmail !be":     "webmail !before:",
		"s":               "service: svc: server: status:",
		"is:exp":          `is:expired is:expiring is:exportable`,
		"is:valid,exp":    `is:valid,expired is:valid,expiring is:valid,exportable`,
		"is:not-y":        `is:"not yet valid"`,
		`is:"not y`:       `is:"not yet valid"`,
		"is:expired":      "",
		"is:expired ":     "is:expired is: is:expired before:",
		"ca:ex":           `ca:"Example CA R3" ca:"ProExchange CA"`,
		"issuer:pro":      `issuer:"ProExchange CA"`,
		"server:":         "server:dovecot server:nginx",
		"expires<":        "expires<30d expires<7d",
		"days<":           "",
		"befor:":          "",
		`"be`:             "",
		"zzz":             "",
		`ca:"a, b`:        "",
		"Webmail BEFORE:": "Webmail BEFORE:30d",
	} {
		var got []string
		for _, o := range Complete(text, v) {
			got = append(got, o.Text)
		}
		if all := strings.Join(got, " "); !strings.HasPrefix(all, want) || want == "" && all != "" {
			t.Errorf("%q: %q, want %q", text, all, want)
		}
	}
	if got := Complete("", v); len(got) != 11 || got[0].Word != "is:" || got[0].Does == "" {
		t.Errorf("%+v", got)
	}
	got := Taking("webmail !before:")
	if got != "before: takes a day: 25dec, 2026-12-25, dec or 30d" || Taking("before:1d ") != "" {
		t.Error(got)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"a !b", "status:expired days<30", `ca:"x y`, "!!", "days<>=", "svc:,,", "name:.",
		"expires:9999", "K\u0130\xff:", `is:"not yet",x before:25dec`, "covers:*.a.b key:p256"} {
		f.Add(seed)
	}
	rows, entries := Rows(office()), office()
	f.Fuzz(func(t *testing.T, text string) {
		q := Parse(text, noon)
		for i := range rows {
			q.Keeps(&rows[i])
			q.NameOf(&rows[i], entries[i].FriendlyName)
		}
		for _, term := range q.Terms {
			if term.From > term.Value || term.Value > term.To || term.To > len(text) || text[term.From:term.To] == "" {
				t.Errorf("%q: %+v", text, term)
			}
			if (term.Problem == "") == (len(term.sieves) == 0) {
				t.Errorf("%q: a term that neither says nor lacks anything: %+v", text, term)
			}
		}
		for _, p := range q.Lit(Names, text) {
			_ = text[p[0]:p[1]]
		}
		before := text
		if n := len(q.Terms); n > 0 && q.Terms[n-1].To == len(text) {
			before = text[:q.Terms[n-1].From]
		}
		for _, o := range Complete(text, Values{Issuers: []string{"a, b"}}) {
			if !strings.HasPrefix(o.Text, before) {
				t.Errorf("%q completes to %q", text, o.Text)
			}
		}
		if says := q.Says(1, 2); strings.ContainsAny(says, "\x1b\r\n") {
			t.Errorf("%q says %q", text, says)
		}
	})
}

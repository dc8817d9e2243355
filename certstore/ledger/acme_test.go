package ledger

import (
	"strings"
	"testing"
	"time"
)

const pending = `new {"entry":{"kind":"request","friendlyName":"mail","thumbprint":"A1B2C3D4E5F60718","sha256":"ab","spki":"cd",` +
	`"names":["mail.a.test","a.test"],"keyKept":true,"request":"ab"},"newKey":true}`

func TestARequestSaysWhoIsToAnswerIt(t *testing.T) {
	st, _, events := folded(strings.TrimSuffix(pending, "}") + `,"order":{"ca":"le","directory":"https://ca/dir"}}`)
	if e := st.ByID[1].Entry; !e.Ordered() || e.Automatic.Order.Directory != "https://ca/dir" || len(st.Asked) != 0 {
		t.Errorf("%+v", e.Automatic)
	}
	if want := "made the request mail (A1B2C3D4E5F6), to be ordered from le"; events[0].Text != want {
		t.Error(events[0].Text)
	}
}

const issued = `import {"entry":{"id":1,"kind":"certificate","friendlyName":"mail","thumbprint":"B1B2C3D4E5F60718","sha256":"ef","spki":"cd",` +
	`"names":["mail.a.test","a.test"],"keyKept":true,"request":"ab"}}`

func TestWhatAnAuthorityDoesIsToldAndKept(t *testing.T) {
	story := []struct{ line, text string }{
		{pending, "made the request mail (A1B2C3D4E5F6)"},
		{`acme-account {"account":{"ca":"le","directory":"https://ca/dir","spki":"k1"}}`, "made the key of an account at le"},
		{`acme-account {"account":{"ca":"le","directory":"https://ca/dir","spki":"k1","url":"https://ca/a/1","terms":"https://ca/terms"}}`,
			"registered an account at le and accepted its terms, https://ca/terms"},
		{`acme-order {"ids":[1],"order":{"ca":"le","directory":"https://ca/dir","profile":"tlsserver","url":"https://ca/o/1"}}`,
			"ordered mail (A1B2C3D4E5F6) from le, profile tlsserver"},
		{`acme-proofs {"ids":[1],"order":{"ca":"le","directory":"https://ca/dir","url":"https://ca/o/1","proofs":[{"type":"http-01","name":"mail.a.test"},{"type":"http-01","name":"a.test"}]}}`,
			"put out proofs for mail (A1B2C3D4E5F6) by http-01: mail.a.test, a.test"},
		{`acme-failed {"ids":[1],"failure":{"ca":"le","directory":"https://ca/dir","type":"connection","why":"nothing answers at \u001b[31mmail.a.test","next":"1970-01-01T01:00:00Z","over":true}}`,
			`did not get mail (A1B2C3D4E5F6) from le: nothing answers at \u{1b}[31mmail.a.test; next try 1 Jan 1970 01:00 UTC`},
		{`acme-order {"ids":[1],"order":{"ca":"le","directory":"https://ca/dir","url":"https://ca/o/2","replaces":"x.y"}}`, "ordered mail (A1B2C3D4E5F6) from le"},
		{`acme-ready {"ids":[1],"order":{"ca":"le","directory":"https://ca/dir","url":"https://ca/o/2"}}`, "le issued what was ordered: mail (A1B2C3D4E5F6)"},
		{issued, "imported the CA's answer to mail (B1B2C3D4E5F6)"},
		{`acme-window {"ids":[1],"window":{"ca":"le","same":true,"why":"it is down"}}`, "asked le when to renew mail (B1B2C3D4E5F6): it is down; its age decides"},
		{`acme-window {"ids":[1],"window":{"ca":"le","start":"1970-03-01T00:00:00Z","end":"1970-03-02T00:00:00Z","chosen":"1970-03-01T12:00:00Z","explanation":"https://ca/why"}}`,
			"will renew mail (B1B2C3D4E5F6) on 1 Mar 1970 12:00 UTC, between 1 Mar 1970 00:00 UTC and 2 Mar 1970 00:00 UTC as le suggests: https://ca/why"},
		{`acme-window {"ids":[1],"window":{"ca":"le","chosen":"1970-03-01T12:00:00Z","same":true,"why":"it is \u001b[31mdown"}}`,
			`asked le again when to renew mail (B1B2C3D4E5F6): it is \u{1b}[31mdown; it stays on 1 Mar 1970 12:00 UTC`},
		{`acme-account {"account":{"ca":"le","directory":"https://ca/dir","spki":"k1","url":"https://ca/a/1","next":"k2"}}`, "began to give the account at le another key"},
		{`acme-account {"account":{"ca":"le","directory":"https://ca/dir","spki":"k2","url":"https://ca/a/1","former":"k1"}}`, "gave the account at le another key"},
		{`acme-account {"account":{"ca":"le","directory":"https://ca/dir","spki":"k2","url":"https://ca/a/2","again":true}}`,
			"registered the account at le again, with the same key: the CA no longer knew it"},
		{`acme-revoked {"ids":[1],"revoked":{"ca":"le","reason":"superseded"}}`, "had mail (B1B2C3D4E5F6) revoked by le: superseded"},
	}
	var lines []string
	for _, s := range story {
		lines = append(lines, s.line)
	}
	st, _, events := folded(strings.Join(lines, "\n"))
	for i, s := range story {
		if events[i].Text != s.text {
			t.Errorf("line %d is told as\n%s\nwant\n%s", i+1, events[i].Text, s.text)
		}
	}
	if len(st.Problems) > 0 {
		t.Error(st.Problems)
	}
	e := st.ByID[1].Entry
	a := e.Automatic
	if a.Order.URL != "https://ca/o/2" || a.Order.Since != time.Unix(6, 0).UTC() || a.Failed() != nil || a.Issued != time.Unix(7, 0).UTC() ||
		a.Revoked.Reason != "superseded" || a.Window.Chosen.Hour() != 12 || e.Ordered() {
		t.Errorf("%+v", a)
	}
	if acc := st.AccountAt("https://ca/dir"); acc == nil || acc.SPKI != "k2" || acc.URL != "https://ca/a/2" || st.AccountAt("https://other/dir") != nil {
		t.Errorf("%+v", acc)
	}
	for _, key := range []string{"k1", "k2"} {
		if !st.Refers(map[int64]bool{1: true})[Object{Keys, key}] {
			t.Errorf("the key %s of the account is taken for nobody's", key)
		}
	}
	if n := len(st.Asked); n != 4 || st.Asked[1].Type != "connection" || !st.Asked[2].Renewal || st.Asked[3].Op != OpReady || len(st.Asked[0].Names) != 2 {
		t.Errorf("%+v", st.Asked)
	}
}

func TestAnOrderThatIsOverIsNotGoneOnWithAndItsProofsAreRemembered(t *testing.T) {
	st, _, _ := folded(pending + "\n" + `acme-order {"ids":[1],"order":{"ca":"le","url":"u","proofs":[{"type":"http-01","name":"a.test"}]}}`)
	before := st.ByID[1].Entry
	if !before.Ordered() {
		t.Error("it waits for the CA, and is not said to")
	}
	st.Apply(DecodeLine(Record{Seq: 3, Op: OpFailed, Data: []byte(`{"ids":[1],"failure":{"why":"no","over":true,"left":[{"type":"dns-01","name":"b.test"}]}}`)}))
	now := st.ByID[1].Entry
	if now.Automatic.Order.URL != "" || len(now.Automatic.Order.Proofs) != 1 || now.Automatic.Order.Proofs[0].Name != "b.test" {
		t.Errorf("%+v", now.Automatic)
	}
	if !before.Ordered() || before.Automatic.Failed() != nil {
		t.Error("what a reader was given has changed under its hands")
	}
}

func TestOnlySoMuchOfWhatFailedIsKept(t *testing.T) {
	lines := []string{pending}
	for range 3 * maxFailures {
		lines = append(lines, `acme-failed {"ids":[1],"failure":{"why":"no"}}`)
	}
	st, _, _ := folded(strings.Join(lines, "\n"))
	if n := len(st.ByID[1].Automatic.Failures); n != maxFailures {
		t.Errorf("%d failures are kept", n)
	}
	late := time.Unix(60, 0).Add(remembered + time.Hour)
	st.Apply(DecodeLine(Record{Seq: 99, Time: late, Op: OpFailed, Data: []byte(`{"ids":[1],"failure":{"why":"no"}}`)}))
	if n := len(st.Asked); n != 1 {
		t.Errorf("%d of %d that were asked for are kept a week later", n, 3*maxFailures+1)
	}
}

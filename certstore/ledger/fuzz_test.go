package ledger

import (
	"encoding/json"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
)

// folded is the state and the events of a journal given as lines of an operation, a blank, and its data.
func folded(text string) (*State, []Line, []Event) {
	st := NewState(func(uid int) string { return fmt.Sprint("user ", uid) })
	decode := func() (lines []Line) {
		for i, words := range strings.Split(text, "\n") {
			op, data, _ := strings.Cut(words, " ")
			at := time.Unix(int64(i), 0).UTC()
			lines = append(lines, DecodeLine(Record{Seq: int64(i + 1), Line: i + 1, Time: at, Op: op, Data: json.RawMessage(data)}))
		}
		return lines
	}
	var events []Event
	for _, p := range decode() {
		events = append(events, st.Event(p))
		st.Apply(p)
	}
	return st, decode(), events
}

// senseless says whether a line must be named among the problems.
func senseless(p Line) bool {
	switch p.Op {
	case OpNew, OpImport, OpAttach, OpAdopt:
		return p.err != nil || p.data.Entry == nil
	case OpRename:
		return p.err != nil || p.data.Name == ""
	case OpBegin, OpEnd, OpBind, OpDisable:
		return p.err != nil || p.data.Enable == nil
	case OpAccount, OpOrder, OpProofs, OpReady, OpFailed, OpWindow, OpRevoked:
		return p.err != nil || !p.data.tellsOfACME(p.Op)
	case OpTold:
		return p.err != nil || p.data.Told == nil || p.data.Told.Target == ""
	case OpRemove, OpRestore, OpPurge, OpPurged, OpLeaving, OpExport, OpStayed, OpRepair, OpSetting:
		return p.err != nil
	}
	return true
}

// Any sequence of lines gives a state that agrees with itself, and names each line that makes no sense.
func FuzzLines(f *testing.F) {
	const entry = `{"entry":{"kind":"certificate","friendlyName":"mail","thumbprint":"A1B2C3D4E5F60718","sha256":"ab","spki":"cd",` +
		`"names":["mail.a.test"],"keyKept":true,"keyExportable":true,"chain":[{"subject":"CN=CA","sha256":"ef"}]},"newKey":true}`
	const service = `{"ids":[1],"enable":{"service":{"use":"SMTP","driver":"postfix","listen":["smtp://a:25"]},"version":"/v/v1-0",` +
		`"bindings":[{"service":{"use":"SMTP","driver":"postfix"},"slot":"default","key":"RSA","entry":1,"sha256":"ab",` +
		`"prove":[{"url":"smtp://a:25","name":"a"}]}],"begin":2,"outcome":"served"}}`
	for _, lines := range [][]string{
		{"new " + entry, "enable-begin " + service, "enable-end " + service, "disable " + service},
		{"import " + entry, `remove {"ids":[1,1,2]}`, `restore {"ids":[1]}`, `purge {"ids":[1],"objects":[{"kind":"keys","name":"cd"}]}`, "purged {}"},
		{`new {"entry":{"id":7,"renewalOf":9}}`, `adopt {"entry":{"id":3}}`, `attach {"entry":{"id":7}}`, "import {}", "bind {}"},
		{"new " + entry, `rename {"ids":[1,1,9],"name":"mail 2027"}`, `rename {"ids":[1]}`, `rename {"name":"x"}`, "attach " + entry},
		{"new " + entry, `acme-account {"account":{"ca":"x","directory":"https://a/d","spki":"k","next":"l"}}`, `acme-order {"ids":[1],"order":{"url":"u"}}`,
			`acme-proofs {"ids":[1],"order":{"url":"u","proofs":[{"type":"http-01","name":"a.test"}]}}`, `acme-failed {"ids":[1],"failure":{"why":"no","over":true}}`,
			`acme-ready {"ids":[1],"order":{"url":"u"}}`, `acme-window {"ids":[1],"window":{"chosen":"2027-01-01T00:00:00Z"}}`, `acme-revoked {"ids":[1],"revoked":{"reason":"superseded"}}`, "import " + entry},
		{"acme-account {}", `acme-account {"account":{}}`, "acme-order {}", "acme-proofs {}", "acme-failed {}", "acme-ready {}", "acme-window {}", `acme-revoked {"ids":[9]}`},
		{`settings {"settings":{"file":"/c","changed":[{"key":"server","new":"x"}]}}`, "settings {}", "settings ["},
		{"new " + entry, `told {"ids":[1],"told":{"to":"a by mail","target":"t","items":[{"event":"expiring","entry":1,"level":1,"what":"x"}]}}`,
			`told {"told":{"target":"t","failed":"no","items":[{"event":"revoked","entry":9}]}}`, `told {"told":{"target":"t","silent":true,"items":[{"event":"expiring","entry":1,"over":true}]}}`,
			`told {"told":{"target":"u","digest":"2026-11"}}`, "told {}", `told {"told":{}}`},
		{`export-begin {"ids":[1],"left":{"dir":"/d","name":".tmp-1"}}`, `export-end {"begin":1}`, `repair {"lines":[{"line":1}]}`, "new [", "zzz null"},
	} {
		f.Add(strings.Join(lines, "\n"))
	}
	f.Fuzz(func(t *testing.T, text string) {
		st, lines, events := folded(text)
		if len(events) != len(lines) {
			t.Fatalf("%d events of %d lines", len(events), len(lines))
		}
		for _, p := range lines {
			name := fmt.Sprintf("line %d of the journal ", p.Line)
			if named := strings.Contains(strings.Join(st.Problems, "\n"), name); named != senseless(p) {
				t.Fatalf("%q: named among the problems: %v\n%q", p.Op, named, st.Problems)
			}
		}
		agrees(t, st)
		again, _, _ := folded(text)
		if !reflect.DeepEqual(again.Problems, st.Problems) || len(again.Rows) != len(st.Rows) || !reflect.DeepEqual(again.Bindings, st.Bindings) {
			t.Fatal("the same lines give another state")
		}
		if !reflect.DeepEqual(again.Accounts, st.Accounts) || !reflect.DeepEqual(again.Asked, st.Asked) {
			t.Fatal("the same lines give other accounts")
		}
		if !reflect.DeepEqual(again.Receivers, st.Receivers) {
			t.Fatal("the same lines give other receivers")
		}
	})
}

// agrees wants the parts of a state to tell the same of each entry.
func agrees(t *testing.T, st *State) {
	t.Helper()
	if len(st.Rows) != len(st.ByID) {
		t.Fatalf("%d rows, %d by id", len(st.Rows), len(st.ByID))
	}
	for i, r := range st.Rows {
		if st.ByID[r.ID] != r || i > 0 && st.Rows[i-1].ID >= r.ID {
			t.Fatalf("row %d of the id %d is lost or out of order", i, r.ID)
		}
	}
	for _, a := range st.Accounts {
		if !st.Refers(nil)[Object{Keys, a.SPKI}] || !reflect.DeepEqual(st.AccountAt(a.Directory), &a) {
			t.Fatalf("the key of %+v is nobody's, or it is not found", a)
		}
	}
	for _, b := range st.Bindings {
		if !st.InUse[b.Entry].Has(b.Use()) {
			t.Fatalf("%+v is bound and not in use", b)
		}
	}
}

package ledger

import (
	"strings"
	"testing"
	"time"
)

// What was told is remembered by receiver and matter; what could not be, and what is over, changes no more than that.
func TestWhatWasToldIsRemembered(t *testing.T) {
	const entry = `new {"entry":{"kind":"certificate","friendlyName":"mail","thumbprint":"A1B2C3D4E5F60718","sha256":"ab","spki":"cd"}}`
	const expiring = `{"event":"expiring","entry":1,"level":2,"what":"mail expires in 5 days"}`
	st, _, events := folded(strings.Join([]string{entry,
		`told {"ids":[1],"told":{"to":"a@b.test by mail","target":"t","items":[` + expiring + `,{"event":"not-served","port":"smtp://a:25","level":1,"what":"smtp://a:25 is not right"}],"digest":"2026-11"}}`,
		`told {"ids":[1],"told":{"to":"a@b.test by mail","target":"t","items":[{"event":"expiring","entry":1,"level":3,"what":"mail expires in an hour"}],"failed":"nothing listens there"}}`,
		`told {"told":{"to":"a@b.test by mail","target":"t","silent":true,"items":[{"event":"not-served","port":"smtp://a:25","over":true,"what":"smtp://a:25"}]}}`,
	}, "\n"))
	r := st.Receivers["t"]
	if r == nil || r.To != "a@b.test by mail" || r.Digest != "2026-11" || r.Failed != "nothing listens there" || !r.Since.Equal(time.Unix(2, 0)) || !r.At.Equal(time.Unix(1, 0)) {
		t.Fatalf("%+v", r)
	}
	if m := r.Marks[Matter{Event: "expiring", Entry: 1}]; m != (ToldMark{At: time.Unix(1, 0).UTC(), Level: 2}) {
		t.Errorf("%+v", m)
	}
	if m := r.Marks[Matter{Event: "not-served", Port: "smtp://a:25"}]; m != (ToldMark{At: time.Unix(1, 0).UTC(), Level: 1, Over: true}) {
		t.Errorf("%+v", m)
	}
	for i, want := range map[int]string{
		1: "told a@b.test by mail: the digest of 2026-11; mail expires in 5 days; smtp://a:25 is not right",
		2: "could not tell a@b.test by mail: nothing listens there; it was: mail expires in an hour",
		3: "has no more to tell a@b.test by mail of: smtp://a:25",
	} {
		if events[i].Text != want {
			t.Errorf("%q, want %q", events[i].Text, want)
		}
	}
	if trail := st.ByID[1].Trail; len(trail) != 3 {
		t.Errorf("the entry tells of %d lines", len(trail))
	}
}

func TestAHostileLineOfWhatWasToldIsPrintable(t *testing.T) {
	_, _, events := folded("told {\"told\":{\"to\":\"a\\u001b[2J\",\"target\":\"t\",\"items\":[{\"event\":\"x\",\"what\":\"a\\nb\"}],\"failed\":\"\\u202e\"}}")
	if strings.ContainsAny(events[0].Text, "\n\x1b\u202e") {
		t.Errorf("%q", events[0].Text)
	}
}

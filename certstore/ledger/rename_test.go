package ledger

import (
	"strings"
	"testing"
)

func TestARenameTellsTheOldNameAndGivesTheNew(t *testing.T) {
	st, _, events := folded(`new {"entry":{"kind":"request","friendlyName":"old","thumbprint":"A1B2C3"}}` + "\n" +
		`rename {"ids":[1,77],"name":"new` + "\\u001b" + `"}` + "\n" + `rename {"ids":[1]}`)
	if got := st.ByID[1].FriendlyName; got != `new\u{1b}` || len(st.ByID[1].Trail) != 3 {
		t.Errorf("it is called %q after %d lines", got, len(st.ByID[1].Trail))
	}
	if got := events[1].Text; got != `renamed old (A1B2C3), entry 77 to new\u{1b}` {
		t.Error(got)
	}
	if len(st.Problems) != 1 || !strings.Contains(st.Problems[0], "line 3 of the journal (rename) gives no name") {
		t.Errorf("problems: %q", st.Problems)
	}
}

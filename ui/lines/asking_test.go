package lines_test

import (
	"strings"
	"testing"
)

// A port is asked by lines as it is on the desk: typed, or typed anew behind the answer.
func TestAnyPortIsAskedByLines(t *testing.T) {
	k := newTalk(t)
	got := k.says("ask a port", "127.0.0.1", "tls://127.0.0.1:1", "", "y", "another port", "", "", "y", "", "q")
	for _, want := range []string{"Which port is to be asked?", "Problem: 127.0.0.1 cannot be asked: it has no port",
		"tls://127.0.0.1:1 served no certificate: connection refused: nothing listens there.", "Next: Is the service running"} {
		if !strings.Contains(got, want) {
			t.Errorf("it does not say %q in\n%s", want, got)
		}
	}
	if n := strings.Count(got, "served no certificate"); n != 2 {
		t.Errorf("asked %d times:\n%s", n, got)
	}
}

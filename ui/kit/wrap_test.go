package kit

import (
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

// Whatever the width, no line is too long and no character is lost but the blanks at which it was broken.
func TestWrapLosesNothing(t *testing.T) {
	for _, text := range []string{
		"Once the request is removed no answer is accepted, until it is restored.",
		"CN=webmail.proexchange.global,OU=IT,O=Sunshine\\, Inc.,C=BE", strings.Repeat("a", 200),
		"/var/lib/certdesk/certs/72d91a0ca627cc3c15b43241f16bc66e66c1a.pem", "日本語の証明書 certificate 日本", "", " ", "-- .. //",
	} {
		for w := 1; w < 90; w++ {
			lines := Wrap(text, w)
			if got, want := strings.ReplaceAll(strings.Join(lines, ""), " ", ""), strings.ReplaceAll(text, " ", ""); got != want {
				t.Fatalf("%d cells: %q became %q", w, text, lines)
			}
			if w > 1 && slices.ContainsFunc(lines, func(l string) bool { return ansi.StringWidth(l) > w }) {
				t.Fatalf("%d cells: %q", w, lines)
			}
		}
	}
}

func TestWrapBreaksWhereAPersonWould(t *testing.T) {
	for _, test := range []struct {
		text string
		w    int
		want string
	}{
		{"one two three", 8, "one two|three"},
		{"send it to mail.proexchange.global now", 20, "send it to|mail.proexchange.|global now"},
		{"CN=ProExchange CA,O=ProExchange,C=BE", 31, "CN=ProExchange CA,|O=ProExchange,C=BE"},
		{"two\nlines", 20, "two|lines"},
		{"accepted, until", 8, "accepted|, until"},
	} {
		if got := strings.Join(Wrap(test.text, test.w), "|"); got != test.want {
			t.Errorf("Wrap(%q, %d) = %s, want %s", test.text, test.w, got, test.want)
		}
	}
}

package daemon

import (
	"fmt"
	"testing"
)

func TestListenersOfTheConfiguration(t *testing.T) {
	for text, want := range map[string]string{
		"smtp://127.0.0.1:25": "{smtp 127.0.0.1 25}", "imaps://[::1]:993": "{imaps ::1 993}", "https://mail.a.test:443": "{https mail.a.test 443}",
		"tls://voice_1.a.test:5061": "{tls voice_1.a.test 5061}", "sieve://a.test:4190": "{sieve a.test 4190}",
		"ftp://a:21": "", "tls://a": "", "smtp://:25": "", "smtp://a:99999": "", "smtp://a:0": "", "": "", "smtp://\x1b:25": "",
	} {
		l, err := ParseListener(text)
		if got := fmt.Sprint(l); err == nil && got != want || (err == nil) != (want != "") {
			t.Errorf("%q: %s %v", text, got, err)
		}
		if err == nil {
			if l.URL() != text {
				t.Errorf("%q comes back as %q", text, l.URL())
			}
		}
	}
}

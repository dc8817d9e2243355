package cli

import (
	"strings"
	"testing"
)

func TestFullNameComesFromTheHostsFile(t *testing.T) {
	for _, c := range []struct{ hosts, want string }{
		{"127.0.1.1 mail01.example.org mail01\n", "mail01.example.org"},
		{"127.0.0.1 localhost.localdomain localhost mail01\n10.0.0.5 MAIL01 mail01.example.org # here\n", "mail01.example.org"},
		{"10.0.0.5 other.example.org other\n#10.0.0.6 mail01.example.org mail01\n", "mail01"},
		{"", "mail01"},
	} {
		if got := fullName("mail01", strings.NewReader(c.hosts)); got != c.want {
			t.Errorf("%q: %s, want %s", c.hosts, got, c.want)
		}
	}
}

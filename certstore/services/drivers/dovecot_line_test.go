package drivers

import "testing"

func TestDovecotLines(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ text, key, value, stands string }{
		{"ssl_cert = </a.pem\n", "ssl_cert", "</a.pem", "</a.pem"},
		{"  ssl_cert=</a b.pem \t# c\r\n", "ssl_cert", "</a b.pem", "</a b.pem"},
		{"ssl_cert = \\\n  </a.pem\n", "ssl_cert", "</a.pem", "</a.pem"},
		{"a = \"x # y\" # z\n", "a", "\"x # y\"", "\"x # y\""},
		{"ssl_alt_cert =\n", "ssl_alt_cert", "", ""},
		{"# \\\nssl_cert = x", "", "", ""},
		{"local_name \"a b\" {\n", "local_name", "a b", ""},
		{"local_name 'a' {\n", "local_name", "'a'", ""},
	} {
		l := dovecotLine(c.text, 0)
		st := l.statement()
		if st.key != c.key || st.value != c.value {
			t.Errorf("%q: %+v", c.text, st)
		}
		if st.kind != stSetting {
			continue
		}
		if from, to := l.span(st); c.text[from:to] != c.stands {
			t.Errorf("%q stands at %q", c.text, c.text[from:to])
		}
	}
}

package daemon

import "testing"

func TestWhatIsOneService(t *testing.T) {
	web := func(config, name string, listen ...string) Instance {
		return Instance{Use: "IIS", Driver: "nginx", Config: config, Name: name, Listen: listen}
	}
	const conf = "/etc/nginx/nginx.conf"
	for _, c := range []struct {
		name string
		a, b Instance
		same bool
	}{
		{"the same", web(conf, ""), web(conf, ""), true},
		{"a path written otherwise", web(conf, ""), web("/etc/nginx/../nginx/nginx.conf", ""), true},
		{"another configuration", web(conf, ""), web("/etc/nginx2/nginx.conf", ""), false},
		{"another name", web(conf, "a.test"), web(conf, "b.test"), false},
		{"case of the name", web(conf, "a.test"), web(conf, "A.test"), true},
		{"ports that differ", web(conf, "", "https://127.0.0.1:443"), web(conf, "", "https://127.0.0.1:4443"), false},
		{"addresses that differ", web(conf, "", "https://127.0.0.1:443"), web(conf, "", "https://127.0.0.2:443"), false},
		{"a port more", web(conf, "", "https://127.0.0.1:443"), web(conf, "", "https://127.0.0.1:443", "https://127.0.0.1:4443"), true},
		{"all ports, then one", web(conf, ""), web(conf, "", "https://127.0.0.1:4443"), true},
		{"another use", Instance{Use: "IMAP", Driver: "dovecot"}, Instance{Use: "POP", Driver: "dovecot"}, false},
		{"case of the use", Instance{Use: "imap", Driver: "dovecot"}, Instance{Use: "IMAP", Driver: "dovecot"}, true},
		{"another directory", Instance{Driver: "command", Install: "/a"}, Instance{Driver: "command", Install: "/b"}, false},
	} {
		if c.a.Same(c.b) != c.same || c.b.Same(c.a) != c.same {
			t.Errorf("%s: %v, want %v", c.name, !c.same, c.same)
		}
	}
}

package port

import "testing"

func TestPortsAreReadInEveryForm(t *testing.T) {
	for text, want := range map[string]string{
		"mail.example.org:25":               "smtp://mail.example.org:25",
		"mail:024":                          "tls://mail:24",
		"mail:24":                           "lmtp://mail:24",
		"mail:4190":                         "sieve://mail:4190",
		"sieve://mail":                      "sieve://mail:4190",
		"tls://voice_1.example.test:5061":   "tls://voice_1.example.test:5061",
		"smtp://_dmz.Example.test.:25":      "smtp://_dmz.example.test:25",
		"[fe80::1%eth0]:25":                 "smtp://[fe80::1%eth0]:25",
		"lmtp://127.0.0.1:24":               "lmtp://127.0.0.1:24",
		"https://xn--bcher-kva.example:443": "https://xn--bcher-kva.example:443",
	} {
		got, err := Parse(text)
		if err != nil || got.String() != want {
			t.Errorf("%s: %s %v, want %s", text, got, err, want)
		}
	}
}

func TestARefusalSaysWhatIsWrong(t *testing.T) {
	for text, want := range map[string]string{
		"mail":                    "it has no port",
		"tls://mail":              "it has no port, and tls has no usual one",
		":25":                     "it has no host",
		"smtp://:25":              "it has no host",
		"ftp://mail:21":           "the scheme must be one of " + Schemes,
		"mail:70000":              "the port must be a number from 1 to 65535",
		"*.example.org:25":        "that is not a host",
		"a b:25":                  "that is not a host",
		"bücher_1.example:25":     "a host name with an underscore must be plain ASCII",
		"smtp://u:p@mail:25":      "it is more than scheme, host and port",
		"smtp://mail:25/over/it":  "it is more than scheme, host and port",
		"smtp://-mail_x.test.:25": "that is not a host",
	} {
		if got, err := Parse(text); err == nil || err.Error() != want {
			t.Errorf("%s: %s, %v, want %q", text, got, err, want)
		}
	}
}

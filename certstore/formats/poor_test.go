package formats

import "testing"

func TestPoorPasswordsAreTold(t *testing.T) {
	for password, poor := range map[string]bool{
		"password": true, "Password2026!": true, "changeit": true, "x": true, "Tr0ub4d": true, "aaaaaaaaaaaaaaaa": true,
		"1234567890": true, "Exchange2019": true, "日本語のパスワード": true,
		"correct horse 7": false, "passwords are a nuisance": false, "0123 abcd efgh": false, "日本語のパスワード長いもの": false,
	} {
		if got := PoorPassword([]byte(password)); (got != "") != poor {
			t.Errorf("%q: %q", password, got)
		}
	}
	if got := PoorPassword([]byte(GeneratePassword())); got != "" {
		t.Errorf("one that was made up: %q", got)
	}
}

package formats

import (
	"strings"
	"testing"

	"certdesk/certstore/fail"
)

// TestReadPassword gives the password that was typed, however the file with it was saved.
func TestReadPassword(t *testing.T) {
	cases := []struct{ name, file, want string }{
		{"nothing", "", ""},
		{"no newline", "secret", "secret"},
		{"a newline", "secret\n", "secret"},
		{"a line of Windows", "secret\r\n", "secret"},
		{"blanks stay", " secret \n", " secret "},
		{"a byte order mark", "\xef\xbb\xbfsecret\r\n", "secret"},
		{"UTF-16, the low byte first", "\xff\xfes\x00\xe9\x00\r\x00\n\x00", "s\u00e9"},
		{"UTF-16, the high byte first", "\xfe\xff\x00s\x00\xe9\x00\n", "s\u00e9"},
		{"UTF-16 without a mark, low byte first", "s\x00e\x00\n\x00", "se"},
		{"UTF-16 without a mark, high byte first", "\x00s\x00e\x00\n", "se"},
		{"UTF-16 beyond the first plane", "\xff\xfe\x3d\xd8\x00\xde", "\U0001f600"},
		{"Latin-1 stays as it is", "s\xe9cret\n", "s\xe9cret"},
		{"UTF-8 stays as it is", "s\u00e9cret\n", "s\u00e9cret"},
	}
	for _, c := range cases {
		got, err := ReadPassword(strings.NewReader(c.file))
		if err != nil || string(got) != c.want || got == nil {
			t.Errorf("%s: %q, error %v; want %q", c.name, got, err, c.want)
		}
	}
}

// TestReadPasswordRefuses what is no password, and says nothing of what is in it.
func TestReadPasswordRefuses(t *testing.T) {
	cases := []struct {
		name, file string
		code       fail.Code
	}{
		{"too long", strings.Repeat("x", maxPassword+1), fail.LimitExceeded},
		{"UTF-32", "s\x00\x00\x00e\x00\x00\x00", fail.UnsupportedFormat},
		{"an odd number of bytes of UTF-16", "\xff\xfes\x00e", fail.UnsupportedFormat},
		{"an empty second line", "secret\n\n", fail.UnsupportedFormat},
		{"two passwords", "secret\nother\n", fail.UnsupportedFormat},
		{"lines of an old Mac", "secret\rother", fail.UnsupportedFormat},
		{"zeros after a crash", "secret\n\x00\x00\x00", fail.UnsupportedFormat},
	}
	for _, c := range cases {
		_, err := ReadPassword(strings.NewReader(c.file))
		if !fail.Is(err, c.code) || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: error %v, want %s", c.name, err, c.code)
		}
	}
}

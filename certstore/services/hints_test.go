package services

import "testing"

// What a program says of its own help is never why it failed.
func TestTheReasonIsNotThatThereIsHelp(t *testing.T) {
	for stderr, want := range map[string]string{
		"chmod: missing operand\nTry 'chmod --help' for more information.\n": "chmod: missing operand",
		"usage: voiced [--check]\n":                                           "",
		"voiced: no such file\nUsage: voiced [--check] FILE\n":                "voiced: no such file",
		"nginx: [emerg] bind() failed\nnginx: configuration file test failed": "nginx: [emerg] bind() failed",
	} {
		if got := (Output{Exit: 1, Stderr: stderr}).reason(); got != want {
			t.Errorf("%q: %q, want %q", stderr, got, want)
		}
	}
}

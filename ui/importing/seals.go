package importing

import (
	"slices"

	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
)

// seals remembers which protected file is asked about, the passwords that opened others, and which files were left out.
type seals struct {
	passwords [][]byte
	label     string // the file whose password is asked for, or ""
	trying    bool   // the last of the passwords has not opened anything yet
	left      []string
}

var errLeftOut = fail.New(fail.PasswordNeeded, "import it again when you have its password",
	"left out: it is protected, and no password was given")

// try adds a password, to be tried on every file that wants one.
func (s *seals) try(password []byte) {
	s.passwords, s.trying = append(slices.Clone(s.passwords), password), true
}

// leave gives up on the file that is asked about.
func (s *seals) leave() { s.left = append(s.left, s.label) }

// next gives the first file that no password has opened, "" if there is none. Those left out say so from then on. A
// password that did not open the file it was typed for is forgotten.
func (s *seals) next(groups []importing.Group) string {
	before := s.label
	s.label = ""
	for i := range groups {
		g := &groups[i]
		switch {
		case !fail.Is(g.Err, fail.PasswordNeeded) && !fail.Is(g.Err, fail.WrongPassword):
		case slices.Contains(s.left, g.From[0]):
			g.Err = errLeftOut
		case s.label == "":
			s.label = g.From[0]
		}
	}
	if s.trying && s.label == before {
		last := len(s.passwords) - 1
		clear(s.passwords[last])
		s.passwords = s.passwords[:last]
	}
	s.trying = false
	return s.label
}

// forget overwrites the passwords.
func (s *seals) forget() {
	for _, password := range s.passwords {
		clear(password)
	}
	*s = seals{}
}

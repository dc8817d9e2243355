package importing

import (
	"slices"
	"strconv"

	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
)

// seals remembers which protected file is asked about, the passwords that opened others, and which files were left out.
type seals struct {
	passwords [][]byte
	label     string // the file whose password is asked for, or ""
	trying    bool   // the last of the passwords has not opened anything yet
	wrong     int    // how many were tried on that file in vain
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
	if s.label != before {
		s.wrong = 0
	}
	if s.trying && s.label == before {
		s.wrong++
		last := len(s.passwords) - 1
		clear(s.passwords[last])
		s.passwords = s.passwords[:last]
	}
	s.trying = false
	return s.label
}

// refusal says that the password that was tried last does not open the file, and how many that were.
func (s *seals) refusal() string {
	return "wrong password, " + ordinal(s.wrong) + " try of this file: type it again; if it is right, the file is damaged"
}

// ordinal is 1st, 2nd, 3rd, 4th and so on.
func ordinal(n int) string {
	ending := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			ending = "st"
		case 2:
			ending = "nd"
		case 3:
			ending = "rd"
		}
	}
	return strconv.Itoa(n) + ending
}

// forget overwrites the passwords.
func (s *seals) forget() {
	for _, password := range s.passwords {
		clear(password)
	}
	*s = seals{}
}

package importing

import (
	"slices"

	"certdesk/certstore/fail"
)

// Seals remembers, while a person is asked for passwords, which protected file is asked about, how often in vain, the
// passwords that opened others, and which files were left out. The zero value has asked nothing yet.
type Seals struct {
	Passwords [][]byte // those that opened something, and one that is being tried
	Label     string   // the file whose password is asked for, or ""
	Wrong     int      // how many were tried on that file in vain
	Most      int      // how many are, before the file is given up; 0 for any number

	trying bool // the last of the passwords has not opened anything yet
	sealed int  // files that wanted one when it was asked for
	left   []string
	spent  []string // files on which Most were tried
}

var errLeftOut = fail.New(fail.PasswordNeeded, "import it again when you have its password",
	"left out: it is protected, and no password was given")

// Try adds a password, to be tried on every file that wants one.
func (s *Seals) Try(password []byte) {
	s.Passwords, s.trying = append(slices.Clone(s.Passwords), password), true
}

// Leave gives up on the file that is asked about.
func (s *Seals) Leave() { s.left = append(s.left, s.Label) }

// Next gives the first file that no password has opened, "" if there is none. Those left out say so from then on. A
// password that opened nothing is forgotten.
func (s *Seals) Next(groups []Group) string {
	before, sealed := s.Label, countSealed(groups)
	s.Label = s.first(groups)
	switch {
	case s.Label != before:
		s.Wrong = 0
	case s.trying:
		s.Wrong++
	}
	if s.trying && sealed == s.sealed {
		last := len(s.Passwords) - 1
		clear(s.Passwords[last])
		s.Passwords = s.Passwords[:last]
	}
	s.trying, s.sealed = false, sealed
	if s.Label != "" && s.Wrong == s.Most && s.Most > 0 {
		s.spent, s.Wrong = append(s.spent, s.Label), 0
		s.Label = s.first(groups)
	}
	return s.Label
}

// first is the first file to ask about.
func (s *Seals) first(groups []Group) (label string) {
	for i := range groups {
		g := &groups[i]
		switch {
		case !Sealed(*g) || slices.Contains(s.spent, g.From[0]):
		case slices.Contains(s.left, g.From[0]):
			g.Err = errLeftOut
		case label == "":
			label = g.From[0]
		}
	}
	return label
}

func countSealed(groups []Group) (n int) {
	for _, g := range groups {
		if Sealed(g) {
			n++
		}
	}
	return n
}

// Sealed says that a group is a file which wants a password.
func Sealed(g Group) bool {
	return fail.Is(g.Err, fail.PasswordNeeded) || fail.Is(g.Err, fail.WrongPassword)
}

// Forget overwrites the passwords.
func (s *Seals) Forget() {
	for _, password := range s.Passwords {
		clear(password)
	}
	*s = Seals{Most: s.Most}
}

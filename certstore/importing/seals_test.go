package importing

import (
	"slices"
	"testing"

	"certdesk/certstore/fail"
)

// sealedBy are groups of files that a password opens, as a store finds them after some were tried.
func sealedBy(passwords [][]byte, files ...string) (groups []Group) {
	for _, file := range files {
		g := Group{From: []string{file}}
		if !slices.ContainsFunc(passwords, func(p []byte) bool { return string(p) == "of "+file }) {
			g.Err = fail.New(fail.WrongPassword, "", "%s is protected", file)
		}
		groups = append(groups, g)
	}
	return groups
}

func TestPasswordsAreCountedForEachFile(t *testing.T) {
	s := Seals{Most: 2}
	asked := []string{}
	for _, answer := range []string{"no", "of b", "of a", "never", "reached"} {
		label := s.Next(sealedBy(s.Passwords, "a", "b", "c"))
		if label == "" {
			break
		}
		asked = append(asked, label+"123"[s.Wrong:s.Wrong+1])
		s.Try([]byte(answer))
	}
	// The second one is wrong for a and opens b: a is given up, b is not asked about; the third opens a after all.
	if want := []string{"a1", "a2", "c1", "c2"}; !slices.Equal(asked, want) {
		t.Errorf("asked %v, want %v", asked, want)
	}
}

func TestAPasswordThatOpenedNothingIsForgotten(t *testing.T) {
	var s Seals
	s.Next(sealedBy(nil, "a", "b"))
	wrong := []byte("no")
	s.Try(wrong)
	if s.Next(sealedBy(s.Passwords, "a", "b")) != "a" || s.Wrong != 1 || len(s.Passwords) != 0 || wrong[0] != 0 {
		t.Errorf("a wrong one is kept: %+v", s)
	}
	s.Try([]byte("of a"))
	if s.Next(sealedBy(s.Passwords, "a", "b")) != "b" || s.Wrong != 0 || len(s.Passwords) != 1 {
		t.Errorf("%+v", s)
	}
	s.Leave()
	groups := sealedBy(s.Passwords, "a", "b")
	if s.Next(groups) != "" || groups[1].Err != error(errLeftOut) {
		t.Errorf("%v", groups[1].Err)
	}
}

package names

import "strings"

// Shown is a name as people write it and as it is stored, where the two differ, such as
// "münchen.example (xn--mnchen-3ya.example)".
// One that would not come back to itself, or that Normalize refuses for its mixed letters, stays as it is stored.
func Shown(name string) string {
	if !strings.Contains(name, "xn--") {
		return name
	}
	written, err := toASCII.ToUnicode(name)
	if err != nil || written == name {
		return name
	}
	if back, err := Normalize(written); err != nil || back.Value != name {
		return name
	}
	return written + " (" + name + ")"
}

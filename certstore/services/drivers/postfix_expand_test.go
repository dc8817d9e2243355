package drivers

import "testing"

// TestExpansionIsPostfixs: the values right are those of postconf -x and -Px of Postfix 3.7.
func TestExpansionIsPostfixs(t *testing.T) {
	set := map[string]string{"a": "/a", "b": "$a/b", "empty": "", "round": "$round", "twice": "$twice$twice", "deep": "${empty:${b}}"}
	for _, c := range []struct{ text, want, strange string }{
		{"", "", ""},
		{"plain", "plain", ""},
		{"$a", "/a", ""},
		{"${a}.pem, $(b)", "/a.pem, /a/b", ""},
		{"$a/$b", "/a//a/b", ""},
		{"$$x", "$x", ""},
		{"${a?yes}${empty?no}", "yes", ""},
		{"${a:no}${empty:yes}", "yes", ""},
		{"${nothing:/default}", "/default", ""},
		{"${nothing?{/x}:{/y}}", "/y", ""},
		{"${a ? {/x y} : {/z}}", "/x y", ""},
		{"${a?{$b}:{$nothing}}", "/a/b", ""},
		{"$deep", "/a/b", ""},
		{"$nothing", "", "$nothing"},
		{"${{$a} == {/a} ? {x} : {y}}", "", "${{$a} == {/a} ? {x} : {y}}"},
		{"${a", "", "${a"},
		{"$", "", "$"},
		{"$round", "", "values that name each other"},
		{"$twice", "", "values that name each other"},
	} {
		x := expansion{value: func(name string) (string, bool) { v, ok := set[name]; return v, ok }}
		got, strange := x.expand(c.text), ""
		if len(x.strange) > 0 {
			strange = x.strange[0]
		}
		if got != c.want || strange != c.strange {
			t.Errorf("%q is %q (%q), want %q (%q)", c.text, got, strange, c.want, c.strange)
		}
	}
}

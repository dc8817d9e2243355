package theme

import (
	"reflect"
	"regexp"
	"testing"

	"github.com/charmbracelet/lipgloss"
)

func env(pairs map[string]string) func(string) string {
	return func(name string) string { return pairs[name] }
}

// painted is every style of a theme on one word.
func painted(s Styles) string {
	out := ""
	for _, style := range []Style{s.Title, s.Text, s.Muted, s.Accent, s.Good, s.Warn, s.Bad, s.Selected, s.Key, s.Border, s.Focus, s.Error, s.Label} {
		out += style.Render("word")
	}
	return out
}

var (
	colour     = regexp.MustCompile(`\x1b\[(\d+;)*(3[0-9]|9[0-7])m`)
	background = regexp.MustCompile(`\x1b\[(\d+;)*(4[0-9]|10[0-7]|38;|48;)`)
)

// NO_COLOR and mono show no colour, and still tell meanings apart by weight.
func TestNoColourMeansNone(t *testing.T) {
	for name, s := range map[string]Styles{
		"NO_COLOR": New("dark", env(map[string]string{"NO_COLOR": "1"})),
		"mono":     New("mono", env(nil)),
	} {
		out := painted(s)
		if colour.MatchString(out) {
			t.Errorf("%s: %q", name, out)
		}
		if s.Bad.Render("x") == "x" || s.Selected.Render("x") == "x" {
			t.Errorf("%s: nothing stands out", name)
		}
	}
	if !colour.MatchString(painted(New("dark", env(map[string]string{"NO_COLOR": ""})))) {
		t.Error("an empty NO_COLOR takes the colours away")
	}
}

// No theme sets a background or a colour beyond the sixteen.
func TestOnlySixteenColoursAndNoBackground(t *testing.T) {
	for _, name := range []string{"auto", "light", "dark", "mono"} {
		if out := painted(New(name, env(nil))); background.MatchString(out) {
			t.Errorf("%s: %q", name, out)
		}
	}
}

func TestAutoFollowsTheTerminal(t *testing.T) {
	for fgbg, want := range map[string]palette{
		"": onBoth, "15;0": onDark, "0;15": onLight, "0;default;15": onLight, "7;8": onDark, "12;7": onLight, "junk": onBoth, "15": onBoth,
	} {
		if got := backgroundOf(fgbg); got != want {
			t.Errorf("COLORFGBG=%q: %+v, want %+v", fgbg, got, want)
		}
	}
}

// Signs are ASCII unless the locale is UTF-8 and the terminal surely draws them one cell wide.
func TestSignsFollowTheLocale(t *testing.T) {
	for _, test := range []struct {
		env  map[string]string
		want Glyphs
	}{
		{nil, ascii},
		{map[string]string{"LANG": "C"}, ascii},
		{map[string]string{"LANG": "en_GB.UTF-8"}, unicode},
		{map[string]string{"LANG": "C.utf8"}, unicode},
		{map[string]string{"LANG": "en_GB.UTF-8", "LC_ALL": "C"}, ascii},
		{map[string]string{"LC_CTYPE": "de_DE.UTF-8", "LANG": "C"}, unicode},
		{map[string]string{"LANG": "en_GB.UTF-8", "TERM": "linux"}, ascii},
		{map[string]string{"LANG": "ja_JP.UTF-8"}, ascii},
	} {
		if got := New("dark", env(test.env)).Glyphs; got != test.want {
			t.Errorf("%v: %+v", test.env, got)
		}
	}
}

func TestEverySignIsOneCell(t *testing.T) {
	for _, g := range []Glyphs{ascii, unicode} {
		v := reflect.ValueOf(g)
		for i := range v.NumField() {
			signs := []string{}
			switch v.Field(i).Kind() {
			case reflect.String:
				signs = append(signs, v.Field(i).String())
			case reflect.Array:
				for j := range v.Field(i).Len() {
					signs = append(signs, v.Field(i).Index(j).String())
				}
			}
			for _, sign := range signs {
				if lipgloss.Width(sign) != 1 {
					t.Errorf("%s is %q", v.Type().Field(i).Name, sign)
				}
			}
		}
	}
}

// The row under the cursor has a background where the terminal says that it has 256 colours, and never without colours.
func TestARowKeepsItsColoursWhereThereAre256(t *testing.T) {
	for _, test := range []struct {
		theme string
		env   map[string]string
		want  bool
	}{
		{"dark", nil, false},
		{"dark", map[string]string{"TERM": "xterm"}, false},
		{"dark", map[string]string{"TERM": "linux"}, false},
		{"dark", map[string]string{"TERM": "screen-256color"}, true},
		{"auto", map[string]string{"TERM": "xterm-kitty"}, true},
		{"light", map[string]string{"TERM": "xterm", "COLORTERM": "truecolor"}, true},
		{"mono", map[string]string{"TERM": "xterm-256color"}, false},
		{"dark", map[string]string{"TERM": "xterm-256color", "NO_COLOR": "1"}, false},
	} {
		if got := New(test.theme, env(test.env)).Row.On != ""; got != test.want {
			t.Errorf("%s with %v: a background is %v", test.theme, test.env, got)
		}
	}
}

package evidence

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"

	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// spelling shows an international name both ways, and warns of what may not be what it looks like.
func (s *search) spelling(n names.Name) {
	base := strings.TrimPrefix(n.Value, "*.")
	if !strings.Contains("."+base, ".xn--") {
		return
	}
	shown, err := idna.Lookup.ToUnicode(base)
	if err != nil {
		s.say(trust.Warning, "idn-invalid", "%s is no valid international name: browsers and CAs refuse it", n.Value)
		return
	}
	s.say(trust.Info, "idn", "%s is %s in letters", n.Value, shown)
	for _, label := range strings.Split(shown, ".") {
		if scripts := mixed(label); scripts != "" {
			s.say(trust.Warning, "mixed-scripts", "%s mixes %s letters, which look alike: most CAs refuse it", label, scripts)
		}
	}
}

// alike are the scripts of which letters look like those of another.
var alike = []struct {
	name  string
	table *unicode.RangeTable
}{{"Latin", unicode.Latin}, {"Greek", unicode.Greek}, {"Cyrillic", unicode.Cyrillic}, {"Armenian", unicode.Armenian}}

// mixed names the scripts of a label where there are several that look alike.
func mixed(label string) string {
	var found []string
	for _, script := range alike {
		if strings.ContainsFunc(label, func(r rune) bool { return unicode.Is(script.table, r) }) {
			found = append(found, script.name)
		}
	}
	if len(found) < 2 {
		return ""
	}
	return joined(found)
}

func joined(list []string) string {
	if len(list) == 1 {
		return list[0]
	}
	return strings.Join(list[:len(list)-1], ", ") + " and " + list[len(list)-1]
}

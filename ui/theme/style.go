package theme

import "strings"

// Style is how a line of text looks. Its sequences are made once: a frame has a thousand pieces, and lipgloss, which
// would make them for each, took half of the time between a key and its frame. The zero Style is plain text.
type Style struct {
	on                   string // what begins it; "" for plain text
	colour               string // the SGR parameter of one of the sixteen, or ""
	bold, faint, reverse bool
}

// StyleEnd ends a style.
const StyleEnd = "\x1b[0m"

// Render is a text in this style.
func (s Style) Render(text string) string {
	if s.on == "" || text == "" {
		return text
	}
	return s.on + text + StyleEnd
}

// Strong is the style in bold.
func (s Style) Strong() Style {
	s.bold, s.faint = true, false
	return s.made()
}

// made is the style with the sequence that begins it.
func (s Style) made() Style {
	var parameters []string
	for _, p := range []struct {
		is   bool
		code string
	}{{s.bold, "1"}, {s.reverse, "7"}, {s.faint, "2"}, {s.colour != "", s.colour}} {
		if p.is {
			parameters = append(parameters, p.code)
		}
	}
	s.on = ""
	if len(parameters) > 0 {
		s.on = "\x1b[" + strings.Join(parameters, ";") + "m"
	}
	return s
}

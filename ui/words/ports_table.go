package words

import (
	"crypto/x509"
	"math"
	"sort"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Ports draws ports with what they serve; entries, in order of id, give what is served its name.
type Ports struct {
	Styles  theme.Styles
	Entries []certstore.Entry
	Now     time.Time

	ReadOnly bool // nothing can be done with certdesk here
}

// find finds an entry by id; nil if there is none.
func (t Ports) find(id int64) *certstore.Entry { return FindIn(t.Entries, id) }

// FindIn finds an entry by id in a list in order of id, without a copy; nil if there is none.
func FindIn(entries []certstore.Entry, id int64) *certstore.Entry {
	i := sort.Search(len(entries), func(i int) bool { return entries[i].ID >= id })
	if i == len(entries) || entries[i].ID != id {
		return nil
	}
	return &entries[i]
}

// portLook is the sign, the word and the style of what a port serves.
func portLook(st theme.Styles, p enabling.Port) (sign, word string, style theme.Style) {
	if p.Right() {
		return st.Glyphs.Good, p.Word(), st.Good
	}
	return st.Glyphs.Bad, p.Word(), st.Bad
}

// portAt is where a port is, the name that is asked for, and the kind of key where there are two.
func portAt(p enabling.Port) string {
	parts := []string{p.Listen}
	for _, part := range []string{p.Name, string(p.Key)} {
		if part != "" {
			parts = append(parts, part)
		}
	}
	return kit.Printable(strings.Join(parts, " "))
}

// Lines are ports, a line each, in columns. Of a place in a narrow table its beginning is seen, the port's number in
// any case; what is served gives way to it.
func (t Ports) Lines(ports []enabling.Port, word, w int, below ...portBelow) (lines []string) {
	c := portColumns{word: word, at: 20}
	least := c.at
	for _, p := range ports {
		c.at, least = max(c.at, kit.Width(portAt(p))), max(least, kit.Width(kit.Printable(p.Listen))+1)
	}
	c.at = min(c.at, max(least, w-c.start()-t.leastServed(ports)))
	for _, p := range ports {
		lines = append(lines, t.line(p, c, w)...)
		for _, say := range below {
			lines = append(lines, say(p, strings.Repeat(" ", c.start()), w)...)
		}
	}
	return lines
}

// Stacked are ports in a narrow column, w cells wide: where a port is, and below it what it serves.
func (t Ports) Stacked(ports []enabling.Port, w int) (lines []string) {
	for _, p := range ports {
		sign, word, style := portLook(t.Styles, p)
		lines = append(lines, kit.Cut(style.Render(sign)+" "+portAt(p), w, t.Styles.Glyphs.Ellipsis))
		text := word + ": " + t.shouldBe(p)
		if p.Right() {
			text = word + ": " + t.servedBy(p, math.MaxInt)
		}
		lines = append(lines, Indented(t.Styles.Text, text, "  ", "  ", w+2)...)
	}
	return lines
}

// portBelow says more of a port below its line, behind a lead, w cells wide.
type portBelow func(p enabling.Port, lead string, w int) []string

// WidestWord is the width of the widest word of some ports.
func WidestWord(ports []enabling.Port) (w int) {
	for _, p := range ports {
		w = max(w, kit.Width(p.Word()))
	}
	return w
}

// portColumns are the widths of the words and of the places of a table of ports.
type portColumns struct{ word, at int }

// start is where the places begin.
func (c portColumns) start() int { return 7 + c.word }

// leastServed is what a long place leaves for what is served: the widest end of it, with its time where that is near.
func (t Ports) leastServed(ports []enabling.Port) (w int) {
	for _, p := range ports {
		if p.Report.Served() {
			w = max(w, kit.Width("  until "+Day(p.Report.Leaf.NotAfter, t.Now)))
		}
	}
	return w
}

// line is a port in one line, and what is wrong there below it.
func (t Ports) line(p enabling.Port, c portColumns, w int) []string {
	st := t.Styles
	sign, word, style := portLook(st, p)
	line := "   " + style.Render(sign+" "+kit.Pad(word, c.word)) + "  " +
		kit.Pad(kit.Cut(portAt(p), c.at, st.Glyphs.Ellipsis), c.at) + "  "
	lines := []string{kit.Cut(line+t.servedBy(p, w-kit.Width(line)), w, st.Glyphs.Ellipsis)}
	if !p.Right() {
		lead := strings.Repeat(" ", c.start())
		lines = append(lines, Indented(st.Text, Stop(t.shouldBe(p)), lead, lead, w)...)
	}
	return lines
}

// servedBy names what is served, in w cells: an entry by its name, else by what is on the certificate. The day says
// which of two of one name it is, so the name gives way.
func (t Ports) servedBy(p enabling.Port, w int) string {
	name, until, rest := "", "", ""
	switch e := t.find(p.Served); {
	case e != nil && p.Served != 0:
		name, until = Title(*e), Day(e.NotAfter, t.Now)
	case !p.Report.Served():
		return "-"
	default:
		name, until, rest = kit.Printable(leafName(p.Report.Leaf)), Day(p.Report.Leaf.NotAfter, t.Now), " (not in the store)"
	}
	until = "until " + until
	if kit.Width(name+", "+until+rest) <= w {
		return name + ", " + until + rest
	}
	if room := w - kit.Width(", "+until); room >= leastName {
		return kit.Cut(name, room, t.Styles.Glyphs.Ellipsis) + ", " + until
	}
	return until
}

// leastName is how much of a name is worth being seen.
const leastName = 6

// Advice is why a port does not serve what it should, and what puts that right.
func (t Ports) Advice(p enabling.Port, lead string, w int) (lines []string) {
	a := p.Advice(t.expectedAt(p))
	if t.ReadOnly && a.Do != "" && Orders(a) {
		a.Do = OthersAct
	}
	for _, text := range []string{a.Why, a.Do} {
		if text != "" && !(p.Good() && text == p.DiskFault()) { // which the line above says
			lines = append(lines, Indented(t.Styles.Text, kit.Printable(Stop(SentenceCase(text))), lead, lead, w)...)
		}
	}
	return lines
}

// expectedAt is the entry that a port should serve, nil where the store does not have it.
func (t Ports) expectedAt(p enabling.Port) *certstore.Entry {
	if p.Bound != 0 {
		return t.find(p.Bound)
	}
	for i, e := range t.Entries {
		if e.SHA256 == p.Expected && p.Expected != "" && !IsStranger(e) {
			return &t.Entries[i]
		}
	}
	return nil
}

// leafName is what a certificate is for, in a word.
func leafName(leaf *x509.Certificate) string {
	if len(leaf.DNSNames) > 0 {
		return leaf.DNSNames[0]
	}
	return leaf.Subject.CommonName
}

// shouldBe says what is wrong at a port and what should be there.
func (t Ports) shouldBe(p enabling.Port) string {
	text := p.Trouble(t.Now)
	if e := t.find(p.Bound); e != nil && p.Bound != 0 && !p.Good() {
		text += "; it should be " + Title(*e) + ", until " + Day(e.NotAfter, t.Now)
	}
	return text
}

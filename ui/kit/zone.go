package kit

import (
	"strconv"
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// Zone names a text, so that a press of the mouse finds by the frame what was drawn there, wherever that was laid out.
// What marks it is a sequence that takes no cell; the app takes all of them off (Unzoned) before a terminal sees any.
func Zone(name, text string) string { return zoneMark(name) + text + zoneMark("") }

// VerbZone is the zone of a verb's key.
func VerbZone(v Verb, text string) string { return Zone("key:"+v.Keys[0], text) }

// ClickMsg is a press on a zone that the screen itself knows what to do with.
type ClickMsg struct{ Zone string }

// Number is that of a zone of a kind, such as 12 of "row:12"; false for a zone of another kind.
func (m ClickMsg) Number(kind string) (int64, bool) {
	digits, is := strings.CutPrefix(m.Zone, kind+":")
	n, err := strconv.ParseInt(digits, 10, 64)
	return n, is && err == nil
}

// VerbMsg does what a verb without a key does.
type VerbMsg struct{ ID VerbID }

// WheelMsg moves what is seen by a number of lines.
type WheelMsg struct{ By int }

// What a mark begins and ends with; no sequence that a terminal obeys does.
const (
	zoneBegin = "\x1b[>"
	zoneEnd   = "z"
)

// zoneMark begins a zone; without a name it ends the one that began last.
func zoneMark(name string) string {
	var b strings.Builder
	b.WriteString(zoneBegin)
	for i, c := range []byte(name) {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(strconv.Itoa(int(c)))
	}
	return b.String() + zoneEnd
}

// Unzoned is a frame without the marks of its zones.
func Unzoned(frame string) string {
	var b strings.Builder
	for {
		before, mark, found := strings.Cut(frame, zoneBegin)
		b.WriteString(before)
		if !found {
			return b.String()
		}
		_, frame, _ = strings.Cut(mark, zoneEnd)
	}
}

// ZoneAt is the name of the innermost zone at a cell of a frame, "" where there is none.
func ZoneAt(frame string, x, y int) string {
	lines := strings.Split(frame, "\n")
	if y < 0 || y >= len(lines) {
		return ""
	}
	open, line, at := []string{""}, lines[y], 0
	for state := byte(0); line != ""; {
		text, cells, n, next := ansi.DecodeSequence(line, state, nil)
		name, mark := zoneNamed(text)
		switch {
		case mark && name == "":
			open = open[:max(1, len(open)-1)]
		case mark:
			open = append(open, name)
		case x < at+cells:
			return open[len(open)-1]
		}
		at += cells
		state, line = next, line[n:]
	}
	return ""
}

// zoneNamed reads a mark; false for any other text.
func zoneNamed(text string) (name string, is bool) {
	inner, is := strings.CutPrefix(text, zoneBegin)
	if !is {
		return "", false
	}
	var b strings.Builder
	for code := range strings.SplitSeq(strings.TrimSuffix(inner, zoneEnd), ";") {
		if c, err := strconv.Atoi(code); err == nil {
			b.WriteByte(byte(c))
		}
	}
	return b.String(), true
}

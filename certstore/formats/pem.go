package formats

import (
	"bytes"
	"strings"
)

// block is one PEM block: its label, its headers if it has any, and its content.
type block struct {
	label   string
	headers string
	der     []byte
	bad     string // why the content is none, "" if it is
}

// splitPEM gives all blocks of text, in order, and notes on what was repaired. Unlike encoding/pem it passes
// over no damaged block in silence: half a chain is worse than an error.
func splitPEM(text []byte) (blocks []block, notes []string, err error) {
	var said noteSet
	for all := text; ; {
		start := bytes.Index(text, pemBegin)
		if start < 0 {
			return blocks, said.notes, nil
		}
		before := all[:len(all)-len(text)+start]
		said.addPrefix(lineBefore(text, start))
		text = text[start+len(pemBegin):]
		label, rest, ok := bytes.Cut(text, []byte("-----"))
		if !ok || len(label) > 64 || bytes.ContainsAny(label, "\r\n") {
			return nil, nil, damaged("the BEGIN line of PEM block %d, in line %d, is damaged", len(blocks)+1, lineAfter(before))
		}
		body, after, ok := bytes.Cut(rest, []byte("-----END "+string(label)+"-----"))
		if !ok || bytes.Contains(body, pemBegin) {
			return nil, nil, damaged("PEM block %d, from line %d on, has no END line that matches its BEGIN line", len(blocks)+1,
				lineAfter(before))
		}
		b := parseBlock(string(label), body, &said)
		if b.bad != "" && foreignBlock(b) == nil {
			return nil, nil, damaged("the Base64 of PEM block %d, from line %d on, is damaged: %s", len(blocks)+1,
				lineAfter(before), b.bad)
		}
		blocks, text = append(blocks, b), after
	}
}

// lineAfter is the number of the line that a text leads up to.
func lineAfter(text []byte) int { return 1 + bytes.Count(text, []byte("\n")) }

// addPrefix notes what stood before BEGIN on its line.
func (s *noteSet) addPrefix(prefix string) {
	if strings.Trim(prefix, " \t>|\"'`") != "" {
		s.add("text before BEGIN was left out")
	} else if prefix != "" && strings.TrimSpace(prefix) == "" {
		s.add("the text was indented")
	}
}

// parseBlock decodes what stands between the frames.
func parseBlock(label string, body []byte, said *noteSet) block {
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	if len(lines) == 1 && len(lines[0]) > 80 {
		said.add("everything was on one line")
	}
	b := block{label: label}
	content := string(body)
	if strings.Contains(content, ":") {
		b.headers, content = splitHeaders(strings.Split(content, "\n"))
	}
	der, notes, err := fromBase64(content)
	for _, n := range notes {
		said.add(n)
	}
	if b.der = der; err != nil {
		b.bad = err.Error()
	}
	return b
}

// splitHeaders takes out the lines "Name: value", wherever they stand.
func splitHeaders(lines []string) (headers, content string) {
	var h, c strings.Builder
	for _, line := range lines {
		to := &c
		if strings.Contains(line, ":") {
			to = &h
		}
		to.WriteString(strings.TrimLeft(line, " \t>|") + "\n")
	}
	return h.String(), c.String()
}

// isParameters says whether the block accompanies a key and says nothing that the key does not.
func (b block) isParameters() bool {
	return b.label == "EC PARAMETERS" || b.label == "DSA PARAMETERS"
}

// lineBefore is what stands before position at on its line.
func lineBefore(text []byte, at int) string {
	return string(text[bytes.LastIndexByte(text[:at], '\n')+1 : at])
}

// noteSet keeps each note once.
type noteSet struct{ notes []string }

func (s *noteSet) add(note string) {
	for _, n := range s.notes {
		if n == note {
			return
		}
	}
	s.notes = append(s.notes, note)
}

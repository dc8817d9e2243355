package formats

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// block is one PEM block: its label, its headers if it has any, and its content.
type block struct {
	label   string
	headers string
	der     []byte
}

// splitPEM gives all blocks of text, in order, and notes on what was repaired. Unlike encoding/pem it passes
// over no damaged block in silence: half a chain is worse than an error. Blocks that hold no DER are refused.
func splitPEM(text []byte) (blocks []block, notes []string, err error) {
	var said noteSet
	for {
		start := bytes.Index(text, pemBegin)
		if start < 0 {
			return blocks, said.notes, nil
		}
		prefix := lineBefore(text, start)
		text = text[start+len(pemBegin):]
		label, rest, ok := bytes.Cut(text, []byte("-----"))
		if !ok || len(label) > 64 || bytes.ContainsAny(label, "\r\n") {
			return nil, nil, damaged("the frame of PEM block %d is damaged", len(blocks)+1)
		}
		body, after, ok := bytes.Cut(rest, []byte("-----END "+string(label)+"-----"))
		if !ok || bytes.Contains(body, pemBegin) {
			return nil, nil, damaged("PEM block %d has no end that fits its beginning", len(blocks)+1)
		}
		b, err := parseBlock(string(label), body, prefix, &said)
		if err := foreignBlock(b); err != nil {
			return nil, nil, err
		}
		if err != nil {
			return nil, nil, damaged("the Base64 of PEM block %d is damaged", len(blocks)+1)
		}
		blocks, text = append(blocks, b), after
	}
}

// parseBlock decodes what stands between the frames; prefix is what stood before BEGIN on its line, and so,
// if it is quoting or an indent, before every line.
func parseBlock(label string, body []byte, prefix string, said *noteSet) (block, error) {
	var headers, content strings.Builder
	lines := strings.Split(strings.TrimSpace(string(body)), "\n")
	if len(lines) == 1 && len(lines[0]) > 80 {
		said.add("everything was on one line")
	}
	if strings.Trim(prefix, " \t>|") != "" {
		said.add("text before BEGIN was left out")
	} else if prefix != "" && strings.TrimSpace(prefix) == "" {
		said.add("the text was indented")
	}
	for _, line := range lines {
		bare := strings.TrimLeft(line, " \t>|")
		if len(bare) < len(strings.TrimLeft(line, " \t")) {
			said.add("quoting marks were left out")
		}
		if strings.Contains(bare, ":") {
			headers.WriteString(bare + "\n")
			continue
		}
		content.WriteString(strings.Join(strings.Fields(bare), ""))
	}
	der, err := base64.StdEncoding.DecodeString(content.String())
	return block{label, headers.String(), der}, err
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

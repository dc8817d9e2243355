package settings

import (
	"strconv"
	"strings"
	"unicode"

	"certdesk/ui/kit"
)

// typed is a value as a person types it in a field of that shape.
func typed(v any, sh shape) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case int64:
		return strconv.FormatInt(v, 10)
	case []string:
		if sh == asCommand {
			return joinWords(v)
		}
		return strings.Join(v, ", ")
	}
	return ""
}

// valueOf is what was typed as the file has it; nil for what is left empty.
func valueOf(text string, a asked) any {
	text = strings.TrimSpace(text)
	switch {
	case text == "":
		return nil
	case a.shape == asYesNo:
		return text == "yes"
	case a.shape == asList:
		return splitList(text)
	case a.shape == asCommand:
		return splitWords(text)
	case a.shape == asNumber:
		return numberOf(text)
	}
	return text
}

// numberOf is a number where the text is one; else the file is refused, which says what it takes.
func numberOf(text string) any {
	n, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return text
	}
	return n
}

// splitList splits at commas, blanks and line ends beside them; each text once.
func splitList(text string) (out []string) {
	seen := map[string]bool{}
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' }) {
		part = strings.TrimSpace(part)
		if part != "" && !seen[part] {
			out = append(out, part)
		}
		seen[part] = true
	}
	return out
}

// splitWords splits a command at its blanks; double quotes keep some of them.
func splitWords(text string) (out []string) {
	quoted := false
	for _, word := range strings.FieldsFunc(text, func(r rune) bool {
		if r == '"' {
			quoted = !quoted
		}
		return unicode.IsSpace(r) && !quoted
	}) {
		out = append(out, strings.ReplaceAll(word, `"`, ""))
	}
	return out
}

func joinWords(list []string) string {
	out := make([]string, len(list))
	for i, word := range list {
		if out[i] = word; strings.ContainsFunc(word, unicode.IsSpace) || word == "" {
			out[i] = kit.Quoted(word)
		}
	}
	return strings.Join(out, " ")
}

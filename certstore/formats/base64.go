package formats

import (
	"encoding/base64"
	"fmt"
	"html"
	"regexp"
	"strings"
	"sync"
)

// fromBase64 decodes what stands in a PEM block, or a whole file of Base64, as mail and web pages leave it. The notes
// say what was repaired; that it still is the same certificate, its own lengths prove. An error names the line that is
// not Base64.
func fromBase64(text string) (der []byte, notes []string, err error) {
	var said noteSet
	for _, repair := range []func(string) (string, string){withoutTags, withoutInvisible, withoutQuotedPrintable} {
		better, note := repair(text)
		if text = better; note != "" {
			said.add(note)
		}
	}
	var out strings.Builder
	for i, line := range strings.Split(text, "\n") {
		bare := strings.TrimRight(strings.TrimLeft(line, " \t>|"), " \t\r\x00")
		if strings.ContainsAny(line[:len(line)-len(strings.TrimLeft(line, " \t>|"))], ">|") {
			said.add("quoting marks were left out")
		}
		if inside := strings.Trim(bare, `"'`+"`,;\\"); inside != bare {
			bare = strings.Trim(inside, `"' `)
			said.add("quotes were left out")
		}
		bare = strings.Join(strings.Fields(bare), "")
		if strings.Trim(bare, base64Letters) != "" {
			return nil, said.notes, fmt.Errorf("line %d is not Base64", i+1)
		}
		out.WriteString(bare)
	}
	der, err = decodeBase64(out.String(), &said)
	return der, said.notes, err
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=-_"

// decodeBase64 takes what may stand in the wrong place or be missing, the = at the end, for what it is worth, and both
// alphabets.
func decodeBase64(text string, said *noteSet) ([]byte, error) {
	if strings.ContainsAny(text, "-_") {
		text = strings.NewReplacer("-", "+", "_", "/").Replace(text)
		said.add("it was Base64 for web addresses")
	}
	bare := strings.TrimRight(text, "=")
	if (len(bare)+3)/4*4 != len(text) {
		said.add("the = at the end were repaired")
	}
	if strings.Contains(bare, "=") {
		return nil, fmt.Errorf("something follows its end")
	}
	if len(bare)%4 == 1 {
		return nil, fmt.Errorf("a character is missing, or one too many")
	}
	return base64.RawStdEncoding.DecodeString(bare)
}

var markup = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`</?[a-zA-Z][^<>]{0,200}>`) })

// withoutTags takes out what a web page or an HTML mail puts between lines.
func withoutTags(text string) (string, string) {
	if !strings.ContainsAny(text, "<&") {
		return text, ""
	}
	return html.UnescapeString(markup().ReplaceAllString(text, "\n")), "HTML was left out"
}

// withoutInvisible takes out what has no width, and blanks that are none to a program.
func withoutInvisible(text string) (string, string) {
	better := strings.Map(func(r rune) rune {
		switch r {
		case '\u00a0', '\u2028', '\u2029', '\u3000', '\u202f':
			return ' '
		case '\u00ad', '\u200b', '\u200c', '\u200d', '\u200e', '\u200f', '\u2060', '\ufeff':
			return -1
		}
		return r
	}, text)
	if better == text {
		return text, ""
	}
	return better, "invisible characters were left out"
}

// withoutQuotedPrintable undoes a mail's =3D for = and = for a line that goes on.
func withoutQuotedPrintable(text string) (string, string) {
	body := strings.TrimRight(strings.ReplaceAll(text, "\r\n", "\n"), "\n \t\r\x00")
	soft := strings.Contains(body, "=\n") && !strings.Contains(strings.TrimRight(body, "=\n> |\t"), "=")
	if soft || !strings.Contains(body, "=3D") && !strings.Contains(body, "=\n") {
		return text, ""
	}
	better := strings.ReplaceAll(strings.ReplaceAll(body, "=\n", ""), "=3D", "=")
	return strings.ReplaceAll(better, "=20", ""), "a mail's quoted-printable was undone"
}

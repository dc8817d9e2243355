package formats

import (
	"bytes"
	"regexp"
	"strings"
	"sync"
)

var pemBegin = []byte("-----BEGIN ")

// plainText undoes what editors, mail programs and shells do to a whole file of PEM: byte order marks, UTF-16 (Exchange
// 2019 writes it), CR line ends, line ends written out, and dashes made long. It gives data as it is where nothing of
// this applies, and a sentence for each repair.
func plainText(data []byte) (text []byte, notes []string) {
	text, notes = toUTF8(data)
	for _, repair := range []func([]byte) ([]byte, string){writtenOut, lineEnds, frames} {
		better, note := repair(text)
		if text = better; note != "" {
			notes = append(notes, note)
		}
	}
	return text, notes
}

// writtenOut undoes \n for line ends, as in JSON, configuration files and environment variables.
func writtenOut(text []byte) ([]byte, string) {
	if !bytes.Contains(text, []byte(`-----\n`)) && !bytes.Contains(text, []byte(`-----\r`)) {
		return text, ""
	}
	unescape := strings.NewReplacer(`\\r`, "", `\\n`, "\n", `\r`, "", `\n`, "\n", `\/`, "/", `\u002b`, "+", `\u002B`, "+",
		`\u003d`, "=", `\u003D`, "=", `\u002f`, "/", `\u002F`, "/")
	return []byte(unescape.Replace(string(text))), `line ends were written as \n`
}

func lineEnds(text []byte) ([]byte, string) {
	if bytes.IndexByte(text, '\n') >= 0 || bytes.IndexByte(text, '\r') < 0 {
		return text, ""
	}
	return bytes.ReplaceAll(text, []byte("\r"), []byte("\n")), "line ends were carriage returns"
}

// frame is a BEGIN or END line as word processors, chat programs and typing leave it.
var frame = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?i)[-\x{2010}-\x{2015}\x{2212}]{1,10}[ \t]?` +
		`(begin|end) ([a-z0-9#][a-z0-9 #]{0,40}?)[ \t]?[-\x{2010}-\x{2015}\x{2212}]{2,10}`)
})

func frames(text []byte) ([]byte, string) {
	better := make([]byte, 0, len(text))
	for line := range bytes.Lines(text) {
		if bytes.ContainsAny(line, "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212") { // few have, and the expression is slow
			line = frame().ReplaceAllFunc(line, straight)
		}
		better = append(better, line...)
	}
	if bytes.Equal(better, text) {
		return text, ""
	}
	return better, "the BEGIN and END lines were repaired"
}

// straight is a frame as it should stand.
func straight(found []byte) []byte {
	part := frame().FindSubmatch(found)
	return bytes.ToUpper([]byte("-----" + string(part[1]) + " " + string(part[2]) + "-----"))
}

// toUTF8 takes away a byte order mark, and UTF-16.
func toUTF8(data []byte) (text []byte, notes []string) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest, []string{"the file began with a byte order mark"}
	}
	high, ok := utf16Order(data)
	if !ok {
		return data, nil
	}
	return fromUTF16(data, high), []string{"the file was UTF-16"}
}

// utf16Order says which of each two bytes is the high one, by mark, or by where the dashes of -----BEGIN stand, or the
// first letters of bare Base64.
func utf16Order(data []byte) (high int, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")), bytes.HasPrefix(data, []byte("M\x00I\x00")):
		return 1, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")), bytes.HasPrefix(data, []byte("\x00M\x00I")):
		return 0, true
	}
	dash := bytes.Index(data, []byte("-\x00-\x00-\x00-"))
	return 1 - dash&1, dash >= 0
}

// bareBase64 decodes a file that is Base64 of DER without a frame, also as the body of a mail.
func bareBase64(text []byte) ([]byte, bool) {
	text = mailBody(text)
	if len(text) < 16 || bytes.Contains(text, []byte("-----")) ||
		!bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n\"'>|"), []byte("MI")) {
		return nil, false // SEQUENCE with a long length begins so
	}
	der, _, err := fromBase64(string(text))
	return der, err == nil && len(der) > 0 && der[0] == tagSequence
}

// mailBody leaves out the headers of a mail that is nothing but a PKCS#7 message.
func mailBody(text []byte) []byte {
	head, body, ok := bytes.Cut(bytes.ReplaceAll(text[:min(len(text), 1<<20)], []byte("\r\n"), []byte("\n")),
		[]byte("\n\n"))
	head = bytes.ToLower(head)
	if !ok || !bytes.Contains(head, []byte("content-type: application/")) || !bytes.Contains(head, []byte("pkcs")) {
		return text
	}
	return body
}

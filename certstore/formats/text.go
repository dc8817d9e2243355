package formats

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode/utf16"
)

var pemBegin = []byte("-----BEGIN ")

// plainText undoes what editors, mail programs and shells do to PEM: byte order marks, UTF-16 (Exchange 2019
// writes it), CR line ends, quoting, indents, text before BEGIN on its line, and everything on one line. It
// gives data as it is where nothing of this applies, and a sentence for each repair that changed what it means.
func plainText(data []byte) (text []byte, notes []string) {
	text, notes = toUTF8(data)
	if !bytes.Contains(text, pemBegin) {
		return text, notes
	}
	if bytes.IndexByte(text, '\n') < 0 && bytes.IndexByte(text, '\r') >= 0 {
		text = bytes.ReplaceAll(text, []byte("\r"), []byte("\n"))
		notes = append(notes, "line ends were carriage returns")
	}
	if bytes.IndexByte(text, '\n') < 0 && bytes.Contains(text, []byte(`\n`)) {
		text = bytes.ReplaceAll(bytes.ReplaceAll(text, []byte(`\r`), nil), []byte(`\n`), []byte("\n"))
		notes = append(notes, `line ends were written as \n`)
	}
	return text, notes
}

func toUTF8(data []byte) (text []byte, notes []string) {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest, []string{"a byte order mark was left out"}
	}
	high, ok := utf16Order(data)
	if !ok {
		return data, nil
	}
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+high])<<8|uint16(data[i+1-high]))
	}
	out := strings.TrimPrefix(string(utf16.Decode(units)), "\ufeff")
	return []byte(out), []string{"the file was UTF-16"}
}

// utf16Order says which of each two bytes is the high one, by mark or by where the dashes of -----BEGIN stand.
func utf16Order(data []byte) (high int, ok bool) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		return 1, true
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		return 0, true
	}
	dash := bytes.Index(data, []byte("-\x00-\x00-\x00-"))
	return 1 - dash&1, dash >= 0
}

// bareBase64 decodes a file that is Base64 of DER without a frame.
func bareBase64(text []byte) ([]byte, bool) {
	if len(text) < 16 || !bytes.HasPrefix(bytes.TrimSpace(text), []byte("MI")) {
		return nil, false // SEQUENCE with a long length begins so
	}
	der, err := base64.StdEncoding.DecodeString(string(bytes.Join(bytes.Fields(text), nil)))
	return der, err == nil && len(der) > 0 && der[0] == 0x30
}

package formats

import (
	"bytes"
	"io"
	"unicode/utf16"
)

// maxPassword is the longest password file, in bytes.
const maxPassword = 4096

// ReadPassword reads a password file, or a password from a stream, of at most 4096 bytes. It is the one reader of such
// files, since what it does not undo becomes part of a password that nobody can type: one trailing newline (LF or
// CR LF), a byte order mark (Notepad), UTF-16 (PowerShell's >). Errors: LimitExceeded, UnsupportedFormat for what is no
// text or more than one line, Failed.
func ReadPassword(r io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxPassword+1))
	if err != nil {
		return nil, notRead("the password", err)
	}
	if len(data) > maxPassword {
		return nil, tooMuch("", "the password is longer than %d bytes", maxPassword)
	}
	text := passwordText(data)
	if bytes.IndexByte(text, 0) >= 0 {
		clear(text)
		return nil, unsupported("save it as plain text in UTF-8, with the password alone on its first line",
			"the password file is not plain text: it holds NUL bytes")
	}
	if line, ok := bytes.CutSuffix(text, []byte("\n")); ok {
		text = bytes.TrimSuffix(line, []byte("\r"))
	}
	if bytes.ContainsAny(text, "\r\n") {
		clear(text)
		return nil, unsupported("keep only the password in the file, on one line", "the password file has more than one line")
	}
	return text, nil
}

// passwordText is the text of a password file in UTF-8, or its bytes as they are.
func passwordText(data []byte) []byte {
	if rest, ok := bytes.CutPrefix(data, []byte("\xef\xbb\xbf")); ok {
		return rest
	}
	if len(data)%2 != 0 || len(data) == 0 {
		return data
	}
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")) || everyOther(data[1:]):
		return fromUTF16(data, 1)
	case bytes.HasPrefix(data, []byte("\xfe\xff")) || everyOther(data):
		return fromUTF16(data, 0)
	}
	return data
}

// everyOther says whether each second byte is zero, beginning with the first: in UTF-16 the high half of ASCII.
func everyOther(data []byte) bool {
	for i := 0; i < len(data); i += 2 {
		if data[i] != 0 {
			return false
		}
	}
	return true
}

// fromUTF16 decodes UTF-16 whose high byte is the one at this place of each pair, without its mark.
func fromUTF16(data []byte, high int) []byte {
	units := make([]uint16, 0, len(data)/2)
	for i := 0; i+1 < len(data); i += 2 {
		units = append(units, uint16(data[i+high])<<8|uint16(data[i+1-high]))
	}
	return bytes.TrimPrefix([]byte(string(utf16.Decode(units))), []byte("\ufeff"))
}

package probe

import "strings"

// sieve speaks ManageSieve (RFC 5804): the server begins with its capabilities, a line each, and OK.
func (t *talk) sieve() error {
	offers, err := t.sieveReply("a greeting")
	if err != nil {
		return err
	}
	if !offered(offers, `"STARTTLS"`) {
		return noStartTLS("STARTTLS")
	}
	if err := t.say("STARTTLS"); err != nil {
		return err
	}
	_, err = t.sieveReply("an answer to STARTTLS")
	return err
}

// sieveReply gives the lines before the OK. They begin with a quoted string; a literal may stand at the end of one,
// which no capability that matters here has.
func (t *talk) sieveReply(what string) (told []string, err error) {
	for range maxLines {
		line, err := t.line(what)
		word, _, _ := strings.Cut(line, " ")
		switch {
		case err != nil:
			return nil, err
		case strings.EqualFold(word, "OK"):
			return told, nil
		case strings.EqualFold(word, "NO"), strings.EqualFold(word, "BYE"):
			return nil, refusedWith(what, line)
		case !strings.HasPrefix(line, `"`):
			return nil, notThe("ManageSieve", line)
		}
		told = append(told, line)
	}
	return nil, errTooMuch
}

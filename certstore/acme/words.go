package acme

import (
	"strings"

	"certdesk/certstore/when"
)

// words are what a reason means to whoever reads it, and what can be done.
func (p *Problem) words(ca string) (text, hint string) {
	switch p.Type {
	case RateLimited:
		hint = "its limit ends by itself; certdesk tries again when it does"
		if !p.RetryAfter.IsZero() {
			hint = "it may be asked again from " + when.Minute(p.RetryAfter) + " on"
		}
		return ca + " takes no more of this for now: " + p.Detail, hint
	case "rejectedIdentifier", "unsupportedIdentifier":
		return ca + " does not certify " + p.named() + ": " + p.Detail, "leave the name out, or use another CA for it"
	case "caa":
		return ca + " may not certify " + p.named() + " by the CAA records of the domain: " + p.Detail,
			"add the CA's name to the domain's CAA records"
	case "externalAccountRequired":
		return ca + " wants to know which of its customers asks: " + p.Detail,
			"get a key identifier and its key from the CA and give eab_kid and eab_key_file"
	case "userActionRequired":
		return ca + " wants something of you first, such as accepting new terms: " + p.Detail,
			"see what it says, then `certdesk acme add` accepts its terms anew"
	case NoAccount:
		return ca + " does not know this account: " + p.Detail, "certdesk registers its key again"
	case "unauthorized":
		return ca + " refuses this: " + p.Detail, "`certdesk acme` shows the account, `certdesk history` what it was used for"
	case "invalidContact", "unsupportedContact":
		return ca + " does not take the mail address: " + p.Detail, "change contact in the [[acme]] table"
	case "badCSR", "badPublicKey", "badSignatureAlgorithm":
		return ca + " does not take the request or its key: " + p.Detail,
			"make a request with another kind of key, such as --key-algorithm ecdsa-p256 or --key-size 2048"
	case AlreadyReplaced:
		return ca + " has given another certificate in the place of this one: " + p.Detail, ""
	case AlreadyRevoked:
		return ca + " has revoked it already: " + p.Detail, ""
	case badNonce:
		return ca + " is too busy to go on: it refused the number of every request", "try again in a while"
	case "serverInternal":
		return ca + " is out of order just now: " + p.Detail, "certdesk goes on where it stopped when it is tried again"
	}
	return ca + " refuses this: " + p.Detail, ""
}

func (p *Problem) named() string {
	switch n := len(p.Names); {
	case n == 0:
		return "one of the names"
	case n > 5:
		return strings.Join(p.Names[:5], ", ") + " and more"
	}
	return strings.Join(p.Names, ", ")
}

// notProven says why an authority could not prove a name.
func (p *Problem) notProven(ca, name, way string) (text, hint string) {
	why := map[string]string{
		"connection": "it could not connect", "dns": "its look-up in DNS failed", "tls": "the TLS handshake failed",
		"incorrectResponse": "it was answered something else", "unauthorized": "it was answered something else",
		"caa": "the CAA records of the domain do not allow it", "malformed": "the answer was not well-formed",
	}[p.Type]
	if why == "" {
		why = "it was not satisfied"
	}
	hints := map[string]string{
		"http-01":        "port 80 of every address of the name, IPv6 too, must lead to this server",
		"tls-alpn-01":    "port 443 of every address of the name, IPv6 too, must lead to this server, past no proxy",
		"dns-01":         "every name server of the zone must give the record that was put there",
		"dns-persist-01": "every name server of the zone must give the record",
	}
	return ca + " could not prove " + name + " by " + way + ": " + why + ": " + p.Detail, hints[way]
}

package words

// Term is a thing that has one name, on every screen and in every sentence.
type Term struct {
	Say   string
	Means string
	Never []string // other names it is not given, as regular expressions in lower case
}

// Glossary is the one spelling of each thing. The test over all texts and all frames holds it; the help of the table
// lists it.
var Glossary = []Term{
	{"certificate", "names and a public key, signed", []string{`\bcert `, `\bx\.?509 cert`}},
	{"chain", "the certificates up to a trusted root", []string{`\bcert(ificate)? path\b`, `trust path`}},
	{"CA", "who signs certificates", []string{`certificat(e|ion) authorit`, `\bissuing authority`}},
	{"intermediate", "a CA's certificate below its root", []string{`\bsub-?ca\b`, `subordinate ca`, `intermediary`}},
	{"leaf", "the server's own certificate", []string{`end[- ]entity`}},
	{"request", "what a CA is asked to sign; its key is here", []string{`\bcsrs?\b[^, )]`, `signing request`}},
	{"thumbprint", "the SHA-1 sum of a certificate", []string{`fingerprint`}},
	{"friendly name", "what you call it here", []string{`display name`, `nickname`}},
	{"store", "keys, certificates, requests and journal", []string{`\bvault\b`, `repository`, `key database`}},
	{"removed entries", "they can be restored until they are purged", []string{`\btrash\b`, `recycle bin`}},
	{"exportable", "its key may leave in a file", []string{`policy only`, `non-?exportable`}},
	{"self-signed", "signed with its own key, by no CA", []string{`self signed`, `signs itself`, `selfsigned`}},
	{"host name", "the name clients connect to", []string{`\bhostname\b`}},
	{"e-mail", "what SMTP carries", []string{`\bemail\b`}},
}

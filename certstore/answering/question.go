package answering

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/port"
	"certdesk/certstore/probe"
)

// World is what is known here when a question is asked.
type World struct {
	Entries []ledger.Entry
	Ports   []enabling.Port // what this host's services served when they were asked last
	Domains []string        // accepted domains
	Now     time.Time
}

// Question is what a caller's words come to.
type Question struct {
	Text    string
	Host    string        // that a client goes to; "" for none
	Domain  string        // of a mail address, or a mail domain; "" for none
	Address bool          // a mail address was given
	Target  *probe.Target // the one port that is meant; nil for those that clients use
	Entry   int64         // the entry whose name was given; 0 for none
	Client  Client        // whose words are in it; "" where that is not known
	Symptom Symptom       // what its words say; "" where there are none
	Words   string        // those words
}

// Located says whether a question says where to look.
func (q Question) Located() bool { return q.Host != "" || q.Domain != "" }

const hintQuestion = "type a host such as mail.example.org, a mail address, or the words of a dialog"

// maxText is more than any dialog has.
const maxText = 4000

// Read understands a question. Errors: Usage, saying what to type.
func Read(text string, w World) (Question, error) {
	q := Question{Text: strings.TrimSpace(text)}
	switch {
	case q.Text == "":
		return q, fail.New(fail.Usage, hintQuestion, "there is no question")
	case len(q.Text) > maxText:
		return q, fail.New(fail.Usage, hintQuestion, "that is longer than any dialog")
	}
	said, found := heard(q.Text)
	if q.Client = said.Client; found {
		q.Symptom, q.Words = said.Symptom, said.Words
	}
	if !q.entry(w) && !q.place(w) && q.Symptom == "" {
		return q, fail.New(fail.Usage, hintQuestion, "no host, mail address or words of a dialog are in it")
	}
	if q.Domain == "" && q.Host != "" && q.Target == nil && isMailDomain(q.Host, w) {
		q.Domain = q.Host
	}
	return q, nil
}

// isMailDomain says whether a host's name is one that mail addresses end with.
func isMailDomain(host string, w World) bool {
	return slices.Contains(w.Domains, host) || names.Registrable(host) == host
}

// entry takes the friendly name or thumbprint of an entry for the first of its names that can be looked up.
func (q *Question) entry(w World) bool {
	digits, noDigits := ledger.ThumbprintDigits(q.Text)
	for _, e := range w.Entries {
		is := strings.EqualFold(e.FriendlyName, q.Text) && !strings.Contains(q.Text, ".")
		if is || noDigits == nil && strings.HasPrefix(e.Thumbprint, digits) {
			q.Entry = e.ID
			q.Host = firstHost(e)
			return true
		}
	}
	return false
}

func firstHost(e ledger.Entry) string {
	i := slices.IndexFunc(e.Names, func(n string) bool { return !strings.ContainsAny(n, "*@") })
	if i < 0 {
		return ""
	}
	return e.Names[i]
}

// place finds the address, the port or the host that a text names: an address before a port, a port before a host.
func (q *Question) place(w World) bool {
	words := strings.Fields(q.Text)
	for i := range words {
		words[i] = strings.TrimRight(strings.Trim(words[i], "\"'<>()[],;\u201c\u201d\u201e"), ".:!?")
	}
	for _, take := range []func(string) bool{q.address, q.port, func(text string) bool {
		return q.host(text, w, len(words) == 1)
	}} {
		if slices.ContainsFunc(words, take) {
			return true
		}
	}
	return false
}

func (q *Question) address(text string) bool {
	text = strings.TrimPrefix(text, "mailto:")
	at := strings.LastIndexByte(text, '@')
	if at < 1 || strings.Contains(text, "://") {
		return false
	}
	n, err := names.Normalize(text[at+1:])
	if err != nil || n.Kind != names.DNS || !strings.Contains(n.Value, ".") || strings.HasPrefix(n.Value, "*") {
		return false
	}
	q.Domain, q.Address = n.Value, true
	return true
}

// port takes HOST:PORT, or a URL of any path: who copies one from a browser has that.
func (q *Question) port(text string) bool {
	if u, err := url.Parse(text); err == nil && u.Host != "" && u.Scheme != "" {
		scheme, at := u.Scheme, u.Host
		if scheme == "http" {
			scheme, at = "https", u.Hostname()
		}
		text = scheme + "://" + at
	} else if !strings.Contains(text, ":") || !strings.Contains(beforePort(text), ".") && !isAddress(beforePort(text)) {
		return false
	}
	t, err := port.Parse(text)
	if err != nil {
		return false
	}
	q.Host, q.Target = t.Host, &t
	return true
}

// beforePort is what stands before the last colon.
func beforePort(text string) string { return text[:max(strings.LastIndexByte(text, ':'), 0)] }

func isAddress(text string) bool {
	n, err := names.Normalize(text)
	return err == nil && n.Kind == names.IP
}

// host takes a name for a host where it can be one: it lies below a public suffix, somebody here has it, or it is all
// that was typed.
func (q *Question) host(text string, w World, alone bool) bool {
	n, err := names.Normalize(text)
	if err != nil || n.Kind == names.Email {
		return false
	}
	known := n.Kind == names.IP || names.IsDelegated(n.Value) || len(w.Covering(n.Value)) > 0 || w.ours(n.Value)
	if !known && (!alone || q.Symptom != "" || q.Client != "") {
		return false
	}
	q.Host = n.Value
	return true
}

// ours says whether a name lies in an accepted domain, or a certificate here has it.
func (w World) ours(name string) bool {
	return slices.ContainsFunc(w.Domains, func(d string) bool { return within(name, d) }) || len(w.Covering(name)) > 0
}

// within says whether a name is a domain or lies in it.
func within(name, domain string) bool { return name == domain || strings.HasSuffix(name, "."+domain) }

// Covering are the certificates for a name, the one that could be served and lasts longest first.
func (w World) Covering(name string) (list []ledger.Entry) {
	for _, e := range w.Entries {
		has := func(n string) bool { return names.Covers(n, name) || strings.EqualFold(n, name) }
		if e.ID != 0 && slices.ContainsFunc(e.Names, has) {
			list = append(list, e)
		}
	}
	slices.SortStableFunc(list, func(a, b ledger.Entry) int {
		if fit := fitness(a) - fitness(b); fit != 0 {
			return fit
		}
		return b.NotAfter.Compare(a.NotAfter)
	})
	return list
}

// fitness is 0 for what can be served now, more for what cannot.
func fitness(e ledger.Entry) int {
	switch {
	case e.Kind != ledger.Certificate:
		return 3
	case !e.Verdict.Status.Works():
		return 2
	case !e.HasKey:
		return 1
	}
	return 0
}

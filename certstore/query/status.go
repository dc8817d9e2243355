package query

import (
	"slices"
	"strings"

	"certdesk/certstore/ledger"
	"certdesk/certstore/trust"
)

// statuses are the words of a row's status, the most urgent first, each with what Exchange calls it.
var statuses = []struct {
	word   string
	status trust.Status
}{
	{"old one served", trust.NotServed},
	{"not served", trust.NotServed},
	{"not in the store", trust.NotInStore},
	{"invalid", trust.Invalid},
	{"revoked", trust.Revoked},
	{"on hold", trust.Revoked},
	{"expired", trust.DateInvalid},
	{"not yet valid", trust.DateInvalid},
	{"untrusted", trust.Untrusted},
	{"unchecked", trust.RevocationCheckFailure},
	{"expiring", trust.Expiring},
	{"refused", trust.PendingRequest},
	{"pending", trust.PendingRequest},
	{"unknown", trust.Unknown},
	{"valid", trust.Valid},
	{WordSettled, ""},
}

// WordSettled is what an entry counts as whose place another certificate took.
const WordSettled = "renewed"

// What a row can be beside its status.
const (
	wordAttention  = "attention"
	wordSelfSigned = "self-signed"
	wordInUse      = "in use"
	wordExportable = "exportable"
)

// isWords are all that can follow is:, the statuses first; a row has a bit for each.
var isWords = append(StatusWords(), wordAttention, wordSelfSigned, wordInUse, wordExportable)

// set is a set of isWords.
type set uint32

// bit is that of a word; none for what is no word.
func bit(word string) set {
	if i := slices.Index(isWords, word); i >= 0 {
		return 1 << i
	}
	return 0
}

// StatusWords are the words that a row's status can be called, the most urgent first.
func StatusWords() []string {
	var list []string
	for _, s := range statuses {
		list = append(list, s.word)
	}
	return list
}

// IsStatus says whether a word is a status, by the words of the table or by Exchange's. Case does not count.
func IsStatus(word string) bool {
	for _, s := range statuses {
		if strings.EqualFold(word, s.word) || s.status != "" && strings.EqualFold(word, string(s.status)) {
			return true
		}
	}
	return false
}

// Attention keeps what somebody should act on.
const Attention = "needs:" + wordAttention

// AsksPorts says whether a query asks what only the ports can tell, so that a row must be seen as they let it look.
func (q Query) AsksPorts() bool {
	told := bit("old one served") | bit("not served") | bit("not in the store") | bit(wordAttention)
	for _, t := range q.Terms {
		for _, s := range t.sieves {
			if s.wants&told != 0 {
				return true
			}
		}
	}
	return false
}

// bits are those of an entry.
func bits(e *ledger.Entry) set {
	b := bit(e.Verdict.Word)
	for _, is := range []struct {
		so   bool
		word string
	}{
		{e.Settled(), WordSettled},
		{e.Verdict.Status == trust.Revoked, "revoked"},
		{needsAttention(e), wordAttention},
		{e.SelfSigned && e.Kind == ledger.Certificate, wordSelfSigned},
		{e.Services != 0, wordInUse},
		{e.Exportable, wordExportable},
	} {
		if is.so {
			b |= bit(is.word)
		}
	}
	return b
}

// needsAttention says whether somebody should act: everything but what works without a warning, what waits for a CA,
// and what another certificate took the place of.
func needsAttention(e *ledger.Entry) bool {
	if e.Settled() {
		return false
	}
	switch e.Verdict.Status {
	case trust.Valid, trust.PendingRequest:
		return slices.ContainsFunc(e.Verdict.Findings, func(f trust.Finding) bool { return f.Severity != trust.Info })
	}
	return true
}

// readIs reads the beginning of one of some words, hyphens for blanks; where none begins so, what Exchange calls a
// status.
func readIs(words []string) func(a asked) (sieve, string) {
	return func(a asked) (sieve, string) {
		value := strings.ReplaceAll(a.value, "-", " ")
		var meant []string
		for _, word := range words {
			if strings.HasPrefix(strings.ReplaceAll(word, "-", " "), value) {
				meant = append(meant, word)
			}
		}
		if n := statusesIn(meant); n > 0 {
			meant = meant[:n] // "is:exp" is no question about export
		}
		if len(meant) == 0 && a.key.name != "needs" {
			meant = exchangeWords(a.value)
		}
		switch near := nearest(a.value, words); {
		case slices.Contains(meant, a.value):
			meant = []string{a.value}
		case len(meant) == 0 && near != "":
			return sieve{}, a.name + " has no " + quoted(a.typed) + "; did you mean " + near + "?"
		case len(meant) == 0:
			return sieve{}, a.name + " takes " + a.key.takes
		}
		return isSieve(meant), ""
	}
}

// statusesIn counts the statuses that words begin with.
func statusesIn(words []string) int {
	other := slices.IndexFunc(words, func(word string) bool { return slices.Contains(isWords[len(statuses):], word) })
	if other < 0 {
		return len(words)
	}
	return other
}

// exchangeWords are the words of what begins so in Exchange's language.
func exchangeWords(value string) (words []string) {
	for _, s := range statuses {
		if strings.HasPrefix(strings.ToLower(string(s.status)), value) && s.status != "" {
			words = append(words, s.word)
		}
	}
	return words
}

func isSieve(meant []string) sieve {
	var wanted set
	for _, word := range meant {
		wanted |= bit(word)
	}
	s := sieve{
		wants: wanted,
		keeps: func(r *Row) bool { return r.is&wanted != 0 },
		words: phrase{verb: "be", value: strings.Join(meant, " or ")},
		sight: sight{whole: Status},
	}
	switch strings.Join(meant, "") {
	case wordAttention:
		s.words.verb = "need"
	case wordSelfSigned:
		s.sight.whole = Issuer
	case wordInUse:
		s.sight.whole = Services
	case wordExportable:
		s.sight.whole = 0
	}
	return s
}

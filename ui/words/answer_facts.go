package words

import (
	"cmp"
	"fmt"
	"net/netip"
	"strings"
	"time"

	"certdesk/certstore/enabling"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
	"certdesk/wizard"
)

// AnswerColumn is the width of the widest label of an answer.
const AnswerColumn = len("Connection")

// AnswerFacts are what is served, and how it came.
func AnswerFacts(a enabling.Answer, now time.Time) []wizard.Fact {
	r, e := a.Report, a.Entry
	facts := []wizard.Fact{fact("Asked as", ProtocolOf(r.Target.Scheme).Words()+nameAsked(r))}
	if !r.Served() {
		return appendSaid(facts, r)
	}
	facts = append(facts,
		fact("Subject", SubjectOrName(e)), fact("Names", Few(NameTexts(e.Names), 12)), fact("Issuer", IssuerFact(e)),
		fact("Valid", Moment(e.NotBefore)+" until "+Moment(e.NotAfter)+" ("+LifeWords(e, now)+")"),
		fact("Key", keyKind(e)), fact("Thumbprint", kit.Printable(e.Thumbprint)),
		fact("Sent", sentWords(r)), fact("Chain", chainWords(r)))
	if r.Revocation.Text != "" {
		facts = append(facts, fact("Revocation", SentenceCase(kit.Printable(r.Revocation.Text))))
	}
	facts = append(facts,
		fact("Connection", r.Protocol+" with "+kit.Printable(r.Address)))
	return appendSaid(facts, r)
}

func fact(label, value string) wizard.Fact { return wizard.Fact{Label: label, Value: value} }

func appendSaid(facts []wizard.Fact, r probe.Report) []wizard.Fact {
	if r.Said != "" {
		facts = append(facts, fact("It said", kit.Printable(r.Said)))
	}
	for _, note := range r.Notes {
		facts = append(facts, fact("Note", SentenceCase(kit.Printable(note))))
	}
	return facts
}

func nameAsked(r probe.Report) string {
	if _, err := netip.ParseAddr(r.Name); err == nil || r.Name == "" {
		return ""
	}
	return ", for the name " + kit.Printable(r.Name)
}

// NameTexts are names as people write them and as they are stored.
func NameTexts(list []string) (out []string) {
	for _, name := range list {
		out = append(out, kit.Printable(names.Shown(name)))
	}
	return out
}

// maxSent is how many certificates of a chain are named.
const maxSent = 8

// sentWords are the certificates that were sent, in their order.
func sentWords(r probe.Report) string {
	var lines []string
	for i, c := range r.Sent {
		if i == maxSent {
			lines = append(lines, fmt.Sprintf("and %d more", len(r.Sent)-maxSent))
			break
		}
		name := cmp.Or(c.Subject.CommonName, leafName(c), names.Short(names.FromDER(c.RawSubject)))
		lines = append(lines, kit.Printable(name))
	}
	return strings.Join(lines, "\n")
}

func chainWords(r probe.Report) string {
	if r.Chain.Root != "" {
		return "complete: it reaches " + ownerOf(r.Chain.Root) + ", which is trusted here"
	}
	return cmp.Or(kit.Printable(r.Chain.Text), string(r.Chain.Verdict))
}

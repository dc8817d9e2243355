package ledger

import (
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// acmeText says for history what a line about an authority did.
func acmeText(p Line, who string) string {
	d := p.data
	if !d.tellsOfACME(p.Op) {
		return printable.Text(p.Op) + " " + who
	}
	switch p.Op {
	case OpAccount:
		return d.Account.text()
	case OpOrder:
		return d.Order.text(who)
	case OpProofs:
		return d.Order.proofText(who)
	case OpReady:
		return d.Order.CA + " issued what was ordered: " + who
	case OpFailed:
		text := "did not get " + who + " from " + d.Failure.CA + ": " + d.Failure.Why
		if !d.Failure.Next.IsZero() {
			text += "; next try " + when.Minute(d.Failure.Next.UTC())
		}
		return text
	case OpWindow:
		return d.Window.text(who)
	}
	return "had " + who + " revoked by " + d.Revoked.CA + ": " + d.Revoked.Reason
}

func (o *Order) text(who string) string {
	if o.URL == "" {
		return who + " is to be ordered from " + o.CA
	}
	text := "ordered " + who + " from " + o.CA
	if o.Trial {
		text += " on trial"
	}
	if o.Profile != "" {
		text += ", profile " + o.Profile
	}
	return text
}

// wanted is the end of a sentence about a request.
func (o *Order) wanted() string {
	if o == nil {
		return ""
	}
	return ", to be ordered from " + o.CA
}

func (a *Account) text() string {
	switch {
	case a.Next != "":
		return "began to give the account at " + a.CA + " another key"
	case a.URL == "":
		return "made the key of an account at " + a.CA
	case a.Former != "":
		return "gave the account at " + a.CA + " another key"
	case a.Again:
		return "registered the account at " + a.CA + " again, with the same key: the CA no longer knew it"
	case a.Terms != "":
		return "registered an account at " + a.CA + " and accepted its terms, " + a.Terms
	}
	return "registered an account at " + a.CA
}

func (o *Order) proofText(who string) string {
	if len(o.Proofs) == 0 {
		return "took back the proofs for " + who
	}
	var list []string
	for _, proof := range o.Proofs {
		list = append(list, proof.Name)
	}
	if len(list) > 5 {
		list = append(list[:5:5], printable.Count(len(list)-5, "name")+" more")
	}
	return "put out proofs for " + who + " by " + o.Proofs[0].Type + ": " + strings.Join(list, ", ")
}

func (w *Window) text(who string) string {
	switch {
	case w.Why != "" && w.Chosen.IsZero():
		return "asked " + w.CA + " when to renew " + who + ": " + w.Why + "; its age decides"
	case w.Why != "":
		return "asked " + w.CA + " again when to renew " + who + ": " + w.Why + "; it stays on " + when.Minute(w.Chosen.UTC())
	case w.Chosen.IsZero():
		return w.CA + " did not say when to renew " + who
	case w.Same:
		return "asked " + w.CA + " again when to renew " + who + ": as before, on " + when.Minute(w.Chosen.UTC())
	}
	text := "will renew " + who + " on " + when.Minute(w.Chosen.UTC())
	if !w.Start.IsZero() {
		text += ", between " + when.Minute(w.Start.UTC()) + " and " + when.Minute(w.End.UTC()) + " as " + w.CA + " suggests"
	}
	if w.Explanation != "" {
		text += ": " + w.Explanation
	}
	return text
}

// cleanACME passes the texts of a line about an authority through printable again. Proofs, orders and accounts are
// used as they were written; what is shown of them has nothing to hide.
func (d *Data) cleanACME() {
	var texts []*string
	if a := d.Account; a != nil {
		texts = append(texts, &a.CA, &a.Directory, &a.URL, &a.Contact, &a.Terms)
	}
	if o := d.Order; o != nil {
		texts = append(texts, &o.CA, &o.Directory, &o.Profile, &o.URL, &o.Replaces, &o.Certificate)
		texts = append(texts, proofTexts(o.Proofs)...)
	}
	if f := d.Failure; f != nil {
		texts = append(texts, &f.CA, &f.Directory, &f.Type, &f.Why)
		texts = append(texts, proofTexts(f.Left)...)
	}
	if w := d.Window; w != nil {
		texts = append(texts, &w.CA, &w.Explanation, &w.Why)
	}
	if r := d.Revoked; r != nil {
		texts = append(texts, &r.CA, &r.Reason)
	}
	for _, text := range texts {
		*text = printable.Text(*text)
	}
}

func proofTexts(list []Proof) (texts []*string) {
	for i := range list {
		p := &list[i]
		texts = append(texts, &p.Type, &p.Name, &p.Token, &p.KeyAuthorization, &p.Account)
		for j := range p.Issuers {
			texts = append(texts, &p.Issuers[j])
		}
	}
	return texts
}

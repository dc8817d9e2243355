package trust

import (
	"time"

	"certdesk/certstore/when"
)

// Standing is what a CA says of a certificate that it issued.
type Standing string

// The standings. Without one nobody was asked, or nobody gave an answer that counts: that is never good and never
// revoked.
const (
	StandsGood    Standing = "good"
	StandsRevoked Standing = "revoked"
	StandsOnHold  Standing = "on hold"
	StandsNowhere Standing = "no source" // the certificate names nobody to ask
	Unchecked     Standing = "unchecked" // at the moment of a verdict: no answer counts, or none any more
)

// Stapled is the source of an answer that a port sent along with the certificate.
const Stapled = "stapled"

// Revocation is what is known of a certificate's revocation: the last answer that counts, and how the last attempt to
// get one ended.
type Revocation struct {
	Standing Standing  `json:"standing,omitempty"`
	Reason   string    `json:"reason,omitempty"`  // the CA's for revoking it, a few words; "" where it gave none
	Since    time.Time `json:"since,omitzero"`    // when it was revoked, or put on hold
	Source   string    `json:"source,omitempty"`  // the address of the list or responder, or Stapled; printable
	AsOf     time.Time `json:"asOf,omitzero"`     // the moment that the answer speaks of
	Until    time.Time `json:"until,omitzero"`    // when the CA has a newer one at the latest
	Warning  string    `json:"warning,omitempty"` // what is odd about the source, one sentence

	Trouble string    `json:"trouble,omitempty"` // why the last attempt gave no answer, half a sentence; "" where it did
	Tries   int       `json:"tries,omitempty"`   // how many attempts in a row did not
	Tried   time.Time `json:"tried,omitzero"`
	Due     time.Time `json:"due,omitzero"` // when to ask again

	Of string `json:"-"` // the subject of the CA above the leaf that this is about; "" for the leaf itself

	Now  Standing `json:"-"` // what it comes to at the moment of a verdict; "" where nobody was asked
	Text string   `json:"-"` // the same in a sentence
}

// ClockSkew is by how much two clocks may differ.
const ClockSkew = 5 * time.Minute

// Revoked says whether the CA has taken the certificate back. What was revoked stays so, however old the answer is; a
// hold can be lifted, and ends with the answer that told of it.
func (r Revocation) Revoked(now time.Time) bool {
	return r.Standing == StandsRevoked || r.Standing == StandsOnHold && r.Current(now)
}

// Current says whether an answer is in date.
func (r Revocation) Current(now time.Time) bool { return !now.After(r.Until.Add(ClockSkew)) }

// Good says whether an answer in date says that the certificate is not revoked.
func (r Revocation) Good(now time.Time) bool { return r.Standing == StandsGood && r.Current(now) }

// Failed says whether somebody was asked and no answer counts now.
func (r Revocation) Failed(now time.Time) bool {
	return r.Trouble != "" && !r.Revoked(now) && !r.Good(now)
}

// Judged is what is known, with what it comes to at a moment.
func (r Revocation) Judged(now time.Time) Revocation {
	r.Text = r.Sentence(now)
	switch {
	case r.Revoked(now), r.Good(now), r.Standing == StandsNowhere:
		r.Now = r.Standing
	case r.Text != "":
		r.Now = Unchecked
	}
	return r
}

// Worse says whether r weighs more than o in the verdict on what stands below both.
func (r Revocation) Worse(o Revocation, now time.Time) bool { return r.weight(now) > o.weight(now) }

func (r Revocation) weight(now time.Time) int {
	switch {
	case r.Standing == StandsRevoked:
		return 3
	case r.Revoked(now):
		return 2
	case r.Failed(now):
		return 1
	}
	return 0
}

// Sentence says what is known, for a person, without a full stop; "" where nobody was asked.
func (r Revocation) Sentence(now time.Time) string {
	of := ""
	if r.Of != "" {
		of = "of its issuer " + r.Of + ": "
	}
	switch {
	case r.Revoked(now):
		return of + r.revoked(now)
	case r.Failed(now):
		return of + "whether it was revoked is not known: " + r.Trouble + r.formerly(now)
	case r.Standing == StandsGood:
		return of + "not revoked, as of " + when.Minute(r.AsOf.In(now.Location()))
	case r.Standing == StandsNowhere:
		return of + "it names nobody to ask whether it was revoked"
	}
	return ""
}

func (r Revocation) revoked(now time.Time) string {
	text := "its CA revoked it"
	if r.Standing == StandsOnHold {
		text = "its CA has put it on hold"
	}
	if !r.Since.IsZero() {
		text += " on " + when.Said(r.Since.In(now.Location()), now)
	}
	if r.Reason != "" {
		text += " (" + r.Reason + ")"
	}
	return text + ", as of " + when.Minute(r.AsOf.In(now.Location()))
}

// formerly says what the last answer was that counted.
func (r Revocation) formerly(now time.Time) string {
	if r.Standing != StandsGood && r.Standing != StandsOnHold {
		return ""
	}
	was := "not revoked"
	if r.Standing == StandsOnHold {
		was = "on hold"
	}
	return "; it was " + was + " as of " + when.Minute(r.AsOf.In(now.Location()))
}

// revocationStatus is the status that revocation gives, "" for none; clients refuse what is revoked before they look at
// anything else, and what is unchecked only where nothing worse is wrong.
func revocationStatus(r Revocation, now time.Time) (Status, string) {
	switch {
	case r.Revoked(now) && r.Standing == StandsOnHold:
		return Revoked, string(StandsOnHold)
	case r.Revoked(now):
		return Revoked, "revoked"
	case r.Failed(now):
		return RevocationCheckFailure, "unchecked"
	}
	return "", ""
}

// revocationFindings are the remarks on what is known.
func revocationFindings(f Facts, now time.Time) (list []Finding) {
	r := f.Revocation
	if f.NamesCA == No && !f.SelfSigned || r.Standing == StandsNowhere && r.Of == "" {
		list = append(list, Finding{"no-revocation-source", Info,
			"it names nobody to ask whether it was revoked: clients cannot find out either"})
	}
	if r.Warning != "" {
		list = append(list, Finding{"crl-rolled-back", Warning, r.Warning})
	}
	if r.Trouble != "" && r.Good(now) {
		list = append(list, Finding{"revocation-overdue", Info, "it is " + r.Sentence(now) +
			", and that holds until " + when.Minute(r.Until.In(now.Location())) + "; the last attempt to ask again failed: " +
			r.Trouble})
	}
	return list
}

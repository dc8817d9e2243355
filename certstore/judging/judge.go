package judging

import (
	"cmp"
	"crypto/x509"
	"math"
	"time"

	"certdesk/certstore/ledger"
	"certdesk/certstore/names"
	"certdesk/certstore/trust"
)

// Chains judges certificates by their bytes, those of their chains and the roots.
type Chains struct {
	Roots       *trust.Roots
	Certificate func(sum string) (*x509.Certificate, error) // one that the store has
	Now         time.Time

	Revocation func(sum string) trust.Revocation // what is known of one; nil: nothing
}

// Judge judges entries among the others of the store.
type Judge struct {
	Chains
	State   *ledger.State
	Request func(e ledger.Entry) *x509.CertificateRequest // the one an entry answers; nil for none
}

// Row gives a row's entry with what is derived; a verdict is kept for the minute it was made in.
func (j Judge) Row(r *ledger.Row) ledger.Entry {
	used := j.State.InUse[r.ID]
	if minute := j.Now.Unix()/60 + 1; r.Judged != minute || r.Services != used {
		r.Exportable, r.HasKey, r.Services = j.State.Keys[r.SPKI], j.State.Keeps(r.SPKI), used
		j.Entry(&r.Entry)
		r.Judged = minute
	}
	r.Bound = j.State.BoundTo(r.ID)
	return r.Entry
}

// Entry gives an entry its verdict. It reads a file only for the top of a chain that was not seen today.
func (j Chains) Entry(e *ledger.Entry) {
	e.DaysLeft = 0
	if e.Kind == ledger.Certificate {
		e.DaysLeft = DaysBetween(j.Now, e.NotAfter)
	}
	e.Verdict = trust.Judge(j.facts(e), j.Now)
}

// DaysBetween counts whole days, downwards; a Duration would end after 292 years.
func DaysBetween(from, to time.Time) int {
	return int(math.Floor(float64(to.Unix()-from.Unix()) / (24 * 60 * 60)))
}

func (j Chains) facts(e *ledger.Entry) trust.Facts {
	uses := e.Services | e.Wanted
	f := trust.Facts{
		Pending: e.Kind == ledger.PendingReq, Created: e.Created, Defect: e.Defect, CA: e.CA, SelfSigned: e.SelfSigned,
		NotBefore: e.NotBefore, NotAfter: e.NotAfter, Issuer: e.Issuer, Chain: e.Chain,
		KeyAlgorithm: e.KeyAlgorithm, KeySize: e.KeySize, SignatureAlgorithm: e.SignatureAlgorithm,
		CommonName: e.Common, Names: e.Names, Unread: e.Unread, Remarks: e.Remarks,
		SMTP: uses&ledger.SMTP != 0, POPOrIMAP: uses&(ledger.POP|ledger.IMAP) != 0, ForClients: e.ForClients, NamesCA: e.NamesCA,
		Renewing: e.Automatic != nil && e.Automatic.Order.CA != "",
	}
	if !e.HasKey && !f.Pending && f.Defect == "" {
		f.Defect = "its private key is not in the store"
	}
	if !f.Pending && !f.SelfSigned {
		var level int
		f.Anchor, level, f.RootsUnknown = j.Anchor(e)
		f.Chain = e.Chain[:level]
		f.AnchorFault = f.Anchor.Breaks(below(e, level))
		f.OlderRoot = level < len(e.Chain) && e.Chain[level].Signed && !e.Chain[level].SelfSigned
		f.Revocation = j.revocation(e, level)
	}
	return f
}

// revocation is what is known of an entry's certificate, or of one of so many CAs above it where that weighs more.
func (j Chains) revocation(e *ledger.Entry, level int) trust.Revocation {
	if j.Revocation == nil {
		return trust.Revocation{}
	}
	worst := j.Revocation(e.SHA256)
	for _, link := range e.Chain[:level] {
		if !link.Signed || link.SelfSigned {
			break
		}
		ca := j.Revocation(link.SHA256)
		ca.Of = link.Subject
		if ca.Worse(worst, j.Now) {
			worst = ca
		}
	}
	return worst
}

// Anchor walks up from the leaf to the first certificate that a trusted root signed, or that is one: a file may bring
// a cross-signed root, or one of the same name. A root that clients refuse here counts where there is no other. The
// bytes of a certificate are read only where a root has the right subject and the signature was not looked at today.
func (j Chains) Anchor(e *ledger.Entry) (refused trust.Anchor, at int, unknown string) {
	sum, issuer := e.SHA256, e.Issuer
	at = len(e.Chain)
	for level := 0; ; level++ {
		found, err := j.anchorOf(sum, issuer)
		switch {
		case err != nil:
			return trust.Anchor{}, len(e.Chain), "the end of its chain could not be read from the store: run `certdesk doctor`"
		case found == (trust.Anchor{}):
		case found.Breaks(below(e, level)) == "":
			return found, level, ""
		case refused == (trust.Anchor{}):
			refused, at = found, level
		}
		if level == len(e.Chain) || !e.Chain[level].Signed {
			return refused, at, cmp.Or(j.Roots.Problem(), j.Roots.Doubt(sum, j.Now))
		}
		sum, issuer = e.Chain[level].SHA256, e.Chain[level].Issuer
	}
}

// below is what a root has below it that stands above so many links.
func below(e *ledger.Entry, level int) trust.Below {
	b := trust.Below{Names: trust.Certified(e.Names, e.Common)}
	for _, link := range e.Chain[:level] {
		if link.Subject != link.Issuer {
			b.CAs++
		}
	}
	return b
}

func (j Chains) anchorOf(sum, issuer string) (trust.Anchor, error) {
	if !j.Roots.MayAnchor(issuer) {
		return trust.Anchor{}, nil
	}
	if known, ok := j.Roots.Known(sum, j.Now); ok {
		return known, nil
	}
	c, err := j.Certificate(sum)
	if err != nil {
		return trust.Anchor{}, err
	}
	return j.Roots.Anchor(c, j.Now), nil
}

// Preview judges an entry whose objects and key are not in the store yet: its certificate, then those of its chain.
func (j Chains) Preview(e *ledger.Entry, certs ...*x509.Certificate) {
	for _, c := range certs {
		if j.Roots.MayAnchor(names.FromDER(c.RawIssuer)) {
			j.Roots.Anchor(c, j.Now) // remembered: judging finds it without a file
		}
	}
	e.HasKey, e.Exportable = true, e.KeyExportable
	j.Entry(e)
}

package ledger

import (
	"fmt"
	"slices"
	"time"

	"certdesk/certstore/printable"
)

// Account is certdesk's account at an ACME authority (RFC 8555, section 7.1.2). Its key is a key of the store.
type Account struct {
	CA        string `json:"ca"`        // what the configuration calls it
	Directory string `json:"directory"` // one account for each
	SPKI      string `json:"spki"`
	URL       string `json:"url,omitempty"` // "" until the CA has answered
	Contact   string `json:"contact,omitempty"`
	Terms     string `json:"terms,omitempty"`  // the address of the terms that were accepted
	Next      string `json:"next,omitempty"`   // the key that it is about to get
	Former    string `json:"former,omitempty"` // the key that it had before this line
	Again     bool   `json:"again,omitempty"`  // the CA no longer knew it
}

// Order is what an entry is had by (RFC 8555, section 7.1.3). Each line of it says all of it.
type Order struct {
	CA          string    `json:"ca"`
	Directory   string    `json:"directory"`
	Profile     string    `json:"profile,omitempty"`
	URL         string    `json:"url,omitempty"`         // "" until the CA has taken it
	Replaces    string    `json:"replaces,omitempty"`    // the certificate whose place it takes, as RFC 9773 names it
	Proofs      []Proof   `json:"proofs,omitempty"`      // put out, and not taken back yet
	Certificate string    `json:"certificate,omitempty"` // where the CA has it
	Trial       bool      `json:"trial,omitempty"`       // at the CA's directory for trying; another follows
	Since       time.Time `json:"-"`                     // of its first line
}

// Proof is what was put where the authority looks for it. Its fields are those of challenge.Proof.
type Proof struct {
	Type             string   `json:"type"`
	Name             string   `json:"name"`
	Wildcard         bool     `json:"wildcard,omitempty"`
	Token            string   `json:"token,omitempty"`
	KeyAuthorization string   `json:"keyAuthorization,omitempty"` // public: it is what the CA is shown
	Account          string   `json:"account,omitempty"`
	Issuers          []string `json:"issuers,omitempty"`
}

// Failure is why an entry was not had from its authority, and when that is tried again.
type Failure struct {
	CA         string    `json:"ca"`
	Directory  string    `json:"directory"`
	Type       string    `json:"type,omitempty"` // the word of RFC 8555, section 6.7, such as rateLimited; "" for none
	Why        string    `json:"why"`            // one sentence, the CA's own where it has said one
	RetryAfter time.Time `json:"retryAfter,omitzero"`
	Next       time.Time `json:"next,omitzero"`
	Over       bool      `json:"over,omitempty"` // nothing comes of the order any more: the next try is another
	Left       []Proof   `json:"left,omitempty"` // proofs that could not be taken back
	At         time.Time `json:"-"`
}

// Window is when an authority suggests that a certificate is renewed (RFC 9773), and the moment chosen in it.
type Window struct {
	CA          string    `json:"ca"`
	Start       time.Time `json:"start,omitzero"`
	End         time.Time `json:"end,omitzero"`
	Chosen      time.Time `json:"chosen,omitzero"`
	Explanation string    `json:"explanation,omitempty"` // an address
	RetryAfter  time.Time `json:"retryAfter,omitzero"`   // when the CA wants to be asked again
	Same        bool      `json:"same,omitempty"`        // it was asked again and has said nothing new
	Why         string    `json:"why,omitempty"`         // what it said last does not count, or was not to be had
	At          time.Time `json:"-"`
}

// Revoked says that an authority was had to revoke a certificate.
type Revoked struct {
	CA     string    `json:"ca"`
	Reason string    `json:"reason"` // the word of RFC 5280, section 5.3.1
	At     time.Time `json:"-"`
}

// Automatic is what the journal says of an entry that an ACME authority gives. It is replaced and never changed, so
// whoever was given it may keep it.
type Automatic struct {
	Order    Order     // the last one; its URL is "" where there is none to go on with
	Issued   time.Time // when the order was found valid
	Failures []Failure // since then, the oldest first, maxFailures at most
	Window   Window
	Revoked  Revoked
}

// maxFailures is how many failures in a row are remembered of an entry.
const maxFailures = 20

// Failed is the last failure, nil where the last try went well.
func (a *Automatic) Failed() *Failure {
	if a == nil || len(a.Failures) == 0 {
		return nil
	}
	return &a.Failures[len(a.Failures)-1]
}

// Ordered says whether an entry is a request that an authority is to answer, whether it has the order yet or not.
func (e *Entry) Ordered() bool {
	return e.Kind == PendingReq && e.Automatic != nil && e.Automatic.Order.CA != ""
}

// final are the refusals that hold for as long as the request is what it is: of a name, of the key, of the request.
var final = []string{"rejectedIdentifier", "unsupportedIdentifier", "badCSR", "badPublicKey", "badSignatureAlgorithm"}

// Final says whether asking again changes nothing.
func (f *Failure) Final() bool { return f != nil && slices.Contains(final, f.Type) }

// Refused says whether an authority has refused for good what was ordered.
func (e *Entry) Refused() bool { return e.Ordered() && e.Automatic.Failed().Final() }

// Asked is something that an authority counts against its limits.
type Asked struct {
	At        time.Time
	Directory string
	Names     []string // of the entry
	Op        string   // OpOrder, OpReady, OpFailed
	Type      string   // of OpFailed
	Renewal   bool     // it said which certificate it replaces: exempt from most limits
}

// remembered is how long what was asked for is kept, by the time of the newest line: no limit looks further back.
const remembered = 8 * 24 * time.Hour

func (st *State) ask(p Line, a Asked) {
	a.At = p.Time
	for _, id := range p.data.IDs {
		if r := st.ByID[id]; r != nil {
			a.Names = r.Names
		}
	}
	oldest := p.Time.Add(-remembered)
	if len(st.Asked) > 0 && st.Asked[0].At.Before(oldest) { // into a list of its own: others may have this one
		st.Asked = slices.DeleteFunc(slices.Clone(st.Asked), func(old Asked) bool { return old.At.Before(oldest) })
	}
	st.Asked = append(st.Asked, a)
}

// acme folds a line about an authority.
func (st *State) acme(p Line) {
	if !p.data.tellsOfACME(p.Op) {
		st.senseless(p)
		return
	}
	d := p.data
	switch p.Op {
	case OpAccount:
		st.account(*d.Account)
		return
	case OpOrder, OpReady:
		if d.Order.URL == "" {
			break // nobody was asked for anything yet
		}
		st.ask(p, Asked{Op: p.Op, Directory: d.Order.Directory, Renewal: d.Order.Replaces != ""})
	case OpFailed:
		st.ask(p, Asked{Op: p.Op, Directory: d.Failure.Directory, Type: d.Failure.Type})
	}
	for _, id := range d.IDs {
		st.note(p, id)
	}
}

// senseless names a line that lacks what its operation needs.
func (st *State) senseless(p Line) {
	st.Problems = append(st.Problems, fmt.Sprintf("line %d of the journal (%s) does not say what it is about", p.Line,
		printable.Text(p.Op)))
}

// note takes in what a line says of one entry.
func (st *State) note(p Line, id int64) {
	if r := st.ByID[id]; r != nil {
		now := Automatic{}
		if r.Automatic != nil {
			now = *r.Automatic
		}
		now.note(p)
		r.Automatic, r.Judged = &now, 0
	}
}

// tellsOfACME says whether a line has what its operation needs.
func (d Data) tellsOfACME(op string) bool {
	switch op {
	case OpAccount:
		return d.Account != nil && d.Account.Directory != "" && d.Account.SPKI != ""
	case OpOrder, OpProofs, OpReady:
		return d.Order != nil
	case OpFailed:
		return d.Failure != nil
	case OpWindow:
		return d.Window != nil
	case OpRevoked:
		return d.Revoked != nil
	}
	return false
}

// note takes in a line.
func (a *Automatic) note(p Line) {
	d := p.data
	switch p.Op {
	case OpNew, OpOrder, OpProofs, OpReady:
		since := a.Order.Since
		if a.Order.URL != d.Order.URL {
			since = p.Time
		}
		a.Order = *d.Order
		a.Order.Since = since
		if p.Op == OpReady {
			a.Issued, a.Failures = p.Time, nil
		}
	case OpFailed:
		f := *d.Failure
		f.At = p.Time
		a.Failures = append(slices.Clone(a.Failures[max(0, len(a.Failures)-maxFailures+1):]), f)
		a.Order.Proofs = f.Left
		if f.Over {
			a.Order.URL = ""
		}
	case OpWindow:
		a.Window = *d.Window
		a.Window.At = p.Time
	case OpRevoked:
		a.Revoked = *d.Revoked
		a.Revoked.At = p.Time
	}
}

// account takes in what a line says of an account. A key that one ever had stays known: nothing takes it for useless.
func (st *State) account(a Account) {
	for _, spki := range []string{a.SPKI, a.Next, a.Former} {
		if spki != "" {
			st.accountKeys[spki] = true
		}
	}
	for i, old := range st.Accounts {
		if old.Directory == a.Directory {
			st.Accounts[i] = a
			return
		}
	}
	st.Accounts = append(st.Accounts, a)
}

// AccountAt is the account at the authority of a directory, nil for none.
func (st *State) AccountAt(directory string) *Account {
	for _, a := range st.Accounts {
		if a.Directory == directory {
			return &a
		}
	}
	return nil
}

package wire

import (
	"certdesk/certstore"
	"certdesk/certstore/acme"
	"certdesk/certstore/ledger"
	"certdesk/certstore/ordering"
)

// Acme is what an entry's ACME CA does for it.
type Acme struct {
	CA       string   `json:"ca"`
	Profile  string   `json:"profile,omitempty"`
	Ordered  bool     `json:"ordered"` // the CA has not answered the request yet
	Trial    bool     `json:"trial,omitempty"`
	Issued   *string  `json:"issued,omitempty"`
	Failed   *Failure `json:"failed,omitempty"` // the last failure, where the last try was one
	Failures int      `json:"failures"`         // in a row
	RenewAt  *string  `json:"renewAt,omitempty"`
	RenewWhy string   `json:"renewWhy,omitempty"` // the CA's explanation, an address
	Revoked  string   `json:"revoked,omitempty"`  // for which reason
}

// Failure is why an entry was not had.
type Failure struct {
	Type    string  `json:"type"` // of ACME; "" where something else was wrong
	Message string  `json:"message"`
	At      *string `json:"at"`
	Next    *string `json:"next"` // when it is tried again
}

// Failing says that the renewal of a certificate fails.
type Failing struct {
	Since *string `json:"since"`
	Times int     `json:"times"`
	Last  Failure `json:"last"`
	By    string  `json:"by,omitempty"` // the thumbprint of the request or certificate that is to take its place
}

func failingOf(f *ledger.Failing) *Failing {
	if f == nil {
		return nil
	}
	out := &Failing{timeOf(f.Since), f.Times, failureOf(f.Last), ""}
	if f.By != nil {
		out.By = f.By.Thumbprint
	}
	return out
}

func failureOf(f ledger.Failure) Failure { return Failure{f.Type, f.Why, timeOf(f.At), timeOf(f.Next)} }

func acmeOf(a *ledger.Automatic, e certstore.Entry) *Acme {
	if a == nil {
		return nil
	}
	out := &Acme{CA: a.Order.CA, Profile: a.Order.Profile, Ordered: e.Ordered(), Trial: a.Order.Trial,
		Issued: timeOf(a.Issued), Failures: len(a.Failures), RenewAt: timeOf(a.Window.Chosen), RenewWhy: a.Window.Explanation,
		Revoked: a.Revoked.Reason}
	if f := a.Failed(); f != nil {
		failed := failureOf(*f)
		out.Failed = &failed
	}
	return out
}

// Authority is a configured ACME CA.
type Authority struct {
	Name      string   `json:"name"`
	Directory string   `json:"directory"`
	Staging   string   `json:"staging,omitempty"`
	Challenge string   `json:"challenge"`
	Profile   string   `json:"profile,omitempty"`
	Entries   int      `json:"entries"`
	Account   *Account `json:"account"` // null where none is registered
	Trial     *Account `json:"stagingAccount,omitempty"`
	Said      *Said    `json:"directorySays,omitempty"` // acme CA: what the CA answers now
}

// Account is an account there.
type Account struct {
	URL     string `json:"url"`
	SPKI    string `json:"spki"`
	Contact string `json:"contact,omitempty"`
	Terms   string `json:"terms,omitempty"` // that were accepted
}

// Said is what a CA says of itself.
type Said struct {
	Terms    string            `json:"terms,omitempty"`
	Website  string            `json:"website,omitempty"`
	CAA      []string          `json:"caaIdentities"`
	External bool              `json:"externalAccountRequired"`
	Profiles map[string]string `json:"profiles"`
}

// AuthorityOf is a CA with its accounts.
func AuthorityOf(a ordering.Authority) Authority {
	return Authority{Name: a.Name, Directory: a.Directory, Staging: a.Staging, Challenge: a.Proves(), Profile: a.Profile,
		Entries: a.Entries, Account: AccountOf(a.Account), Trial: AccountOf(a.Trial)}
}

// AuthoritiesOf are several.
func AuthoritiesOf(list []ordering.Authority) []Authority { return each(list, AuthorityOf) }

// AccountOf is an account, nil for none.
func AccountOf(a *ledger.Account) *Account {
	if a == nil {
		return nil
	}
	return &Account{a.URL, a.SPKI, a.Contact, a.Terms}
}

// SaidOf is what a CA answered.
func SaidOf(d acme.Directory) *Said {
	return &Said{d.Terms, d.Website, append([]string{}, d.CAAIdentities...), d.ExternalAccount, d.Profiles}
}

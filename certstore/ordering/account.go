package ordering

import (
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"certdesk/certstore/acme"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
)

// at is one directory of an authority, with the account there.
type at struct {
	*Orders
	ca        config.ACME
	directory string
	client    *acme.Client
	account   acme.Account
}

// reach opens an authority's directory, and refuses one whose terms nobody has accepted. Whoever calls closes it.
func (o *Orders) reach(ctx context.Context, ca config.ACME, directory string) (*at, error) {
	client, err := o.connect(ca, directory)
	if err != nil {
		return nil, err
	}
	d, err := client.Directory(ctx)
	if err == nil && d.Terms != "" && !ca.AcceptTerms {
		err = fail.New(fail.ConfirmationNeeded,
			"read them, then write accept_terms = true into its [[acme]] table, or run `certdesk acme add`",
			"%s wants its terms accepted: %s", ca.Name, d.Terms)
	}
	if err == nil && d.ExternalAccount && ca.EABKid == "" {
		err = fail.New(fail.InvalidConfig, "get a key identifier and its key from the CA and give eab_kid and eab_key_file",
			"%s wants to know which of its customers asks", ca.Name)
	}
	if err != nil {
		client.Close()
		return nil, err
	}
	return &at{Orders: o, ca: ca, directory: directory, client: client}, nil
}

// registered makes sure of the account. Its key is durable and known to the journal before the authority hears of it,
// so that a registration that was cut off is found again by its key (RFC 8555, section 7.3.1).
func (d *at) registered(ctx context.Context) error {
	known, err := d.known(ctx)
	if err != nil {
		return err
	}
	if known == nil {
		if known, err = d.newKey(ctx); err != nil {
			return err
		}
	}
	if known.Next != "" {
		if known, err = d.rolled(ctx, *known); err != nil {
			return err
		}
	}
	if d.account.Key, err = d.store.Key(known.SPKI); err != nil {
		return err
	}
	if d.account.URL = known.URL; known.URL != "" {
		return nil
	}
	return d.register(ctx, *known)
}

// known is what the journal says of the account, nil where it says nothing.
func (d *at) known(ctx context.Context) (known *ledger.Account, err error) {
	err = d.store.Read(ctx, func(st *ledger.State) { known = st.AccountAt(d.directory) })
	return known, err
}

func (d *at) newKey(ctx context.Context) (*ledger.Account, error) {
	spki, err := d.store.NewKey(ctx)
	if err != nil {
		return nil, err
	}
	a := &ledger.Account{CA: d.ca.Name, Directory: d.directory, SPKI: spki}
	return a, d.store.Write(ctx, ledger.OpAccount, ledger.Data{Account: a})
}

// register tells the authority of the account's key, and the journal of what came of it.
func (d *at) register(ctx context.Context, a ledger.Account) error {
	r := acme.Registration{Contact: d.ca.Contact, EABKid: d.ca.EABKid}
	if d.ca.EABKeyFile != "" {
		key, err := readKey(d.ca.EABKeyFile)
		if err != nil {
			return err
		}
		r.EABKey = key
	}
	said, err := d.client.Directory(ctx)
	if err != nil {
		return err
	}
	if d.account.URL, err = d.client.Register(ctx, d.account.Key, r); err != nil {
		return err
	}
	a.CA, a.URL, a.Contact, a.Terms, a.Former = d.ca.Name, d.account.URL, d.ca.Contact, said.Terms, ""
	return d.store.Write(ctx, ledger.OpAccount, ledger.Data{Account: &a})
}

// again registers the same key once more, where the authority has forgotten the account.
func (d *at) again(ctx context.Context) error {
	known, err := d.known(ctx)
	if err != nil || known == nil {
		return err
	}
	a := *known
	a.Again = true
	return d.register(ctx, a)
}

// remembered does something as the account, and once more after it was registered again where the authority does not
// know it.
func (d *at) remembered(ctx context.Context, do func() error) (forgotten bool, err error) {
	err = do()
	if !acme.IsType(err, acme.NoAccount) {
		return false, err
	}
	if err := d.again(ctx); err != nil {
		return true, err
	}
	return true, do()
}

// maxKey is the longest file with the key of a customer's account.
const maxKey = 4 << 10

func readKey(path string) (string, error) {
	f, err := os.Open(path)
	if err == nil {
		defer f.Close()
		var text []byte
		if text, err = io.ReadAll(io.LimitReader(f, maxKey+1)); err == nil && len(text) <= maxKey {
			return strings.TrimSpace(string(text)), nil
		}
	}
	if err == nil {
		err = errors.New("it is longer than a key")
	}
	return "", fail.New(fail.InvalidConfig, "eab_key_file holds the key that the CA gave, and nothing else",
		"cannot read %s: %s", printable.Text(path), fail.Plain(err.Error()))
}

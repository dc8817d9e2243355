package ordering

import (
	"context"
	"slices"

	"certdesk/certstore/acme"
	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
)

// Authority is a configured authority, with what the journal says of it.
type Authority struct {
	config.ACME
	Account *ledger.Account // nil where none is registered
	Trial   *ledger.Account // at its directory for trying
	Entries int             // live entries that it gave, or is to give
}

// Accounts are the configured authorities.
func (o *Orders) Accounts(ctx context.Context) (list []Authority, err error) {
	err = o.store.Read(ctx, func(st *ledger.State) {
		for _, ca := range o.Host.Authorities {
			a := Authority{ACME: ca, Account: st.AccountAt(ca.Directory)}
			if ca.Staging != "" {
				a.Trial = st.AccountAt(ca.Staging)
			}
			for _, r := range st.Rows {
				if r.Removed.IsZero() && r.Automatic != nil && r.Automatic.Order.CA == ca.Name {
					a.Entries++
				}
			}
			list = append(list, a)
		}
	})
	return list, err
}

// Directory reads what an authority says of itself, for who sets it up.
func (o *Orders) Directory(ctx context.Context, ca config.ACME) (acme.Directory, error) {
	client, err := o.connect(ca, ca.Directory)
	if err != nil {
		return acme.Directory{}, err
	}
	defer client.Close()
	return client.Directory(ctx)
}

// Register makes sure of an account at an authority, which need not be saved in the configuration yet.
func (o *Orders) Register(ctx context.Context, ca config.ACME) (ledger.Account, error) {
	release, err := o.store.Lock(ctx)
	if err != nil {
		return ledger.Account{}, err
	}
	defer release()
	place, err := o.reach(ctx, ca, ca.Directory)
	if err != nil {
		return ledger.Account{}, err
	}
	defer place.client.Close()
	if err := place.registered(ctx); err != nil {
		return ledger.Account{}, err
	}
	known, err := place.known(ctx)
	if err != nil || known == nil {
		return ledger.Account{}, err
	}
	return *known, nil
}

// RollKey gives the account at an authority another key, and that at its directory for trying. Errors: NotFound where
// there is no account.
func (o *Orders) RollKey(ctx context.Context, name string) error {
	ca, err := o.CA(name)
	if err != nil {
		return err
	}
	release, err := o.store.Lock(ctx)
	if err != nil {
		return err
	}
	defer release()
	done := false
	for _, directory := range slices.Compact([]string{ca.Directory, ca.Staging}) {
		if directory == "" {
			continue
		}
		rolled, err := o.rollAt(ctx, ca, directory)
		if err != nil {
			return err
		}
		done = done || rolled
	}
	if !done {
		return fail.New(fail.NotFound, "`certdesk acme add` or the first order registers one",
			"there is no account at %s yet", ca.Name)
	}
	return nil
}

func (o *Orders) rollAt(ctx context.Context, ca config.ACME, directory string) (done bool, err error) {
	var known *ledger.Account
	err = o.store.Read(ctx, func(st *ledger.State) { known = st.AccountAt(directory) })
	if err != nil || known == nil || known.URL == "" {
		return false, err
	}
	place, err := o.reach(ctx, ca, directory)
	if err != nil {
		return false, err
	}
	defer place.client.Close()
	if err := place.registered(ctx); err != nil { // settles one that was cut off
		return false, err
	}
	if known, err = place.known(ctx); err != nil {
		return false, err
	}
	a := *known
	a.Former, a.Again = "", false
	if a.Next, err = o.store.NewKey(ctx); err != nil {
		return false, err
	}
	if err := o.store.Write(ctx, ledger.OpAccount, ledger.Data{Account: &a}); err != nil {
		return false, err
	}
	_, err = place.rolled(ctx, a)
	return err == nil, err
}

// rolled ends a change of the account's key, also one whose process died: the authority says which key it has by now.
func (d *at) rolled(ctx context.Context, a ledger.Account) (*ledger.Account, error) {
	next, err := d.store.Key(a.Next)
	if err != nil {
		return nil, err
	}
	url, err := d.client.Lookup(ctx, next)
	if err != nil {
		return nil, err
	}
	if url == "" {
		old, err := d.store.Key(a.SPKI)
		if err != nil {
			return nil, err
		}
		if err := d.client.Roll(ctx, acme.Account{URL: a.URL, Key: old}, next); err != nil {
			return nil, err
		}
	}
	a.SPKI, a.Former, a.Next, a.Again = a.Next, a.SPKI, "", false
	return &a, d.store.Write(context.WithoutCancel(ctx), ledger.OpAccount, ledger.Data{Account: &a})
}

// Suggested asks the authority of a certificate when it is to be renewed; false where it suggests nothing.
func (o *Orders) Suggested(ctx context.Context, e ledger.Entry) (w acme.Window, suggested bool, err error) {
	if e.Automatic == nil {
		return w, false, nil
	}
	ca, err := o.CA(e.Automatic.Order.CA)
	if err != nil {
		return w, false, err
	}
	leaf, err := o.store.Certificate(e)
	if err != nil {
		return w, false, err
	}
	client, err := o.connect(ca, e.Automatic.Order.Directory)
	if err != nil {
		return w, false, err
	}
	defer client.Close()
	return client.Window(ctx, leaf)
}

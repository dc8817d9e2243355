package wizard

import (
	"certdesk/certstore"
	"certdesk/wizard/exchange"
)

// ExchangeCommands do in the Exchange Management Shell what can be done with an entry here. A request is known there by
// another thumbprint, and its key is here: only one of their own can be made and answered.
func ExchangeCommands(e certstore.Entry, env Env) (list []Equivalent) {
	add := func(wanted bool, does, command string) {
		if wanted && command != "" {
			list = append(list, Equivalent{does, command})
		}
	}
	v, of, services := env.Exchange, e.Thumbprint, servicesOf(e)
	file, certificate := fileName(e.CommonName()), e.Kind == certstore.Certificate
	leaves := certificate && e.HasKey && e.Exportable
	add(certificate, "Tell all of it", v.Get(of))
	add(leaves, "Take in what was exported here", ExchangeImport(e, file+".pfx", env))
	add(certificate && services != "", "Enable it", v.Enable(of, services))
	add(leaves, "Export it", v.Export(of, file+".pfx"))
	add(certificate, "Renew it", exchangeRenewal(e, file+".req", env))
	add(certificate, "Remove it, once it asked", v.Remove(of))
	add(true, "Make another like it", exchangeAnother(e, file+".req", env))
	add(!certificate, "Take in the CA's answer to that",
		v.Import(exchange.File{Name: file + ".cer", FriendlyName: exchangeFriendly(e.FriendlyName), Services: services}))
	return list
}

// ExchangeImport takes in an entry with its key, from a file that was exported here, and enables it for its services.
func ExchangeImport(e certstore.Entry, file string, env Env) string {
	return env.Exchange.Import(exchange.File{Name: file, Key: true, Exportable: e.Exportable,
		FriendlyName: exchangeFriendly(e.FriendlyName), Services: servicesOf(e)})
}

// servicesOf are the services that an entry is bound to or wanted for; "" for none.
func servicesOf(e certstore.Entry) string {
	if e.Services|e.Wanted == 0 {
		return ""
	}
	return servicesWord(e.Services | e.Wanted)
}

// exchangeAnother makes another like an entry, the request in a file; "" where none can be made.
func exchangeAnother(e certstore.Entry, file string, env Env) string {
	r, ok := requestLike(e)
	if !ok {
		return ""
	}
	r.Path = file
	return ShellCommand(FromRequest(r), env)
}

// exchangeRenewal renews an entry on the server that has it; "" where no request can have what it has.
func exchangeRenewal(e certstore.Entry, file string, env Env) string {
	r, ok := requestLike(e)
	if !ok {
		return ""
	}
	r.Path, r.RenewalOf = file, e.ID
	a := FromRequest(r)
	a.Renewal = Renewal{Thumbprint: e.Thumbprint, Plain: r}
	return ShellCommand(a, env)
}

package wizard

import (
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/names"
	"certdesk/wizard/exchange"
	"certdesk/wizard/exchange/exchangetest"
)

// inExchange is the one call of the cmdlet of that name; what the version does not take is an error.
func inExchange(t *testing.T, v exchange.Version, script, name string) exchangetest.Call {
	t.Helper()
	run, err := exchangetest.Of(script)
	if err != nil {
		t.Fatalf("%s: %v\n%s", v, err, script)
	}
	for _, call := range run.Calls {
		if fault := exchangetest.Fault(v, call); fault != "" {
			t.Errorf("%s: %s\n%s", v, fault, script)
		}
	}
	at := slices.IndexFunc(run.Calls, func(c exchangetest.Call) bool { return c.Name == name })
	if at < 0 {
		t.Fatalf("%s: no %s\n%s", v, name, script)
	}
	return run.Calls[at]
}

// exchangeGives are the names that Exchange puts into a request, in an organisation as env describes it.
func exchangeGives(c exchangetest.Call, cn string, env Env) []string {
	list := []string{cn}
	switch typed := c.Params["DomainName"].(type) {
	case string:
		list = append(list, typed)
	case []any:
		for _, name := range typed {
			list = append(list, name.(string))
		}
	}
	for _, d := range env.AcceptedDomains {
		if c.Params["IncludeAcceptedDomains"] != nil {
			list = append(list, d.Name)
		}
		if c.Params["IncludeAutoDiscover"] != nil {
			list = append(list, "autodiscover."+d.Name)
		}
	}
	if c.Params["IncludeServerFQDN"] != nil {
		list = append(list, env.ServerFQDN)
	}
	if c.Params["IncludeServerNetBIOSName"] != nil {
		list = append(list, env.NetBIOSName)
	}
	if len(list) == 1 && c.Params["DomainName"] == nil { // its default
		list = append(list, env.ServerFQDN, env.NetBIOSName)
	}
	for i := range list {
		list[i] = strings.ToLower(list[i])
	}
	slices.Sort(list)
	return slices.Compact(list)
}

// In every version the cmdlet would make a request of the same subject, names and key.
func TestExchangeMakesTheSameRequest(t *testing.T) {
	for name, a := range map[string]Answers{
		"secure_client": secureClient, "secure_smtp": secureSMTP, "defaults": Defaults(),
		"self-signed": {SelfSigned: true, Typed: "a.org", Services: certstore.IIS | certstore.IMAP, ServicesSet: true, Bits: 4096},
		"quotes":      {Typed: "*.a.org 1st.org", FriendlyName: "it\u2019s 'mine' $(x)", Organization: "M\u00fcller's \"B\u00fccher\", AG", City: "Z\u00fcrich", Path: "/a b/$x'.req", Binary: true},
		"a server":    {Typed: "a.org", IncludeServerFQDN: true, IncludeServerNetBIOSName: true},
		"switched":    {Typed: "a.org", IncludeAcceptedDomains: true, IncludeAutodiscover: true, Off: []string{"belgianbeers.rock"}},
		"foreign":     {Typed: "mail.sunshine.edu", IncludeAutodiscover: true},
		"addresses":   {Typed: "a.org 10.0.0.1 x@a.org"},
	} {
		want := build(t, a)
		for v := range exchange.Version(len(exchange.Words())) {
			env := article
			env.Exchange = v
			script := ShellCommand(a, env)
			c := inExchange(t, v, script, "New-ExchangeCertificate")
			wanted := []string{}
			for _, n := range want.Names {
				if n.Kind == names.DNS {
					wanted = append(wanted, n.Value)
				}
			}
			slices.Sort(wanted)
			if got := exchangeGives(c, want.Names[0].Value, env); !slices.Equal(got, wanted) {
				t.Errorf("%s, %s: %v, want %v\n%s", name, v, got, wanted, script)
			}
			subject, err := names.ParseSubject(c.Params["SubjectName"].(string))
			if err != nil || subject.String() != want.Subject.String() || c.Params["KeySize"] != want.Key.Bits ||
				c.Params["FriendlyName"] != want.FriendlyName || (c.Params["PrivateKeyExportable"] != nil) != want.Exportable ||
				(c.Params["GenerateRequest"] == nil) != want.SelfSigned {
				t.Errorf("%s, %s: %v, %v\n%s", name, v, subject, err, script)
			}
		}
	}
}

// What has other bounds there is cut to them, and said.
func TestExchangeBounds(t *testing.T) {
	long := strings.Repeat("\u00fc", 64)
	for _, c := range []struct {
		a    Answers
		v    exchange.Version
		note string
	}{
		{Answers{Typed: "a.org", FriendlyName: long}, exchange.Latest, "# a friendly name has at most 63 characters there"},
		{Answers{Typed: "a.org", Bits: 3072}, exchange.Exchange2010, "# -KeySize takes 1024, 2048 or 4096 only, not 3072"},
		{Answers{Typed: "a.org", Services: certstore.UM, ServicesSet: true}, exchange.From2013, "# Exchange 2019 has no UM"},
		{Answers{Typed: "a.proexchange.global", IncludeAutodiscover: true}, exchange.Exchange2007, "# up to Exchange 2013 -IncludeAutoDiscover works on a Client Access server only"},
		{Answers{SelfSigned: true, Typed: "a.org"}, exchange.From2013, "# it is valid for 1825 days: there is no parameter for 365"},
	} {
		env := article
		env.Exchange = c.v
		script := ShellCommand(c.a, env)
		inExchange(t, c.v, script, "New-ExchangeCertificate")
		if !strings.Contains(script, c.note+"\n") {
			t.Errorf("%q is not said:\n%s", c.note, script)
		}
	}
	env := article
	env.Exchange = exchange.Exchange2007
	if script := ShellCommand(Answers{SelfSigned: true, Typed: "a.org"}, env); strings.Contains(script, "#") {
		t.Errorf("2007 makes it for a year:\n%s", script)
	}
}

// A renewal of what is the same takes subject and names from the certificate there; one that changes them is a new one.
func TestExchangeRenews(t *testing.T) {
	plain := build(t, Answers{Typed: "a.org b.org", FriendlyName: "web", RenewalOf: 7, Country: "BE"})
	a := FromRequest(plain)
	a.Renewal = Renewal{Thumbprint: renewed.Thumbprint, Plain: plain}
	a.Bits = 4096
	c := inExchange(t, exchange.Latest, ShellCommand(a, article), "New-ExchangeCertificate")
	if c.Piped != (exchangetest.Object{Cmdlet: "Get-ExchangeCertificate"}) || c.Params["SubjectName"] != nil || c.Params["KeySize"] != 4096 {
		t.Errorf("%+v", c)
	}
	a.Typed += " c.org"
	c = inExchange(t, exchange.Latest, ShellCommand(a, article), "New-ExchangeCertificate")
	if c.Piped != nil || c.Params["SubjectName"] == nil {
		t.Errorf("%+v", c)
	}
}

// The commands of an entry are those that work there for what it is.
func TestTheCommandsOfAnEntryInExchange(t *testing.T) {
	e := certstore.Entry{ID: 4, Kind: certstore.Certificate, Common: "*.example.org", Subject: `CN=*.example.org,O=M\, N's`, Names: []string{"*.example.org"},
		FriendlyName: "it's", Thumbprint: strings.Repeat("AB", 20), HasKey: true, Exportable: true, KeyAlgorithm: "RSA", KeySize: 2048,
		Services: certstore.SMTP, Wanted: certstore.IMAP}
	kept, idle, pending, removed := e, e, e, e
	kept.Exportable, pending.Kind, removed.Removed = false, certstore.PendingReq, time.Unix(1, 0)
	idle.Services, idle.Wanted = 0, 0
	all := []string{"Get", "Import", "Enable", "Export", "New", "Remove", "New"}
	for name, test := range map[string]struct {
		entry certstore.Entry
		want  []string
	}{
		"a certificate": {e, all}, "removed here": {removed, all},
		"not exportable": {kept, []string{"Get", "Enable", "New", "Remove", "New"}},
		"for no service": {idle, []string{"Get", "Import", "Export", "New", "Remove", "New"}},
		"a request":      {pending, []string{"New", "Import"}},
	} {
		for v := range exchange.Version(len(exchange.Words())) {
			list := ExchangeCommands(test.entry, Env{Exchange: v})
			if len(list) != len(test.want) {
				t.Fatalf("%s: %+v", name, list)
			}
			for i, c := range list {
				call := inExchange(t, v, c.Command, test.want[i]+"-ExchangeCertificate")
				if of := call.Params["Thumbprint"]; of != nil && of != e.Thumbprint {
					t.Errorf("%s: %v", c.Does, of)
				}
			}
		}
	}
	script := ExchangeImport(e, "a.pfx", Env{Exchange: exchange.Exchange2010})
	if c := inExchange(t, exchange.Exchange2010, script, "Enable-ExchangeCertificate"); c.Piped == nil || len(c.Params["Services"].([]any)) != 2 {
		t.Errorf("%+v", c)
	}
}

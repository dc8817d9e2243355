package settings

import (
	"context"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/config"
	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/publishing"
	"certdesk/certstore/services"
	"certdesk/certstore/trust"
	"certdesk/certstore/trying"
	"certdesk/ui/screen"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// trial is what came of trying a change: the draft, the desk as it would be, and what is to be said of it.
type trial struct {
	draft    config.Draft
	next     screen.Config
	findings []trust.Finding
}

// try makes the draft, opens the desk with it as the next start would, and looks at what the setting names. Nothing is
// written.
func try(ctx context.Context, d screen.Config, f config.File, s setting, changes []config.Change) (trial, error) {
	draft, err := f.With(changes...)
	if err != nil {
		return trial{}, err
	}
	if !draft.Changed() {
		return trial{}, fail.New(fail.InvalidConfig, "change something, or press esc", "this is what holds already")
	}
	t := trial{draft: draft}
	if t.findings = roots(s, draft.Config, d); hasError(t.findings) {
		return t, nil
	}
	if t.next, err = d.Reopen(draft.Config); err != nil {
		return trial{}, err
	}
	before, err := d.Store.List(ctx, false)
	if err != nil {
		return t, err
	}
	after, err := t.next.Store.List(ctx, false)
	if err != nil {
		return t, err
	}
	t.findings = append(t.findings, lookedAt(ctx, t, s, after)...)
	t.findings = append(t.findings, differences(before, after)...)
	return t, ctx.Err()
}

func hasError(list []trust.Finding) bool {
	return slices.ContainsFunc(list, func(f trust.Finding) bool { return f.Severity == trust.Error })
}

func roots(s setting, c config.Config, d screen.Config) []trust.Finding {
	if s.asks[0].key != "trust" {
		return nil
	}
	return trying.Roots(c.Trust, d.Now())
}

// lookedAt tells of what the setting names.
func lookedAt(ctx context.Context, t trial, s setting, entries []certstore.Entry) []trust.Finding {
	c := t.draft.Config
	ca, orders := s.authority(c)
	switch {
	case orders && t.draft.Changes[0].Key != "": // it is not taken out
		return triedCA(ctx, t.next.Store, t.next.Env, ca)
	case s.table == "notify" && t.draft.Changes[0].Key != "":
		return toldOf(ctx, t.next.Store, c.Notify[s.at])
	case s.table == "accepted_domains" && s.asks[0].key == "names":
		return offered(t.next.Env)
	case strings.HasPrefix(s.table, "accepted_domains") && t.next.Domains != nil:
		return listed(t.next.Domains(ctx), t.next.Env)
	case s.table == publishing.Table && c.Publish.URL != "":
		return published(ctx, c.Publish)
	case s.asks[0].key == "server" && c.Server != "":
		return trying.Server(ctx, c.Server, entries, t.next.Now())
	case s.table == "service" && s.at < len(c.Services):
		v := c.Services[s.at]
		list := trying.Service(ctx, t.next.Store.Host(),
			services.Instance{Use: v.Use, Driver: v.Driver, Config: v.Config, Listen: v.Listen, Name: v.Name,
				Install: v.Install, Owner: v.Owner, Check: v.Check, Reload: v.Reload})
		if s.given != nil || s.adds && s.at == 0 {
			list = append(list, finding(trust.Warning,
				"from now on only services that the file names are used; none is looked for"))
		}
		return list
	}
	return nil
}

// published tells whether the entry is there and may be read; nothing is written to try.
func published(ctx context.Context, p publishing.Place) []trust.Finding {
	n, err := p.Look(ctx)
	if err != nil {
		told := fail.Of(err)
		return []trust.Finding{finding(trust.Warning, words.Stop(told.Text)+" "+words.Stop(words.SentenceCase(told.Hint)))}
	}
	return []trust.Finding{finding(trust.Info, "the entry is there, with "+printable.Count(n, "value")+
		" in the attribute; whether the account may write there is seen at the first certificate")}
}

func finding(severity trust.Severity, text string) trust.Finding {
	return trust.Finding{Severity: severity, Text: text}
}

// listed tells what each source gave, and which names a request gets by all of them.
func listed(all domains.Listing, env wizard.Env) (list []trust.Finding) {
	var sources []string
	count := map[string][]string{}
	for _, d := range all.Domains {
		if count[d.Source] == nil {
			sources = append(sources, d.Source)
		}
		count[d.Source] = append(count[d.Source], d.Name)
	}
	for _, source := range sources {
		names := count[source]
		list = append(list, finding(trust.Info, source+": "+printable.Count(len(names), "domain")+", "+words.Few(names, mostNamed)))
	}
	for _, r := range all.Remarks {
		list = append(list, finding(trust.Warning, words.Stop(r.Text())+" "+words.Stop(words.SentenceCase(r.Err.Hint))))
	}
	env.AcceptedDomains = all.Domains
	return append(list, offered(env)...)
}

// offered tells which names a request gets by the accepted domains.
func offered(env wizard.Env) []trust.Finding {
	var names []string
	for _, c := range wizard.Expand(wizard.Answers{IncludeAcceptedDomains: true, IncludeAutodiscover: true}, env) {
		if c.Name.Value != env.ServerFQDN && c.Name.Value != env.NetBIOSName {
			names = append(names, c.Name.Value)
		}
	}
	if len(names) == 0 {
		return nil
	}
	return []trust.Finding{finding(trust.Info, "with both switches on, a new request has "+words.Few(names, 12))}
}

// differences tells which entries are judged otherwise.
func differences(before, after []certstore.Entry) (list []trust.Finding) {
	var kinds []string
	who := map[string][]string{}
	for _, e := range before {
		next := words.FindIn(after, e.ID)
		if next == nil || next.Verdict.Word == e.Verdict.Word {
			continue
		}
		kind := e.Verdict.Word + " becomes " + next.Verdict.Word
		if who[kind] == nil {
			kinds = append(kinds, kind)
		}
		who[kind] = append(who[kind], words.Title(e))
	}
	for _, kind := range kinds {
		list = append(list, finding(trust.Info, kind+": "+words.Few(who[kind], mostNamed)))
	}
	return list
}

// mostNamed are the entries that are named of those that change alike.
const mostNamed = 4

package answering

import (
	"slices"

	"certdesk/certstore/evidence"
	"certdesk/certstore/printable"
	"certdesk/certstore/probe"
)

const discoverPath = "/autodiscover/autodiscover.xml"

// autodiscover answers with XML, or asks for a password first.
func isAutodiscover(p page) bool { return p.status == 401 || p.isXML() && p.status < 400 }

// isWeb wants a page, its login or a question for a password.
func isWeb(p page) bool { return p.status == 200 || p.asksWho() }

// discover is how Outlook and phones look for a mailbox (MS-OXDISCO 3.1.5): the domain itself, autodiscover below it, a
// redirect by http, an SRV record. Certdesk asks all at once; a client goes on only where a step gave it nothing. The
// service connection point of Active Directory, which comes before on computers of the domain, is not asked.
func (t *trip) discover(domain string) []Place {
	host := "autodiscover." + domain
	list := slices.Concat(together(
		func() []Place { return t.follow(ByDomain, "https://"+domain+discoverPath, isAutodiscover) },
		func() []Place { return t.follow(ByAutodiscover, "https://"+host+discoverPath, isAutodiscover) },
		func() []Place { return t.redirect("http://" + host + discoverPath) },
		func() []Place { return t.service(domain) },
	)...)
	pass(list)
	return list
}

// together does several things at once and gives what came of each, in their order.
func together(work ...func() []Place) [][]Place {
	out := make([][]Place, len(work))
	done := make(chan struct{})
	for i, do := range work {
		go func() {
			out[i] = do()
			done <- struct{}{}
		}()
	}
	for range work {
		<-done
	}
	return out
}

// redirect follows what http says, which counts only where it redirects: Outlook takes no answer that anybody on the
// way could have written.
func (t *trip) redirect(start string) []Place {
	list := t.follow(ByRedirect, start, isAutodiscover)
	if len(list) == 1 && (list[0].Outcome == Found || list[0].Outcome == Other) {
		list[0].Outcome, list[0].Text = Other, "it does not redirect, and only that would count here"
	}
	return list
}

// service follows the SRV record of a domain.
func (t *trip) service(domain string) (list []Place) {
	targets := t.DNS.Resolver.Targets(t.ctx, "_autodiscover", domain)
	if len(targets) == 0 {
		return []Place{{Way: BySRV, URL: printable.Text("_autodiscover._tcp." + domain), Outcome: Absent,
			Text: "there is no such record"}}
	}
	for _, at := range targets[:min(len(targets), 1)] { // a client takes the first
		list = t.follow(BySRV, "https://"+hostPort(at)+discoverPath, isAutodiscover)
	}
	return list
}

func hostPort(at evidence.Target) string {
	if at.Port == "443" {
		return at.Host
	}
	return at.Host + ":" + at.Port
}

// pass marks the places that a client does not come to, since one before them gave it what it looked for.
func pass(list []Place) {
	found := slices.IndexFunc(list, func(p Place) bool { return p.Outcome == Found })
	for i := range list {
		list[i].Passed = found >= 0 && list[i].Way != list[found].Way && i > found
	}
}

// webLabels are the names at which people look for web access, in the domain of their address.
var webLabels = []string{"webmail", "owa", "mail", "outlook"}

// web are web access and Outlook Anywhere, at the host where autodiscover was found and at the usual names that exist.
func (t *trip) web(domain string, discovered []Place) []Place {
	var hosts []string
	for _, p := range discovered {
		if p.Outcome == Found && p.Host != domain && !slices.Contains(hosts, p.Host) {
			hosts = append(hosts, p.Host)
		}
	}
	for _, label := range webLabels {
		host := label + "." + domain
		if !slices.Contains(hosts, host) && len(t.DNS.Resolver.Place(t.ctx, host).Addresses) > 0 {
			hosts = append(hosts, host)
		}
	}
	var work []func() []Place
	for _, host := range hosts[:min(len(hosts), mostHosts)] {
		work = append(work, func() []Place { return t.page(ByWeb, "https://"+host+"/owa/", isWeb) },
			func() []Place { return t.page(ByAnywhere, "https://"+host+"/rpc/rpcproxy.dll", page.asksWho) })
	}
	return slices.DeleteFunc(slices.Concat(together(work...)...), func(p Place) bool {
		return p.Outcome == NoOne || p.Outcome == Other && p.Host == "autodiscover."+domain
	})
}

// page asks one page; where it redirects within its host, as to a login, it is there.
func (t *trip) page(way Way, at string, good func(page) bool) []Place {
	p, got := t.hop(way, at)
	if next, _ := nextHop(at, got.to, nil); got.redirects() && sameHost(at, next) {
		good = func(page) bool { return true }
	}
	t.settle(&p, got, good)
	return []Place{p}
}

func sameHost(a, b string) bool {
	_, x, _ := webURL(a)
	_, y, _ := webURL(b)
	return x != "" && x == y
}

// mail are the hosts that take a domain's mail from others, each with STARTTLS, and where those get its policy.
func (t *trip) mail(domain string) []Place {
	hosts, refuses := t.DNS.Resolver.Exchangers(t.ctx, domain)
	switch {
	case refuses:
		return []Place{{Way: ByMX, URL: printable.Text(domain), Outcome: Absent, Text: "it says that it takes no mail"}}
	case len(hosts) == 0: // then it goes to the host of that name (RFC 5321 5.1), where there mostly is a web server alone
		p := t.port(ByMX, probe.SMTP, domain, "25")
		if !p.Served() {
			p.Outcome, p.Text, p.Answers = Absent, "it has no MX record", nil
		}
		return []Place{p}
	}
	policy, bad := t.DNS.STS(t.ctx, domain)
	var work []func() []Place
	for _, host := range hosts[:min(len(hosts), mostHosts)] {
		work = append(work, func() []Place { return []Place{t.exchanger(host, policy)} })
	}
	if policy.Mode != "" || bad != nil {
		work = append(work, func() []Place { return []Place{t.policy(domain, policy, bad)} })
	}
	return slices.Concat(together(work...)...)
}

func (t *trip) exchanger(host string, policy evidence.STS) Place {
	p := t.port(ByMX, probe.SMTP, host, "25")
	p.STS = policy.Mode
	if policy.Mode == "enforce" && !policy.Allows(host) {
		p.Barred = "the MTA-STS policy of its domain does not name it: servers that have the policy do not deliver there"
	}
	return p
}

// policy is the place of an MTA-STS policy, which senders take only under a certificate that they accept.
func (t *trip) policy(domain string, policy evidence.STS, bad error) Place {
	p := t.port(ByPolicy, probe.HTTPS, "mta-sts."+domain, "443")
	p.STS = policy.Mode
	if bad != nil && p.Served() {
		p.Outcome, p.Text = Other, printable.Text("the policy cannot be had: "+bad.Error())
	}
	return p
}

// offered are where mail programs read and send for a domain: its SRV records (RFC 6186, RFC 8314), else the names that
// they try by themselves.
var offered = []struct {
	way     Way
	service string
	scheme  probe.Scheme
	labels  []string
	port    string
}{
	{ByReading, "_imaps", probe.IMAPS, []string{"imap", "mail"}, "993"},
	{BySending, "_submissions", probe.SMTPS, []string{"smtp", "mail"}, "465"},
	{BySending, "_submission", probe.SMTP, []string{"smtp", "mail"}, "587"},
}

// programs are the ports that mail programs use for a domain; where nobody listens is not told of.
func (t *trip) programs(domain string) []Place {
	var work []func() []Place
	for _, o := range offered {
		work = append(work, func() []Place {
			targets := t.DNS.Resolver.Targets(t.ctx, o.service, domain)
			named := len(targets) > 0
			for _, label := range o.labels {
				if host := label + "." + domain; !named && len(t.DNS.Resolver.Place(t.ctx, host).Addresses) > 0 {
					targets = append(targets, evidence.Target{Host: host, Port: o.port})
				}
			}
			var list []Place
			for _, at := range targets[:min(len(targets), 2)] {
				p := t.port(o.way, o.scheme, at.Host, at.Port)
				if named || p.Served() {
					list = append(list, p)
				}
			}
			return list
		})
	}
	return slices.Concat(together(work...)...)
}

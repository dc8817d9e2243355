package challenge

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"

	"github.com/miekg/dns"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// acmeDNS keeps the record in an acme-dns, a small server for just that: the name asked for is an alias of one there
// (github.com/joohoi/acme-dns). It keeps the last two values of a name and takes none away.
type acmeDNS struct {
	update string // the URL
	file   string
	web    *http.Client
}

// account is what acme-dns answered to a registration.
type account struct {
	User       string `json:"username"`
	Key        string `json:"password"`
	FullDomain string `json:"fulldomain"`
	SubDomain  string `json:"subdomain"`
}

func newAcmeDNS(d DNS) (keeper, error) {
	at, err := url.Parse(d.AcmeDNS)
	if err != nil || at.Host == "" || at.Scheme != "https" && (at.Scheme != "http" || !isLoopback(at.Hostname())) {
		return nil, fail.New(fail.InvalidConfig, "give its https URL as acme_dns; http will do on this host alone",
			"%q is not where an acme-dns is told a password", printable.Text(d.AcmeDNS))
	}
	s := acmeDNS{update: at.JoinPath("update").String(), file: d.AcmeDNSFile,
		web: &http.Client{Timeout: 15 * time.Second, CheckRedirect: noRedirect}}
	_, err = s.accounts()
	return s, err
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func noRedirect(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// accounts reads the file: one account, or several by the name they are for, as other clients keep them.
func (s acmeDNS) accounts() (map[string]account, error) {
	data, err := readObeyed("the acme-dns file", s.file)
	if err != nil {
		return nil, err
	}
	var one account
	several := map[string]account{}
	if json.Unmarshal(data, &one) == nil && one.SubDomain != "" {
		return map[string]account{"": one}, nil
	}
	err = json.Unmarshal(data, &several)
	if err != nil || len(several) == 0 {
		return nil, fail.New(fail.InvalidConfig, "keep in it what acme-dns answered to the registration (POST /register)",
			"%s does not hold an account of acme-dns in JSON", printable.Text(s.file))
	}
	return several, nil
}

// accountOf is the one to whose name the alias leads.
func (s acmeDNS) accountOf(r record) (account, error) {
	all, err := s.accounts()
	if err != nil {
		return account{}, err
	}
	target := ""
	for name, a := range all {
		if dns.CanonicalName(a.FullDomain) == dns.CanonicalName(r.name) {
			return a, nil
		}
		if name == "" || dns.CanonicalName("_acme-challenge."+name) == dns.CanonicalName(r.asked) {
			target = a.FullDomain
		}
	}
	if target == "" {
		return account{}, fail.New(fail.Failed, "register one at acme-dns and keep it in that file",
			"%s holds no account for %s", printable.Text(s.file), shown(r.asked))
	}
	return account{}, fail.New(fail.Failed, "publish: "+printable.Text(r.asked)+" CNAME "+printable.Text(dns.Fqdn(target)),
		"%s does not lead (CNAME) to %s, where acme-dns keeps its record", shown(r.asked), printable.Text(target))
}

func (s acmeDNS) put(ctx context.Context, r record) error {
	a, err := s.accountOf(r)
	if err != nil {
		return err
	}
	body, err := json.Marshal(map[string]string{"subdomain": a.SubDomain, "txt": r.value})
	if err != nil {
		return err
	}
	ask, err := http.NewRequestWithContext(ctx, http.MethodPost, s.update, bytes.NewReader(body))
	if err != nil {
		return err
	}
	ask.Header.Set("X-Api-User", a.User)
	ask.Header.Set("X-Api-Key", a.Key)
	ask.Header.Set("Content-Type", "application/json")
	answer, err := s.web.Do(ask)
	if err != nil {
		return s.unanswered(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode == http.StatusOK {
		return nil
	}
	return s.refused(answer)
}

func (s acmeDNS) unanswered(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return stopped(ctx)
	}
	return fail.New(fail.Failed, "see that acme-dns runs, and its certificate", "%s does not answer: %s",
		printable.Text(s.update), cause(err))
}

func (s acmeDNS) refused(answer *http.Response) error {
	hint := "see acme-dns's log"
	if answer.StatusCode == http.StatusUnauthorized {
		hint = "see that " + printable.Text(s.file) +
			" is of this acme-dns, and that it may be changed from this host (allowfrom)"
	}
	body, _ := io.ReadAll(io.LimitReader(answer.Body, maxBody))
	line, _, _ := strings.Cut(strings.TrimSpace(string(body)), "\n")
	return fail.New(fail.Failed, hint, "%s answers %s", printable.Text(s.update), statusLine(answer, beginning(line)))
}

// take has nothing to do: the next two values push this one out.
func (s acmeDNS) take(context.Context, record) error { return nil }

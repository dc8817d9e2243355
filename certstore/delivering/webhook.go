package delivering

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/tls"
	"encoding/hex"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
)

// webhook posts a letter to an address.
type webhook struct{ n config.Notify }

// What posting may take. A listener that hangs costs three tries of ten seconds; one that says when it wants to be
// asked again is asked then, or by the next run.
const (
	tries      = 3
	longestNap = 20 * time.Second
	maxSaid    = 4 << 10 // bytes of an answer
)

// The time of a try, and how long is waited before each further one; less in tests.
var (
	postTime = 10 * time.Second
	naps     = []time.Duration{time.Second, 4 * time.Second}
)

func (w webhook) bring(ctx context.Context, l Letter) (string, error) {
	at, err := w.address()
	if err != nil {
		return "", err
	}
	p, err := w.post(at, l)
	if err != nil {
		return "", err
	}
	roots, err := rootsOf(w.n.CAFile)
	if err != nil {
		return "", err
	}
	transport := &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true,
		MaxResponseHeaderBytes: 16 << 10, TLSClientConfig: &tls.Config{RootCAs: roots},
		DialContext: (&net.Dialer{Timeout: postTime}).DialContext}
	defer transport.CloseIdleConnections()
	client := &http.Client{Transport: transport, Timeout: postTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	for try := 0; ; try++ {
		status, nap, err := p.try(ctx, client)
		if err == nil {
			return at.Hostname() + " took it: " + status, nil
		}
		if nap < 0 || try+1 == tries || nap > longestNap || !sleep(ctx, max(nap, naps[min(try, len(naps)-1)])) {
			return "", err
		}
	}
}

// address is where it is posted to.
func (w webhook) address() (*url.URL, error) {
	text, err := w.n.Webhook, error(nil)
	if w.n.WebhookFile != "" {
		if text, err = secret("the address of the webhook", w.n.WebhookFile); err != nil {
			return nil, err
		}
	}
	u, err := w.n.Address(text)
	if err != nil {
		return nil, fail.New(fail.InvalidConfig, "correct it", "%w", err)
	}
	return u, nil
}

// post is what is sent at each try.
type post struct {
	method  string
	url     *url.URL
	body    []byte
	headers map[string]string
	hidden  []string // what no error may hold
}

func (w webhook) post(at *url.URL, l Letter) (post, error) {
	body, err := shapes[w.n.Shaped()](l)
	p := post{method: http.MethodPost, url: at, body: body, hidden: secretsOf(at),
		headers: map[string]string{"Content-Type": "application/json", "User-Agent": "certdesk", "X-Certdesk-Delivery": l.ID}}
	if err != nil {
		return p, err
	}
	if w.n.SecretFile != "" {
		key, err := secret("the secret of the webhook", w.n.SecretFile)
		if err != nil {
			return p, err
		}
		mac := hmac.New(sha256.New, []byte(key))
		mac.Write(body)
		p.headers["X-Certdesk-Signature-256"] = "sha256=" + hex.EncodeToString(mac.Sum(nil))
		p.hidden = append(p.hidden, key)
	}
	if w.n.Shaped() == "matrix" { // the last part of the address is the transaction: what comes twice is shown once
		token, err := secret("the access token", w.n.TokenFile)
		if err != nil {
			return p, err
		}
		p.method, p.url = http.MethodPut, at.JoinPath(l.ID)
		p.headers["Authorization"] = "Bearer " + token
		p.hidden = append(p.hidden, token)
	}
	return p, nil
}

// secretsOf are the parts of an address that a server might repeat, and that let anybody post there.
func secretsOf(u *url.URL) (list []string) {
	for _, part := range strings.FieldsFunc(u.EscapedPath()+"/"+u.Path+"/"+u.RawQuery, func(r rune) bool {
		return strings.ContainsRune("/?&=", r)
	}) {
		if len(part) >= 6 {
			list = append(list, part)
		}
	}
	return list
}

// try posts once. nap is how long the server wants to be left alone; below 0, another try is in vain.
func (p post) try(ctx context.Context, client *http.Client) (status string, nap time.Duration, err error) {
	r, err := http.NewRequestWithContext(ctx, p.method, p.url.String(), bytes.NewReader(p.body))
	if err != nil {
		return "", -1, failed("", "its address cannot be used")
	}
	for name, value := range p.headers {
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return "", p.napAfter(err), failed("", "%s: %s", p.url.Host, p.without(cause(err)))
	}
	defer answer.Body.Close()
	said, _ := io.ReadAll(io.LimitReader(answer.Body, maxSaid))
	status = p.without(shortened(answer.Status))
	code := answer.StatusCode
	switch {
	case code/100 == 2:
		return status, 0, nil
	case code/100 == 3:
		return "", -1, failed("write the address that it has now, if that is yours",
			"%s sends elsewhere%s (%s), and nothing is told to whom the configuration does not name", p.url.Host,
			p.elsewhere(answer), status)
	}
	err = failed("", "%s answered %q", p.url.Host, status)
	if why := p.without(shortened(string(said))); why != "" {
		err = failed("", "%s answered %q: %s", p.url.Host, status, why)
	}
	if code != http.StatusTooManyRequests && code/100 != 5 {
		return "", -1, err
	}
	return "", retryAfter(answer.Header.Get("Retry-After")), err
}

// napAfter says whether what went wrong may go better a moment later: a certificate that is not trusted does not.
func (p post) napAfter(err error) time.Duration {
	var refused *tls.CertificateVerificationError
	if errors.As(err, &refused) {
		return -1
	}
	return 0
}

// elsewhere names the host that a redirect leads to.
func (p post) elsewhere(answer *http.Response) string {
	to, err := answer.Location()
	if err != nil || to.Host == "" {
		return ""
	}
	return ", to " + p.without(shortened(to.Host))
}

// without is a foreign text without what must not be shown.
func (p post) without(text string) string {
	for _, part := range p.hidden {
		text = strings.ReplaceAll(text, part, "(not shown)")
	}
	return text
}

// retryAfter reads when a server wants to be asked again (RFC 9110, section 10.2.3); a day is seconds enough.
func retryAfter(text string) time.Duration {
	if n, err := strconv.Atoi(text); err == nil && n >= 0 {
		return time.Duration(min(n, 86400)) * time.Second
	}
	if at, err := http.ParseTime(text); err == nil {
		return max(0, time.Until(at))
	}
	return 0
}

// sleep waits, unless the context ends first.
func sleep(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

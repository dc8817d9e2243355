package ui_test

import (
	"crypto/x509"
	"errors"
	"io"
	"net/http"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/answering/answeringtest"
	"certdesk/certstore/daemontest"
	"certdesk/certstore/importing"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// call is what somebody on the telephone says, and what the desk answers: its first line, and what is told further.
type call struct {
	what string // in the words of the helpdesk
	text string // that is typed or pasted
	keys []string
	line string // the verdict
	says []string
}

// calls are ten that users of mail servers make, and the five questions of the helpdesk about one host.
var calls = []call{
	{"Outlook: the name does not match", "anna@corp.example.net The name on the security certificate is invalid or does not match the name of the site", nil,
		"Yes, it is the certificate at https://autodiscover.corp.example.net: it is for",
		[]string{"not for autodiscover.corp.example.net", "We mend that", "Next: "}},
	{"Outlook warns, and our server is right", "bob@shop.example.net", nil,
		"Yes, it is the certificate at https://shop.example.net: it is for",
		[]string{"A web site answers Outlook at shop.example.net", "autodiscover.shop.example.net: right certificate"}},
	{"Thunderbird: Add Security Exception", "self.example.net:993 uses an invalid security certificate. Error code: SEC_ERROR_UNKNOWN_ISSUER", nil,
		"Yes, it is the certificate at imaps://self.example.net:993: it is self-signed", []string{"Do not confirm it yet"}},
	{"an iPhone: Cannot Verify Server Identity", "Cannot Verify Server Identity. The identity of \u201cshort.example.net\u201d cannot be verified", nil,
		"Yes, it is the certificate at imaps://short.example.net:993: serve the full chain", []string{"install the whole chain there"}},
	{"Gmail cannot send as", "smtp.gm.example.net: TLS Negotiation failed, the certificate doesn't match the host., code: 0", nil,
		"Yes, it is the certificate at smtp://smtp.gm.example.net:587: it is for mail.gm.example.net",
		[]string{"set the server's name in the account to mail.gm.example.net", "It says the same of a certificate that no public CA"}},
	{"it was renewed, and the phone says that it has expired", "renewed.example.net expired on my iphone", nil,
		"Yes, it is the certificate at imaps://renewed.example.net:993: it expired on",
		[]string{"renewed 2026", "export it for that server"}},
	{"Outlook: revocation information is not available", "unasked.example.net Revocation information for the security certificate for this site is not available", nil,
		"It may be the certificate at imaps://unasked.example.net:993: ", []string{"could not reach the CA"}},
	{"mail to us bounces: certificate-host-mismatch", "postmaster@sts.example.net certificate-host-mismatch", nil,
		"Yes, it is the certificate at smtp://mx.sts.example.net:25: it is for", []string{"MTA-STS"}},
	{"the mail program cannot connect", "dead.example.net", nil,
		"No certificate is seen: nobody answers at", []string{"It is the network or the", "not your certificate"}},
	{"Outlook says it is not yet valid, on one computer", "imap.example.org certificate has expired or is not yet valid", nil,
		"No, it is not the certificate: imaps://imap.example.org:993 serves the right one", []string{"date, time and time zone of your device"}},

	{"which certificate covers it", "smtp.example.org", nil, "No, it is not the certificate", []string{"our mail (", "valid, until"}},
	{"which is served where", "mail.example.org", nil, "No, it is not the certificate",
		[]string{"imaps://mail.example.org:993", "smtp://mail.example.org:587", "our mail, until"}},
	{"what do clients say", "self.example.net", []string{"end"}, "", []string{"SEC_ERROR_UNKNOWN_ISSUER", "company you have not chosen to trust"}},
	{"is it ours", "imap.example.org:993", []string{"end"}, "", []string{"It is ours: our mail ("}},
	{"what to tell the caller", "carl@example.org", nil, "No, it is not the certificate: https://autodiscover.example.org",
		[]string{"What does the program say, word for word?"}},
}

// helpdesk is a read-only desk in a village where much is wrong.
func helpdesk(t *testing.T) *uitest.Driver {
	t.Helper()
	v := answeringtest.New(t)
	options := certstore.Options{Dir: t.TempDir() + "/store", Roots: v.CA.Roots(), Ask: v.Ask}
	store, err := certstore.Open(options)
	for name, p := range ours(t, v) {
		_, _, wrong := store.Import(t.Context(), importing.Request{Options: importing.Options{FriendlyName: name},
			Sources: []importing.Source{{Data: append(p.Chain, p.Key...)}}})
		err = errors.Join(err, wrong)
	}
	options.ReadOnly = true
	readOnly, wrong := certstore.Open(options)
	if err = errors.Join(err, wrong); err != nil {
		t.Fatal(err)
	}
	return uitest.Drive(t, screen.Config{Store: readOnly, Env: uitest.ArticleEnv(), Server: "mail01.proexchange.global", Now: time.Now,
		Answers: v.Asker(readOnly).Ask}, 200, 60)
}

// ours builds the village, and gives what the store has.
func ours(t *testing.T, v *answeringtest.Village) map[string]daemontest.Pair {
	web := func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<html>Welcome</html>")
	}
	auth := func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
	mail := v.Issue("mail.example.org", "imap.example.org", "smtp.example.org", "autodiscover.example.org")
	v.Has("autodiscover.example.org. A 127.0.9.1", "mail.example.org. A 127.0.9.1", "imap.example.org. A 127.0.9.1",
		"smtp.example.org. A 127.0.9.1")
	v.Web("127.0.9.1", auth, mail)
	v.TLS("127.0.9.1:993", mail)
	v.SMTP("127.0.9.1:587", mail)

	v.Has("autodiscover.corp.example.net. A 127.0.9.2")
	v.Web("127.0.9.2", auth, v.Issue("mail.corp.example.net"))
	v.Has("shop.example.net. A 127.0.9.3", "autodiscover.shop.example.net. A 127.0.9.4")
	v.Web("127.0.9.3", web, v.Issue("www.hosting.example.com"))
	v.Web("127.0.9.4", auth, v.Issue("autodiscover.shop.example.net"))
	v.Has("self.example.net. A 127.0.9.5", "short.example.net. A 127.0.9.6", "smtp.gm.example.net. A 127.0.9.7")
	v.TLS("127.0.9.5:993", daemontest.SelfSigned(t, daemontest.Wish{Names: []string{"self.example.net"}}))
	short := v.Issue("short.example.net")
	short.Chain = short.Leaf
	v.TLS("127.0.9.6:993", short)
	v.SMTP("127.0.9.7:587", v.Issue("mail.gm.example.net"))

	v.Has("renewed.example.net. A 127.0.9.8", "unasked.example.net. A 127.0.9.9", "dead.example.net. A 127.0.9.10")
	renewed := daemontest.Wish{Names: []string{"renewed.example.net"}}
	renewed.From, renewed.Until = time.Now().AddDate(0, 0, -90), time.Now().AddDate(0, 0, -1)
	v.TLS("127.0.9.8:993", v.CA.Issue(t, renewed))
	v.TLS("127.0.9.9:993", v.CA.Issue(t, daemontest.Wish{Names: []string{"unasked.example.net"},
		Change: func(c *x509.Certificate) { c.CRLDistributionPoints = []string{"http://127.0.0.1:1/list.crl"} }}))
	v.Has("sts.example.net. MX 10 mx.sts.example.net.", "mx.sts.example.net. A 127.0.9.11",
		`_mta-sts.sts.example.net. TXT "v=STSv1; id=1"`, "mta-sts.sts.example.net. A 127.0.9.12")
	v.SMTP("127.0.9.11:25", v.Issue("mail.sts.example.net"))
	v.Web("127.0.9.12", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		io.WriteString(w, "version: STSv1\nmode: enforce\nmx: mx.sts.example.net\nmax_age: 86400\n")
	}, v.Issue("mta-sts.sts.example.net"))
	return map[string]daemontest.Pair{"our mail": mail, "renewed 2026": v.Issue("renewed.example.net")}
}

// Twelve keys beside the text and ten seconds are what a caller waits for.
func TestTheHelpdeskAnswersInFewKeysAndTenSeconds(t *testing.T) {
	r := helpdesk(t)
	for _, c := range calls {
		t.Run(c.what, func(t *testing.T) {
			r.T = t
			began := time.Now()
			keys := append([]string{"w", "enter"}, c.keys...)
			r.Keys(keys[0])
			r.Paste(c.text)
			r.Keys(keys[1:]...)
			took := time.Since(began)
			r.Sees(c.line)
			r.Sees(c.says...)
			if len(keys) > 12 || took > 10*time.Second {
				t.Errorf("%d keys, %s", len(keys), took)
			}
			t.Logf("%d keys, %s", len(keys), took)
			r.Keys("esc")
		})
	}
}

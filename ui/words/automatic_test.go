package words_test

import (
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/ui/uitest"
	"certdesk/ui/words"
)

// What is automatic says what comes next, in a column, in a sentence and in fields; what failed, in the CA's own words.
func TestWhatIsAutomaticSaysWhatComesNext(t *testing.T) {
	now := uitest.Noon
	order := ledger.Order{CA: "le", Directory: "https://ca.test/dir", Profile: "tlsserver", URL: "https://ca.test/o/1", Since: now}
	failed := []ledger.Failure{{CA: "le", Why: "le could not prove a.test\x1b[31m", At: now, Next: now.Add(4 * time.Hour)}}
	cert := func(left time.Duration, a ledger.Automatic) certstore.Entry {
		e := certstore.Entry{ID: 1, Kind: certstore.Certificate, FriendlyName: "mail", HasKey: true, Automatic: &a,
			NotBefore: now.Add(left - 90*24*time.Hour), NotAfter: now.Add(left)}
		return uitest.Judged(e)
	}
	request := func(a ledger.Automatic) certstore.Entry {
		e := certstore.Entry{ID: 1, Kind: certstore.PendingReq, FriendlyName: "mail", HasKey: true, Automatic: &a, Created: now}
		return uitest.Judged(e)
	}
	renewed := cert(20*24*time.Hour, ledger.Automatic{Order: order})
	renewed.Successor = &ledger.Successor{ID: 2, Name: "mail 2", Thumbprint: "A1B2C3D4E5F6"}
	early := cert(40*24*time.Hour, ledger.Automatic{Order: order, Window: ledger.Window{Chosen: now.Add(-time.Hour)}})
	early.Renewed = true
	inUse := early
	inUse.Services = ledger.SMTP
	failing := func(by *certstore.Entry) certstore.Entry {
		e := cert(20*24*time.Hour, ledger.Automatic{Order: order})
		e.Successor = &ledger.Successor{Waits: true, Ordered: true, Name: "mail"}
		e.Failing = &ledger.Failing{By: by, Since: now.Add(-48 * time.Hour), Times: 3, Last: failed[0]}
		return e
	}
	onOrder := request(ledger.Automatic{Order: order, Failures: failed})
	renewing := onOrder
	refused := request(ledger.Automatic{Order: order, Failures: []ledger.Failure{{CA: "le", Type: "rejectedIdentifier", Why: "le does not certify a.test", At: now}}})
	renewing.Renewing = &renewed
	for _, c := range []struct {
		name       string
		e          certstore.Entry
		cell       string
		what, next string
	}{
		{"young", cert(60*24*time.Hour, ledger.Automatic{Order: order}), "renews 23 Dec", "renews itself on 23 Dec 2026", ""},
		{"due", cert(20*24*time.Hour, ledger.Automatic{Order: order}), "renewal due", "to be renewed since", "R renews it with the same names"},
		{"failing", failing(nil), "renewal fails", `expires in 20 days, on 13 Dec 2026; its renewal has been failing since 21 Nov 2026, 3 times: le could not prove ` +
			`a.test\u{1b}[31m. It is tried again from`, "R renews it now"},
		{"its order fails", failing(&onOrder), "renewal fails", "its renewal has been failing since", "enter there tries its renewal again"},
		{"what was issued cannot be enabled", failing(&renewed), "renewal fails", "its renewal has been failing since", "e on mail, which was issued"},
		{"an order to renew", renewing, "order fails", "mail, which is to renew mail (until 13 Dec 2026), was not issued by le", "enter shows"},
		{"on order", request(ledger.Automatic{Order: order}), "on order", "is ordered from le", "enter shows"},
		{"an order that fails", request(ledger.Automatic{Order: order, Failures: failed}), "order fails", "was not issued by le: le could not", "enter shows"},
		{"refused", refused, "-", "mail was refused by le: le does not certify a.test. It is not tried again by itself.", "D removes it; n orders other names"},
		{"renewed", renewed, "13 Dec 2026", "Nothing needs to be done", "D removes the old one"},
		{"renewed long before its end", early, "2 Jan 2027", "is valid until", ""},
		{"renewed, and in use still", inUse, "renewal due", "to be renewed since", "R renews it now"},
		{"by hand", cert(60*24*time.Hour, ledger.Automatic{}), "22 Jan 2027", "nothing to do", ""},
	} {
		what, next := words.Sentence(c.e, now, true)
		if cell := words.EndCell(c.e, now); cell != c.cell || !strings.Contains(what, c.what) || !strings.Contains(next, c.next) {
			t.Errorf("%s: %q, %q, %q", c.name, cell, what, next)
		}
	}
	var told []string
	for _, f := range words.AutomaticFacts(failing(nil),
		&ledger.Account{URL: "https://ca.test/a/7"}, now) {
		told = append(told, f.Label+"="+f.Value)
	}
	all := strings.Join(told, "\n")
	for _, want := range []string{"ACME CA=le, https://ca.test/dir", "Account=https://ca.test/a/7", "Profile=tlsserver", "Due since=",
		"two thirds of its life are over", "Fails since=21 Nov 2026", "3 times", `Failed=23 Nov 2026`, `\u{1b}`, "Next try="} {
		if !strings.Contains(all, want) {
			t.Errorf("no %q in\n%s", want, all)
		}
	}
}

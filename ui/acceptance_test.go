package ui_test

import (
	"context"
	"crypto/x509"
	"encoding/pem"
	"os"
	"strings"
	"testing"

	"certdesk/certstore/formats"
	"certdesk/certstore/probe"
	"certdesk/ui/uitest"
	"certdesk/wizard"
)

// act is a key, and what is typed after it whatever the desk is like.
type act struct{ key, typed string }

// wish is what somebody wants of the desk, from the table, and how many keys it may take beside what is typed (issue
// 11, Acceptance). Where it takes more, the desk is mended and not the number.
type wish struct {
	what string
	most int
	desk func(t *testing.T) *uitest.Driver
	acts []act
	says []string
	done func(t *testing.T, r *uitest.Driver)
}

var wishes = []wish{
	{what: "what expires before Christmas", most: 3,
		desk: func(t *testing.T) *uitest.Driver { return uitest.ArticleDesk(t, 80, 24) },
		acts: []act{{"/", "before:25dec"}, {"enter", ""}},
		says: []string{"before 25 Dec", "secure_smtp"}},
	{what: "which certificate does mail.example.test:993 serve, is it ours", most: 4,
		desk: askedDesk,
		acts: []act{{"p", "mail.example.test:993"}, {"enter", ""}},
		says: []string{"mail.example.test:993", "It is ours: mail.example.test"}},
	{what: "the table as CSV", most: 3,
		desk: shortDesk,
		acts: []act{{"W", ""}, {"enter", ""}, {"enter", ""}},
		says: []string{"2 rows written to "},
		done: func(t *testing.T, _ *uitest.Driver) {
			data, err := os.ReadFile("certificates.csv")
			if err != nil || !strings.Contains(string(data), "one.example.org") {
				t.Errorf("%v: %s", err, data)
			}
		}},
	{what: "undo a remove", most: 1,
		desk: func(t *testing.T) *uitest.Driver {
			r := shortDesk(t)
			r.Keys("D")
			r.Wait()
			r.Keys("tab", "enter")
			r.Sees("u takes it back")
			return r
		},
		acts: []act{{"u", ""}},
		says: []string{"is restored"},
		done: func(t *testing.T, r *uitest.Driver) {
			if n := len(r.Entries()); n != 2 {
				t.Errorf("%d are here", n)
			}
		}},
	{what: "exportable raised by importing again", most: 6,
		desk: func(t *testing.T) *uitest.Driver {
			r := uitest.StoreDesk(t, 80, 24)
			r.Chosen(uitest.Testdata("formats", "default.pfx"), "secret")
			r.Keys("ctrl+n", "enter", "enter")
			return r
		},
		acts: []act{{"i", uitest.Testdata("formats", "default.pfx")}, {"ctrl+n", "secret"}, {"enter", ""}, {"space", ""},
			{"ctrl+n", ""}, {"enter", ""}},
		says: []string{"is in the store"},
		done: func(t *testing.T, r *uitest.Driver) {
			if !r.Entries()[0].Exportable {
				t.Error("its key stays where it is")
			}
		}},
	{what: "autodiscover for two domains on a machine without configuration", most: 6,
		desk: func(t *testing.T) *uitest.Driver {
			r := uitest.StoreDesk(t, 80, 24)
			r.Desk.Env = wizard.Env{}
			return r
		},
		acts: []act{{"n", ""}, {"ctrl+n", "webmail.proexchange.global, webmail.belgianbeers.rock"}, {"enter", ""},
			{"tab", ""}, {"tab", ""}, {"space", ""}},
		says: []string{"(4 of 4 on)", "[x] autodiscover.proexchange.global", "[x] autodiscover.belgianbeers.rock"}},
}

// shortDesk has two certificates; what it writes goes into a directory of the test.
func shortDesk(t *testing.T) *uitest.Driver {
	r := uitest.StoreDesk(t, 80, 24)
	r.SelfSigned("one.example.org")
	r.SelfSigned("two.example.org")
	t.Chdir(t.TempDir())
	return r
}

// askedDesk has a certificate that a port of another host serves.
func askedDesk(t *testing.T) *uitest.Driver {
	var leaf *x509.Certificate
	r, _ := uitest.VoiceAt(t, func(_ context.Context, asked probe.Request) probe.Report {
		return probe.Report{Target: asked.Target, Name: asked.Name, Result: probe.Answers, Leaf: leaf,
			Sent: []*x509.Certificate{leaf}, SHA256: formats.SHA256(leaf.Raw), Protocol: "TLS 1.3"}
	})
	e := r.SelfSigned("mail.example.test")
	details, err := r.Desk.Store.Show(context.Background(), e.ID)
	if err != nil {
		t.Fatal(err)
	}
	block, _ := pem.Decode(details.PEM)
	if leaf, err = x509.ParseCertificate(block.Bytes); err != nil {
		t.Fatal(err)
	}
	return r
}

func TestWhatPeopleWishedForTakesFewKeys(t *testing.T) {
	for _, w := range wishes {
		t.Run(w.what, func(t *testing.T) {
			r := w.desk(t)
			for _, a := range w.acts {
				r.Keys(a.key)
				r.Typing(a.typed)
			}
			r.Sees(w.says...)
			if w.done != nil {
				w.done(t, r)
			}
			if n := len(w.acts); n > w.most {
				t.Errorf("%d keys beside what is typed, %d are enough", n, w.most)
			}
		})
	}
}

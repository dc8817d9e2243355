package ui

import (
	"bytes"
	"context"
	"crypto"
	"encoding/pem"
	"os"
	"strings"
	"testing"
	"time"

	"certdesk/certstore"
)

// talk is a desk in lines on a store below a directory of the test.
type talk struct {
	testing.TB
	dir    string
	store  *certstore.Store
	secret func(context.Context, string) ([]byte, error)
	newKey func(certstore.KeySpec) (crypto.Signer, error)
}

func newTalk(t testing.TB) *talk {
	t.Helper()
	k := &talk{TB: t, dir: t.TempDir()}
	ca, _ := theCA()
	k.write("root.pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: ca.Raw}))
	k.open()
	return k
}

func (k *talk) open() {
	k.Helper()
	newKey := k.newKey
	if newKey == nil {
		newKey = smallKeys
	}
	store, err := certstore.Open(context.Background(), certstore.Options{Dir: k.dir + "/store", Now: func() time.Time { return noon },
		NewKey: newKey, Trust: []string{k.dir + "/root.pem"}})
	if err != nil {
		k.Fatal(err)
	}
	k.store = store
}

func (k *talk) file(name string) string { return k.dir + "/" + name }

func (k *talk) write(name string, data []byte) {
	k.Helper()
	if err := os.WriteFile(k.file(name), data, 0o600); err != nil {
		k.Fatal(err)
	}
}

func (k *talk) read(name string) []byte {
	k.Helper()
	data, err := os.ReadFile(k.file(name))
	if err != nil {
		k.Fatal(err)
	}
	return data
}

func (k *talk) config() Config {
	return Config{Store: k.store, Env: articleEnv(), Server: "mail01.proexchange.global", Now: func() time.Time { return noon }}
}

// says answers a desk in lines from its start to the end of the answers, and gives what it printed.
func (k *talk) says(answers ...string) string {
	k.Helper()
	var out bytes.Buffer
	in := strings.NewReader(strings.Join(answers, "\n") + "\n")
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := RunLines(ctx, k.config(), LineIO{In: in, Out: &out, Echo: true, Secret: k.secret}); err != nil {
		k.Fatalf("%v after\n%s", err, out.String())
	}
	for _, b := range out.Bytes() {
		if b < 0x20 && b != '\n' || b == 0x7f {
			k.Fatalf("the byte %#x was sent:\n%q", b, out.String())
		}
	}
	return out.String()
}

func (k *talk) entries() []certstore.Entry {
	k.Helper()
	list, err := k.store.List(context.Background(), false)
	if err != nil {
		k.Fatal(err)
	}
	return list
}

func (k *talk) only() certstore.Entry {
	k.Helper()
	list := k.entries()
	if len(list) != 1 {
		k.Fatalf("the store holds %d entries, want 1", len(list))
	}
	return list[0]
}

func holds(t testing.TB, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}

// request answers the whole form for a request.
func (k *talk) request(name, typed string) string {
	return k.says("new", "1", name, typed, "", "n", "n", "n", "n", "", "ProExchange", "", "Brussels", "", "belgium",
		"RSA 2048", "yes", "y", "no", "no", "no", "no", "1", k.file(name+".req"), "y", "q")
}

func TestARequestIsMadeByLines(t *testing.T) {
	k := newTalk(t)
	out := k.request("secure_client", "webmail.proexchange.global, autodiscover.proexchange.global")
	e := k.only()
	if e.Subject != "CN=webmail.proexchange.global,O=ProExchange,L=Brussels,C=BE" || e.FriendlyName != "secure_client" || e.Wanted != certstore.IIS || !e.KeyExportable {
		t.Errorf("made %+v\n%s", e, out)
	}
	holds(t, out, "New certificate - 1 of 7", "Names (2 of 2 on):", "CN=webmail.proexchange.global,O=ProExchange,L=Brussels,C=BE",
		"Create the request? (y or N): y", "The request is made", "1 pending: secure_client")
	if block, _ := pem.Decode(k.read("secure_client.req")); block == nil {
		t.Error("no request was written")
	}
}

func TestAWrongAnswerIsAskedForAgain(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "7", "1", "", "a_b.example", "mail.example.org", "", "maybe", "y", "n", "n", "n", "off 9", "")
	holds(t, out, "Problem: answer with a number from 1 to 2.", `Problem: "a_b.example"`, "Problem: answer yes or no.", `Problem: "9" is no line of the list`)
	if strings.Contains(out, "a_b.example, ") {
		t.Error("a refused name went into the list")
	}
}

func TestNamesAreSwitchedOffOnAndOut(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "", "", "one.example.org two.example.org three.example.org", "", "", "", "", "",
		"cn 3", "off two.example.org 3", "on 2", "out 3", "", "<<")
	holds(t, out, "1 on: three.example.org, common name", "off: two.example.org", "Names (2 of 2 on):", "your answers are kept")
}

func TestBackKeepsAnswersAndTheFormIsResumed(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "", "kept name", "<", "", "", "<", "<", "new", "1", "<", "q", "2")
	holds(t, out, "your answers are kept: n goes on with them.", "Resume the unfinished form?", "Friendly name, now kept name:",
		"Quit with an unfinished form?")
	if len(k.entries()) != 0 {
		t.Error("something was made")
	}
}

func TestTheEndOfTheInputSaysWhatIsLost(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", "half")
	holds(t, out, "The input has ended. The unfinished form is lost")
}

func TestWhatAnswersMeanEverywhereCanBeTyped(t *testing.T) {
	k := newTalk(t)
	out := k.says("new", "1", `\?`, "<", "1", "-", "<", "1", "?", "")
	holds(t, out, "Friendly name, now ?:", "Friendly name (the common name):", "How you will find it in the table")
}

func TestAnImportByLinesCompletesARequest(t *testing.T) {
	for name, source := range map[string]func(k *talk) []string{
		"a file": func(k *talk) []string { return []string{"Files", k.file("missing.crt"), k.file("answer.crt"), ""} },
		"a folder": func(k *talk) []string {
			return []string{"", k.dir + "/", "2", ""}
		},
		"pasted text": func(k *talk) []string { return []string{"pasted", string(k.read("answer.crt")) + "."} },
	} {
		t.Run(name, func(t *testing.T) {
			k := newTalk(t)
			k.request("webmail", "webmail.example.org")
			k.write("answer.crt", answer(t, k.read("webmail.req")))
			answers := append([]string{"import"}, source(k)...)
			out := k.says(append(answers, "", "IIS SMTP", "y", "q")...)
			e := k.only()
			if e.Kind != certstore.Certificate || e.FriendlyName != "webmail" || e.Wanted != certstore.IIS|certstore.SMTP {
				t.Errorf("%+v\n%s", e, out)
			}
			holds(t, out, "The answer to your request webmail", "Complete the request? (y or N): y", "webmail is valid for 90 days")
		})
	}
}

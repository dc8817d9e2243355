package delivering

import (
	"encoding/json"
	"io"
	"mime"
	"mime/quotedprintable"
	"net/mail"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/config"
)

var noon = time.Date(2026, 11, 30, 12, 0, 0, 0, time.UTC)

// hostile is a name that somebody had certified, and that would be a header, a recipient, a mention and a code block.
const hostile = "mail\r\nBcc: x@evil.test\r\n\r\n<!channel> @everyone ``` \x1b[2J \u202eabc"

func letter() Letter {
	return Letter{ID: "0123456789abcdef", Subject: "Zertifikat für Köln " + hostile + " expires", At: noon,
		Text: "Häuser\n" + hostile + "\n.\nFrom here on\n" + strings.Repeat("long ", 300) + "\n", Data: map[string]string{"subject": hostile}}
}

func TestALetterIsMailWhateverItsNamesSay(t *testing.T) {
	raw := string(letter().message("certdesk@mail01.test", "a@b.test", "mail01.test"))
	m, err := mail.ReadMessage(strings.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"Auto-Submitted", "Content-Transfer-Encoding", "Content-Type", "Date", "From", "Message-Id", "Mime-Version", "Subject", "To", "X-Auto-Response-Suppress"}
	var have []string
	for name, values := range m.Header {
		have = append(have, name)
		if len(values) != 1 {
			t.Errorf("%s: %q", name, values)
		}
	}
	if slices.Sort(have); !slices.Equal(have, want) {
		t.Errorf("headers %q", have)
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || !strings.HasPrefix(subject, `Zertifikat für Köln mail\u{d}\u{a}Bcc: x@evil.test`) || strings.ContainsAny(subject, "\r\n\x1b\u202e") {
		t.Errorf("%q, %v", subject, err)
	}
	if at, err := m.Header.Date(); err != nil || !at.Equal(noon) || m.Header.Get("Auto-Submitted") != "auto-generated" || m.Header.Get("Message-Id") != "<0123456789abcdef@mail01.test>" {
		t.Errorf("%v %v %v", at, err, m.Header)
	}
	text, err := io.ReadAll(quotedprintable.NewReader(m.Body))
	if err != nil || !strings.HasPrefix(string(text), "Häuser\r\n") || strings.ContainsAny(string(text), "\x1b\u202e") {
		t.Errorf("%q %v", text, err)
	}
	for line := range strings.SplitSeq(raw, "\r\n") {
		if len(line) > 78 || strings.ContainsAny(line, "\r\n") || strings.IndexFunc(line, func(r rune) bool { return r > 0x7e }) >= 0 {
			t.Errorf("%d: %q", len(line), line)
		}
	}
}

func TestSubjects(t *testing.T) {
	for text, want := range map[string]string{
		"mail 2026 expires in 20 days": "mail 2026 expires in 20 days",
		"a\r\nBcc: b@c.test":           `a\u{d}\u{a}Bcc: b@c.test`,
		strings.Repeat("word ", 30):    strings.TrimSpace(strings.Repeat("word ", 30)),
		"Käse läuft ab":                "Käse läuft ab",
		"=?utf-8?q?Bcc=3A?= expires":   "=?utf-8?q?Bcc=3A?= expires\u00a0",
		strings.Repeat("Straße ", 30):  strings.TrimSpace(strings.Repeat("Straße ", 30)),
		"x" + strings.Repeat("y", 200): "x" + strings.Repeat("y", 200),
		"日本語の証明書の名前がとても長い場合でも壊れずに届くことを確かめる": "日本語の証明書の名前がとても長い場合でも壊れずに届くことを確かめる",
	} {
		folded := subject(text)
		m, err := mail.ReadMessage(strings.NewReader("Subject: " + folded + "\r\n\r\n"))
		if err != nil {
			t.Errorf("%q: %v", folded, err)
			continue
		}
		got, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || got != want || len(m.Header) != 1 {
			t.Errorf("%q became %q (%v), want %q", text, got, err, want)
		}
	}
}

// In the shape of each chat tool a name is text: it mentions nobody and ends no block.
func TestShapes(t *testing.T) {
	for _, shape := range config.Shapes {
		body, err := shapes[shape](Letter{ID: "1", Subject: "s", Text: "a & <!channel> @everyone ``` `b`\n", Data: map[string]string{"subject": "s"}})
		if err != nil || !json.Valid(body) || strings.Contains(string(body), "<!channel>") {
			t.Errorf("%s: %v %s", shape, err, body)
		}
	}
	text := func(body []byte, path ...string) string {
		var v any
		if err := json.Unmarshal(body, &v); err != nil {
			t.Fatal(err)
		}
		for _, key := range path {
			if list, ok := v.([]any); ok {
				v = list[len(list)-1]
			}
			v = v.(map[string]any)[key]
		}
		got, _ := v.(string)
		return got
	}
	l := Letter{Subject: "s", Text: "<!channel> ```\n\nnext\n"}
	s, _ := slack(l)
	if got := text(s, "text"); got != "```\ns\n\n&lt;!channel&gt; '''\n\nnext\n```" {
		t.Errorf("%q", got)
	}
	d, _ := discord(Letter{Subject: "s", Text: strings.Repeat("0123456789\n", 1000)})
	if got := text(d, "content"); len(got) > 2000 || !strings.HasSuffix(got, "... more: certdesk check\n```") || !strings.Contains(string(d), `"allowed_mentions":{"parse":[]}`) {
		t.Errorf("%d %s", len(got), got[len(got)-60:])
	}
	card, _ := teams(l)
	if got := text(card, "attachments", "content", "body", "inlines", "text"); got != "next" {
		t.Errorf("%q: %s", got, card)
	}
	m, _ := matrix(l)
	if got := text(m, "body"); got != "s\n\n<!channel> ```\n\nnext\n" || text(m, "formatted_body") != "" {
		t.Errorf("%q", got)
	}
}

// One receiver by one way is one door, whichever sections name him; what tells doors apart says nothing secret.
func TestDoors(t *testing.T) {
	list := Doors([]config.Notify{
		{Mail: []string{"a@b.test", "c@d.test"}, On: []string{"revoked"}},
		{Mail: []string{"A@b.test"}, On: []string{"expiring"}, SMTP: "smtp://127.0.0.1", Digest: "never"},
		{Webhook: "https://chat.test/hooks/canary", Shape: "slack"}, {WebhookFile: "/etc/room", Command: []string{"/usr/bin/page", "canary"}},
	}, "mail01.test")
	var names []string
	for _, d := range list {
		names = append(names, d.Name)
		if strings.Contains(d.ID+d.Name, "canary") || len(d.ID) != 16 {
			t.Errorf("%+v", d)
		}
	}
	if want := []string{"a@b.test by mail", "c@d.test by mail", "chat.test by webhook", "the webhook of /etc/room", "the command page"}; !slices.Equal(names, want) {
		t.Errorf("%q", names)
	}
	if !slices.Equal(list[0].On, []string{"revoked", "expiring"}) || len(list[2].On) != len(config.Events) || list[0].Digest != "monthly" || list[3].Number != 4 {
		t.Errorf("%+v", list)
	}
}

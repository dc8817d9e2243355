package probe_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"crypto/x509"
	"io"
	"maps"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
)

// listen serves each connection with the handler, and gives the address.
func listen(t testing.TB, handle func(net.Conn)) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			conn, err := l.Accept()
			if err != nil {
				return
			}
			go func() { defer conn.Close(); handle(conn) }()
		}
	}()
	return l.Addr().String()
}

// script sends a line and reads one, in turns; an empty line only reads, "hang" waits until the client goes, and
// "reset" ends the connection without a word.
func script(lines ...string) func(net.Conn) {
	return func(conn net.Conn) {
		in := bufio.NewReader(conn)
		for i, line := range lines {
			switch {
			case line == "hang":
				_, _ = io.Copy(io.Discard, in)
				return
			case line == "reset":
				_ = conn.(*net.TCPConn).SetLinger(0)
				return
			case i > 0:
				if _, err := in.ReadString('\n'); err != nil {
					return
				}
			}
			if line != "" {
				_, _ = io.WriteString(conn, line+"\r\n")
			}
		}
		_, _ = io.Copy(io.Discard, in)
	}
}

// answerHello waits for a ClientHello and says something else than TLS.
func answerHello(text string) func(net.Conn) {
	return func(conn net.Conn) {
		_, _ = conn.Read(make([]byte, 4096))
		_, _ = io.WriteString(conn, text)
		_, _ = io.Copy(io.Discard, conn)
	}
}

func drip(conn net.Conn) {
	for {
		if _, err := io.WriteString(conn, "2"); err != nil {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func flood(line string) func(net.Conn) {
	return func(conn net.Conn) {
		for {
			if _, err := io.WriteString(conn, line); err != nil {
				return
			}
		}
	}
}

// misbehaviour is what a port may do instead of serving a certificate, and what is then said of it.
var misbehaviour = map[string]struct {
	scheme probe.Scheme
	serve  func(net.Conn)
	result probe.Result
	text   string
	said   string
}{
	"no greeting":                      {probe.SMTP, script("hang"), probe.NoAnswer, "smtps://", ""},
	"hangs after EHLO":                 {probe.SMTP, script("220 mail", "hang"), probe.NoAnswer, "an answer to EHLO", "220 mail"},
	"hangs after STARTTLS":             {probe.SMTP, script("220 mail", "250 STARTTLS", "220 go"), probe.NoAnswer, "a TLS handshake", ""},
	"hangs before TLS":                 {probe.HTTPS, script("hang"), probe.NoAnswer, "a TLS handshake", ""},
	"slow drip":                        {probe.SMTP, drip, probe.NoAnswer, "a greeting", "2222"},
	"slow drip instead of TLS":         {probe.TLS, drip, probe.Plaintext, "where TLS was expected", "2222"},
	"garbage for a greeting":           {probe.SMTP, script("\x00\x01\xffhello"), probe.Garbage, "does not speak SMTP", `\x{ff}hello`},
	"IMAP where SMTP is due":           {probe.SMTP, script("* OK ready"), probe.Garbage, "does not speak SMTP", "* OK ready"},
	"SMTP where IMAP is due":           {probe.IMAP, script("220 mail"), probe.Garbage, "does not speak IMAP", "220 mail"},
	"SMTP where POP3 is due":           {probe.POP3, script("220 mail"), probe.Garbage, "does not speak POP3", "220 mail"},
	"garbage for TLS":                  {probe.TLS, answerHello("\x00\x01\x02\x03\x04\x05\x06\x07"), probe.Garbage, "is not TLS", `\u{0}\u{1}`},
	"plain HTTP":                       {probe.HTTPS, answerHello("HTTP/1.1 400 Bad Request\r\n\r\n"), probe.Plaintext, "where TLS was expected", "HTTP/1.1 400 Bad Request"},
	"STARTTLS where TLS is due":        {probe.SMTPS, script("220 mail ESMTP", "hang"), probe.Plaintext, "where TLS was expected", "220 mail ESMTP"},
	"escapes in what is said":          {probe.SMTPS, script("220 \x1b[31mmail\u202e ESMTP", "hang"), probe.Garbage, "", `\u{1b}[31mmail\u{202e}`},
	"no STARTTLS offered":              {probe.SMTP, script("220 mail", "250-mail\r\n250 STARTTLSX"), probe.Plaintext, "does not offer STARTTLS", ""},
	"no STARTTLS offered, IMAP":        {probe.IMAP, script("* OK hi", "* CAPABILITY IMAP4rev1\r\na1 OK done"), probe.Plaintext, "does not offer STARTTLS", ""},
	"no STLS offered":                  {probe.POP3, script("+OK hi", "+OK\r\nUSER\r\n."), probe.Plaintext, "does not offer STLS", ""},
	"preauthenticated IMAP":            {probe.IMAP, script("* PREAUTH hi"), probe.Plaintext, "logged in from the start", "* PREAUTH hi"},
	"plain text after STARTTLS":        {probe.IMAP, script("* OK hi", "* CAPABILITY STARTTLS\r\na1 OK", "a2 OK begin", "* BYE TLS failed"), probe.Plaintext, "where TLS was expected", "* BYE TLS failed"},
	"injected bytes":                   {probe.SMTP, script("220 mail", "250 STARTTLS", "220 go\r\n250 injected"), probe.Plaintext, "after the answer to STARTTLS", "250 injected"},
	"injected bytes, IMAP":             {probe.IMAP, script("* OK hi", "* CAPABILITY STARTTLS\r\na1 OK", "a2 OK go\r\n* 1 EXISTS"), probe.Plaintext, "after the answer to STARTTLS", "* 1 EXISTS"},
	"injected bytes, POP3":             {probe.POP3, script("+OK hi", "+OK\r\nSTLS\r\n.", "+OK go\r\n+OK more"), probe.Plaintext, "after the answer to STARTTLS", "+OK more"},
	"turned away":                      {probe.SMTP, script("554 no service"), probe.Refused, "turns clients away", "554 no service"},
	"turned away, IMAP":                {probe.IMAP, script("* BYE too many"), probe.Refused, "turns clients away", "* BYE too many"},
	"STARTTLS refused":                 {probe.SMTP, script("220 mail", "250 STARTTLS", "454 4.7.0 TLS not available"), probe.Refused, "it refuses STARTTLS", "454 4.7.0 TLS not available"},
	"STARTTLS refused, IMAP":           {probe.IMAP, script("* OK hi", "* CAPABILITY STARTTLS\r\na1 OK", "a2 NO not now"), probe.Refused, "it refuses STARTTLS", "a2 NO not now"},
	"STLS refused":                     {probe.POP3, script("+OK hi", "-ERR what?", "-ERR not now"), probe.Refused, "it refuses STLS", "-ERR not now"},
	"reset at once":                    {probe.SMTP, script("reset"), probe.Refused, "broke the connection off", ""},
	"reset after STARTTLS":             {probe.SMTP, script("220 mail", "250 STARTTLS", "220 go", "reset"), probe.Refused, "broke the connection off", ""},
	"closed during the handshake":      {probe.TLS, func(c net.Conn) { _, _ = c.Read(make([]byte, 4096)) }, probe.Refused, "broke the connection off", ""},
	"a huge line":                      {probe.SMTP, flood("2" + strings.Repeat("x", 1<<16)), probe.Garbage, "a line of more than", ""},
	"endless lines":                    {probe.SMTP, flood("220-" + strings.Repeat("x", 3000) + "\r\n"), probe.Garbage, "far too much", "220-xxx"},
	"endless capabilities":             {probe.IMAP, func(c net.Conn) { _, _ = io.WriteString(c, "* OK\r\n"); flood("* x\r\n")(c) }, probe.Garbage, "far too much", ""},
	"an alert":                         {probe.TLS, answerHello("\x15\x03\x03\x00\x02\x02\x28"), probe.Refused, "handshake failure", ""},
	"TLS records without end or sense": {probe.TLS, answerHello("\x16\x03\x03\xff\xff" + strings.Repeat("x", 70000)), probe.Garbage, "", ""},
}

// Whatever the other side does, the question ends in time, with a name for what happened and without a certificate.
func TestEveryFaultIsANamedResultWithinTheDeadline(t *testing.T) {
	names := slices.Sorted(maps.Keys(misbehaviour))
	var requests []probe.Request
	for _, name := range names {
		req := request(t, misbehaviour[name].scheme, listen(t, misbehaviour[name].serve))
		req.Timeout = 2 * time.Second
		requests = append(requests, req)
	}
	began := time.Now()
	reports := probe.All(t.Context(), requests, 0, probe.Ask)
	if took := time.Since(began); took > 8*time.Second {
		t.Errorf("it took %v", took)
	}
	for i, r := range reports {
		c := misbehaviour[names[i]]
		if r.Result != c.result || !strings.Contains(r.Text, c.text) || !strings.Contains(r.Said, c.said) || r.Served() {
			t.Errorf("%s: %s, %q, %q; want %s, …%s…, …%s…", names[i], r.Result, r.Text, r.Said, c.result, c.text, c.said)
		}
		if strings.ContainsAny(r.Text+r.Said, "\x1b\r\n\u202e") || r.Text == "" || len(r.Said) > 8*128 {
			t.Errorf("%s is not fit to be shown: %q %q", names[i], r.Text, r.Said)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	closed := l.Addr().String()
	_ = l.Close()
	if r := probe.Ask(t.Context(), request(t, probe.SMTP, closed)); r.Result != probe.Refused || !strings.Contains(r.Text, "nothing listens") || r.Address != "" {
		t.Errorf("a closed port: %+v", r)
	}
	if r := probe.Ask(t.Context(), request(t, probe.SMTP, "no-such-host.invalid:25")); r.Result != probe.NoAnswer || !strings.Contains(r.Text, "no-such-host.invalid") {
		t.Errorf("a name without an address: %+v", r)
	}
}

func TestAnInterruptEndsTheQuestion(t *testing.T) {
	for name, scheme := range map[string]probe.Scheme{"dialogue": probe.SMTP, "handshake": probe.TLS} {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		began := time.Now()
		r := probe.Ask(ctx, request(t, scheme, listen(t, script("hang"))))
		if took := time.Since(began); took > 2*time.Second || r.Result != probe.NoAnswer || !strings.HasPrefix(r.Text, "interrupted") {
			t.Errorf("%s: %v %s %q", name, took, r.Result, r.Text)
		}
	}
}

// secure serves TLS from the first byte.
func secure(t testing.TB, config *tls.Config) string {
	t.Helper()
	return listen(t, func(conn net.Conn) {
		c := tls.Server(conn, config)
		if c.Handshake() == nil {
			_, _ = io.Copy(io.Discard, c)
		}
	})
}

func serving(t testing.TB, pairs ...daemontest.Pair) *tls.Config {
	t.Helper()
	c := &tls.Config{}
	for _, p := range pairs {
		c.Certificates = append(c.Certificates, p.TLS(t))
	}
	return c
}

// A certificate that clients refuse is told all the same, with every fault apart.
func TestWhatIsServedIsJudgedAndNeverRefusedUnseen(t *testing.T) {
	ca, stranger := daemontest.NewCA(t), daemontest.NewCA(t)
	fine := func(change func(*x509.Certificate)) daemontest.Pair {
		return ca.Issue(t, daemontest.Wish{Names: []string{host}, Change: change})
	}
	good, foreign := fine(nil), stranger.Issue(t, daemontest.Wish{Names: []string{host}})
	for name, c := range map[string]struct {
		pair              daemontest.Pair
		nameFault, dates  string
		verdict           probe.Verdict
		text              string
		outOfOrder, spare bool
	}{
		"good":                 {good, "", "", probe.Complete, "", false, false},
		"with its root":        {good.With(ca.Middle, ca.Root), "", "", probe.Complete, "", false, false},
		"wrong order":          {good.With(ca.Root, ca.Middle), "", "", probe.Complete, "", true, false},
		"with a stranger's":    {good.With(ca.Middle, stranger.Middle), "", "", probe.Complete, "", false, true},
		"missing intermediate": {good.With(), "", "", probe.Incomplete, "neither sent nor trusted here: CN=Test Intermediate", false, false},
		"unknown issuer":       {foreign, "", "", probe.Incomplete, "ends below an issuer that is not trusted here: CN=Test Root", false, false},
		"untrusted root":       {foreign.With(stranger.Middle, stranger.Root), "", "", probe.Untrusted, "CN=Test Root", false, false},
		"another's chain":      {good.With(stranger.Middle), "", "", probe.Broken, "did not sign", false, false},
		"self-signed":          {daemontest.SelfSigned(t, daemontest.Wish{Names: []string{host}}), "", "", probe.SelfSigned, "self-signed", false, false},
		"wrong name":           {ca.Issue(t, daemontest.Wish{Names: []string{"a.example", "192.0.2.7"}}), "it is for a.example, 192.0.2.7, not for " + host, "", probe.Complete, "", false, false},
		"many wrong names": {ca.Issue(t, daemontest.Wish{Names: []string{"a.example", "b.example", "c.example", "d.example", "e.example"}}),
			"it is for a.example, b.example, c.example, 2 more, not for", "", probe.Complete, "", false, false},
		"no names": {fine(func(c *x509.Certificate) { c.DNSNames = nil }), "no names at all", "", probe.Complete, "", false, false},
		"expired": {fine(func(c *x509.Certificate) {
			c.NotBefore, c.NotAfter = time.Now().AddDate(0, 0, -90), time.Now().AddDate(0, 0, -2)
		}),
			"", "it expired on", probe.Complete, "", false, false},
		"not yet valid": {fine(func(c *x509.Certificate) { c.NotBefore = time.Now().AddDate(0, 0, 2) }), "", "it is not valid before", probe.Complete, "", false, false},
		"for clients": {fine(func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }),
			"", "", probe.Broken, "not made for servers", false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(t, probe.TLS, secure(t, serving(t, c.pair)))
			req.Roots = ca.Roots()
			r := probe.Ask(t.Context(), req)
			if r.Result != probe.Answers || r.SHA256 != c.pair.Sum() || len(r.Sent) != len(c.pair.TLS(t).Certificate) || r.Protocol != "TLS 1.3" || r.Cipher == "" || r.Took <= 0 {
				t.Fatalf("%+v", r)
			}
			if !strings.Contains(r.NameFault, c.nameFault) || (r.NameFault == "") != (c.nameFault == "") {
				t.Errorf("name: %q, want %q", r.NameFault, c.nameFault)
			}
			if !strings.Contains(r.DateFault, c.dates) || (r.DateFault == "") != (c.dates == "") {
				t.Errorf("dates: %q, want %q", r.DateFault, c.dates)
			}
			if k := r.Chain; k.Verdict != c.verdict || !strings.Contains(k.Text, c.text) || k.OutOfOrder != c.outOfOrder || (k.Spare > 0) != c.spare {
				t.Errorf("chain: %+v, want %s …%s…", k, c.verdict, c.text)
			}
			if (r.Chain.Verdict == probe.Complete) != (r.Chain.Root != "" && r.Chain.Text == "") {
				t.Errorf("a complete chain has a root and no complaint: %+v", r.Chain)
			}
		})
	}
	if r := probe.Ask(t.Context(), request(t, probe.TLS, secure(t, serving(t, good)))); r.Chain.Verdict != probe.Unjudged {
		t.Errorf("without roots: %+v", r.Chain)
	}
}

func TestTheNameDecidesWhatIsServed(t *testing.T) {
	ca := daemontest.NewCA(t)
	byName := map[string]daemontest.Pair{host: ca.Issue(t, daemontest.Wish{Names: []string{host}}), "other.example.test": ca.Issue(t, daemontest.Wish{Names: []string{"other.example.test"}})}
	asked := make(chan string, 10)
	address := secure(t, &tls.Config{GetCertificate: func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		asked <- hello.ServerName
		p, ok := byName[hello.ServerName]
		if !ok {
			p = byName["other.example.test"]
		}
		c := p.TLS(t)
		return &c, nil
	}})
	for name, fits := range map[string]bool{host: true, "other.example.test": true, "third.example.test": false} {
		req := request(t, probe.TLS, address)
		req.Name = name
		r := probe.Ask(t.Context(), req)
		if got := <-asked; got != name || (r.NameFault == "") != fits {
			t.Errorf("%s: SNI %q, %q", name, got, r.NameFault)
		}
	}
	req := request(t, probe.TLS, address)
	req.Name = ""
	r := probe.Ask(t.Context(), req)
	if got := <-asked; got != "" || r.Name != "127.0.0.1" || !strings.Contains(r.NameFault, "clients ask for a host name") {
		t.Errorf("an address: SNI %q, %q", got, r.NameFault)
	}
}

func TestExpectations(t *testing.T) {
	ca := daemontest.NewCA(t)
	p := ca.Issue(t, daemontest.Wish{Names: []string{host}})
	address := secure(t, serving(t, p))
	for _, c := range []struct {
		expect probe.Expect
		want   probe.Result
	}{
		{probe.Expect{}, probe.Answers},
		{probe.Expect{Wanted: strings.ToUpper(p.Sum())}, probe.Matches},
		{probe.Expect{Wanted: p.Sum(), Former: p.Sum()}, probe.Matches},
		{probe.Expect{Wanted: "00", Former: p.Sum()}, probe.Old},
		{probe.Expect{Wanted: "00", Former: "11"}, probe.Another},
		{probe.Expect{Wanted: "00"}, probe.Another},
	} {
		req := request(t, probe.TLS, address)
		req.Expect = c.expect
		if r := probe.Ask(t.Context(), req); r.Result != c.want || (r.Text == "") != (c.want == probe.Answers || c.want == probe.Matches) {
			t.Errorf("%+v: %s %q, want %s", c.expect, r.Result, r.Text, c.want)
		}
	}
}

// RSA and ECDSA are told apart also where one is missing, and where TLS 1.3 alone is spoken.
func TestKindsAreAskedApart(t *testing.T) {
	ca := daemontest.NewCA(t)
	rsa, ecdsa := ca.Issue(t, daemontest.Wish{RSA: true, Names: []string{host}}), ca.Issue(t, daemontest.Wish{Names: []string{host}})
	modern := func(pairs ...daemontest.Pair) *tls.Config {
		c := serving(t, pairs...)
		c.MinVersion = tls.VersionTLS13
		return c
	}
	old := serving(t, rsa)
	old.MinVersion, old.MaxVersion = tls.VersionTLS10, tls.VersionTLS10
	for name, c := range map[string]struct {
		config        *tls.Config
		rsa, ecdsa    probe.Result
		kinds         int
		protocolOfAny string
	}{
		"both":                 {serving(t, rsa, ecdsa), probe.Answers, probe.Answers, 2, "TLS 1.3"},
		"RSA":                  {serving(t, rsa), probe.Answers, probe.NoKey, 1, "TLS 1.3"},
		"ECDSA":                {serving(t, ecdsa), probe.NoKey, probe.Answers, 1, "TLS 1.3"},
		"TLS 1.3 alone, ECDSA": {modern(ecdsa), probe.NoKey, probe.Answers, 1, "TLS 1.3"},
		"TLS 1.3 alone, RSA":   {modern(rsa), probe.Answers, probe.NoKey, 1, "TLS 1.3"},
		"TLS 1.0":              {old, probe.Answers, probe.NoKey, 1, "TLS 1.0"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			req := request(t, probe.TLS, secure(t, c.config))
			for key, want := range map[probe.Key]probe.Result{probe.RSA: c.rsa, probe.ECDSA: c.ecdsa} {
				req.Key = key
				r := probe.Ask(t.Context(), req)
				if r.Result != want || r.Key != key || r.Served() && probe.KeyOf(r.Leaf) != key || want == probe.NoKey && (r.Text == "" || r.Served()) {
					t.Errorf("%s: %s %q, want %s", key, r.Result, r.Text, want)
				}
			}
			if kinds := probe.AskKinds(t.Context(), req); len(kinds) != c.kinds || kinds[0].Protocol != c.protocolOfAny || kinds[0].Key != probe.Any {
				t.Errorf("kinds: %+v", kinds)
			}
		})
	}
}

// The daemon hears a goodbye in its own words, over TLS and where TLS did not come about.
func TestGoodbyeIsSaid(t *testing.T) {
	ca := daemontest.NewCA(t)
	config := serving(t, ca.Issue(t, daemontest.Wish{Names: []string{host}}))
	for scheme, c := range map[probe.Scheme]struct {
		greeting, goodbye string
	}{probe.SMTPS: {"220 mail\r\n", "QUIT\r\n"}, probe.IMAPS: {"* OK hi\r\n", "a9 LOGOUT\r\n"}, probe.POP3S: {"+OK hi\r\n", "QUIT\r\n"}} {
		heard := make(chan string, 1)
		address := listen(t, func(conn net.Conn) {
			s := tls.Server(conn, config)
			_, _ = io.WriteString(s, c.greeting)
			line, _ := bufio.NewReader(s).ReadString('\n')
			heard <- line
		})
		if r := probe.Ask(t.Context(), request(t, scheme, address)); !r.Served() {
			t.Errorf("%s: %+v", scheme, r)
		}
		if got := <-heard; got != c.goodbye {
			t.Errorf("%s: heard %q", scheme, got)
		}
	}
	heard := make(chan string, 1)
	address := listen(t, func(conn net.Conn) {
		in := bufio.NewReader(conn)
		_, _ = io.WriteString(conn, "220 mail\r\n")
		_, _ = in.ReadString('\n')
		_, _ = io.WriteString(conn, "250 no such thing\r\n")
		line, _ := in.ReadString('\n')
		heard <- line
	})
	_ = probe.Ask(t.Context(), request(t, probe.SMTP, address))
	if got := <-heard; got != "QUIT\r\n" {
		t.Errorf("without TLS: heard %q", got)
	}
}

// By which name a mail server greets is told, whether TLS follows or not.
func TestTheNameOfAGreetingIsTold(t *testing.T) {
	t.Parallel()
	for greeting, want := range map[string]string{"220 mail.example.org ESMTP": "mail.example.org", "220-\r\n220-mx.example.org\r\n220 ready": "mx.example.org",
		"220 ": "", "220 \x1b[31m ESMTP": `\u{1b}[31m`} {
		t.Run(want, func(t *testing.T) {
			t.Parallel() // each waits for an answer that does not come
			r := probe.Ask(t.Context(), request(t, probe.SMTP, listen(t, script(greeting, "250 STARTTLSX"))))
			if r.Greets != want {
				t.Errorf("%q: %q", greeting, r.Greets)
			}
		})
	}
}

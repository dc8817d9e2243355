package probe_test

import (
	"bufio"
	"crypto/x509"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
)

// workshop makes certificates with openssl that Go neither makes nor reads, and serves them.
type workshop struct {
	testing.TB
	dir string
}

func newWorkshop(t testing.TB) *workshop {
	daemontest.Need(t, "openssl")
	w := &workshop{t, t.TempDir()}
	w.write("ca.ext", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n")
	w.write("leaf.ext", "subjectAltName=DNS:"+host+"\nextendedKeyUsage=serverAuth\n")
	w.run("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem", "-days", "900", "-subj", "/CN=Workshop Root",
		"-addext", "keyUsage=critical,keyCertSign")
	return w
}

func (w *workshop) write(name, text string) {
	if err := os.WriteFile(filepath.Join(w.dir, name), []byte(text), 0o600); err != nil {
		w.Fatal(err)
	}
}

func (w *workshop) run(args ...string) {
	w.Helper()
	cmd := exec.Command("openssl", args...)
	cmd.Dir = w.dir
	if out, err := cmd.CombinedOutput(); err != nil {
		w.Fatalf("openssl %v: %v\n%s", args, err, out)
	}
}

// issue makes NAME.key of a kind, and NAME.pem signed by BY with the serial.
func (w *workshop) issue(name, by, ext, serial string, kind ...string) {
	w.Helper()
	w.run(append([]string{"genpkey", "-out", name + ".key", "-algorithm"}, kind...)...)
	w.run("req", "-new", "-key", name+".key", "-out", name+".csr", "-subj", "/CN="+name+".example.test")
	w.run("x509", "-req", "-in", name+".csr", "-CA", by+".pem", "-CAkey", by+".key", "-set_serial", serial, "-days", "90", "-extfile", ext, "-out", name+".pem")
}

// serve gives the address of an s_server with a pair and its chain.
func (w *workshop) serve(pair, chain string, args ...string) string {
	w.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		w.Fatal(err)
	}
	address := l.Addr().String()
	_ = l.Close()
	args = append([]string{"s_server", "-accept", address, "-cert", pair + ".pem", "-key", pair + ".key", "-quiet"}, args...)
	if chain != "" {
		args = append(args, "-cert_chain", chain+".pem")
	}
	cmd := exec.Command("openssl", args...)
	cmd.Dir = w.dir
	stdin, err := cmd.StdinPipe() // it ends with its input
	if err != nil {
		w.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() { _ = stdin.Close(); _ = cmd.Process.Kill(); _ = cmd.Wait() })
	for range 100 {
		conn, err := net.Dial("tcp", address)
		if err == nil {
			_ = conn.Close()
			return address
		}
		time.Sleep(20 * time.Millisecond)
	}
	w.Fatalf("%s does not listen", address)
	return ""
}

func (w *workshop) read(name string) []byte {
	data, err := os.ReadFile(filepath.Join(w.dir, name+".pem"))
	block, _ := pem.Decode(data)
	if err != nil || block == nil {
		w.Fatal(name, err)
	}
	return block.Bytes
}

func (w *workshop) roots() *trust.Roots {
	return trust.NewRoots(trust.Sources{Trust: []string{filepath.Join(w.dir, "root.pem")}, LocalDir: "/nonexistent",
		System: func() (*x509.CertPool, error) { return x509.NewCertPool(), nil }})
}

// What Go's TLS cannot speak or read is told as what it is: the certificate, its names and its dates from the bytes that
// the server shows, proven where its signature can be verified; never that there is none, or that it is broken.
func TestWhatGoCannotSpeakIsToldAsItIs(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	w.issue("rsa", "root", "leaf.ext", "77", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
	w.issue("ecdsa", "root", "leaf.ext", "9", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	w.issue("negative", "root", "leaf.ext", "-1234567", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
	w.issue("middle", "root", "ca.ext", "-99", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
	w.issue("below", "middle", "leaf.ext", "5", "EC", "-pkeyopt", "ec_paramgen_curve:P-256")
	w.issue("pss", "root", "leaf.ext", "6", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")
	w.issue("ed448", "root", "leaf.ext", "7", "ED448")
	w.issue("brainpool", "root", "leaf.ext", "8", "EC", "-pkeyopt", "ec_paramgen_curve:brainpoolP256r1")
	tls12 := []string{"-tls1_2"}
	for name, c := range map[string]struct {
		pair, chain string
		args        []string
		result      probe.Result
		verdict     probe.Verdict
		note        string
		accepted    bool
	}{
		"DHE alone":                      {"rsa", "", append(tls12, "-cipher", "DHE-RSA-AES256-GCM-SHA384"), probe.Answers, probe.Complete, "it chose TLS_DHE_RSA_WITH_AES_256_GCM_SHA384", true},
		"DHE with Camellia":              {"rsa", "", append(tls12, "-cipher", "DHE-RSA-CAMELLIA256-SHA"), probe.Answers, probe.Complete, "CAMELLIA", true},
		"X448 alone, TLS 1.2":            {"rsa", "", append(tls12, "-groups", "X448", "-cipher", "ECDHE"), probe.Answers, probe.Complete, "its key exchange is by X448", true},
		"static RSA, SHA-256":            {"rsa", "", append(tls12, "-cipher", "AES256-SHA256"), probe.Unknown, probe.Complete, "it chose TLS_RSA_WITH_AES_256_CBC_SHA256", false},
		"static RSA, ARIA":               {"rsa", "", append(tls12, "-cipher", "ARIA256-GCM-SHA384"), probe.Unknown, probe.Complete, "it chose TLS_RSA_WITH_ARIA_256_GCM_SHA384", false},
		"static RSA, CCM of 8 bytes":     {"rsa", "", append(tls12, "-cipher", "AES256-CCM8"), probe.Unknown, probe.Complete, "that the port has its key was not proven", false},
		"static RSA, known to Go":        {"rsa", "", append(tls12, "-cipher", "AES256-SHA"), probe.Answers, probe.Complete, "", true},
		"no encryption":                  {"rsa", "", append(tls12, "-cipher", "NULL-SHA256:@SECLEVEL=0"), probe.Unknown, probe.Complete, "TLS_RSA_WITH_NULL_SHA256", false},
		"ECDHE without encryption":       {"rsa", "", append(tls12, "-cipher", "ECDHE-RSA-NULL-SHA:@SECLEVEL=0"), probe.Answers, probe.Complete, "TLS_ECDHE_RSA_WITH_NULL_SHA", true},
		"ECDSA with CCM":                 {"ecdsa", "", append(tls12, "-cipher", "ECDHE-ECDSA-AES128-CCM8"), probe.Answers, probe.Complete, "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", true},
		"TLS 1.0 and Camellia":           {"rsa", "", []string{"-tls1", "-cipher", "CAMELLIA128-SHA:@SECLEVEL=0"}, probe.Unknown, probe.Complete, "TLS_RSA_WITH_CAMELLIA_128_CBC_SHA", false},
		"TLS 1.1 and DHE":                {"rsa", "", []string{"-tls1_1", "-cipher", "DHE-RSA-CAMELLIA256-SHA:@SECLEVEL=0"}, probe.Answers, probe.Complete, "TLS_DHE_RSA_WITH_CAMELLIA_256", true},
		"a pre-shared key and RSA":       {"rsa", "", append(tls12, "-psk", "1234", "-cipher", "RSA-PSK-AES256-CBC-SHA"), probe.Unknown, probe.Complete, "TLS_RSA_PSK_WITH_AES_256_CBC_SHA", false},
		"a client's certificate":         {"rsa", "", append(tls12, "-Verify", "1"), probe.Answers, probe.Complete, "it demands a certificate of the client", true},
		"a client's, and static RSA":     {"rsa", "", append(tls12, "-Verify", "1", "-cipher", "AES128-SHA"), probe.Unknown, probe.Complete, "it demands a certificate of the client", false},
		"CCM alone, TLS 1.3":             {"rsa", "", []string{"-tls1_3", "-ciphersuites", "TLS_AES_128_CCM_SHA256"}, probe.Unknown, "", "only TLS 1.3, with what certdesk does not know", false},
		"anonymous alone":                {"rsa", "", append(tls12, "-cipher", "ADH-AES256-GCM-SHA384:@SECLEVEL=0"), probe.NoCertificate, "", "no certificate at all: it speaks TLS only with anonymous suites", false},
		"anonymous alone, ECDH":          {"rsa", "", append(tls12, "-cipher", "AECDH-AES128-SHA:@SECLEVEL=0"), probe.NoCertificate, "", "TLS_ECDH_anon_WITH_AES_128_CBC_SHA", false},
		"pre-shared keys alone":          {"rsa", "", append(tls12, "-psk", "1234", "-cipher", "PSK-AES256-CBC-SHA"), probe.NoCertificate, "", "only with pre-shared keys (TLS_PSK_WITH_AES_256_CBC_SHA)", false},
		"pre-shared keys, ECDHE":         {"rsa", "", append(tls12, "-psk", "1234", "-cipher", "ECDHE-PSK-AES128-CBC-SHA"), probe.NoCertificate, "", "only with pre-shared keys", false},
		"X448 alone, TLS 1.3":            {"rsa", "", []string{"-tls1_3", "-groups", "X448"}, probe.Unknown, "", "only TLS 1.3, with what certdesk does not know", false},
		"a negative serial":              {"negative", "", nil, probe.Answers, probe.Complete, "failed to parse certificate", true},
		"a negative serial above":        {"below", "middle", nil, probe.Answers, probe.Complete, "failed to parse certificate", true},
		"a negative serial, TLS 1.3":     {"negative", "", []string{"-tls1_3"}, probe.Answers, probe.Complete, "negative serial number", true},
		"and SHA-384":                    {"negative", "", []string{"-tls1_3", "-ciphersuites", "TLS_AES_256_GCM_SHA384"}, probe.Answers, probe.Complete, "negative serial", true},
		"and ChaCha20":                   {"below", "middle", []string{"-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"}, probe.Answers, probe.Complete, "negative serial", true},
		"and another hello":              {"negative", "", []string{"-tls1_3", "-groups", "P-521"}, probe.Answers, probe.Complete, "negative serial", true},
		"an RSA key for PSS alone":       {"pss", "", tls12, probe.Answers, probe.Unjudged, "RSA-PSS", true},
		"Ed448, which cannot be checked": {"ed448", "", tls12, probe.Unknown, probe.Unjudged, "other clients may", false},
		"a curve of brainpool":           {"brainpool", "", tls12, probe.Unknown, probe.Unjudged, "brainpoolP256r1", false},
	} {
		t.Run(name, func(t *testing.T) {
			req := request(t, probe.TLS, w.serve(c.pair, c.chain, c.args...))
			req.Roots = w.roots()
			r := probe.Ask(t.Context(), req)
			told := strings.Join(append(r.Faults(), r.Notes...), "\n")
			if r.Result != c.result || r.Accepted() != c.accepted || !strings.Contains(told, c.note) || r.Chain.Verdict != c.verdict {
				t.Fatalf("%s, accepted %v, chain %s %q:\n%s", r.Result, r.Accepted(), r.Chain.Verdict, r.Chain.Text, told)
			}
			for _, lie := range []string{"did not sign", "no TLS", "not offer", "has no", "refused"} {
				if strings.Contains(told, lie) {
					t.Errorf("it says %q:\n%s", lie, told)
				}
			}
			if c.verdict != "" && (string(r.Leaf.Raw) != string(w.read(c.pair)) || r.NameFault != "" || r.DateFault != "") {
				t.Errorf("what was read: %q %q", r.NameFault, r.DateFault)
			}
			if c.accepted && len(probe.AskKinds(t.Context(), req)) != 1 {
				t.Errorf("kinds: %+v", probe.AskKinds(t.Context(), req))
			}
		})
	}
	t.Run("DHE alone behind STARTTLS", func(t *testing.T) {
		behind := w.serve("rsa", "", append(tls12, "-cipher", "DHE-RSA-AES128-SHA")...)
		r := probe.Ask(t.Context(), request(t, probe.SMTP, listen(t, relayed(behind, "220 mail", "250 STARTTLS", "220 go"))))
		if r.Result != probe.Answers || r.Protocol != "TLS 1.2" || r.Cipher != "TLS_DHE_RSA_WITH_AES_128_CBC_SHA" {
			t.Errorf("%s %q %v", r.Result, r.Text, r.Notes)
		}
	})
}

// relayed says lines, reads one between them, and hands the rest to another server.
func relayed(to string, lines ...string) func(net.Conn) {
	return func(conn net.Conn) {
		in := bufio.NewReader(conn)
		for i, line := range lines {
			if i > 0 {
				_, _ = in.ReadString('\n')
			}
			_, _ = io.WriteString(conn, line+"\r\n")
		}
		there, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer there.Close()
		go func() { _, _ = io.Copy(there, in); _ = there.Close() }()
		_, _ = io.Copy(conn, there)
	}
}

// A certificate that was copied from elsewhere, served without its key, is not taken for the real one.
func TestAStolenCertificateIsNotProven(t *testing.T) {
	w := newWorkshop(t)
	w.issue("negative", "root", "leaf.ext", "-5", "RSA", "-pkeyopt", "rsa_keygen_bits:2048")
	genuine := w.serve("negative", "", "-tls1_2", "-cipher", "DHE-RSA-AES256-SHA")
	req := request(t, probe.TLS, listen(t, flipping(genuine)))
	req.Expect = probe.Expect{Wanted: fmt.Sprintf("%x", "not this one")}
	if r := probe.Ask(t.Context(), req); r.Result != probe.Unknown || r.Accepted() || !strings.Contains(strings.Join(r.Notes, " "), "not proven") {
		t.Errorf("%s %q %v", r.Result, r.Text, r.Notes)
	}
}

// flipping relays a server and changes a byte of its signature: the last before ServerHelloDone.
func flipping(to string) func(net.Conn) {
	return func(conn net.Conn) {
		there, err := net.Dial("tcp", to)
		if err != nil {
			return
		}
		defer there.Close()
		go func() { _, _ = io.Copy(there, conn) }()
		data, buffer := []byte{}, make([]byte, 16<<10)
		for !strings.HasSuffix(string(data), "\x0e\x00\x00\x00") {
			n, err := there.Read(buffer)
			data = append(data, buffer[:n]...)
			if err != nil {
				_, _ = conn.Write(data)
				return
			}
		}
		data[len(data)-20] ^= 1
		_, _ = conn.Write(data)
		_, _ = io.Copy(io.Discard, conn)
	}
}

// Suites that no library here speaks any more are offered all the same, and so are versions.
func TestWhatNobodyHereSpeaksIsOfferedToo(t *testing.T) {
	pair := daemontest.NewCA(t).Issue(t, daemontest.Wish{RSA: true, Names: []string{host}})
	for name, c := range map[string]struct {
		version, suite uint16
		refusal        string // of what it does not speak; some only end the connection
		told           string
	}{
		"SEED":            {0x0303, 0x0096, handshakeFailure, "TLS_RSA_WITH_SEED_CBC_SHA"},
		"IDEA in TLS 1.0": {0x0301, 0x0007, "", "TLS_RSA_WITH_IDEA_CBC_SHA"},
		"SSL 3.0":         {0x0300, 0x000a, handshakeFailure, "nothing newer than SSL 3.0"},
	} {
		r := probe.Ask(t.Context(), request(t, probe.TLS, listen(t, showing(c.version, c.suite, c.refusal, pair))))
		if r.Result != probe.Unknown || !r.Served() || r.SHA256 != pair.Sum() || r.Accepted() || r.NameFault+r.DateFault != "" ||
			!strings.Contains(r.Text, c.told) {
			t.Errorf("%s: %s %q", name, r.Result, r.Text)
		}
	}
}

// handshakeFailure is an alert.
const handshakeFailure = "\x15\x03\x00\x00\x02\x02\x28"

// showing is a server of one suite alone, up to the end of its first flight.
func showing(version, suite uint16, refusal string, pair daemontest.Pair) func(net.Conn) {
	sized := func(head []byte, size, n int) []byte {
		return append(head, binary.BigEndian.AppendUint32(nil, uint32(n))[4-size:]...)
	}
	message := func(kind byte, body []byte) []byte { return append(sized([]byte{kind}, 3, len(body)), body...) }
	return func(conn net.Conn) {
		hello := make([]byte, 4096)
		n, _ := conn.Read(hello)
		if n < 43 || !slices.Contains(suitesIn(hello[43:n]), suite) {
			_, _ = io.WriteString(conn, refusal)
			return
		}
		said := append(binary.BigEndian.AppendUint16(nil, version), make([]byte, 33)...)
		said = append(binary.BigEndian.AppendUint16(said, suite), 0)
		der := pair.Cert.Raw
		list := append(sized(sized(nil, 3, len(der)+3), 3, len(der)), der...)
		flight := slices.Concat(message(2, said), message(11, list), message(14, nil))
		_, _ = conn.Write(append(sized([]byte{22, 3, 0}, 2, len(flight)), flight...))
		_, _ = io.Copy(io.Discard, conn)
	}
}

// suitesIn are those that a hello offers, behind its session.
func suitesIn(rest []byte) (all []uint16) {
	s := cryptobyte.String(rest)
	var session, list cryptobyte.String
	if !s.ReadUint8LengthPrefixed(&session) || !s.ReadUint16LengthPrefixed(&list) {
		return nil
	}
	for !list.Empty() {
		var id uint16
		list.ReadUint16(&id)
		all = append(all, id)
	}
	return all
}

// A usage that OpenSSL refuses and others take is told, at the leaf and above it, as one that only some clients refuse;
// OpenSSL itself is asked whether it still does.
func TestAnyUsageIsDoubtful(t *testing.T) {
	w := newWorkshop(t)
	w.write("any.ext", "subjectAltName=DNS:"+host+"\nextendedKeyUsage=anyExtendedKeyUsage\n")
	w.write("both.ext", "subjectAltName=DNS:"+host+"\nextendedKeyUsage=anyExtendedKeyUsage,serverAuth\n")
	w.write("anyca.ext", "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nextendedKeyUsage=anyExtendedKeyUsage\n")
	rsa := []string{"RSA", "-pkeyopt", "rsa_keygen_bits:2048"}
	w.issue("any", "root", "any.ext", "11", rsa...)
	w.issue("both", "root", "both.ext", "12", rsa...)
	w.issue("anyca", "root", "anyca.ext", "13", rsa...)
	w.issue("under", "anyca", "leaf.ext", "14", rsa...)
	for pair, c := range map[string]struct{ chain, told string }{
		"any":   {"", "its extended key usage is anyExtendedKeyUsage without serverAuth: some clients refuse it"},
		"both":  {"", ""},
		"under": {"anyca", "of CN=anyca.example.test in its chain: its extended key usage is anyExtendedKeyUsage"},
	} {
		args := []string{"verify", "-purpose", "sslserver", "-CAfile", "root.pem"}
		if c.chain != "" {
			args = append(args, "-untrusted", c.chain+".pem")
		}
		cmd := exec.Command("openssl", append(args, pair+".pem")...)
		cmd.Dir = w.dir
		if err := cmd.Run(); (err == nil) != (c.told == "") {
			t.Errorf("%s: openssl says %v", pair, err)
		}
		req := request(t, probe.TLS, w.serve(pair, c.chain))
		req.Roots = w.roots()
		r := probe.Ask(t.Context(), req)
		if r.Accepted() != (c.told == "") || !strings.HasPrefix(r.UsageFault, c.told) || r.Chain.Verdict != probe.Complete {
			t.Errorf("%s: %q, %s %q", pair, r.UsageFault, r.Chain.Verdict, r.Chain.Text)
		}
	}
}

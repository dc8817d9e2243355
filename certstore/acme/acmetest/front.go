package acmetest

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"io"
	"maps"
	"math/big"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// Front stands before an authority and answers in its place, as authorities do that are in a hurry or out of order.
type Front struct {
	Directory string
	Roots     *x509.CertPool
	RootsFile string

	proxy  *httputil.ReverseProxy
	mu     sync.Mutex
	faults map[string]http.HandlerFunc // by the beginning of the path
	asked  []string                    // method and path of every request
}

// NewFront starts one that ends with the test.
func NewFront(t testing.TB, p *Pebble) *Front {
	t.Helper()
	f := &Front{Roots: p.Roots, RootsFile: p.RootsFile, faults: map[string]http.HandlerFunc{}}
	to, err := url.Parse("https://" + p.listen)
	if err != nil {
		t.Fatal(err)
	}
	f.proxy = &httputil.ReverseProxy{Transport: p.transport(), Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host // Pebble's addresses are made of it
	}}
	s := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if fault := f.note(r); fault != nil {
			fault(w, r)
			return
		}
		f.proxy.ServeHTTP(w, r)
	}))
	key, err := tls.X509KeyPair(p.api.cert, p.api.key)
	if err != nil {
		t.Fatal(err)
	}
	s.TLS = &tls.Config{Certificates: []tls.Certificate{key}}
	s.StartTLS()
	t.Cleanup(s.Close)
	f.Directory = s.URL + "/dir"
	return f
}

func (f *Front) note(r *http.Request) http.HandlerFunc {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.asked = append(f.asked, r.Method+" "+r.URL.Path)
	for path, fault := range f.faults {
		if strings.HasPrefix(r.URL.Path, path) {
			return fault
		}
	}
	return nil
}

// Fail has it answer below a path in the authority's place, until Heal.
func (f *Front) Fail(path string, fault http.HandlerFunc) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults[path] = fault
}

// Heal takes all faults away and forgets what was asked.
func (f *Front) Heal() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.faults, f.asked = map[string]http.HandlerFunc{}, nil
}

// Asked counts the requests of a method below a path.
func (f *Front) Asked(method, path string) (n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, asked := range f.asked {
		if strings.HasPrefix(asked, method+" "+path) {
			n++
		}
	}
	return n
}

// The paths of Pebble's.
const (
	PathOrder = "/order-plz"
	PathNonce = "/nonce-plz"

	pathOfOrder = "/my-order/"
)

// Says answers with a status and a text.
func Says(status int, header http.Header, kind, text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		for name, values := range header {
			w.Header()[name] = values
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Replay-Nonce", rand.Text())
		w.WriteHeader(status)
		w.Write([]byte(text))
	}
}

// Silent does something and never answers.
func Silent(do func()) http.HandlerFunc {
	return func(_ http.ResponseWriter, r *http.Request) {
		io.Copy(io.Discard, r.Body) // the end of a connection is not seen before that
		do()
		<-r.Context().Done()
	}
}

// Hold has the authority answer below a path once a channel is closed, until Heal.
func (f *Front) Hold(path string, until <-chan struct{}) {
	f.Fail(path, func(w http.ResponseWriter, r *http.Request) {
		<-until
		f.proxy.ServeHTTP(w, r)
	})
}

// Slow has it say of orders that were finalised, so many times, that it is at it still, and wants to be asked in a second.
func (f *Front) Slow(times int) {
	f.Fail(pathOfOrder, func(w http.ResponseWriter, r *http.Request) {
		said := httptest.NewRecorder()
		f.proxy.ServeHTTP(said, r)
		var order map[string]any
		if json.Unmarshal(said.Body.Bytes(), &order) == nil && order["status"] == "valid" && times > 0 {
			times--
			order["status"] = "processing"
			delete(order, "certificate")
			said.Header().Set("Retry-After", "1")
		}
		text, _ := json.Marshal(order)
		said.Header().Del("Content-Length")
		maps.Copy(w.Header(), said.Header())
		w.WriteHeader(said.Code)
		w.Write(text)
	})
}

// pair is a key with the certificate of an HTTPS server on loopback, as PEM.
type pair struct{ cert, key []byte }

func newPair(t testing.TB) pair {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "the API of a test"},
		NotBefore: time.Now().AddDate(-1, 0, 0), NotAfter: time.Now().AddDate(10, 0, 0), IsCA: true, BasicConstraintsValid: true,
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	pkcs8, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pair{pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: pkcs8})}
}

func (p *Pebble) transport() *http.Transport {
	return &http.Transport{TLSClientConfig: &tls.Config{RootCAs: p.Roots}}
}

// Pass has the authority answer, and then does something before the answer is lost.
func (f *Front) Pass(_ http.ResponseWriter, r *http.Request, do func()) {
	f.proxy.ServeHTTP(httptest.NewRecorder(), r)
	do()
	panic(http.ErrAbortHandler)
}

package trust

import (
	"bytes"
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/formats"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/when"
)

// LocalRoots is where Debian and its kin keep the roots an admin added to the system.
const LocalRoots = "/usr/local/share/ca-certificates"

// maxRootsFile bounds a file of roots; the system's own bundle has about 220 KB.
const maxRootsFile = 4 << 20

// Sources say where roots come from.
type Sources struct {
	Trust    []string                       // PEM files of the configuration
	LocalDir string                         // see LocalRoots
	System   func() (*x509.CertPool, error) // x509.SystemCertPool
}

// Roots is a set of trusted roots, read when it is first asked. It may be used by several goroutines.
type Roots struct {
	src        Sources
	once       sync.Once
	pool       *x509.CertPool
	subjects   map[string]bool // RFC 4514 subjects; nil where the system's roots cannot be listed
	configured []*x509.Certificate
	enterprise map[string]bool // SHA-256 of the configuration's
	local      map[string]bool // SHA-256 of those the admin added to the system
	problem    string

	mu     sync.Mutex
	memo   map[string]Anchor // by SHA-256 of the top of a chain and the day
	doubts map[string]string // likewise
}

// Anchor is the root a chain was found to end at; the zero Anchor is none.
type Anchor struct {
	Subject string
	SHA256  string
	Type    RootType

	root  *x509.Certificate
	fault string // a sentence: why clients refuse all that it signed, or this
}

// Certificate is the root's, nil where there is none.
func (a Anchor) Certificate() *x509.Certificate { return a.root }

// Breaks says in a sentence why clients refuse what stands below a trusted root, although they trust it; "" if they do
// not.
func (a Anchor) Breaks(b Below) string {
	if a.fault != "" || a.root == nil {
		return a.fault
	}
	if rule := Breaks(a.root, b); rule != "" {
		return "the trusted root " + a.Subject + " " + rule
	}
	return ""
}

// NewRoots gives the roots of the sources. Reading them never fails: what could not be read is said by Problem,
// and verdicts that depend on it become Unknown.
func NewRoots(src Sources) *Roots {
	return &Roots{src: src, enterprise: map[string]bool{}, local: map[string]bool{}, memo: map[string]Anchor{},
		doubts: map[string]string{}}
}

// Usual gives the system's roots and those of the configuration's files.
func Usual(files []string) *Roots {
	return NewRoots(Sources{Trust: files, LocalDir: LocalRoots, System: x509.SystemCertPool})
}

func (r *Roots) load() {
	pool, err := r.src.System()
	if err != nil {
		pool = x509.NewCertPool()
		r.problem = "the system's roots could not be read: " + fail.Plain(printable.Text(err.Error()))
	}
	r.pool = pool
	for _, path := range r.src.Trust {
		if err := r.addFile(path, r.enterprise, true); err != nil {
			r.problem = fmt.Sprintf("the trusted root %s could not be read: %s", printable.Text(path),
				fail.Plain(printable.Text(err.Error())))
		}
	}
	r.addLocal(r.src.LocalDir)
	r.subjects = listSubjects(r.pool)
}

// Expect begins to read the roots, which takes some 10 ms, so that they are there by the time of the first verdict.
func (r *Roots) Expect() { go r.once.Do(r.load) }

// Problem says which roots could not be read, or "".
func (r *Roots) Problem() string {
	r.once.Do(r.load)
	return r.problem
}

// addLocal notes which roots the admin added. A folder that is not there adds none: the system's pool decides what is
// trusted.
func (r *Roots) addLocal(dir string) {
	_ = filepath.WalkDir(dir, func(path string, _ fs.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".crt") {
			_ = r.addFile(path, r.local, false)
		}
		return nil
	})
}

func (r *Roots) addFile(path string, set map[string]bool, trusted bool) error {
	certs, err := ReadRoots(path)
	for _, c := range certs {
		set[sumOf(c.Raw)] = true
		if trusted {
			r.pool.AddCert(c)
			r.configured = append(r.configured, c)
		}
	}
	return err
}

// ReadRoots reads the certificates of a PEM file of roots. The error is half a sentence that does not name the file;
// what was read before it is given.
func ReadRoots(path string) ([]*x509.Certificate, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, bare(err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxRootsFile {
		return nil, fmt.Errorf("not a regular file of at most %d bytes", maxRootsFile)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, bare(err)
	}
	return parseRoots(data)
}

// bare takes operation and path out of an error that the sentence around it names.
func bare(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}

func parseRoots(data []byte) (certs []*x509.Certificate, err error) {
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		if block.Type != "CERTIFICATE" {
			continue
		}
		c, err := formats.ParseCertificate(block.Bytes)
		if err != nil {
			return certs, err
		}
		certs = append(certs, c)
	}
	if len(certs) == 0 {
		return nil, fmt.Errorf("no PEM certificate in it")
	}
	return certs, nil
}

// listSubjects gives nil where the platform verifies for itself and its roots cannot be listed.
func listSubjects(pool *x509.CertPool) map[string]bool {
	switch runtime.GOOS {
	case "windows", "darwin", "ios":
		return nil
	}
	//lint:ignore SA1019 complete on the systems left, which keep their roots in files
	raw := pool.Subjects()
	set := make(map[string]bool, len(raw))
	for _, subject := range raw {
		set[names.FromDER(subject)] = true
	}
	return set
}

// MayAnchor says whether any root has this subject, without looking at a signature: a chain whose top was
// issued by nobody in the set need not be read.
func (r *Roots) MayAnchor(issuer string) bool {
	r.once.Do(r.load)
	return r.subjects == nil || r.subjects[issuer]
}

// Anchor finds the root that signed top, the highest certificate of a chain, or top itself if it is a root.
// The result is remembered for the day.
func (r *Roots) Anchor(top *x509.Certificate, now time.Time) Anchor {
	key := dayKey(sumOf(top.Raw), now)
	r.mu.Lock()
	anchor, known := r.memo[key]
	r.mu.Unlock()
	if known {
		return anchor
	}
	anchor, doubt := r.find(top, now)
	r.mu.Lock()
	r.memo[key], r.doubts[key] = anchor, doubt
	r.mu.Unlock()
	return anchor
}

// Known gives what Anchor found earlier on the same day for the certificate of that SHA-256.
func (r *Roots) Known(sha256hex string, now time.Time) (Anchor, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	anchor, ok := r.memo[dayKey(sha256hex, now)]
	return anchor, ok
}

// Doubt says in a sentence why Anchor, asked earlier on the same day, could not tell whether a root signed the
// certificate of that SHA-256; "" where it could.
func (r *Roots) Doubt(sha256hex string, now time.Time) string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.doubts[dayKey(sha256hex, now)]
}

func dayKey(sha256hex string, now time.Time) string { return sha256hex + now.UTC().Format("20060102") }

// find looks for the root; doubt is why that there is none is not known.
func (r *Roots) find(top *x509.Certificate, now time.Time) (root Anchor, doubt string) {
	r.once.Do(r.load)
	if root := r.verified(top, now); root != nil {
		return r.anchor(root), ""
	}
	for _, at := range []time.Time{top.NotBefore, top.NotAfter} {
		if root := r.verified(top, at); root != nil {
			return r.outOfDate(root, now), ""
		}
	}
	return r.byHand(top, now)
}

// verified is the root that the library finds for top at a moment. Top's own dates are judged apart; a root's here.
func (r *Roots) verified(top *x509.Certificate, at time.Time) *x509.Certificate {
	dated := *top
	if !bytes.Equal(top.RawSubject, top.RawIssuer) {
		dated.NotBefore, dated.NotAfter = at, at
	}
	chains, err := dated.Verify(x509.VerifyOptions{
		Roots:       r.pool,
		CurrentTime: at,
		KeyUsages:   []x509.ExtKeyUsage{x509.ExtKeyUsageAny},
	})
	if err != nil || len(chains) == 0 {
		return nil
	}
	return chains[0][len(chains[0])-1]
}

// outOfDate is a trusted root that nobody accepts now.
func (r *Roots) outOfDate(root *x509.Certificate, now time.Time) Anchor {
	a := r.anchor(root)
	switch {
	case now.After(root.NotAfter):
		a.fault = "its root expired on " + when.Said(root.NotAfter, now) + ": " + a.Subject
	case now.Before(root.NotBefore):
		a.fault = "its root is not valid before " + when.Said(root.NotBefore, now) + ": " + a.Subject
	}
	return a
}

// byHand looks among the roots of the configuration where the library found none: it gives up on signatures that it
// does not know, be they right or beyond what anybody here can check, and on those that clients refuse.
func (r *Roots) byHand(top *x509.Certificate, now time.Time) (root Anchor, doubt string) {
	for _, c := range r.configured {
		switch {
		case !bytes.Equal(c.RawSubject, top.RawIssuer):
		case formats.Signed(top, c):
			root = r.outOfDate(c, now)
			if weak := formats.SignatureName(top); root.fault == "" && weakSignature(weak) {
				root.fault = names.FromDER(top.RawSubject) + " is signed with " + weak + ", which current clients refuse"
			}
			if root.fault == "" {
				return root, ""
			}
		case formats.Unchecked(top, c) != "":
			doubt = "whether the trusted root " + names.FromDER(c.RawSubject) + " signed it is not known: " +
				formats.Unchecked(top, c)
		}
	}
	return root, doubt
}

func (r *Roots) anchor(root *x509.Certificate) Anchor {
	sum := sumOf(root.Raw)
	return Anchor{Subject: names.FromDER(root.RawSubject), SHA256: sum, Type: r.typeOf(sum), root: root}
}

func (r *Roots) typeOf(sum string) RootType {
	switch {
	case r.enterprise[sum]:
		return RootEnterprise
	case r.local[sum]:
		return RootRegistry
	}
	return RootThirdParty
}

func sumOf(der []byte) string {
	sum := sha256.Sum256(der)
	return hex.EncodeToString(sum[:])
}

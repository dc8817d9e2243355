package services

import (
	"context"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/services/daemon"
)

// webServer is a daemon for the property: how its configurations are made, and what it says of one by itself.
type webServer struct {
	driver, config string
	make           func(*generator)
	start          func(t testing.TB, p daemontest.Pair, adapt ...func(root, text string) string) *daemontest.Daemon
	effective      func(t *testing.T, config string) []string // files of certificates, sorted
}

var webServers = []webServer{
	{"apache", "apache2.conf", makeApache, daemontest.Apache, dumpedCerts},
	{"nginx", "nginx.conf", makeNginx, daemontest.Nginx, readCerts},
}

// TestEveryHostKeepsAnActivePair: whatever the configuration, behind a plan the daemon's own list has the new pair for
// each host that is meant and that certdesk may change, and what it had for all others; rolled back, all bytes are what
// they were.
func TestEveryHostKeepsAnActivePair(t *testing.T) {
	t.Parallel()
	runs, started := 12, 1
	if os.Getenv("CERTDESK_ALL") != "" {
		runs, started = 200, 10
	}
	for _, w := range webServers {
		daemontest.Need(t, strings.Replace(w.driver, "apache", "apache2", 1))
		ca := daemontest.NewCA(t)
		old := ca.Issue(t, daemontest.Wish{})
		planned, ran := 0, 0
		for seed := range runs {
			t.Run(fmt.Sprintf("%s %d", w.driver, seed), func(t *testing.T) {
				dir := t.TempDir()
				g := generate(uint64(seed), dir, "31999", w.make)
				config := filepath.Join(dir, w.config)
				daemontest.Put(t, config, g.main)
				g.write(t, dir, old)
				s := scenario{w, g, dir, config, ca}
				planned += s.hold(t, uint64(seed))
				ran++
			})
		}
		if planned < ran/2 {
			t.Errorf("%s: only %d of %d configurations were changed", w.driver, planned, ran)
		}
		if daemontest.Plain(w.driver) {
			continue
		}
		for seed := range started {
			t.Run(fmt.Sprintf("%s started %d", w.driver, seed), func(t *testing.T) { w.serve(t, ca, uint64(1000+seed)) })
		}
	}
}

// write puts the files of a configuration and all pairs it has.
func (g *generated) write(t testing.TB, dir string, old daemontest.Pair) {
	for name, text := range g.files {
		daemontest.Put(t, filepath.Join(dir, name), text)
	}
	os.Mkdir(filepath.Join(dir, "run"), 0o755)
	names := []string{"base", "shared"}
	for _, h := range g.hosts {
		names = append(names, h.certs...)
	}
	for _, name := range names {
		daemontest.Put(t, filepath.Join(dir, name+".pem"), string(old.Chain))
		daemontest.Put(t, filepath.Join(dir, name+".key"), string(old.Key))
	}
}

// String is all of the configuration.
func (g *generated) String() string {
	all := g.main
	for _, name := range slices.Sorted(maps.Keys(g.files)) {
		all += "--- " + name + "\n" + g.files[name] + "\n"
	}
	return all
}

type scenario struct {
	webServer
	*generated
	dir, config string
	ca          *daemontest.CA
}

// wish gives a certificate for some of the hosts, and those that have to have it.
func (s scenario) wish(t *testing.T, seed uint64) (daemontest.Pair, map[string]bool) {
	var names []string
	changed := map[string]bool{}
	for i, h := range s.hosts {
		if i == int(seed)%len(s.hosts) || (seed>>i)%3 == 1 {
			names = append(names, h.name)
			changed[h.name] = !h.kept
		}
	}
	maps.DeleteFunc(changed, func(_ string, meant bool) bool { return !meant })
	return s.ca.Issue(t, daemontest.Wish{Names: names}), changed
}

// hold plans, applies, has the daemon say what is effective, and rolls back. It gives 1 if there was a plan.
func (s scenario) hold(t *testing.T, seed uint64) int {
	if got, want := s.effective(t, s.config), s.expected(nil, ""); !slices.Equal(got, want) {
		t.Fatalf("the generator expects %q, the daemon has %q\n%s", want, got, s.generated)
	}
	next, changed := s.wish(t, seed)
	service, err := New(daemon.Host{Install: filepath.Join(s.dir, "installed")}, daemon.Instance{Use: "IIS", Driver: s.driver, Config: s.config})
	if err != nil {
		t.Fatal(err)
	}
	before := bytesBelow(t, s.dir)
	p, err := service.Plan(context.Background(), pairOfTest(next))
	if len(changed) == 0 {
		if err == nil {
			t.Fatalf("a host that must be left alone would change:\n%s\n%s", p.Diff(), s.generated)
		}
		return 0
	}
	if err != nil {
		t.Fatalf("%v\n%s", err, s.generated)
	}
	if err := service.Apply(p); err != nil {
		t.Fatal(err)
	}
	if got, want := s.effective(t, s.config), s.expected(changed, p.Pairs[0].Cert); !slices.Equal(got, want) {
		t.Errorf("behind the change the daemon has\n%q, not\n%q; left: %+v\n%s\n%s", got, want, p.Left, p.Diff(), s.generated)
	}
	if err := service.Check(context.Background(), p.Switch); err != nil {
		t.Errorf("%v\n%s", err, p.Diff())
	}
	if err := undone(service, p.Switch); err != nil {
		t.Fatal(err)
	}
	if after := bytesBelow(t, s.dir); !maps.Equal(before, after) {
		t.Errorf("not all is as it was\n%s", p.Diff())
	}
	return 1
}

// expected are the files of certificates that are effective once some hosts have the new one, sorted.
func (s scenario) expected(changed map[string]bool, next string) []string {
	var all []string
	inherit, stay := 0, 0
	for _, h := range s.hosts {
		if slices.Equal(h.certs, []string{s.base}) {
			inherit++
			if !changed[h.name] {
				stay++
			}
		}
		for _, c := range h.certs {
			if changed[h.name] {
				c = next
			} else {
				c = filepath.Join(s.dir, c+".pem")
			}
			all = append(all, c)
		}
	}
	switch {
	case s.base == "":
	case inherit > 0 && stay == 0:
		all = append(all, next)
	default:
		all = append(all, filepath.Join(s.dir, s.base+".pem"))
	}
	slices.Sort(all)
	return all
}

func bytesBelow(t *testing.T, dir string) map[string]string {
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if d.IsDir() && d.Name() == "installed" {
			return fs.SkipDir
		}
		if d.Type().IsRegular() && filepath.Ext(path) != ".log" && filepath.Ext(path) != ".pid" {
			all[path] = daemontest.Read(t, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// dumpedCerts has Apache list the files of each of its servers (mod_ssl's own dump, which certdesk does not use).
func dumpedCerts(t *testing.T, config string) []string {
	out, err := exec.Command("apache2", "-f", config, "-t", "-D", "DUMP_CERTS").CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	var all []string
	for _, line := range strings.Split(string(out), "\n") {
		if strings.HasPrefix(line, "  ") {
			all = append(all, strings.TrimSpace(line))
		}
	}
	slices.Sort(all)
	return all
}

// readCerts reads what nginx prints of its files (-T), a directive a line as the generator and certdesk write them:
// the certificates of http, and those of each server or else http's again.
func readCerts(t *testing.T, config string) []string {
	out, err := exec.Command("nginx", "-T", "-c", config).Output()
	if err != nil {
		t.Fatalf("nginx -T: %v", err)
	}
	files := map[string][]string{}
	path := ""
	for _, line := range strings.Split(string(out), "\n") {
		if p, ok := strings.CutPrefix(line, "# configuration file "); ok {
			path = strings.TrimSuffix(p, ":")
			continue
		}
		files[path] = append(files[path], strings.TrimSpace(line))
	}
	r := &tinyReader{files: files, dir: filepath.Dir(config), refuse: -1}
	r.read(config)
	all := slices.Clone(r.outer)
	for i, own := range r.servers {
		if i == r.refuse {
			continue
		}
		if len(own) == 0 {
			own = r.outer
		}
		all = append(all, own...)
	}
	slices.Sort(all)
	return all
}

type tinyReader struct {
	files   map[string][]string
	dir     string
	outer   []string
	servers [][]string
	depth   int // in blocks of http
	refuse  int // the server that has none
}

var (
	certLine  = regexp.MustCompile(`^ssl_certificate "?([^";]+)"?;`)
	includeOf = regexp.MustCompile(`^include "?([^";]+)"?;`)
	blockLine = regexp.MustCompile(`^[^#;]+\{$`)
)

func (r *tinyReader) read(path string) {
	for _, line := range r.files[path] {
		cert, include := certLine.FindStringSubmatch(line), includeOf.FindStringSubmatch(line)
		switch {
		case include != nil:
			pattern := daemon.Below(r.dir, strings.Replace(include[1], "[!", "[^", 1))
			for _, more := range slices.Sorted(maps.Keys(r.files)) {
				if ok, _ := filepath.Match(pattern, more); ok {
					r.read(more)
				}
			}
		case cert != nil && r.depth == 0:
			r.outer = append(r.outer, daemon.Below(r.dir, cert[1]))
		case cert != nil:
			r.servers[len(r.servers)-1] = append(r.servers[len(r.servers)-1], daemon.Below(r.dir, cert[1]))
		case line == "server {":
			r.servers = append(r.servers, nil)
			r.depth++
		case blockLine.MatchString(line) && line != "http {":
			r.depth++
		case line == "}" && r.depth > 0:
			r.depth--
		case line == "ssl_reject_handshake on;":
			r.refuse = len(r.servers) - 1
		}
	}
}

var portInText = regexp.MustCompile(`127\.0\.0\.1:(\d+)`)

// serve has openssl judge a daemon that runs: each host, before, with the new certificate, and rolled back.
func (w webServer) serve(t *testing.T, ca *daemontest.CA, seed uint64) {
	old := ca.Issue(t, daemontest.Wish{})
	s := scenario{webServer: w, ca: ca}
	d := w.start(t, old, func(root, text string) string {
		s.dir, s.generated = root, generate(seed, root, portInText.FindStringSubmatch(text)[1], w.make)
		s.write(t, root, old)
		for _, h := range s.hosts { // for paths with the name that is asked for
			daemontest.Put(t, filepath.Join(root, h.name+".pem"), string(old.Chain))
			daemontest.Put(t, filepath.Join(root, h.name+".key"), string(old.Key))
		}
		return s.main
	})
	next, changed := s.wish(t, seed)
	service, err := New(daemon.Host{Install: filepath.Join(d.Dir, "installed")}, daemon.Instance{Use: "IIS", Driver: w.driver, Config: d.Config})
	if err != nil {
		t.Fatal(err)
	}
	judge := func(changed map[string]bool) {
		t.Helper()
		for _, h := range s.hosts {
			want := old.Sum()
			if changed[h.name] {
				want = next.Sum()
			}
			if last, ok := daemontest.Await(d.URLs[0], h.name, want, 15*time.Second); !ok && last != "" {
				t.Errorf("%s serves %q, not %s\n%s", h.name, last, want, s.generated)
			}
		}
	}
	judge(nil)
	if len(changed) == 0 {
		return
	}
	before := bytesBelow(t, d.Dir)
	p := plan(t, service, next)
	if err := apply(service, p); err != nil {
		t.Fatalf("%v\n%s", err, p.Diff())
	}
	judge(changed)
	if err := undone(service, p.Switch); err != nil {
		t.Fatal(err)
	}
	judge(nil)
	if !maps.Equal(before, bytesBelow(t, d.Dir)) {
		t.Errorf("not all is as it was\n%s", p.Diff())
	}
}

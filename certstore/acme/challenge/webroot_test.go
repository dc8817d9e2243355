//go:build unix

package challenge

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"certdesk/certstore/daemontest"
	"certdesk/certstore/fail"
)

const wwwData = 33

func inWebroot(t *testing.T, dir string) Solver {
	t.Helper()
	s, err := New(Options{Type: HTTP01, Webroot: dir})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// tree lists what is below a directory, with its mode.
func tree(t *testing.T, dir string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		info, err := d.Info()
		rel, _ := filepath.Rel(dir, path)
		all = append(all, info.Mode().String()+" "+rel)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// The file is for everybody to read, whatever the umask; of the directories those that were made go again.
func TestTheWebrootIsLeftAsItWas(t *testing.T) {
	ctx := context.Background()
	other := Proof{Token: "other", KeyAuthorization: "other.thumb"}
	for name, before := range map[string][]string{
		"empty": nil, "one directory there": {".well-known"}, "both": {".well-known", ".well-known/acme-challenge"},
		"another's file": {".well-known", ".well-known/acme-challenge", ".well-known/acme-challenge/theirs"},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			for _, path := range before {
				if err := os.Mkdir(filepath.Join(dir, path), 0o750); err != nil {
					t.Fatal(err)
				}
			}
			was := tree(t, dir)
			umask := syscall.Umask(0o077)
			for _, p := range []Proof{web1, web1, other} {
				check(t, inWebroot(t, dir).Present(ctx, p), "")
			}
			syscall.Umask(umask)
			file := filepath.Join(dir, ".well-known/acme-challenge", web1.Token)
			if info, err := os.Stat(file); err != nil || info.Mode() != 0o644 ||
				daemontest.Read(t, file) != web1.KeyAuthorization {
				t.Errorf("%v %v", info, err)
			}
			if len(before) == 0 {
				if info, err := os.Stat(filepath.Dir(file)); err != nil || info.Mode().Perm() != 0o755 {
					t.Errorf("%v %v", info, err)
				}
			}
			// A writer that died leaves its temporary; whoever removes knows nothing but the proof.
			daemontest.Put(t, filepath.Join(filepath.Dir(file), temporary(other)), "half")
			check(t, inWebroot(t, dir).Remove(ctx, other), "")
			if _, err := os.Stat(file); err != nil {
				t.Errorf("another proof went too: %v", err)
			}
			for range 2 {
				check(t, inWebroot(t, dir).Remove(ctx, web1), "")
			}
			if is := tree(t, dir); !slices.Equal(is, was) {
				t.Errorf("left %q, was %q", is, was)
			}
		})
	}
}

func TestAKilledProcessLeavesTheWebrootToTheNext(t *testing.T) {
	dir := t.TempDir()
	killedAfter(t, Options{Type: HTTP01, Webroot: dir}, web1)
	if left := tree(t, dir); len(left) == 0 {
		t.Fatal("it put nothing there")
	}
	check(t, inWebroot(t, dir).Remove(context.Background(), web1), "")
	if left := tree(t, dir); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// A run may die between making a directory and marking it, or between taking the mark away and the directory.
func TestADirectoryWhoseMarkIsMissingIsTakenAwayWithTheOneAbove(t *testing.T) {
	dir := t.TempDir()
	ctx := context.Background()
	check(t, inWebroot(t, dir).Present(ctx, web1), "")
	if err := os.Remove(filepath.Join(dir, wellKnown, marker)); err != nil {
		t.Fatal(err)
	}
	check(t, inWebroot(t, dir).Remove(ctx, web1), "")
	if left := tree(t, dir); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

// The web server's user cannot lead root elsewhere, neither by the way nor by the file.
func TestTheWebrootIsNotLeft(t *testing.T) {
	daemontest.NeedRoot(t)
	ctx := context.Background()
	for name, trap := range map[string]func(t *testing.T, dir, outside string) string{
		"a link for the directory": func(t *testing.T, dir, outside string) string {
			theirs(t, outside, filepath.Join(dir, ".well-known"))
			return ".well-known below the webroot is not a directory"
		},
		"a link for the inner one": func(t *testing.T, dir, outside string) string {
			own(t, filepath.Join(dir, ".well-known"))
			theirs(t, outside, filepath.Join(dir, ".well-known/acme-challenge"))
			return "acme-challenge below the webroot is not a directory"
		},
		"a link within": func(t *testing.T, dir, outside string) string {
			own(t, filepath.Join(dir, "elsewhere"))
			theirs(t, "elsewhere", filepath.Join(dir, ".well-known"))
			return ".well-known below the webroot is not a directory"
		},
		"a link for the webroot": func(t *testing.T, dir, outside string) string {
			if err := os.Remove(dir); err != nil {
				t.Fatal(err)
			}
			theirs(t, outside, dir)
			return "is a symbolic link"
		},
		"links for the files": func(t *testing.T, dir, outside string) string {
			at := filepath.Join(dir, ".well-known/acme-challenge")
			own(t, filepath.Dir(at))
			own(t, at)
			for _, name := range []string{web1.Token, temporary(web1), marker} {
				theirs(t, filepath.Join(outside, "secret"), filepath.Join(at, name))
			}
			return ""
		},
	} {
		t.Run(name, func(t *testing.T) {
			outside := t.TempDir()
			dir := filepath.Join(t.TempDir(), "site", "www")
			own(t, filepath.Dir(dir))
			own(t, dir)
			secret := filepath.Join(outside, "secret")
			daemontest.Put(t, secret, "as it was")
			want := trap(t, dir, outside)
			s := inWebroot(t, dir)
			check(t, s.Present(ctx, web1), want)
			check(t, s.Remove(ctx, web1), want)
			if is := tree(t, outside); len(is) != 1 || daemontest.Read(t, secret) != "as it was" {
				t.Errorf("outside there is %q now", is)
			}
		})
	}
}

func own(t *testing.T, dir string) {
	t.Helper()
	if err := errors.Join(os.MkdirAll(dir, 0o755), os.Chown(dir, wwwData, wwwData)); err != nil {
		t.Fatal(err)
	}
}

func theirs(t *testing.T, target, path string) {
	t.Helper()
	if err := errors.Join(os.Symlink(target, path), os.Lchown(path, wwwData, wwwData)); err != nil {
		t.Fatal(err)
	}
}

func TestWhatCannotBeServedIsSaid(t *testing.T) {
	ctx := context.Background()
	dir := filepath.Join(t.TempDir(), "gone")
	err := inWebroot(t, dir).Present(ctx, web1)
	check(t, err, "cannot write "+dir+"/.well-known/acme-challenge/tok_en-1: no such file or directory")
	check(t, inWebroot(t, dir).Remove(ctx, web1), "")
	for _, token := range []string{"", "../up", "a/b", ".hidden", "a\x00b", strings.Repeat("a", 300)} {
		check(t, inWebroot(t, dir).Present(ctx, Proof{Token: token}), "a token that is none")
		check(t, inWebroot(t, dir).Remove(ctx, Proof{Token: token}), "a token that is none")
	}
	for _, o := range []Options{{}, {Type: "http-02"}, {Type: HTTP01, Webroot: "www"}} {
		if _, err := New(o); !fail.Is(err, fail.InvalidConfig) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

const nginxConf = `pid DIR/nginx.pid;
error_log DIR/error.log notice;
events {}
http {
  access_log off; fastcgi_temp_path DIR/tmp; client_body_temp_path DIR/tmp; proxy_temp_path DIR/tmp;
  uwsgi_temp_path DIR/tmp; scgi_temp_path DIR/tmp;
  server {
    listen 127.0.0.1:PORT;
    server_name mail.example.test;
    location ^~ /.well-known/acme-challenge/ { root DIR/www; default_type text/plain; }
    location / { return 301 https://mail.example.test$request_uri; }
  }
  server { listen 127.0.0.1:PORT; server_name moved.example.test; return 301 http://mail.example.test:PORT$request_uri; }
  server { listen 127.0.0.1:PORT; server_name shut.example.test; root DIR/other; location / { return 403; } }
}
`

// A real nginx serves the webroot, and the host that does not is told apart.
func TestNginxServesTheWebroot(t *testing.T) {
	daemontest.NeedRoot(t)
	port := 0
	d := daemontest.Nginx(t, daemontest.SelfSigned(t, daemontest.Wish{}), func(root, text string) string {
		found := regexp.MustCompile(`127\.0\.0\.1:(\d+)`).FindStringSubmatch(text)
		port, _ = strconv.Atoi(found[1])
		if err := os.Mkdir(filepath.Join(root, "www"), 0o755); err != nil {
			t.Fatal(err)
		}
		return strings.NewReplacer("DIR", root, "PORT", found[1]).Replace(nginxConf)
	})
	number, servers := newDNSServers(t, "127.0.0.1")
	servers["127.0.0.1"].add(t, "mail.example.test. A 127.0.0.1", "moved.example.test. A 127.0.0.1",
		"shut.example.test. A 127.0.0.1")
	s, err := New(Options{Type: HTTP01, Webroot: filepath.Join(d.Dir, "www"), HTTPPort: port,
		Resolver: "127.0.0.1:" + strconv.Itoa(number)})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	check(t, s.Try(ctx, web1), "answers 404 Not Found")
	check(t, s.Present(ctx, web1), "")
	for name, want := range map[string]string{"mail": "", "moved": "", "shut": "at 127.0.0.1 answers 403 Forbidden"} {
		p := web1
		p.Name = name + ".example.test"
		check(t, s.Try(ctx, p), want)
	}
	check(t, s.Remove(ctx, web1), "")
	if left := tree(t, filepath.Join(d.Dir, "www")); len(left) > 0 {
		t.Errorf("left %q", left)
	}
}

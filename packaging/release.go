// Command packaging makes a release: `go run ./packaging -out DIR` is all of it.
//
// For every system a static binary in an archive, for Linux a Debian package as well, and SHA256SUMS over all. The
// same commit and the same Go give the same bytes, wherever and whenever: the version is that of the newest entry in
// changelog, and every moment is that of the commit.
package main

import (
	"cmp"
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// nfpm makes Debian packages; later versions want modules that cannot be had.
const nfpm = "github.com/goreleaser/nfpm/v2/cmd/nfpm@v2.45.2"

var targets = []string{"linux/amd64", "linux/arm64", "freebsd/amd64", "freebsd/arm64", "darwin/amd64", "darwin/arm64",
	"windows/amd64", "windows/arm64"}

type release struct {
	out, stage          string // where what is made goes, and what it is made of
	version, maintainer string
	at                  time.Time
	commit              bool // is known; binaries tell it
}

func main() {
	out := flag.String("out", "dist", "the `directory` for what is made")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "go run ./packaging [-out DIR] [OS/ARCH...]: all of them, if none is named")
		flag.PrintDefaults()
	}
	flag.Parse()
	if err := run(*out, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "packaging:", err)
		os.Exit(1)
	}
}

// run makes what is wanted; it is called in the root of the repository.
func run(out string, wanted []string) error {
	if len(wanted) == 0 {
		wanted = targets
	}
	stage, err := os.MkdirTemp("", "certdesk-release")
	if err != nil {
		return err
	}
	defer os.RemoveAll(stage)
	r := release{out: out, stage: stage}
	if err := r.readChangelog(); err != nil {
		return err
	}
	r.askGit()
	if err := r.write(); err != nil {
		return err
	}
	return r.makeAll(wanted)
}

// readChangelog takes version, maintainer and moment from the newest entry.
func (r *release) readChangelog() error {
	text, err := os.ReadFile("packaging/changelog")
	if err != nil {
		return err
	}
	entry := regexp.MustCompile(`(?s)^certdesk \(([0-9][0-9A-Za-z.+~]*)\) .*?\n -- (.+? <.+?>)  (.+?)\n`)
	newest := entry.FindSubmatch(text)
	if newest == nil {
		return fmt.Errorf("packaging/changelog does not begin with an entry such as dch(1) writes")
	}
	r.version, r.maintainer = string(newest[1]), string(newest[2])
	r.at, err = time.Parse(time.RFC1123Z, string(newest[3]))
	return err
}

// askGit takes the moment from the commit, where there is one. SOURCE_DATE_EPOCH wins (reproducible-builds.org).
func (r *release) askGit() {
	said, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
	r.commit = err == nil
	epoch := cmp.Or(os.Getenv("SOURCE_DATE_EPOCH"), strings.TrimSpace(string(said)))
	if seconds, err := strconv.ParseInt(epoch, 10, 64); err == nil {
		r.at = time.Unix(seconds, 0)
	}
	r.at = r.at.UTC()
}

func (r *release) makeAll(wanted []string) error {
	if err := os.MkdirAll(r.out, 0o755); err != nil {
		return err
	}
	var sums strings.Builder
	for _, target := range wanted {
		fmt.Println(target)
		made, err := r.make(target)
		if err != nil {
			return fmt.Errorf("%s: %w", target, err)
		}
		for _, name := range made {
			content, err := os.ReadFile(filepath.Join(r.out, name))
			if err != nil {
				return err
			}
			fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(content), name)
		}
	}
	return os.WriteFile(filepath.Join(r.out, "SHA256SUMS"), []byte(sums.String()), 0o644)
}

// make gives the names of what it made for one system.
func (r *release) make(target string) (made []string, err error) {
	system, processor, _ := strings.Cut(target, "/")
	if err := r.build(system, processor); err != nil {
		return nil, err
	}
	top := fmt.Sprintf("certdesk-%s-%s-%s", r.version, system, processor)
	made = []string{top + ".tar.gz"}
	if err := r.archive(top, system); err != nil {
		return nil, err
	}
	if system == "linux" {
		made = append(made, fmt.Sprintf("certdesk_%s_%s.deb", r.version, processor))
		err = r.debian(processor, made[1])
	}
	return made, err
}

func (r *release) build(system, processor string) error {
	return r.command([]string{"CGO_ENABLED=0", "GOOS=" + system, "GOARCH=" + processor},
		"go", "build", "-trimpath", fmt.Sprintf("-buildvcs=%t", r.commit),
		"-ldflags", "-s -w -buildid= -X certdesk/ui/cli/wire.release="+r.version, "-o", r.binary(system), ".")
}

// binary is where that of the system at hand is.
func (r *release) binary(system string) string {
	if system == "windows" {
		return filepath.Join(r.stage, "certdesk.exe")
	}
	return filepath.Join(r.stage, "certdesk")
}

func (r *release) debian(processor, name string) error {
	return r.command([]string{"CGO_ENABLED=0", "STAGE=" + r.stage, "ARCH=" + processor, "VERSION=" + r.version,
		"MAINTAINER=" + r.maintainer, fmt.Sprintf("SOURCE_DATE_EPOCH=%d", r.at.Unix())},
		"go", "run", nfpm, "pkg", "-f", "packaging/nfpm.yaml", "-p", "deb", "-t", filepath.Join(r.out, name))
}

func (*release) command(env []string, name string, args ...string) error {
	cmd := exec.Command(name, args...)
	cmd.Env = append(os.Environ(), env...)
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd, err, said)
	}
	return nil
}

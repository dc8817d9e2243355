package main

import (
	"compress/gzip"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"certdesk/certstore/config"
	"certdesk/ui/cli"
)

// What the package puts into /etc changes nothing, and every setting that it shows is one.
func TestTheShippedConfiguration(t *testing.T) {
	shipped := read(t, "certdesk.toml")
	_, section, _ := strings.Cut(read(t, filepath.Join("..", "README.md")), "\n```toml\n")
	inREADME, _, _ := strings.Cut(section, "\n```\n")
	used := regexp.MustCompile(`(?m)^#([a-z[])`).ReplaceAllString(shipped, "$1")
	for _, text := range []string{shipped, used, inREADME} {
		file := filepath.Join(t.TempDir(), "certdesk.toml")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		c, err := config.Load(file)
		if err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		if commented := text == shipped; commented != (c.Server == "") {
			t.Errorf("server = %q\n%s", c.Server, text)
		}
	}
}

// Every command has a manual, and none says what holds on the machine alone that it was written on.
func TestManuals(t *testing.T) {
	r := release{stage: t.TempDir(), version: "1.2", at: time.Unix(0, 0).UTC()}
	man := filepath.Join(r.stage, "share", "man")
	if err := os.MkdirAll(man, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := r.manuals(cli.Commands()); err != nil {
		t.Fatal(err)
	}
	host, err := os.Hostname()
	if err != nil {
		t.Fatal(err)
	}
	home := os.Getenv("HOME")
	each(cli.Commands(), func(c *cobra.Command) {
		page := manual(t, filepath.Join(man, strings.ReplaceAll(c.CommandPath(), " ", "-")+".8.gz"))
		if !strings.Contains(page, `"Jan 1970" "certdesk 1.2"`) || !strings.Contains(page, ".SH OPTIONS") {
			t.Errorf("%s:\n%s", c.CommandPath(), page)
		}
		if strings.Contains(page, `"`+host) || home != "" && strings.Contains(page, home+"/") {
			t.Errorf("%s tells of this machine:\n%s", c.CommandPath(), page)
		}
	})
}

func each(c *cobra.Command, do func(*cobra.Command)) {
	do(c)
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() && sub.Name() != "completion" {
			each(sub, do)
		}
	}
}

func manual(t *testing.T, file string) string {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	zipped, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(zipped)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/cpuguy83/go-md2man/v2/md2man"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"

	"certdesk/ui/cli"
)

// write makes what the binaries are accompanied by: manuals and completions from the commands themselves, the licences
// of all that is compiled in. What goes below share is in the archives too.
func (r *release) write() error {
	for _, dir := range []string{"share/man", "share/completions"} {
		if err := os.MkdirAll(filepath.Join(r.stage, dir), 0o755); err != nil {
			return err
		}
	}
	root := cli.Commands()
	for _, step := range []func() error{
		func() error { return r.completions(root) },
		func() error { return r.manuals(root) },
		r.manualOfTheConfiguration,
		r.copyright,
		func() error { return r.zipped("packaging/changelog") },
		func() error { return r.zipped("README.md") },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

func (r *release) zipped(file string) error {
	content, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return compress(filepath.Join(r.stage, filepath.Base(file)+".gz"), content)
}

func (r *release) completions(root *cobra.Command) error {
	in := func(name string) string { return filepath.Join(r.stage, "share/completions", name) }
	for _, err := range []error{
		root.GenBashCompletionFileV2(in("certdesk.bash"), true),
		root.GenZshCompletionFile(in("_certdesk")),
		root.GenFishCompletionFile(in("certdesk.fish"), true),
		root.GenPowerShellCompletionFileWithDesc(in("certdesk.ps1")),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

// manuals are a page for each command, but for completion's, which the package has put where shells look.
func (r *release) manuals(root *cobra.Command) error {
	root.DisableAutoGenTag = true
	for _, c := range root.Commands() {
		c.Hidden = c.Hidden || c.Name() == "completion"
	}
	pages, err := os.MkdirTemp(r.stage, "pages")
	if err != nil {
		return err
	}
	root.Long += commandsAndFiles(root)
	header := doc.GenManHeader{Section: "8", Date: &r.at, Source: "certdesk " + r.version, Manual: "certdesk"}
	if err := doc.GenManTree(root, &header, pages); err != nil {
		return err
	}
	made, err := filepath.Glob(filepath.Join(pages, "*"))
	if err != nil {
		return err
	}
	for _, page := range made {
		content, err := os.ReadFile(page)
		if err != nil {
			return err
		}
		content = bytes.ReplaceAll(bytes.ReplaceAll(content, []byte("[=false]"), nil), []byte(`=""`), []byte("=VALUE"))
		if err := r.manual(filepath.Base(page), content); err != nil {
			return err
		}
	}
	return nil
}

// commandsAndFiles is what the first page tells beside what every page does.
func commandsAndFiles(root *cobra.Command) string {
	var b strings.Builder
	b.WriteString("\n\n# COMMANDS\n")
	for _, c := range root.Commands() {
		if c.IsAvailableCommand() && c.Name() != "help" {
			fmt.Fprintf(&b, "**%s**\n: %s\n\n", c.Name(), c.Short)
		}
	}
	b.WriteString("# FILES\n**/etc/certdesk/certdesk.toml**\n: the configuration, see certdesk.toml(5)\n\n" +
		"**/var/lib/certdesk**\n: the store: keys, certificates, requests, and the journal of all that was done\n\n" +
		"**/etc/ssl/certdesk**\n: what services read\n")
	return b.String()
}

func (r *release) manual(name string, page []byte) error {
	return compress(filepath.Join(r.stage, "share/man", name+".gz"), page)
}

// manualOfTheConfiguration is the README's section.
func (r *release) manualOfTheConfiguration() error {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		return err
	}
	_, section, found := bytes.Cut(readme, []byte("\n## Configuration\n"))
	section, _, ends := bytes.Cut(section, []byte("\n## "))
	if !found || !ends {
		return fmt.Errorf("the README has no section called Configuration")
	}
	head := fmt.Sprintf("%% CERTDESK.TOML \"5\" %q \"certdesk %s\" \"certdesk\"\n# NAME\n"+
		"certdesk.toml - the configuration of certdesk(8)\n\n# DESCRIPTION\n", r.at.Format("Jan 2006"), r.version)
	return r.manual("certdesk.toml.5", md2man.Render(append([]byte(head), section...)))
}

// copyright is our own and, by their licences, that of every module that is in one of the binaries, and of Go.
func (r *release) copyright() error {
	text, err := os.ReadFile("packaging/copyright")
	if err != nil {
		return err
	}
	modules, err := compiledIn()
	if err != nil {
		return err
	}
	under := map[string][]string{}
	for name, dir := range modules {
		licence, err := licenceIn(dir)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		under[licence] = append(under[licence], name)
	}
	var parts []string
	for licence, names := range under {
		slices.Sort(names)
		parts = append(parts, fmt.Sprintf("\n----\n%s:\n\n%s\n", strings.Join(names, ", "), licence))
	}
	slices.Sort(parts)
	text = append(text, strings.Join(parts, "")...)
	return os.WriteFile(filepath.Join(r.stage, "share/copyright"), text, 0o644)
}

// compiledIn are the modules of the binaries of all systems, each with its directory.
func compiledIn() (map[string]string, error) {
	goroot, err := exec.Command("go", "env", "GOROOT").Output()
	if err != nil {
		return nil, err
	}
	modules := map[string]string{"Go's own library": strings.TrimSpace(string(goroot))}
	for _, target := range targets {
		system, processor, _ := strings.Cut(target, "/")
		list := exec.Command("go", "list", "-deps", "-f",
			"{{with .Module}}{{if .Version}}{{.Path}}\t{{.Dir}}{{end}}{{end}}", ".")
		list.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+system, "GOARCH="+processor)
		list.Stderr = os.Stderr
		said, err := list.Output()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", list, err)
		}
		for line := range strings.Lines(string(said)) {
			if name, dir, is := strings.Cut(strings.TrimSpace(line), "\t"); is {
				modules[name] = dir
			}
		}
	}
	return modules, nil
}

// licenceIn is all that a module's directory has of licences; where it has none, its README names it.
func licenceIn(dir string) (string, error) {
	var texts []string
	for _, called := range []string{"LICENSE*", "LICENCE*", "COPYING*", "NOTICE*", "README*"} {
		found, err := filepath.Glob(filepath.Join(dir, called))
		if err != nil {
			return "", err
		}
		if called == "README*" && len(texts) > 0 {
			break
		}
		for _, file := range found {
			text, err := os.ReadFile(file)
			if err != nil {
				return "", err
			}
			texts = append(texts, string(bytes.TrimSpace(text)))
		}
	}
	if len(texts) == 0 {
		return "", fmt.Errorf("no licence in %s", dir)
	}
	return strings.Join(texts, "\n\n"), nil
}

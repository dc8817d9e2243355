package drivers

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"certdesk/certstore/services/daemon"
)

// nginx changes ssl_certificate and ssl_certificate_key where they stand, per server; a server that shares them with
// others, which would change with it, gets its own.
type nginx struct{}

var (
	pidPath    = regexp.MustCompile(`--pid-path=(\S+)`)
	prefixPath = regexp.MustCompile(`--prefix=(\S+)`)
)

func (nginx) Read(ctx context.Context, h daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	out, err := h.Ask(ctx, []string{"nginx", "-V"})
	if err != nil {
		return nil, err
	}
	n := &nginxConf{texts: newTexts(), main: in.Config}
	if err := n.load(); err != nil {
		return nil, err
	}
	r := &daemon.Reading{State: daemon.State{Version: nginxVersion(out.Stderr), Unit: "nginx"},
		Programs: []string{"nginx"}}
	call := []string{"nginx"}
	prefix := nginxPrefix(h, in.Config)
	if prefix != "" {
		call = append(call, "-p", prefix)
	}
	findPlaces(r, n.root, h, out.Stderr, prefix)
	run := func(more ...string) daemon.Step {
		return daemon.Step{Argv: slices.Concat(call, []string{"-c", in.Config}, more)}
	}
	if h.Running(r.PidFile, r.Programs...) {
		if err := n.dropUnread(nginxFiles(ctx, h, run("-T"))); err != nil {
			return nil, err
		}
	}
	r.Check, r.Reload, r.Start = run("-t"), run("-s", "reload"), run()
	r.Sites, r.Warnings, r.Aside, r.Named = n.sites(), n.warnings, n.aside, n.named()
	r.Edit, r.SitesOf, r.Unsayable = n.edit, n.sitesOf, "$"
	return r, nil
}

func nginxVersion(said string) string {
	_, version, _ := strings.Cut(said, "nginx/")
	version, _, _ = strings.Cut(version, "\n")
	return version
}

// findPlaces finds where nginx keeps its pid and its log; what is not configured it was built with.
func findPlaces(r *daemon.Reading, root *nginxNode, h daemon.Host, built, prefix string) {
	if m := prefixPath.FindStringSubmatch(built); m != nil && prefix == "" {
		prefix = m[1]
	}
	if m := pidPath.FindStringSubmatch(built); m != nil {
		r.PidFile = m[1]
	}
	if pid := root.value("pid"); pid != "" {
		r.PidFile = daemon.Below(prefix, pid)
	}
	r.Log = h.Path("/var/log/nginx/error.log")
	if log := root.value("error_log"); log != "" && log != "stderr" && !strings.Contains(log, ":") {
		r.Log = daemon.Below(prefix, log)
	}
}

const nginxMaster = "nginx: master process "

// nginxPrefix is the -p that the nginx of a configuration was started with, "" for none: paths of its logs and its pid
// are below it. Its process shows the words it was started with in its title.
func nginxPrefix(h daemon.Host, config string) string {
	var seen []string
	for _, line := range h.CommandLines("nginx") {
		title, ok := strings.CutPrefix(line, nginxMaster)
		words := strings.Fields(title)
		if prefix := daemon.OptionOf(words, "-p"); ok &&
			filepath.Clean(daemon.Below(prefix, daemon.OptionOf(words, "-c"))) == config {
			seen = []string{prefix}
		}
	}
	seen = daemon.AsStarted("nginx", config, seen)
	if len(seen) == 0 || !filepath.IsAbs(seen[0]) {
		return ""
	}
	return seen[0]
}

const nginxFileLine = "# configuration file "

// nginxFiles are the files nginx itself reads (-T); nil where it cannot tell, for want of a right or since one of them
// is broken, which its own check says better. It is asked where it runs: its test makes logs and a pid file.
func nginxFiles(ctx context.Context, h daemon.Host, dump daemon.Step) map[string]bool {
	out, err := h.Ask(ctx, dump.Argv)
	if err != nil {
		return nil
	}
	files := map[string]bool{}
	for _, line := range strings.Split(out.Stdout, "\n") {
		if path, ok := strings.CutPrefix(line, nginxFileLine); ok && strings.HasSuffix(path, ":") {
			files[filepath.Clean(strings.TrimSuffix(path, ":"))] = true
		}
	}
	return files
}

package services

import (
	"context"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// nginx changes ssl_certificate and ssl_certificate_key where they stand, per server; a server that shares them with
// others, which would change with it, gets its own.
type nginx struct{}

func (nginx) config(h Host) string { return h.path("/etc/nginx/nginx.conf") }

var (
	pidPath    = regexp.MustCompile(`--pid-path=(\S+)`)
	prefixPath = regexp.MustCompile(`--prefix=(\S+)`)
)

func (nginx) read(ctx context.Context, h Host, in Instance) (*reading, error) {
	out, err := h.ask(ctx, []string{"nginx", "-V"})
	if err != nil {
		return nil, err
	}
	n := &nginxConf{texts: newTexts(), main: in.Config}
	if err := n.load(); err != nil {
		return nil, err
	}
	r := &reading{State: State{Version: nginxVersion(out.Stderr), Unit: "nginx"}, programs: []string{"nginx"}}
	call := []string{"nginx"}
	prefix := nginxPrefix(h, in.Config)
	if prefix != "" {
		call = append(call, "-p", prefix)
	}
	findPlaces(r, n.root, h, out.Stderr, prefix)
	run := func(more ...string) step { return step{argv: slices.Concat(call, []string{"-c", in.Config}, more)} }
	if h.running(r.pidFile, r.programs...) {
		if err := n.dropUnread(nginxFiles(ctx, h, run("-T"))); err != nil {
			return nil, err
		}
	}
	r.check, r.reload, r.start = run("-t"), run("-s", "reload"), run()
	r.Sites, r.Warnings, r.Aside, r.Named = n.sites(), n.warnings, n.aside, n.named()
	r.edit, r.sitesOf, r.unsayable = n.edit, n.sitesOf, "$"
	return r, nil
}

func nginxVersion(said string) string {
	_, version, _ := strings.Cut(said, "nginx/")
	version, _, _ = strings.Cut(version, "\n")
	return version
}

// findPlaces finds where nginx keeps its pid and its log; what is not configured it was built with.
func findPlaces(r *reading, root *nginxNode, h Host, built, prefix string) {
	if m := prefixPath.FindStringSubmatch(built); m != nil && prefix == "" {
		prefix = m[1]
	}
	if m := pidPath.FindStringSubmatch(built); m != nil {
		r.pidFile = m[1]
	}
	if pid := root.value("pid"); pid != "" {
		r.pidFile = below(prefix, pid)
	}
	r.Log = h.path("/var/log/nginx/error.log")
	if log := root.value("error_log"); log != "" && log != "stderr" && !strings.Contains(log, ":") {
		r.Log = below(prefix, log)
	}
}

const nginxMaster = "nginx: master process "

// nginxPrefix is the -p that the nginx of a configuration was started with, "" for none: paths of its logs and its pid
// are below it. Its process shows the words it was started with in its title.
func nginxPrefix(h Host, config string) string {
	var seen []string
	for _, line := range h.commandLines("nginx") {
		title, ok := strings.CutPrefix(line, nginxMaster)
		words := strings.Fields(title)
		if prefix := optionOf(words, "-p"); ok && filepath.Clean(below(prefix, optionOf(words, "-c"))) == config {
			seen = []string{prefix}
		}
	}
	seen = asStarted("nginx", config, seen)
	if len(seen) == 0 || !filepath.IsAbs(seen[0]) {
		return ""
	}
	return seen[0]
}

const nginxFileLine = "# configuration file "

// nginxFiles are the files nginx itself reads (-T); nil where it cannot tell, for want of a right or since one of them
// is broken, which its own check says better. It is asked where it runs: its test makes logs and a pid file.
func nginxFiles(ctx context.Context, h Host, dump step) map[string]bool {
	out, err := h.ask(ctx, dump.argv)
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

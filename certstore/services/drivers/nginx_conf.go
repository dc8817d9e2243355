package drivers

import (
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// nginxConf is a configuration with all that it includes.
type nginxConf struct {
	texts    *texts
	main     string
	reported map[string]bool // the files nginx says it reads; nil where it does not say
	one      onePath
	root     *nginxNode
	servers  []*nginxServer
	warnings []string
	aside    []string
}

const (
	maxIncludes = 2000 // files, and directives that lead to them
	maxDepth    = 16   // includes in includes, blocks in blocks are few
)

func (n *nginxConf) abs(path string) string { return daemon.Below(filepath.Dir(n.main), path) }

// load reads the configuration.
func (n *nginxConf) load() error {
	n.root, n.one = &nginxNode{path: n.main}, onePath{}
	n.one.of(n.main)
	left := maxIncludes
	if err := n.include(n.root, n.main, nil, &left); err != nil {
		return err
	}
	n.understand()
	return nil
}

// dropUnread leaves out what nginx does not read, though its name fits a pattern.
func (n *nginxConf) dropUnread(reported map[string]bool) error {
	if len(reported) == 0 {
		return nil
	}
	n.reported = reported
	for path := range n.texts.was {
		if !reported[filepath.Clean(path)] {
			return n.load()
		}
	}
	return nil
}

func (n *nginxConf) include(into *nginxNode, path string, route []brought, left *int) error {
	if *left--; *left < 0 || len(route) > maxDepth {
		return fail.New(fail.LimitExceeded, "look for a file that includes itself",
			"the configuration of nginx includes too many files")
	}
	text, ok := n.texts.was[path]
	if !ok {
		data, err := daemon.ReadFile(path)
		if err != nil {
			return daemon.Cannot("read", path, err)
		}
		text = string(data)
		n.texts.was[path] = text
	}
	nodes, err := parseNginx(path, text)
	if err != nil {
		return err
	}
	return n.resolve(into, nodes, route, left)
}

// resolve puts included directives where they are included, as nginx does.
func (n *nginxConf) resolve(into *nginxNode, nodes []*nginxNode, route []brought, left *int) error {
	for _, d := range nodes {
		d.route = route
		if d.name != "include" {
			inner := d.children
			d.children = nil
			if err := n.resolve(d, inner, route, left); err != nil {
				return err
			}
			into.children = append(into.children, d)
			continue
		}
		paths := n.filesOf(d.arg(0))
		for i, p := range paths {
			paths[i] = n.one.of(p)
		}
		for _, p := range paths {
			way := append(route[:len(route):len(route)], brought{d.directive(), paths, p})
			if err := n.include(into, p, way, left); err != nil {
				return err
			}
		}
	}
	return nil
}

// filesOf lists what an include brings: for a pattern what glob(3) finds, which takes a dot at the beginning of a name
// for no wildcard. nginx -t complains of a file that is missing; a pattern may match none.
func (n *nginxConf) filesOf(pattern string) []string {
	pattern = n.abs(pattern)
	if !strings.ContainsAny(pattern, "*?[") {
		if _, err := os.Stat(pattern); err != nil {
			return nil
		}
		return []string{pattern}
	}
	found, _ := filepath.Glob(strings.ReplaceAll(pattern, "[!", "[^"))
	var paths []string
	for _, path := range found {
		if !hiddenFrom(pattern, path) && (n.reported == nil || n.reported[filepath.Clean(path)]) {
			paths = append(paths, path)
		}
	}
	sort.Strings(paths)
	return paths
}

// hiddenFrom says whether a part of the path begins with a dot where the pattern has none.
func hiddenFrom(pattern, path string) bool {
	wants, has := strings.Split(pattern, "/"), strings.Split(path, "/")
	for i := range has {
		if strings.HasPrefix(has[i], ".") && (i >= len(wants) || !strings.HasPrefix(wants[i], ".")) {
			return true
		}
	}
	return false
}

// named lists the included files and those any directive names.
func (n *nginxConf) named() []string {
	seen := map[string]bool{}
	for path := range n.texts.was {
		seen[path] = true
	}
	n.root.walk(func(d *nginxNode) {
		for _, arg := range d.args {
			if nginxNamesFile(d.name) && arg != "" && !strings.ContainsAny(arg, "$:") {
				seen[filepath.Clean(n.abs(arg))] = true
			}
		}
	})
	return sortedKeys(seen)
}

var nginxFileNames = []string{
	"_certificate", "_certificate_key", "_crl", "ssl_dhparam", "_ticket_key", "ssl_password_file", "ssl_stapling_file",
}

// nginxNamesFile knows the directives of keys and certificates, those of proxies to other servers among them.
func nginxNamesFile(name string) bool {
	return slices.ContainsFunc(nginxFileNames, func(end string) bool { return strings.HasSuffix(name, end) })
}

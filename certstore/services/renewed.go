package services

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/beneath"
	"certdesk/certstore/guard"
	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// renewers are parts of the paths below which ACME clients keep what they renew.
var renewers = []string{"/letsencrypt/", "/.acme.sh/", "/dehydrated/", "/.lego/", "/lego/certificates/",
	"/acme.sh/", "/getssl/", "/uacme/"}

// renewedByOthers names the files that an ACME client keeps: it goes on renewing them, and may point the configuration
// at them again. What is configured may lead there over links.
func renewedByOthers(sites []daemon.Site) []string {
	var said []string
	for _, s := range sites {
		for _, p := range s.Pairs {
			text := printable.Text(p.Cert) + " is renewed by another program, which may point " +
				printable.Text(s.Where) + " at it again: switch that off"
			if (renewed(p.Cert) || renewed(p.Key)) && !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
	}
	return said
}

func renewed(path string) bool {
	for _, at := range waypoints(path) {
		if slices.ContainsFunc(renewers, func(part string) bool { return strings.Contains(at, part) }) {
			return true
		}
	}
	return false
}

// waypoints are a path and what it becomes at each link it leads over.
func waypoints(path string) []string {
	all := []string{path}
	for range guard.MaxLinks {
		next, ok := overLink(path)
		if !ok {
			break
		}
		path = next
		all = append(all, path)
	}
	return all
}

// overLink replaces the first link of a path by its target.
func overLink(path string) (string, bool) {
	at := string(filepath.Separator)
	rest := beneath.Names(path)
	for i, name := range rest {
		target, err := os.Readlink(filepath.Join(at, name))
		if err == nil {
			return filepath.Join(append([]string{daemon.Below(at, target)}, rest[i+1:]...)...), true
		}
		at = filepath.Join(at, name)
	}
	return path, false
}

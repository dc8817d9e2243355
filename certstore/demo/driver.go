package demo

import (
	"context"
	"path/filepath"
	"slices"
	"strings"

	"certdesk/certstore/services/daemon"
)

// driver is that of the services of the demo. Their configuration is a file of three words, so that a plan has a
// difference to show: listen, certificate, key.
type driver struct{}

const (
	wordListen      = "listen "
	wordCertificate = "certificate "
	wordKey         = "key "
)

func (driver) Read(_ context.Context, _ daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	data, err := daemon.ReadFile(in.Config)
	if err != nil {
		return nil, daemon.Cannot("read", in.Config, err)
	}
	text := string(data)
	site, err := siteOf(in.Config, text)
	if err != nil {
		return nil, err
	}
	r := &daemon.Reading{Always: true, Reload: daemon.Step{Argv: []string{reloadProgram, in.Config}}}
	r.Sites, r.Named, r.Blank = []daemon.Site{site}, []string{in.Config}, len(site.Pairs) == 0
	r.SitesOf = func(texts map[string]string) ([]daemon.Site, error) {
		after, err := siteOf(in.Config, texts[in.Config])
		return []daemon.Site{after}, err
	}
	r.Edit = func(_ []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
		pair := daemon.Installed{Cert: files[0].Cert, Key: files[0].Key}
		return daemon.Edited{Pairs: []daemon.Installed{pair}, Was: map[string]string{in.Config: text},
			Texts: map[string]string{in.Config: pointedAt(text, pair)}}, nil
	}
	return r, nil
}

// siteOf is what a configuration says: its ports, and the one pair for all of them.
func siteOf(path, text string) (daemon.Site, error) {
	site := daemon.Site{Where: filepath.Base(path)}
	pair := daemon.Installed{}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if url, found := strings.CutPrefix(line, wordListen); found {
			l, err := daemon.ParseListener(url)
			if err != nil {
				return site, err
			}
			site.Listen = append(site.Listen, l)
		}
		if file, found := strings.CutPrefix(line, wordCertificate); found {
			pair.Cert = file
		}
		if file, found := strings.CutPrefix(line, wordKey); found {
			pair.Key = file
		}
	}
	if pair.Cert != "" {
		site.Pairs = []daemon.Installed{pair}
	}
	return site, nil
}

// pointedAt is a configuration that names another pair; every other line stays.
func pointedAt(text string, pair daemon.Installed) string {
	lines := slices.DeleteFunc(slices.Collect(strings.Lines(text)), func(line string) bool {
		return strings.HasPrefix(line, wordCertificate) || strings.HasPrefix(line, wordKey)
	})
	return strings.Join(lines, "") + wordCertificate + pair.Cert + "\n" + wordKey + pair.Key + "\n"
}

package services

import (
	"context"
	"os"
	"path/filepath"

	"certdesk/certstore/fail"
)

// command serves any daemon that reads its certificate from fixed paths when it is told to: in the install directory
// fullchain.pem, key.pem and combined.pem are links through "current", which is flipped, so that the pair changes at
// once. A daemon that reads at other times too may see the flip between two of its opens: give it combined.pem.
type command struct{}

func (command) config(Host) string { return "" }

const currentName = "current"

func (command) read(_ context.Context, _ Host, in Instance) (*reading, error) {
	listen, err := parseListeners(in.Listen)
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return filepath.Join(in.Install, name) }
	r := &reading{always: true, check: step{argv: in.Check}, reload: step{argv: in.Reload}}
	for _, name := range []string{"fullchain.pem", "key.pem", "combined.pem"} {
		r.Named = append(r.Named, at(name), at(filepath.Join(currentName, name)))
	}
	site := Site{Listen: listen, Where: in.Install, Pairs: []Installed{{at("fullchain.pem"), at("key.pem")}}}
	cert, _ := filepath.EvalSymlinks(at("fullchain.pem"))
	combined, _ := filepath.EvalSymlinks(at("combined.pem"))
	r.blank = cert == ""
	if filepath.Dir(cert) != filepath.Dir(combined) {
		site.Pairs = nil
	}
	if info, err := os.Stat(in.Install); err == nil && !info.IsDir() {
		return nil, fail.New(fail.InvalidConfig, "name a directory", "install %s is not a directory", in.Install)
	}
	r.Sites = []Site{site}
	r.edit = func(_ []Site, files []versionFiles) (edited, error) {
		if len(files) > 1 {
			return edited{}, fail.New(fail.Failed, "enable one of them", "a service with driver command takes only one certificate")
		}
		e := edited{
			pairs: []Installed{{at("fullchain.pem"), at("key.pem")}},
			also:  []string{files[0].cert, files[0].key, files[0].combined},
			links: map[string]string{
				at(currentName): filepath.Base(filepath.Dir(files[0].cert)), at("fullchain.pem"): currentName + "/fullchain.pem",
				at("key.pem"): currentName + "/key.pem", at("combined.pem"): currentName + "/combined.pem",
			},
		}
		if len(in.Reload) == 0 {
			e.warnings = []string{"no reload command is configured: the daemon serves it when it next reads its files"}
		}
		return e, nil
	}
	return r, nil
}

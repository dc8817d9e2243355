package drivers

import (
	"context"
	"os"
	"path/filepath"

	"certdesk/certstore/fail"
	"certdesk/certstore/services/daemon"
)

// command serves any daemon that reads its certificate from fixed paths when it is told to: in the install directory
// fullchain.pem, key.pem and combined.pem are links through "current", which is flipped, so that the pair changes at
// once. A daemon that reads at other times too may see the flip between two of its opens: give it combined.pem.
type command struct{}

const currentName = "current"

func (command) Read(_ context.Context, _ daemon.Host, in daemon.Instance) (*daemon.Reading, error) {
	listen, err := daemon.ParseListeners(in.Listen)
	if err != nil {
		return nil, err
	}
	at := func(name string) string { return filepath.Join(in.Install, name) }
	r := &daemon.Reading{Always: true, Check: daemon.Step{Argv: in.Check}, Reload: daemon.Step{Argv: in.Reload}}
	for _, name := range []string{"fullchain.pem", "key.pem", "combined.pem"} {
		r.Named = append(r.Named, at(name), at(filepath.Join(currentName, name)))
	}
	site := daemon.Site{Listen: listen, Where: in.Install,
		Pairs: []daemon.Installed{{Cert: at("fullchain.pem"), Key: at("key.pem")}}}
	cert, _ := filepath.EvalSymlinks(at("fullchain.pem"))
	combined, _ := filepath.EvalSymlinks(at("combined.pem"))
	r.Blank = cert == ""
	if filepath.Dir(cert) != filepath.Dir(combined) {
		site.Pairs = nil
	}
	if info, err := os.Stat(in.Install); err == nil && !info.IsDir() {
		return nil, fail.New(fail.InvalidConfig, "name a directory", "install %s is not a directory", in.Install)
	}
	r.Sites = []daemon.Site{site}
	r.Edit = func(_ []daemon.Site, files []daemon.Files) (daemon.Edited, error) {
		if len(files) > 1 {
			return daemon.Edited{}, fail.New(fail.Failed, "enable one of them",
				"a service with driver command takes only one certificate")
		}
		e := daemon.Edited{
			Pairs: []daemon.Installed{{Cert: at("fullchain.pem"), Key: at("key.pem")}},
			Also:  []string{files[0].Cert, files[0].Key, files[0].Combined},
			Links: map[string]string{
				at(currentName): filepath.Base(filepath.Dir(files[0].Cert)), at("fullchain.pem"): currentName + "/fullchain.pem",
				at("key.pem"): currentName + "/key.pem", at("combined.pem"): currentName + "/combined.pem",
			},
		}
		if len(in.Reload) == 0 {
			e.Warnings = []string{"no reload command is configured: the daemon serves it when it next reads its files"}
		}
		return e, nil
	}
	return r, nil
}

package services

import (
	"strings"

	"certdesk/certstore/printable"
)

// instances names the other configurations that this Postfix starts, which nobody but another [[service]] changes.
func (p *postfixConf) instances() []string {
	dirs := fields(p.get(nil, "multi_instance_directories"))
	if len(dirs) == 0 {
		return nil
	}
	return []string{printable.Text("there are more instances of Postfix, which are left alone: " + strings.Join(dirs, ", ") + "; each needs a [[service]] with its config")}
}

// proxied names the ports that expect the PROXY protocol, which clients reach by another port.
func (p *postfixConf) proxied(sites []Site) (said []string) {
	for _, s := range sites {
		if s.Proxy && len(s.Names) == 0 {
			said = append(said, printable.Text(s.Where)+" expects the PROXY protocol: clients reach it through a proxy; name the proxy's port in listen, as smtp://HOST:PORT, to have that proven")
		}
	}
	return said
}

package drivers

import (
	"slices"
	"strconv"
	"strings"

	"certdesk/certstore/services/daemon"
)

// apachePort is a Listen directive.
type apachePort struct {
	daemon.Listener
	tls bool // it says that https is spoken there
}

func (a *apacheConf) ports() []apachePort {
	var all []apachePort
	for _, n := range a.dump.active.children {
		words := strings.Fields(n.args)
		if n.name != "listen" || len(words) == 0 {
			continue
		}
		if port, err := strconv.Atoi(words[0]); err == nil {
			words[0] = "*:" + strconv.Itoa(port)
		}
		if l, ok := nginxListen(words[0]); ok {
			https := len(words) > 1 && words[1] == "https"
			all = append(all, apachePort{l, https || l.Port == 443 && len(words) == 1})
		}
	}
	return all
}

// address gives each host its names and the ports it is reached at, from Apache's list.
func (a *apacheConf) address(ports []apachePort) {
	byPlace := map[spot]*virtualHost{}
	for _, h := range a.hosts {
		byPlace[h.spot] = h
	}
	for _, v := range a.dump.hosts {
		h := byPlace[v.spot]
		if h == nil {
			continue
		}
		names := append(slices.Clip(v.names), h.node.aliases()...)
		if !h.node.has("servername") {
			h.machine, names = v.names[0], v.names[1:]
		}
		for _, name := range names {
			h.call(strings.ToLower(name))
		}
		for _, l := range v.reached(ports) {
			if !hasListener(h.listen, l) {
				h.listen = append(h.listen, l)
			}
		}
	}
}

// aliases are a host's further names: of one that is alone on its port Apache lists none (measured, 2.4.71).
func (n *apacheNode) aliases() (names []string) {
	for _, c := range n.children {
		for at := 0; c.name == "serveralias" && at < len(c.args); {
			to, name := apacheArgument(c.args, at, len(c.args))
			names = append(names, name)
			at = to + len(c.args[to:]) - len(strings.TrimLeft(c.args[to:], " \t\r"))
		}
	}
	return names
}

func (n *apacheNode) has(name string) bool {
	return slices.ContainsFunc(n.children, func(c *apacheNode) bool { return c.name == name })
}

// call adds a name; one with a question mark is a pattern.
func (h *virtualHost) call(name string) {
	if isHostName(name) && !strings.Contains(name, "?") && !slices.Contains(h.names, name) {
		h.names = append(h.names, name)
	}
}

// reached lists the ports where Apache listens for one address of a host: none if no Listen is for it.
func (v vhost) reached(ports []apachePort) []daemon.Listener {
	var all []daemon.Listener
	for _, p := range ports {
		l := p.Listener
		switch {
		case v.port != 0 && v.port != l.Port:
			continue
		case v.host == "":
		case l.Host == "" || l.Host == "::" || l.Host == v.host:
			l.Host = v.host
		default:
			continue
		}
		all = append(all, l)
	}
	return all
}

// server is what answers on ports that no host is for.
func (a *apacheConf) server(base apacheSet, ports []apachePort) *virtualHost {
	h := &virtualHost{spot: spot{path: a.dump.files[0].path, line: 1}, node: a.dump.active, own: base, set: base}
	for _, p := range ports {
		if !slices.ContainsFunc(a.hosts, func(o *virtualHost) bool {
			return daemon.AnyAt(o.listen,
				[]daemon.Listener{p.Listener})
		}) {
			h.listen = append(h.listen, p.Listener)
		}
	}
	for _, n := range a.dump.active.children {
		if n.name == "servername" {
			h.machine = n.first()
		}
	}
	return h
}

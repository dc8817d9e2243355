package services

import (
	"net/netip"
	"strings"
	"testing"

	"certdesk/certstore/services/daemon"
)

// How a port is asked that the configuration has expect the PROXY protocol, and what stands before it with the same port.
func TestHowAPortBehindAProxyIsAsked(t *testing.T) {
	trusting := func(text string) []netip.Prefix {
		all := []netip.Prefix{}
		for _, word := range strings.Fields(text) {
			all = append(all, netip.MustParsePrefix(word))
		}
		return all
	}
	here, every := daemon.Listener{Scheme: "imaps", Host: "127.0.0.1", Port: 993}, daemon.Listener{Scheme: "imaps", Host: "", Port: 993}
	for name, c := range map[string]struct {
		port  daemon.Listener
		heeds []netip.Prefix
		asked string
		want  string
	}{
		"its own port":                  {every, nil, "", "imaps://127.0.0.1:993 proxy"},
		"named under listen":            {here, nil, "imaps://127.0.0.1:993", "imaps://127.0.0.1:993 proxy"},
		"by a name":                     {every, nil, "imaps://localhost:993", "imaps://localhost:993 proxy"},
		"the proxy on another machine":  {every, nil, "imaps://192.0.2.7:993", "imaps://192.0.2.7:993"},
		"the proxy at another address":  {daemon.Listener{Scheme: "imaps", Host: "127.0.0.2", Port: 993}, nil, "imaps://localhost:993", "imaps://localhost:993"},
		"the proxy at another port":     {every, nil, "imaps://127.0.0.1:1993", "imaps://127.0.0.1:1993"},
		"it heeds this machine":         {every, trusting("10.0.0.0/8 127.0.0.0/8"), "", "imaps://127.0.0.1:993 proxy"},
		"it heeds its proxy alone":      {every, trusting("10.0.0.0/8"), "", "imaps://127.0.0.1:993 shut"},
		"it heeds nobody":               {every, trusting(""), "imaps://127.0.0.1:993", "imaps://127.0.0.1:993 shut"},
		"and its proxy is asked itself": {every, trusting("10.0.0.0/8"), "imaps://192.0.2.7:993", "imaps://192.0.2.7:993"},
	} {
		t.Run(name, func(t *testing.T) {
			in := daemon.Instance{Listen: strings.Fields(c.asked)}
			places, err := Places(in, []daemon.Site{{Listen: []daemon.Listener{c.port}, Proxied: []daemon.Listener{c.port}, Heeds: c.heeds}})
			if err != nil || len(places) != 1 {
				t.Fatalf("%v %+v", err, places)
			}
			got := places[0].URL
			if places[0].Proxy {
				got += " proxy"
			}
			if places[0].Shut {
				got += " shut"
			}
			if got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

package drivers

import (
	"net/netip"
	"slices"
)

// remotes are what the clients of all classes get from addresses that remote blocks are for. certdesk cannot ask as one
// of them, so that nobody would see if Dovecot refused them after a change.
func (d *dovecotConf) remotes() (all []dovecotClass) {
	var nets []netip.Prefix
	for _, f := range d.source.filters {
		if f.remote.IsValid() && len(f.set) > 0 && !slices.Contains(nets, f.remote) {
			nets = append(nets, f.remote)
		}
	}
	for _, class := range d.all {
		for _, c := range class.clients {
			for _, net := range nets {
				c.remote = net.Addr()
				got := d.decide(c)
				all = append(all, dovecotClass{protocol: class.protocol, decision: got, named: got.namedBy(),
					clients: []dovecotClient{c}})
			}
		}
	}
	return all
}

// unseen says why certdesk cannot ask what a class is served, or "": a remote block is for this host's own address.
func (d *dovecotConf) unseen(class dovecotClass) string {
	for _, c := range class.clients {
		c.remote = c.addr
		if !c.remote.IsValid() {
			c.remote = netip.AddrFrom4([4]byte{127, 0, 0, 1})
		}
		got := dovecotClass{decision: d.decide(c)}
		if f := got.place(); f.remote.IsValid() && !slices.Equal(got.pairs(), class.pairs()) {
			return f.place() + " is for this host itself, which cannot see what other clients are served"
		}
	}
	return ""
}

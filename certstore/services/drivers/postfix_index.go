package drivers

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// readIndex finds what keeps Postfix from a table's certificates: an index that is not there, or one that postmap made
// without -F, which has the paths of the files where their content should be. Either ends the handshake of a client
// that sends a name with an internal error (measured, 3.7.11); an index that is not there does so for every name.
func (t *sniTable) readIndex() {
	data, err := daemon.ReadFile(t.index)
	t.gone = errors.Is(err, fs.ErrNotExist)
	t.bare = map[string]bool{}
	for _, line := range t.lines {
		for _, path := range line.files {
			t.bare[line.name] = t.bare[line.name] || bytes.Contains(data, []byte(path))
		}
	}
	clear(data) // it may hold keys
}

// outage is why clients that ask for a name of the table get no TLS, where that is so.
func (p *postfixConf) outage(t *sniTable, name string) daemon.Outage {
	switch {
	case t.gone:
		return daemon.Outage{Why: printable.Text(t.index + " is not there: clients that send a name get no TLS"),
			Do: p.activate(t)}
	case t.bare[name]:
		return daemon.Outage{Why: printable.Text(t.spec +
			" was made by postmap without -F: it has the paths of files in itself and not " +
			"the keys and certificates, and clients that send a name of it get no TLS"), Do: p.activate(t)}
	}
	return daemon.Outage{}
}

// anyName is the outage of a port's clients that send a name which no table has.
func (p *postfixConf) anyName(port int) daemon.Outage {
	for _, t := range p.tablesOf(port) {
		if t.gone {
			return p.outage(t, "")
		}
	}
	return daemon.Outage{}
}

// outages are the sentences about tables that end handshakes.
func (p *postfixConf) outages() (said []string) {
	for _, slot := range p.slots() {
		if o := p.outage(slot.table, slot.name); o.Why != "" {
			text := "tls_server_sni_maps: " + o.Why + "; `" + o.Do + "` makes it anew"
			said = append(slices.DeleteFunc(said, func(had string) bool { return had == text }), text)
		}
	}
	return said
}

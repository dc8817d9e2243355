package drivers

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore/printable"
	"certdesk/certstore/services/daemon"
)

// instances names the other configurations that this Postfix starts, which nobody but another [[service]] changes.
func (p *postfixConf) instances() []string {
	dirs := fields(p.get(nil, "multi_instance_directories"))
	if len(dirs) == 0 {
		return nil
	}
	return []string{"there are other instances of Postfix, which are left alone: " +
		printable.Text(strings.Join(dirs, ", ")) +
		"; each needs a [[service]] with its config"}
}

// answeredByOthers finds the ports that another program answers. Where this Postfix does not run it is not the one that
// is used, and its ports are left alone.
func (p *postfixConf) answeredByOthers(h daemon.Host, r *daemon.Reading) (said []string) {
	us := 0
	if h.Running(r.PidFile, r.Programs...) {
		us = daemon.ReadPID(r.PidFile)
	}
	sockets := h.Listening()
	for i := range r.Sites {
		s := &r.Sites[i]
		var ours []daemon.Listener
		text := ""
		for _, l := range s.Listen {
			other := h.ListenerBut(sockets, us, l)
			if other == "" {
				ours = append(ours, l)
				continue
			}
			if strings.HasPrefix(other, "master ") {
				other = "another Postfix, " + other
			}
			text = fmt.Sprintf("port %d is answered by %s, not by this Postfix (%s)", l.Port, other, printable.Text(p.dir))
			if !slices.Contains(said, text) {
				said = append(said, text)
			}
		}
		switch {
		case len(ours) > 0:
			s.Listen = ours
		case s.Fixed == "":
			s.Fixed = text
		}
	}
	return said
}

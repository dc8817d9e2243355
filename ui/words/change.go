package words

import (
	"fmt"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/services"
	"certdesk/ui/kit"
)

// What a change of a service will do, does and has done, in one line each. What is foreign in it is printable.

// Label names an entry so that it can be found: what it is called, and how its thumbprint begins.
func Label(e certstore.Entry) string { return Title(e) + " (" + Short(e) + ")" }

// Short is as much of an entry's thumbprint as finds it in any store that a person keeps.
func Short(e certstore.Entry) string { return kit.Printable(e.Short()) }

// Life is an entry with its end, as both sides of a replacement are shown.
func Life(e certstore.Entry, now time.Time) string {
	return fmt.Sprintf("%s, until %s (%s)", Label(e), Day(e.NotAfter, now), Left(e, now))
}

// Planned is what will be done to a service. The paths that are changed are named where there are no more than most.
func Planned(sp enabling.ServicePlan, most int) string {
	switch {
	case sp.Unmeant:
		return "passed over: " + Failed(sp.Err)
	case sp.Err != nil:
		return "left alone: " + Failed(sp.Err)
	case Stale(sp):
		return "serves " + othersOf(sp) + "; it will be reloaded, and " + proof(sp)
	case sp.Plan.Nothing:
		return "has its files as they should be, " + proof(sp)
	}
	return "puts " + Count(len(sp.Plan.Files), "file") + ", changes " + changed(sp.Plan, most) + ", " + proof(sp)
}

// Stale says whether a service has the files as they should be and serves another certificate nevertheless.
func Stale(sp enabling.ServicePlan) bool {
	return sp.Err == nil && sp.Plan.Nothing && len(sp.Others) > 0
}

func othersOf(sp enabling.ServicePlan) string {
	var names []string
	for _, e := range sp.Others {
		names = append(names, Title(e))
	}
	return strings.Join(names, " and ")
}

// PlannedInFull is what Planned says of a service whose files are as they should be, in sentences.
func PlannedInFull(sp enabling.ServicePlan) string {
	if Stale(sp) {
		return "Its files are as they should be, but it serves " + othersOf(sp) + ": it will be reloaded."
	}
	return "It is configured so already: its ports are asked, and it is reloaded if one serves another."
}

// proof is how it will be known that clients get what was put.
func proof(sp enabling.ServicePlan) string {
	asked := len(sp.Plan.Prove)
	switch {
	case !sp.Plan.Running:
		return "cannot be proven: it is not running"
	case asked == 0 && len(sp.Shut()) > 0:
		return "cannot be proven: its ports are reached only through their proxy"
	case asked == 0:
		return "cannot be proven: no port of it is known"
	}
	return "will be proven by " + Count(asked, "handshake")
}

func changed(p services.Plan, most int) string {
	if len(p.Changes) > most {
		return Count(len(p.Changes), "path")
	}
	var paths []string
	for _, c := range p.Changes {
		paths = append(paths, kit.Printable(c.Path))
	}
	return strings.Join(paths, " and ")
}

// File is a file that is put where a service reads it.
func File(f services.File) string {
	text := fmt.Sprintf("%s  %04o %s", kit.Printable(f.Path), f.Mode.Perm(), f.Owner)
	if f.Secret {
		text += "  holds the private key"
	}
	return text
}

// Diff is a unified difference, a line each; tabs are shown as blanks.
func Diff(unified string) []string {
	if unified == "" {
		return nil
	}
	lines := strings.Split(strings.TrimRight(unified, "\n"), "\n")
	for i, line := range lines {
		lines[i] = kit.Printable(strings.ReplaceAll(line, "\t", "    "))
	}
	return lines
}

// Asked is a port, and the name a client asks it for where it asks for one.
func Asked(listen, name string) string {
	if name == "" {
		return kit.Printable(listen)
	}
	return kit.Printable(listen + ", asked for " + name)
}

// Step is a step of a change, and how it failed if it did.
func Step(st enabling.Progress) string {
	if st.Err == nil {
		return string(st.Step)
	}
	return string(st.Step) + " failed: " + kit.Printable(fail.Of(st.Err).Text)
}

// Outcome is how a service was left.
func Outcome(o enabling.Outcome) string {
	switch o.State {
	case enabling.Enabled:
		return "enabled, proven by " + proven(o.Ports)
	case enabling.Unchanged:
		return "it was enabled already, proven by " + proven(o.Ports)
	case enabling.PassedOver:
		return "passed over: the certificate is for another service of this use"
	case enabling.Unproven:
		if o.NotProven != "" {
			return "enabled, not proven: " + kit.Printable(o.NotProven)
		}
		return "enabled, not proven: no port was asked; `certdesk test` asks them"
	case enabling.LeftAlone:
		return "left alone, nothing was touched"
	case enabling.RolledBack:
		if len(o.Ports) == 0 {
			return "rolled back: all is as it was"
		}
		return "rolled back: what was served before is served again, proven by " + proven(o.Ports)
	}
	return "IN DOUBT: a person has to look at it"
}

// proven counts the handshakes and the ports they were with: a port may be asked for several names and keys.
func proven(list []enabling.Port) string {
	ports := map[string]bool{}
	for _, p := range list {
		ports[p.Listen] = true
	}
	return Count(len(list), "handshake") + " on " + Count(len(ports), "port")
}

package wizard

import (
	"slices"
	"strings"

	"certdesk/certstore/names"
)

// list grows the tick-list.
type list struct {
	items []Candidate
	at    map[names.Name]int  // where a name's line is, by its key
	idle  map[names.Name]bool // names that are off until a person switches them on
}

func newList() *list { return &list{at: map[names.Name]int{}, idle: map[names.Name]bool{}} }

// add adds a name, or a reason to the name that is there.
func (l *list) add(n names.Name, reason string) {
	i, known := l.at[n.Key()]
	delete(l.idle, n.Key())
	if !known {
		l.at[n.Key()] = len(l.items)
		l.items = append(l.items, Candidate{Name: n, Reasons: []string{reason}, On: true})
		return
	}
	if !slices.Contains(l.items[i].Reasons, reason) {
		l.items[i].Reasons = append(l.items[i].Reasons, reason)
	}
}

// byHand marks what is there so far, but for what the subject alone gives.
func (l *list) byHand() {
	for i, c := range l.items {
		l.items[i].ByHand = !slices.Equal(c.Reasons, []string{reasonCN})
	}
}

// addText adds what may turn out to be no name at all.
func (l *list) addText(s, reason string) {
	if n, err := names.Normalize(s); err == nil {
		l.add(n, reason)
	}
}

func (l *list) addAccepted(env Env) {
	for _, d := range env.AcceptedDomains {
		switch {
		case d.Skipped == "":
			l.addText(d.Name, reasonAccepted)
		case strings.Contains(d.Name, "."):
			l.addIdle(d.Name, reasonAccepted+", "+d.Skipped)
		}
	}
}

// addIdle adds a name that hardly anybody wants: it is off unless something else gives it.
func (l *list) addIdle(s, reason string) {
	n, err := names.Normalize(s)
	if err != nil {
		return
	}
	if _, known := l.at[n.Key()]; !known {
		l.add(n, reason)
		l.idle[n.Key()] = true
	}
}

func (l *list) addAutodiscover(given []reasoned, env Env) {
	for _, d := range env.AcceptedDomains {
		if d.Skipped == "" {
			l.addText(autodiscover(d.Name))
		}
	}
	for _, g := range given {
		n := g.name
		if n.Kind != names.DNS || !names.IsPublic(n) || isAutodiscover(n.Value) || belowAccepted(n.Value, env) {
			continue
		}
		l.addText(autodiscover(names.Registrable(n.Value)))
	}
}

// autodiscover is the name that answers for a domain, and its reason; no name for a single label or a domain
// that is an autodiscover name itself, nor for all that lies below one.
func autodiscover(domain string) (name, reason string) {
	if !strings.Contains(domain, ".") || isAutodiscover(domain) || strings.HasPrefix(domain, "*") {
		return "", ""
	}
	return "autodiscover." + domain, reasonAutodiscover + domain
}

func isAutodiscover(name string) bool { return strings.HasPrefix(name, "autodiscover.") }

// belowAccepted says whether a name is an accepted domain or lies below one.
func belowAccepted(name string, env Env) bool {
	name = strings.TrimPrefix(name, "*.")
	for _, d := range env.AcceptedDomains {
		if name == d.Name || strings.HasSuffix(name, "."+d.Name) {
			return true
		}
	}
	return false
}

// arrange puts the lines into a person's order.
func (l *list) arrange(rank func(names.Name) int) {
	slices.SortStableFunc(l.items, func(x, y Candidate) int { return rank(x.Name) - rank(y.Name) })
	for i, c := range l.items {
		l.at[c.Name.Key()] = i
	}
}

// crown makes a name the common name and puts it first; with no name, the first that is there.
func (l *list) crown(cn reasoned) {
	if cn.name.Value != "" {
		if _, known := l.at[cn.name.Key()]; !known {
			l.add(cn.name, cn.reason)
		}
		i := l.at[cn.name.Key()]
		line := l.items[i]
		l.items = slices.Insert(slices.Delete(l.items, i, i+1), 0, line)
	}
	if len(l.items) > 0 {
		l.items[0].CommonName = true
	}
}

// switchOff takes names off but for the common name, idle ones unless they are wanted. It reads the lines anew, since
// crown moved them.
func (l *list) switchOff(off, wanted []string) {
	gone, back := keys(off), keys(wanted)
	for i := range l.items {
		key := l.items[i].Name.Key()
		l.items[i].On = l.items[i].CommonName || !gone[key] && (!l.idle[key] || back[key])
	}
}

func keys(list []string) map[names.Name]bool {
	all := map[names.Name]bool{}
	for _, s := range list {
		if n, err := names.Normalize(s); err == nil {
			all[n.Key()] = true
		}
	}
	return all
}

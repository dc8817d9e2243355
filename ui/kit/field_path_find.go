package kit

import (
	"cmp"
	"slices"
	"strings"
)

// SortEntries puts directories first, then what is likely wanted, then the rest, each by name whatever its capitals.
// Whoever makes a listing calls it, where nobody waits.
func SortEntries(list []PathEntry) { slices.SortFunc(list, byKind) }

func byKind(a, b PathEntry) int {
	if c := cmp.Compare(a.kind(), b.kind()); c != 0 {
		return c
	}
	if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}

func (e PathEntry) kind() int {
	switch {
	case e.Dir:
		return 0
	case e.Likely:
		return 1
	}
	return 2
}

// find looks once, when the line or the listing has changed, for the entries that begin with what is typed and for what
// tab makes of it: a directory may hold tens of thousands. Capitals count only as long as a name has the ones typed;
// hidden entries show only for a dot.
func (p *Path) find() {
	p.found, p.tab = nil, ""
	if !p.fresh {
		return
	}
	_, base := split(p.typed())
	p.found = p.begin(base, strings.HasPrefix)
	if len(p.found) == 0 && base != "" {
		p.found = p.begin(base, foldedPrefix)
	}
	p.tab = tabbed(p.found, base)
}

func (p *Path) begin(base string, with func(name, base string) bool) (out []PathEntry) {
	for _, e := range p.listed.Entries {
		if with(e.Name, base) && (base != "" || !strings.HasPrefix(e.Name, ".")) && (e.Dir || !p.dirs) {
			out = append(out, e)
		}
	}
	return out
}

func foldedPrefix(name, base string) bool {
	return len(name) >= len(base) && strings.EqualFold(name[:len(base)], base)
}

// tabbed is the longest beginning that the entries share. Of a single one it is the name as the disk spells it, of
// several what is typed keeps its capitals, so that all of them still fit.
func tabbed(found []PathEntry, base string) string {
	if len(found) == 0 || base == "" {
		return ""
	}
	common := found[0].Name
	for _, e := range found[1:] {
		for !foldedPrefix(e.Name, common) {
			common = common[:len(common)-1]
		}
	}
	if len(found) > 1 {
		common = strings.ToValidUTF8(base+common[min(len(base), len(common)):], "")
	} else if found[0].Dir {
		common += "/"
	}
	if common == base {
		return ""
	}
	return common
}

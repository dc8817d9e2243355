package form

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// SortEntries puts directories first, then what is likely wanted, then the rest, each by name whatever its capitals.
// Whoever makes a listing calls it, where nobody waits.
func SortEntries(list []PathEntry) { slices.SortFunc(list, byKind) }

func byKind(a, b PathEntry) int {
	if c := cmp.Compare(a.kind(), b.kind()); c != 0 {
		return c
	}
	if c := compareFolded(a.Name, b.Name); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}

// compareFolded compares by bytes, capitals of ASCII as their small letters.
func compareFolded(a, b string) int {
	for i := range min(len(a), len(b)) {
		if x, y := small(a[i]), small(b[i]); x != y {
			return cmp.Compare(x, y)
		}
	}
	return cmp.Compare(len(a), len(b))
}

func small(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
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
	p.found, p.tab = p.found[:0], ""
	if !p.fresh {
		return
	}
	_, base := split(p.typed())
	p.begin(base, strings.HasPrefix)
	if len(p.found) == 0 && base != "" {
		p.begin(base, foldedPrefix)
	}
	p.tab = tabbed(p.listed.Entries, p.found, base)
}

// begin finds the entries that begin with base, by their numbers.
func (p *Path) begin(base string, with func(name, base string) bool) {
	for i := range p.listed.Entries {
		e := &p.listed.Entries[i]
		if with(e.Name, base) && (base != "" || !strings.HasPrefix(e.Name, ".")) && (e.Dir || !p.dirs) {
			p.found = append(p.found, int32(i))
		}
	}
}

func foldedPrefix(name, base string) bool {
	return len(name) >= len(base) && (name[:len(base)] == base || strings.EqualFold(name[:len(base)], base))
}

// tabbed is the longest beginning that the entries share. Of a single one it is the name as the disk spells it, of
// several what is typed keeps its capitals, so that all of them still fit.
func tabbed(entries []PathEntry, found []int32, base string) string {
	if len(found) == 0 || base == "" {
		return ""
	}
	first := entries[found[0]]
	common := first.Name
	for _, i := range found[1:] {
		for !foldedPrefix(entries[i].Name, common) {
			common = common[:len(common)-1]
		}
		if len(common) == len(base) {
			break
		}
	}
	if len(found) > 1 {
		common = strings.ToValidUTF8(base+common[min(len(base), len(common)):], "")
	} else if first.Dir {
		common += "/"
	}
	if common == base {
		return ""
	}
	return common
}

// Prompt asks for a path; in a folder it lists what is there.
func (p *Path) Prompt() kit.Prompt {
	ask := kit.Prompt{Ask: p.label, Now: kit.Printable(p.Text.Value()), Again: p.chosen != nil}
	if ask.Now == "" {
		ask.Now = kit.Printable(p.offered)
	}
	if ask.Again {
		ask.How = "a path; a folder's path lists what is in it; an empty line when done"
	} else if ask.Now == "" {
		ask.How = p.empty
	}
	if !p.offers() {
		return ask
	}
	for i, at := range p.found {
		if i == maxOffered {
			ask.Lines = append(ask.Lines, "and "+strconv.Itoa(len(p.found)-i)+" more: type a path")
			break
		}
		ask.Lines = append(ask.Lines, kit.Numbered(i, entryName(p.listed.Entries[at])))
	}
	ask.How = "a number of this list, or a path"
	return ask
}

// offers says that a folder stands in the line and what is in it is known.
func (p *Path) offers() bool {
	return strings.HasSuffix(p.Text.Value(), "/") && len(p.found) > 0
}

func entryName(e PathEntry) string {
	if e.Dir {
		return kit.Printable(e.Name) + "/"
	}
	return kit.Printable(e.Name)
}

// Answer types the path, or picks from the folder that was listed; where several files are wanted it hands the path
// over.
func (p *Path) Answer(line string) ([]tea.KeyMsg, string) {
	if line == Nothing {
		return instead(""), ""
	}
	if i, ok := kit.Number(line, min(maxOffered, len(p.found))); ok && p.offers() {
		return append(append(kit.Times(p.at+1, "up"), kit.Times(i+1, "down")...), kit.PressKey("enter")), ""
	}
	keys := instead(literal(line))
	if p.chosen != nil && !strings.HasSuffix(line, "/") {
		keys = append(keys, kit.PressKey("enter"))
	}
	return keys, ""
}

// maxOffered is how many names of a folder are listed.
const maxOffered = 100

package form

import (
	"path/filepath"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
)

// PathEntry is one name in a directory.
type PathEntry struct {
	Name   string
	Dir    bool
	Likely bool // by its name what is wanted: it stands before the other files, and is not muted
}

// PathListed answers a listing; a field drops one for a directory it no longer looks at.
type PathListed struct {
	For     *Path
	Dir     string
	Entries []PathEntry // as SortEntries leaves them
	Problem string      // why the directory could not be read: one sentence, or ""
	Missing bool        // there is no such directory
	Partial bool        // there is more in it
}

// Path asks for a file. It reads no disk: list gives a command whose PathListed comes back through Update.
// Tab completes as long as that adds something and moves on after; down goes into the list of what is there.
type Path struct {
	Text
	list    func(p *Path, dir string) tea.Cmd
	home    string // what ~ stands for, or ""
	listed  PathListed
	found   []int32 // of the listing, what fits what is typed, by number
	tab     string  // the name that tab makes of it; "" if that adds nothing
	exact   string  // a path taken from the list that the line shows as shown: a name may hold what no line can
	shown   string
	at      int // in found; -1 while the line is edited
	chosen  func(path string)
	fresh   bool // the listing is of the directory that is typed
	waiting string
	handing bool   // enter was pressed: the file is handed over once a new listing has it
	problem string // why it was not
	writes  bool   // its directory must be there
	offered string // the path that holds while the line is empty; "": none
	dirs    bool   // a directory is wanted, no file
}

// NewPath makes a path field. home is what a leading ~ stands for, "" for nothing.
func NewPath(id, label, value, home string, list func(p *Path, dir string) tea.Cmd) *Path {
	return &Path{Text: *NewText(id, label, value), list: list, home: home, at: -1}
}

// With sets the hint, and what is shown while nothing is typed.
func (p *Path) With(hint, empty string) *Path {
	p.Text.With(hint, empty)
	return p
}

// Many makes enter hand each path to chosen and empty the line, so that several can be named.
func (p *Path) Many(chosen func(path string)) *Path {
	p.chosen = chosen
	return p
}

// Dirs makes it ask for a directory: files are not listed, and enter in the line goes on.
func (p *Path) Dirs() *Path {
	p.dirs, p.writes = true, true
	return p
}

// Propose sets the path that holds while the line is empty, where it is shown muted; what is typed takes its place.
func (p *Path) Propose(path string) {
	p.offered = path
	p.SetEmpty(path)
}

// Value is the path, ~ resolved: the proposed one while nothing is typed.
func (p *Path) Value() string {
	typed := bare(p.typed())
	switch {
	case p.isExact():
		typed = p.typed()
	case typed == "":
		typed = p.offered
	}
	return p.resolve(typed)
}

func (p *Path) resolve(typed string) string {
	rest, ok := strings.CutPrefix(typed, "~/")
	if (ok || typed == "~") && p.home != "" {
		return filepath.Join(p.home, strings.TrimPrefix(rest, "~"))
	}
	return typed
}

// typed is the line as the disk has it.
func (p *Path) typed() string {
	if line := p.Text.Value(); p.isExact() {
		return p.exact + line[len(p.shown):]
	}
	return p.Text.Value()
}

func (p *Path) isExact() bool { return p.shown != "" && strings.HasPrefix(p.Text.Value(), p.shown) }

// put sets the line to a path from the list, whatever is in its name.
func (p *Path) put(path string) {
	p.SetValue(path)
	p.exact, p.shown = "", ""
	if line := p.Text.Value(); line != path || bare(path) != path {
		p.exact, p.shown = path, line
	}
	p.find()
}

// Blur settles what was typed.
func (p *Path) Blur() {
	p.settle()
	p.Text.Blur()
}

func (p *Path) settle() {
	if typed := p.Text.Value(); !p.isExact() && bare(typed) != typed {
		p.put(bare(typed))
	}
}

// Focus takes the cursor and asks for the listing; anew where the directory was missing: it may have been made since.
func (p *Path) Focus() tea.Cmd {
	p.Text.Focus()
	if p.at = -1; p.listed.Missing {
		p.waiting, p.fresh = "", false
	}
	return p.look()
}

// split gives the directory as typed, with its slash, and what follows.
func split(typed string) (dir, base string) {
	i := strings.LastIndexByte(typed, '/')
	return typed[:i+1], typed[i+1:]
}

// look asks for the listing of the directory that is typed, unless it is there or on its way.
func (p *Path) look() tea.Cmd {
	typed := p.typed()
	if !p.isExact() {
		typed = strings.TrimLeft(typed, " \"'")
	}
	dir, _ := split(typed)
	if dir = p.resolve(dir); dir == "" {
		dir = "."
	}
	if p.list == nil || dir == p.waiting && (p.fresh || p.listed.Dir != dir) {
		return nil
	}
	p.waiting, p.fresh = dir, false
	p.find()
	return p.list(p, dir)
}

// Takes what moves in the list, tab where it completes, and enter in the list or where it hands a path over.
func (p *Path) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "tab":
		return p.at < 0 && p.tab != ""
	case "down":
		return p.at < len(p.found)-1
	case "up":
		return p.at >= 0
	case "enter":
		return p.at >= 0 || p.Text.Value() != "" && (p.chosen != nil || !p.dirs && p.IsDir())
	}
	return false
}

// Verbs of a path field.
func (p *Path) Verbs() []kit.Verb {
	var keys []kit.Verb
	if p.at >= 0 {
		keys = append(keys, KeyTake)
		if p.chosen != nil {
			keys = append(keys, KeyAddStay)
		}
	} else if p.chosen != nil && p.Text.Value() != "" {
		keys = append(keys, KeyAdd)
	}
	if p.at < 0 && p.tab != "" {
		keys = append(keys, KeyComplete)
	}
	if len(p.found) > 0 {
		keys = append(keys, KeyPick)
	}
	return keys
}

// Update edits the line, moves in the list, or takes a listing.
func (p *Path) Update(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case PathListed:
		p.take(msg)
		return nil
	case tea.KeyMsg:
		return p.key(msg)
	}
	return nil
}

func (p *Path) take(msg PathListed) {
	if msg.For != p || msg.Dir != p.waiting {
		return
	}
	p.listed, p.fresh = msg, true
	p.find()
	p.at = min(p.at, len(p.found)-1)
	if p.handing {
		p.handing = false
		p.handOver()
	}
}

func (p *Path) key(k tea.KeyMsg) tea.Cmd {
	p.problem, p.handing = "", false
	if k.Paste {
		k.Runes = []rune(bare(string(k.Runes)))
	}
	if k.String() == "enter" {
		p.settle()
	}
	in := p.at >= 0 && p.at < len(p.found)
	switch {
	case k.String() == "down":
		p.at = min(p.at+1, len(p.found)-1)
	case k.String() == "up":
		p.at = max(-1, p.at-1)
	case k.String() == "tab":
		p.complete()
	case k.String() == "enter" && in:
		return p.pick(p.under())
	case k.String() == "enter" && p.IsDir():
		return p.enterDir()
	case k.String() == "enter":
		return p.hand()
	case k.String() == " " && in && p.chosen != nil:
		p.add(p.under())
		return nil
	case k.String() == "pgup" || k.String() == "pgdown":
		p.at = max(-1, moved(k.String(), p.at, len(p.found)))
	default:
		p.at = -1
		p.Text.Update(k)
		p.find()
	}
	return p.look()
}

// under is the entry under the cursor.
func (p *Path) under() PathEntry { return p.listed.Entries[p.found[p.at]] }

func (p *Path) complete() {
	if p.tab != "" {
		dir, _ := split(p.typed())
		p.put(dir + p.tab)
	}
}

// pick takes an entry of the list: into a directory, or a file.
func (p *Path) pick(e PathEntry) tea.Cmd {
	dir, _ := split(p.typed())
	if e.Dir {
		p.put(dir + e.Name)
		return p.enterDir()
	}
	p.put(dir + e.Name)
	p.at = -1
	p.handOver()
	return p.look()
}

// hand gives the path to chosen, where several are wanted, if a new look at the directory finds it.
func (p *Path) hand() tea.Cmd {
	p.handing, p.waiting, p.fresh = true, "", false
	return p.look()
}

func (p *Path) handOver() {
	if p.chosen == nil || p.Text.Value() == "" || p.IsDir() {
		return
	}
	if p.problem = p.noFile(); p.problem != "" {
		return
	}
	path := p.Value()
	p.put("")
	p.chosen(path)
}

// add hands over a file of the list and stays in the list, for the next one.
func (p *Path) add(e PathEntry) {
	if !e.Dir {
		dir, _ := split(p.typed())
		p.chosen(p.resolve(dir + e.Name))
	}
}

// enterDir goes into the list of the directory that was typed; where a directory is wanted, that is it unless more is
// typed or picked.
func (p *Path) enterDir() tea.Cmd {
	if !strings.HasSuffix(p.typed(), "/") {
		p.put(p.typed() + "/")
	}
	if p.at = 0; p.dirs {
		p.at = -1
	}
	return p.look()
}

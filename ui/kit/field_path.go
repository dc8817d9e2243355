package kit

import (
	"path/filepath"
	"slices"
	"strings"

	"github.com/charmbracelet/bubbles/key"
	tea "github.com/charmbracelet/bubbletea"
)

// PathEntry is one name in a directory.
type PathEntry struct {
	Name string
	Dir  bool
}

// PathListed answers a listing; a field drops one for a directory it no longer looks at.
type PathListed struct {
	For     *Path
	Dir     string
	Entries []PathEntry
	Problem string // why the directory could not be read: one sentence, or ""
	Missing bool   // there is no such directory
	Partial bool   // there is more in it
}

// Path asks for a file. It reads no disk: list gives a command whose PathListed comes back through Update.
// Tab completes as long as that adds something and moves on after; down goes into the list of what is there.
type Path struct {
	Text
	list    func(p *Path, dir string) tea.Cmd
	home    string // what ~/ stands for, or ""
	listed  PathListed
	at      int // in the list; -1 while the line is edited
	chosen  func(path string)
	fresh   bool // the listing is of the directory that is typed
	waiting string
	handing bool   // enter was pressed: the file is handed over once a new listing has it
	problem string // why it was not
	writes  bool   // its directory must be there
}

// NewPath makes a path field. home is what a leading ~/ stands for, "" for nothing.
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

// Value is the path, ~/ resolved.
func (p *Path) Value() string { return p.resolve(p.Text.Value()) }

func (p *Path) resolve(typed string) string {
	typed = bare(typed)
	if rest, ok := strings.CutPrefix(typed, "~/"); ok && p.home != "" {
		return filepath.Join(p.home, rest)
	}
	return typed
}

// Blur settles what was typed.
func (p *Path) Blur() {
	p.settle()
	p.Text.Blur()
}

func (p *Path) settle() {
	if typed := p.Text.Value(); bare(typed) != typed {
		p.SetValue(bare(typed))
	}
}

// Focus takes the cursor and asks for the listing.
func (p *Path) Focus() tea.Cmd {
	p.Text.Focus()
	p.at = -1
	return p.look()
}

// split gives the directory as typed, with its slash, and what follows.
func split(typed string) (dir, base string) {
	i := strings.LastIndexByte(typed, '/')
	return typed[:i+1], typed[i+1:]
}

// look asks for the listing of the directory that is typed, unless it is there or on its way.
func (p *Path) look() tea.Cmd {
	dir, _ := split(strings.TrimLeft(p.Text.Value(), " \"'"))
	dir = p.resolve(dir)
	if dir == "" {
		dir = "."
	}
	if p.list == nil || dir == p.waiting && (p.fresh || p.listed.Dir != dir) {
		return nil
	}
	p.waiting, p.fresh = dir, false
	return p.list(p, dir)
}

// matches are the entries that begin with what is typed; hidden ones only for a dot.
func (p *Path) matches() []PathEntry {
	if !p.fresh {
		return nil
	}
	_, base := split(p.Text.Value())
	var out []PathEntry
	for _, e := range p.listed.Entries {
		if strings.HasPrefix(e.Name, base) && (base != "" || !strings.HasPrefix(e.Name, ".")) {
			out = append(out, e)
		}
	}
	return out
}

// completion is what tab would add: the longest beginning all matches share.
func (p *Path) completion() string {
	found := p.matches()
	_, base := split(p.Text.Value())
	if len(found) == 0 || base == "" {
		return ""
	}
	common := found[0].Name
	if len(found) == 1 && found[0].Dir {
		common += "/"
	}
	for _, e := range found[1:] {
		for !strings.HasPrefix(e.Name, common) {
			common = common[:len(common)-1]
		}
	}
	return strings.ToValidUTF8(common[min(len(common), len(base)):], "")
}

// Takes what moves in the list, tab where it completes, and enter in the list or where it hands a path over.
func (p *Path) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "tab":
		return p.at < 0 && p.completion() != ""
	case "down":
		return len(p.matches()) > 0 && p.at < len(p.matches())-1
	case "up":
		return p.at >= 0
	case "enter":
		return p.at >= 0 || p.Text.Value() != "" && (p.chosen != nil || p.IsDir())
	}
	return false
}

// Keys of a path field.
func (p *Path) Keys() []key.Binding {
	var keys []key.Binding
	if p.at >= 0 {
		keys = append(keys, KeyTake)
		if p.chosen != nil {
			keys = append(keys, KeyAddStay)
		}
	} else if p.chosen != nil && p.Text.Value() != "" {
		keys = append(keys, KeyAdd)
	}
	if p.at < 0 && p.completion() != "" {
		keys = append(keys, KeyComplete)
	}
	if len(p.matches()) > 0 {
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
	slices.SortStableFunc(msg.Entries, func(a, b PathEntry) int {
		if a.Dir != b.Dir {
			return map[bool]int{true: -1, false: 1}[a.Dir]
		}
		return strings.Compare(a.Name, b.Name)
	})
	p.listed, p.fresh = msg, true
	p.at = min(p.at, len(p.matches())-1)
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
	found := p.matches()
	switch {
	case k.String() == "down":
		p.at = min(p.at+1, len(found)-1)
	case k.String() == "up":
		p.at = max(-1, p.at-1)
	case k.String() == "tab":
		p.SetValue(p.Text.Value() + p.completion())
	case k.String() == "enter" && p.at >= 0 && p.at < len(found):
		return p.pick(found[p.at])
	case k.String() == "enter" && p.IsDir():
		return p.enterDir()
	case k.String() == "enter":
		return p.hand()
	case k.String() == " " && p.at >= 0 && p.at < len(found) && p.chosen != nil:
		p.add(found[p.at])
		return nil
	case k.String() == "pgup" || k.String() == "pgdown":
		p.at = max(-1, moved(k.String(), p.at, len(found)))
	default:
		p.at = -1
		p.Text.Update(k)
	}
	return p.look()
}

// pick takes an entry of the list: into a directory, or a file.
func (p *Path) pick(e PathEntry) tea.Cmd {
	dir, _ := split(p.Text.Value())
	p.SetValue(dir + e.Name)
	if e.Dir {
		p.SetValue(dir + e.Name + "/")
		p.at = 0
		return p.look()
	}
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
	p.SetValue("")
	p.chosen(path)
}

// add hands over a file of the list and stays in the list, for the next one.
func (p *Path) add(e PathEntry) {
	if !e.Dir {
		dir, _ := split(p.Text.Value())
		p.chosen(p.resolve(dir + e.Name))
	}
}

// enterDir goes into the list of the directory that was typed.
func (p *Path) enterDir() tea.Cmd {
	if !strings.HasSuffix(p.Text.Value(), "/") {
		p.SetValue(p.Text.Value() + "/")
	}
	p.at = 0
	return p.look()
}

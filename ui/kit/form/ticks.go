package form

import (
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/printable"
	"certdesk/ui/kit"
	"certdesk/ui/theme"
)

// Tick is one line of a tick-list.
type Tick struct {
	Key    string // names it; unique in the list
	Text   string
	Path   bool   // of Text the end matters: what does not fit goes from its beginning
	Note   string // why it is there
	On     bool
	Marked bool // the one that is marked: always on
	Loose  bool // may be taken out altogether
}

// Ticks is a list of which each line is on or off, and one may be marked. What a key does to the list is said
// by the functions given to On: the owner changes its answers and calls SetItems.
type Ticks struct {
	base
	items              []Tick
	at                 int
	empty              string
	toggle, mark, drop func(t Tick)
	move               func(t Tick, by int)
	open               func(t Tick) tea.Cmd
	markKey            kit.Verb
}

// NewTicks makes an empty tick-list.
func NewTicks(id, label, hint, empty string) *Ticks {
	return &Ticks{base: base{id: id, label: label, hint: hint}, empty: empty}
}

// On sets what turning, marking and taking out do; a nil one is not offered. markKey names the marking in the footer.
func (f *Ticks) On(toggle, mark, drop func(t Tick), markKey kit.Verb) *Ticks {
	f.toggle, f.mark, f.drop, f.markKey = toggle, mark, drop, markKey
	return f
}

// Moving sets what moving a line one up (by -1) or down (by 1) does.
func (f *Ticks) Moving(move func(t Tick, by int)) *Ticks {
	f.move = move
	return f
}

// Opening sets what enter does with a line.
func (f *Ticks) Opening(open func(t Tick) tea.Cmd) *Ticks {
	f.open = open
	return f
}

// SetItems replaces the lines. The cursor stays on the line of the same key.
func (f *Ticks) SetItems(items []Tick) {
	was := ""
	if f.at < len(f.items) {
		was = f.items[f.at].Key
	}
	f.items = items
	f.at = max(0, min(f.at, len(items)-1))
	for i, t := range items {
		if t.Key == was {
			f.at = i
		}
	}
}

// Items gives the lines.
func (f *Ticks) Items() []Tick { return f.items }

// Label counts.
func (f *Ticks) Label() string {
	on := 0
	for _, t := range f.items {
		if t.On {
			on++
		}
	}
	if len(f.items) == 0 {
		return f.label
	}
	return f.label + " (" + strconv.Itoa(on) + " of " + strconv.Itoa(len(f.items)) + " on)"
}

// Takes the keys that move within the list, and space.
func (f *Ticks) Takes(k tea.KeyMsg) bool {
	switch k.String() {
	case "up", "k":
		return f.at > 0
	case "down", "j":
		return f.at < len(f.items)-1
	case " ", "pgup", "pgdown", "home", "end", "backspace", "delete", "g", "G":
		return true
	}
	if f.opens() && kit.Pressed(k, KeyWhy) {
		return true
	}
	return f.mark != nil && kit.Pressed(k, f.markKey) || f.move != nil && kit.Pressed(k, KeyEarlier, KeyLater)
}

// opens says whether there is a line that enter opens.
func (f *Ticks) opens() bool { return f.open != nil && len(f.items) > 0 }

// Verbs of a tick-list.
func (f *Ticks) Verbs() []kit.Verb {
	keys := []kit.Verb{KeyToggle}
	if f.opens() {
		keys = append(keys, KeyWhy)
	}
	if f.mark != nil {
		keys = append(keys, f.markKey)
	}
	if f.movable(-1) {
		keys = append(keys, KeyEarlier)
	}
	if f.movable(1) {
		keys = append(keys, KeyLater)
	}
	if f.drop != nil && f.at < len(f.items) && f.items[f.at].Loose {
		keys = append(keys, KeyDrop)
	}
	return keys
}

// movable says whether the line can go one up or down: the marked one stays where it is, and nothing passes it.
func (f *Ticks) movable(by int) bool {
	to := f.at + by
	return f.move != nil && to >= 0 && to < len(f.items) && !f.items[f.at].Marked && !f.items[to].Marked
}

// Update moves, or calls what On gave.
func (f *Ticks) Update(msg tea.Msg) tea.Cmd {
	k, ok := msg.(tea.KeyMsg)
	if !ok || len(f.items) == 0 {
		return nil
	}
	t := f.items[f.at]
	switch {
	case f.open != nil && kit.Pressed(k, KeyWhy):
		return f.open(t)
	case kit.Pressed(k, KeyToggle) && f.toggle != nil:
		f.toggle(t)
	case f.mark != nil && kit.Pressed(k, f.markKey):
		f.mark(t)
	case f.move != nil && kit.Pressed(k, KeyEarlier):
		f.move(t, -1)
	case f.move != nil && kit.Pressed(k, KeyLater):
		f.move(t, 1)
	case kit.Pressed(k, KeyDrop) && f.drop != nil && t.Loose:
		f.drop(t)
	default:
		f.at = moved(k.String(), f.at, len(f.items))
	}
	return nil
}

// moved is where a cursor goes in a list of n; a page is ten lines.
func moved(key string, at, n int) int {
	switch key {
	case "up", "k":
		at--
	case "down", "j":
		at++
	case "pgup", "ctrl+u":
		at -= 10
	case "pgdown", "ctrl+d":
		at += 10
	case "home", "g":
		at = 0
	case "end", "G":
		at = n - 1
	}
	return max(0, min(at, n-1))
}

// Reached puts the cursor on the end that it came from.
func (f *Ticks) Reached(by int) {
	if f.at = 0; by < 0 {
		f.at = max(0, len(f.items)-1)
	}
}

// Shape of a tick-list: all the room there is.
func (f *Ticks) Shape() Shape { return Shape{Wide: true, Flex: true} }

// View is the part of the list around the cursor.
func (f *Ticks) View(s theme.Styles, w, h int) ([]string, int) {
	if len(f.items) == 0 {
		return []string{s.Muted.Render(shorten(f.empty, w, s))}, 0
	}
	seen := kit.Room(len(f.items), h)
	from, to := kit.Window(f.at, len(f.items), seen)
	text, most := 0, w-4
	for _, t := range f.items {
		text = max(text, kit.Width(t.Text))
		if t.Note != "" {
			most = (w - 6) * 2 / 3
		}
	}
	text = min(text, most)
	var lines []string
	for i := from; i < to; i++ {
		lines = append(lines, f.row(s, i, text, w))
	}
	if seen < min(h, len(f.items)) {
		lines = append(lines, kit.More(s, from, len(f.items)-to, w))
	}
	return lines, f.at - from
}

func (f *Ticks) row(s theme.Styles, i, text, w int) string {
	t := f.items[i]
	name := shorten(printable.Text(t.Text), text, s)
	if t.Path {
		name = kit.CutLeft(printable.Text(t.Text), text, s.Glyphs.Ellipsis)
	}
	name = kit.Pad(name, text)
	line := boxed(s, box(t.On), name, t.Note, w, f.focused && i == f.at)
	if t.On {
		return pressable(f.id, "off "+strconv.Itoa(i+1), line)
	}
	return pressable(f.id, "on "+strconv.Itoa(i+1), line)
}

// Prompt lists the lines and how each stands.
func (f *Ticks) Prompt() kit.Prompt {
	if len(f.items) == 0 {
		return kit.Prompt{Ask: f.Label(), Now: f.empty, Idle: true}
	}
	p := kit.Prompt{Ask: f.Label(), Again: true}
	loose := false
	for i, t := range f.items {
		state := "off: "
		if t.On {
			state = "on: "
		}
		p.Lines = append(p.Lines, kit.Numbered(i, state+besides(kit.Printable(t.Text), t.Note)))
		loose = loose || t.Loose
	}
	p.How = "off 1 or on 1 by number or name"
	if f.mark != nil {
		p.How += "; " + f.markWord() + " 1 makes it the " + f.markKey.Word
	}
	if f.drop != nil && loose {
		p.How += "; out 1 takes it out"
	}
	if f.move != nil {
		p.How += "; up 3 or down 3 moves it"
	}
	if f.open != nil {
		p.How += "; why 1 tells what DNS says of it"
	}
	p.How += "; an empty line goes on"
	return p
}

// markWord is how marking is called in an answer: the first letters of what it makes, such as cn.
func (f *Ticks) markWord() string {
	initials := ""
	for _, word := range strings.Fields(f.markKey.Word) {
		initials += word[:1]
	}
	return initials
}

// Answer is a word for what to do and the lines to do it to.
func (f *Ticks) Answer(line string) ([]tea.KeyMsg, string) {
	list := words(line)
	act := f.action(list[0])
	if act == nil || len(list) < 2 {
		return nil, "answer " + f.Prompt().How
	}
	var lines []int
	for _, word := range list[1:] {
		i := f.line(word)
		if i < 0 {
			return nil, kit.Quoted(kit.Printable(word)) + " is not in the list: answer with its number or its text"
		}
		lines = append(lines, i)
	}
	slices.Sort(lines)
	var keys []tea.KeyMsg
	for _, i := range slices.Backward(slices.Compact(lines)) { // what is taken out moves only what was dealt with
		if press := act(f.items[i]); press != "" {
			keys = slices.Concat(keys, kit.Times(1, "home"), kit.Times(i, "down"), kit.Times(1, press))
		}
	}
	return keys, ""
}

func (f *Ticks) line(word string) int {
	var texts []string
	for _, t := range f.items {
		texts = append(texts, t.Text)
	}
	return kit.Which(word, texts)
}

// action gives the key that a word stands for on a line, "" where the line is so already; nil for no such word.
func (f *Ticks) action(word string) func(t Tick) string {
	word = strings.ToLower(word)
	turn := func(on bool) func(t Tick) string {
		return func(t Tick) string {
			if t.On == on {
				return ""
			}
			return " "
		}
	}
	switch {
	case word == "on" || word == "off":
		return turn(word == "on")
	case f.mark != nil && (word == f.markWord() || kit.Pressed(kit.PressKey(word), f.markKey)):
		return func(Tick) string { return f.markKey.Keys[0] }
	case f.drop != nil && (word == "out" || word == "del"):
		return func(Tick) string { return "delete" }
	case f.open != nil && word == "why":
		return func(Tick) string { return KeyWhy.Keys[0] }
	case f.move != nil && word == "up":
		return func(Tick) string { return KeyEarlier.Keys[0] }
	case f.move != nil && word == "down":
		return func(Tick) string { return KeyLater.Keys[0] }
	}
	return nil
}

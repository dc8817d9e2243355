package ui_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/issuing"
	"certdesk/certstore/names"
	"certdesk/ui"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/uitest"
)

// confirms says whether a key, pressed now, is what a person confirms an operation with that changes the store: enter
// on the focused button that says so, after the grace of its page. Nothing else may add a line to the journal.
func (p *player) confirms(k tea.KeyMsg) bool {
	top := p.app.Layers()[len(p.app.Layers())-1]
	if palette, ok := top.Screen().(*ui.PaletteScreen); ok && k.Type == tea.KeyEnter {
		found := palette.Found()
		return palette.At() < len(found) && p.confirmsOn(p.app.Layers()[len(p.app.Layers())-2], kit.Press(found[palette.At()]))
	}
	return p.confirmsOn(top, k)
}

// losing is what a person types before a request is lost.
const losing = "lose the key"

// changing are the buttons that change the store: those of forms by their ids, those of dialogs by what they say.
var changing = map[string]bool{
	"Create": true, "do": true, "enable": true, "save": true,
	"Replace": true, "Repair": true, "Take it in": true, "Replace it": true, "Put it back": true, "Finish it": true,
	"Remove": true, "Remove the request": true, "Destroy": true,
}

// restoring says that a screen has the key that restores: it takes back what was done, so the key is enough.
func restoring(s screen.Screen) bool {
	return screen.Offers(s, screen.Keys.Restore)
}

func (p *player) confirmsOn(f ui.Layer, k tea.KeyMsg) bool {
	if restoring(f.Screen()) {
		return kit.Pressed(k, screen.Keys.Restore)
	}
	if screen.Offers(f.Screen(), screen.Keys.Undo) && kit.Pressed(k, screen.Keys.Undo) {
		return true
	}
	next := kit.Pressed(k, form.KeyNextPage) // of a form without a button it is the last page
	if k.Type != tea.KeyEnter && !next || p.asleep(f.ID()) {
		return false
	}
	switch s := f.Screen().(type) {
	case screen.Questioner: // of several: Remove 3
		label := focused(p, s.Asked())
		return !next && changing[label] || !next && strings.HasPrefix(label, "Remove ")
	case screen.Asking:
		_, form, _ := s.InLines()
		return form != nil && (!next && onButton(form) && changing[form.Field().ID()] || form.Field().ID() == "new-name")
	}
	return false
}

// asleep says that a page has just opened, and what was in flight must not answer it.
func (p *player) asleep(id int64) bool {
	return slices.ContainsFunc(p.timers, func(t screen.TimerMsg) bool { return t.Owner == id && t.Msg == screen.WakeMsg{} })
}

func onButton(f *form.Form) bool {
	_, ok := f.Field().(*form.Button)
	return ok
}

// focused is the button of a dialog that a person sees the focus on.
func focused(p *player, d kit.Dialog) string {
	view, cursor := d.View(p.app.D().Styles, 200, 60), p.app.D().Styles.Glyphs.Cursor
	for _, label := range d.Buttons {
		if strings.Contains(plainText(view), cursor+"[ "+label+" ]") {
			return label
		}
	}
	return ""
}

func plainText(frame string) string {
	rows, err := uitest.Cells(kit.Unzoned(frame))
	if err != nil {
		panic(err)
	}
	var lines []string
	for _, row := range rows {
		lines = append(lines, uitest.TextOf(row))
	}
	return strings.Join(lines, "\n")
}

// choose is the next step: often one that leads on, or a key that the screen says works now, so that play comes deep.
func (p *player) choose(roll chance) string {
	switch n := roll(100); {
	case n < 30:
		return p.onwards(roll)
	case n < 55:
		return "key " + keyOffered(p.app.Top(), roll)
	case n < 63:
		return "key " + everyKey()[roll(len(everyKey()))]
	case n < 69:
		return "type " + typed[roll(len(typed))]
	case n < 71:
		return "together " + together[roll(len(together))]
	case n < 74:
		return "paste " + slices.Sorted(maps.Keys(p.pastes()))[roll(len(p.pastes()))]
	case n < 75:
		return fmt.Sprintf("size %dx%d", 1+roll(220), 1+roll(70))
	case n < 79:
		return fmt.Sprintf("size %dx%d", kit.MinWidth+roll(161), kit.MinHeight+roll(53))
	case n < 81:
		return "change"
	case n < 87:
		return p.pointed(roll)
	case n < 93:
		return "timers"
	}
	return "answers"
}

// pointed is a turn of the wheel, or a press: anywhere, or where something is drawn to be pressed.
func (p *player) pointed(roll chance) string {
	w, h := p.app.D().Width, p.app.D().Height
	if roll(4) == 0 {
		return fmt.Sprintf("wheel %d", roll(2))
	}
	x, y := roll(w), roll(h)
	for range 20 {
		if p.app.ZoneAt(x, y) != "" {
			break
		}
		x, y = roll(w), roll(h)
	}
	return fmt.Sprintf("click %d %d", x, y)
}

// confirmsClick says whether a press there, now, is what a person confirms an operation with that changes the store.
func (p *player) confirmsClick(x, y int) bool {
	kind, name, _ := strings.Cut(p.app.ZoneAt(x, y), ":")
	layers := p.app.Layers()
	top := layers[len(layers)-1]
	number, _ := strconv.Atoi(name)
	switch s := top.Screen().(type) {
	case *ui.PaletteScreen:
		return kind == "item" && number < len(s.Found()) && p.confirmsOn(layers[len(layers)-2], kit.Press(s.Found()[number]))
	case screen.Questioner:
		if kind == "button" {
			label := s.Asked().Buttons[number]
			return !p.asleep(top.ID()) && (changing[label] || strings.HasPrefix(label, "Remove "))
		}
	case screen.Asking:
		if kind == "field" {
			return !p.asleep(top.ID()) && changing[name]
		}
	}
	return kind == "key" && p.confirms(kit.PressKey(name))
}

// onwards is a step that somebody would take who wants to get something done.
func (p *player) onwards(roll chance) string {
	list := []string{"key ctrl+n", "key tab", "key enter", "answers"}
	switch kindOf(p.app.Top()) {
	case "tableScreen":
		list = []string{"key n", "key i", "key x", "key D", "key R", "key enter", "key down", "key end", "key *", "key  ", "key T", "key L", "key H", "key y", "key e", "key t", "key a", "key N", "key c", "key u"}
	case "paletteScreen", "helpScreen":
		list = []string{"key esc", "key enter"}
	case "wizardScreen", "renewScreen":
		list = append(list, "key ctrl+n", "key ctrl+n", "key  ", "timers")
	case "importScreen":
		list = append(list, "type answer.cer", "paste answer")
	case "exportScreen":
		list = append(list, "type out.pem", "type secret", "key down")
	case "enableScreen":
		list = []string{"answers", "timers", "key ctrl+n", "key enter", "key tab", "key  "}
	case "removeScreen", "removeAllScreen", "Dialog":
		list = []string{"timers", "type " + losing, "key tab", "key enter"}
	case "purgeScreen":
		list = []string{"answers", "timers", "type digits", "key tab", "key enter"}
	case "removedScreen", "historyScreen":
		list = []string{"answers", "key r", "key P", "key enter", "key down"}
	case "exportAllScreen", "renewAllScreen":
		list = append(list, "type .", "type secret", "key down")
	}
	return list[roll(len(list))]
}

// lastDigits are those of what was removed first: what a purge wants to be typed.
func (p *player) lastDigits() string {
	list, err := p.other.List(p.t.Context(), true)
	if err != nil || len(list) == 0 {
		return "nothing"
	}
	return list[0].Thumbprint[len(list[0].Thumbprint)-6:]
}

// keyOffered is one of the keys of a screen; the way out is taken seldom.
func keyOffered(s screen.Screen, roll chance) string {
	var list []string
	for _, b := range s.Verbs() {
		if names := b.Keys; len(names) > 0 {
			list = append(list, names[roll(len(names))])
		}
	}
	list = append(list, "enter", "tab", "ctrl+n", "down")
	name := list[roll(len(list))]
	if name == "esc" && roll(3) > 0 {
		return "ctrl+n"
	}
	return name
}

// everyKey are the keys of all verbs, and letters.
func everyKey() []string {
	list := []string{"left", "right", "shift+up", "shift+down", "ctrl+\\", "home", "end", "backspace", "delete", "shift+tab", "a", "é", "日", "1", "*", "!", "s", "S", "t", "e", " "}
	for _, b := range slices.Concat(screen.Moves(), screen.Globals(), []kit.Verb{screen.Keys.Quit, screen.Keys.Leave, screen.Keys.New, screen.Keys.Import, screen.Keys.Export, screen.Keys.Renew, screen.Keys.Remove,
		screen.Keys.Copy, screen.Keys.History, screen.Keys.Removed, screen.Keys.Doctor, screen.Keys.Open, screen.Keys.Filter, screen.Keys.Turn, screen.Keys.Restore, screen.Keys.Purge, screen.Keys.Repair, screen.Keys.Mark, screen.Keys.MarkAll,
		screen.Keys.Unmark, screen.Keys.Attention, screen.Keys.Sort, screen.Keys.Reverse}) {
		list = append(list, b.Keys...)
	}
	return list
}

// typed are texts that mean something somewhere; none begins a path, so that no file falls outside the room.
var typed = []string{losing, "example.org", "web", "answer.cer", "0.req", "out.pem", "out.pfx", "out.req", "out.cer", "secret", "secret", "!web", "status:valid",
	"days<30", "BE", "x", "日本", "*.example.org", "12", "no such name!", "lose the", "host1 host2,host3"}

var together = []string{"jjjj", "kj", "Dy", "nn", "xD", "ab", "right", "enter", "qq", "::"}

// pastes are what people and their clipboards bring.
func (p *player) pastes() map[string]string {
	return map[string]string{
		"names": "a.example.org, b.example.org\rc.example.org;\r\rd.example.org", "newlines": "\r\r\r", "escapes": "x\x1b[31m\x1b]0;owned\x07\x00\u202ey\xff",
		"answer": strings.ReplaceAll(string(p.answer), "\n", "\r"), "file": "answer.cer", "huge": strings.Repeat("long.example.org ", 4000),
		"one line": strings.Repeat("é", 5000), "word": losing + "\r", "empty": "", "wide": strings.Repeat("日本", 90),
	}
}

// quickKeys are fast to make; what the desk does does not depend on their kind.
func quickKeys(issuing.KeySpec) (crypto.Signer, error) {
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

func requestFor(host string) issuing.Request {
	return issuing.Request{
		FriendlyName: strings.TrimSuffix(host, ".example.org"), Subject: names.Subject{{Type: "CN", Value: host}},
		Names: []names.Name{{Kind: names.DNS, Value: host}}, Key: issuing.KeySpec{Algorithm: "ecdsa-p256"},
	}
}

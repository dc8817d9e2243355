package lines

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// tell prints a screen that is only read, and asks what to do where there is more to do than to leave. Of a page
// that was printed already it prints what is new.
func (l *lineDesk) tell(top screen.Screen) {
	frame := l.app.LayerID()
	lines := l.pageLines(top)
	news := lines
	if frame == l.page {
		news = slices.DeleteFunc(slices.Clone(lines), func(line string) bool { return slices.Contains(l.text, line) })
	} else {
		l.say("")
		l.sayAll(words.NotEmpty(top.Title()))
	}
	l.page, l.text, l.situated = frame, lines, ""
	l.silent++
	if onlyLeft(top) && l.silent < maxPages {
		l.page = 0
		l.sayAll(news)
		l.press(*wayOut(top))
		return
	}
	l.sayPage(news)
	if top.Typing() {
		l.types()
		return
	}
	l.asksWhat()
}

// sayPage prints as much of a text as is read at once.
func (l *lineDesk) sayPage(lines []string) {
	n := l.fitting(lines, pageful)
	l.sayAll(lines[:n])
	if l.rest = lines[n:]; len(l.rest) > 0 {
		l.say(words.Count(len(l.rest), "line") + " more. m prints more.")
	}
}

// fitting is how many of the texts are printed at once: at most so many, and what a terminal shows, since nothing that
// runs out of its top comes back.
func (l *lineDesk) fitting(texts []string, most int) int {
	if l.io.Height == 0 || l.io.Width == 0 {
		return min(len(texts), most)
	}
	room := max(minRoom, l.io.Height-5)
	for i, text := range texts {
		if room -= 1 + max(0, kit.Width(text)-1)/l.io.Width; room < 0 && i > 0 || i == most {
			return i
		}
	}
	return len(texts)
}

// minRoom is how many lines are printed at once on the lowest of terminals.
const minRoom = 5

// pageLines is the text of a screen: as long as it is where the screen can say it, else as it is drawn.
func (l *lineDesk) pageLines(top screen.Screen) []string {
	var lines []string
	switch s := top.(type) {
	case screen.Paged:
		lines = s.Lines(screen.ReadWidth)
	case screen.Floating:
		lines = strings.Split(s.Box(lineWidth, lineHeight), "\n")
	default:
		lines = strings.Split(top.View(lineWidth, lineHeight), "\n")
	}
	for i := range lines {
		lines[i] = strings.TrimRight(kit.Unzoned(lines[i]), " ")
	}
	lines = slices.CompactFunc(lines, func(a, b string) bool { return a == "" && b == "" })
	if len(lines) > 0 && lines[0] == "" {
		lines = lines[1:]
	}
	return lines
}

// ways are the verbs that leave a screen.
var ways = []kit.Verb{screen.Keys.Done, screen.Keys.Leave, screen.Keys.Back}

// onlyLeft says that there is nothing to do on a screen but to leave it.
func onlyLeft(s screen.Screen) bool {
	idle := slices.Concat(screen.Moves(), ways, []kit.Verb{screen.Keys.Scroll, screen.Keys.Exchange})
	return wayOut(s) != nil && !slices.ContainsFunc(s.Verbs(), func(v kit.Verb) bool { return !v.Is(idle...) })
}

// wayOut is the key that leaves a screen, nil where none does.
func wayOut(s screen.Screen) *tea.KeyMsg {
	for _, v := range s.Verbs() {
		if v.Is(ways...) {
			k := kit.Press(v)
			return &k
		}
	}
	return nil
}

// types gives a line to a screen that takes letters, and enter after it.
func (l *lineDesk) types() {
	line, ok := l.ask("Words, then enter; < goes back: ")
	switch {
	case !ok:
	case isBack(line):
		l.press(kit.PressKey("esc"))
	default:
		l.press(kit.PressKey("ctrl+u"))
		l.press(kit.Letters(line)...)
		l.press(kit.PressKey("enter"))
	}
}

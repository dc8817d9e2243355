package lines

import (
	"slices"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// keep leaves a field as it is; what was refused in a line that takes several goes.
func (l *lineDesk) keep(page *form.Form, f form.Asked, p kit.Prompt) {
	if p.Again && left(f) {
		keys, _ := f.Answer(form.Nothing)
		l.press(keys...)
	}
	if page.Field().Shape().Button {
		l.refuse()
		return
	}
	l.leave(page)
}

// left says that something of an answer is still in the line of a field that takes several.
func left(f form.Asked) bool {
	line, ok := f.(interface{ Value() string })
	return ok && line.Value() != ""
}

// refuse is a no at a button: the page is asked anew from its first field.
func (l *lineDesk) refuse() {
	l.say("Nothing was done.")
	l.press(kit.PressKey("tab"))
}

// take presses the keys of an answer. A field whose answer is wrong is asked again.
func (l *lineDesk) take(page *form.Form, f form.Asked, p kit.Prompt, line string) {
	keys, problem := f.Answer(line)
	if problem != "" {
		l.say("Problem: " + problem + ".")
		return
	}
	button := page.Field().Shape().Button
	if button && keys == nil {
		l.refuse()
		return
	}
	id := page.Field().ID()
	l.press(keys...)
	switch {
	case !l.shows(page):
	case button:
		l.stayed(page)
	case p.Again:
		if !left(f) {
			l.say("Done.")
		}
	default:
		l.leave(page)
		l.returnTo(page, id)
	}
}

// shows says whether a form is still what is asked.
func (l *lineDesk) shows(form *form.Form) bool {
	s, ok := l.app.Top().(screen.Asking)
	if !ok || l.quit {
		return false
	}
	_, now, _ := s.InLines()
	return now == form
}

// leave goes to the next field, or from the last one to the next page.
func (l *lineDesk) leave(form *form.Form) {
	if !form.Last() {
		l.press(form.Leave())
		return
	}
	l.remarks(form, "")
	l.sayAll(form.Under(l.d.Styles, screen.ReadWidth))
	l.press(l.onward())
	if l.shows(form) {
		l.stayed(form)
	}
}

// onward is the key that a page is left with.
func (l *lineDesk) onward() tea.KeyMsg {
	if screen.Offers(l.app.Top(), screen.Keys.Done) {
		return kit.Press(screen.Keys.Done)
	}
	return kit.PressKey("ctrl+n")
}

// stayed says why a page is still there.
func (l *lineDesk) stayed(page *form.Form) {
	_, _, problem := l.app.Top().(screen.Asking).InLines()
	l.failed(problem)
	if page.Field().Shape().Button {
		l.sayAll(page.Under(l.d.Styles, screen.ReadWidth))
	}
}

// returnTo asks a field again whose answer is wrong.
func (l *lineDesk) returnTo(form *form.Form, id string) {
	for n := 0; n < maxFields && l.shows(form) && l.wrong(form, id) && form.Field().ID() != id; n++ {
		l.press(kit.PressKey("shift+tab"))
	}
}

// maxFields is more than any form has, maxPages more than any has pages.
const (
	maxFields = 200
	maxPages  = 30
)

// leaveForm goes back until the form is left.
func (l *lineDesk) leaveForm() {
	id := l.app.LayerID()
	for n := 0; n < maxPages && l.app.LayerID() == id; n++ {
		l.press(kit.PressKey("esc"))
	}
}

func (l *lineDesk) wrong(page *form.Form, id string) bool {
	return slices.ContainsFunc(page.Said(), func(r form.Remark) bool { return r.Bad && r.Field == id })
}

// remarks says what is said of the answers: each once, but what is wrong with the field that is asked whenever it is.
func (l *lineDesk) remarks(form *form.Form, id string) {
	for _, r := range form.Said() {
		word := "Warning: "
		switch {
		case r.Bad:
			word = "Problem: "
		case r.Mild:
			word = "Note: "
		}
		text := word + r.Text
		if !l.told[text] || r.Bad && r.Field == id {
			l.told[text] = true
			l.say(words.Stop(text))
		}
	}
}

// byKeys asks for a field that no line was thought of for: it is shown as it is drawn, and answered by its keys.
func (l *lineDesk) byKeys(f form.Field) {
	lines, _ := f.View(l.d.Styles, lineWidth, lineHeight)
	l.say(f.Label() + ":")
	l.sayAll(lines)
	line, ok := l.ask("Text, or keys by name: " + named(f.Verbs()) + "; an empty line goes on: ")
	switch line = strings.TrimSpace(line); {
	case !ok:
	case line == "":
		l.leave(l.form)
	case line == "?":
		l.say(f.Hint())
	case line == "<<":
		l.leaveForm()
	case isBack(line):
		l.press(kit.PressKey("esc"))
	default:
		for _, word := range strings.Fields(line) {
			l.press(kit.Spell(word)...)
		}
	}
}

func named(list []kit.Verb) string {
	var names []string
	for _, v := range list {
		names = append(names, v.Shown)
	}
	return strings.Join(slices.Compact(append(names, "down", "space")), ", ")
}

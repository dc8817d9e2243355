package lines

import (
	"strings"

	"certdesk/ui/kit"
)

// dialog asks a dialog's question. One that only tells something is closed once it is told.
func (l *lineDesk) dialog(d kit.Dialog) {
	p := d.Prompt()
	if frame := l.app.LayerID(); frame != l.page || l.form != nil {
		l.page, l.form = frame, nil
		l.say("")
		l.say(p.Ask)
		l.sayAll(p.Lines)
	}
	if p.Idle {
		l.page = 0
		l.press(kit.PressKey("enter"))
		return
	}
	line, ok := l.ask(p.How + ": ")
	switch line = strings.TrimSpace(line); {
	case !ok:
		return
	case isBack(line), line == "q":
		line = ""
	}
	keys, problem := d.Answer(line)
	if problem != "" {
		l.say("Problem: " + problem + ".")
		return
	}
	l.page = 0
	l.press(keys...)
}

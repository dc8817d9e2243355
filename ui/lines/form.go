package lines

import (
	"slices"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// field asks for the field that has the focus, and leaves it once it is answered.
func (l *lineDesk) field(question string, page *form.Form, problem error) {
	if page != l.form {
		l.introduce(question, page, problem)
	}
	l.silent++
	if l.silent > maxPages {
		l.byKeys(page.Field())
		return
	}
	switch f := page.Field().(type) {
	case form.Teller:
		l.read(page, f)
	case form.Asked:
		l.question(page, f)
	default:
		l.byKeys(page.Field())
	}
}

// introduce says what a page is about. The first page of a screen, and one that is asked from the top, starts at its
// first field, unless one was refused: a person at the desk sees the whole page and chooses.
func (l *lineDesk) introduce(question string, form *form.Form, problem error) {
	frame := l.app.LayerID()
	turned := l.formOf == frame
	l.form, l.formOf, l.told, l.page = form, frame, map[string]bool{}, 0
	l.say("")
	l.sayAll(words.NotEmpty(l.app.Top().Title(), question))
	l.failed(problem)
	if !l.taught {
		l.taught = true
		l.say("An empty line keeps what is there, - empties it, < goes a page back, << leaves the form, ? explains.")
	}
	turned = turned && !form.FromTheTop()
	for n := 0; n < maxFields && !turned && !form.First() && !l.wrong(form, form.Field().ID()); n++ {
		l.press(kit.PressKey("shift+tab"))
	}
	for _, f := range form.Above() {
		l.note(f)
	}
}

// failed says an error: what failed, and what to do.
func (l *lineDesk) failed(err error) {
	if err == nil {
		return
	}
	text, hint := words.Failure(err)
	l.say(strings.TrimSpace(words.Stop(text) + " " + hint))
}

// read prints what is only read, once, and goes on.
func (l *lineDesk) read(form *form.Form, f form.Teller) {
	l.note(f)
	l.leave(form)
}

// note prints what is only read, once.
func (l *lineDesk) note(f form.Teller) {
	lines := f.Tell(l.d.Styles, screen.ReadWidth)
	if text := strings.Join(lines, "\n"); !l.told[text] {
		l.told[text] = true
		l.sayAll(lines)
	}
}

// question asks for a field until it is answered or kept.
func (l *lineDesk) question(form *form.Form, f form.Asked) {
	p, id := f.Prompt(), form.Field().ID()
	l.remarks(form, id)
	if p.Idle {
		l.say(p.Ask + ": " + p.Now)
		l.leave(form)
		return
	}
	line, ok := l.answer(p)
	switch {
	case !ok:
	case line == "?":
		l.explainField(form.Field(), p)
	case l.versionOf(form, line):
	case line == "<<":
		l.leaveForm()
	case isBack(line):
		l.press(kit.PressKey("esc"))
	case line == "":
		l.keep(form, f, p)
	default:
		l.take(form, f, p, line)
	}
}

// versionOf shows the commands of another version of Exchange where a page has them, if the line asks for that.
func (l *lineDesk) versionOf(page *form.Form, line string) bool {
	if !works(l.app.Top(), screen.Keys.Exchange) || !page.Field().Shape().Button ||
		line != screen.Keys.Exchange.Keys[0] && !strings.EqualFold(line, screen.Keys.Exchange.Word) {
		return false
	}
	l.press(kit.Press(screen.Keys.Exchange))
	for _, f := range page.Above() {
		l.note(f)
	}
	return true
}

// explainField says what a field is for and how it is answered, and prints its list again.
func (l *lineDesk) explainField(f form.Field, p kit.Prompt) {
	l.say(strings.TrimSpace(f.Help() + " " + words.Stop(asAnswer(p.How))))
	l.offered.lines, l.told["how "+f.ID()] = nil, false
}

func asAnswer(how string) string {
	if how == "" {
		return ""
	}
	return "Here: " + how
}

func isBack(line string) bool { return line == "<" || line == "esc" }

// answer prints a prompt and reads what it asks for.
func (l *lineDesk) answer(p kit.Prompt) (string, bool) {
	if len(p.Lines) > 0 {
		l.choices(p)
	}
	ask := l.prompt(p)
	switch {
	case p.Secret:
		return l.askSecret(ask)
	case p.Many:
		return l.askText(ask)
	}
	line, ok := l.ask(ask)
	return strings.TrimSpace(line), ok
}

// prompt is a question's line: what is asked, how it is answered, what is there now. What is asked again and again
// is explained once.
func (l *lineDesk) prompt(p kit.Prompt) string {
	ask, how := p.Ask, "how "+l.form.Field().ID()
	switch {
	case p.How == "", p.Again && l.told[how]:
	case len(p.Lines) > 0:
		ask = strings.ToUpper(p.How[:1]) + p.How[1:]
	default:
		ask += " (" + p.How + ")"
	}
	l.told[how] = true
	if p.Now != "" {
		ask += ", now " + p.Now
	}
	return ask + ": "
}

// choices prints of a list what was not printed yet: after an answer, what that changed.
func (l *lineDesk) choices(p kit.Prompt) {
	id := l.form.Field().ID() + " " + p.Now // a path's list is of the folder that stands there
	if id != l.offered.id {
		l.offered.id, l.offered.lines = id, nil
	}
	before := l.offered.lines
	l.offered.lines = p.Lines
	var news []string
	for _, line := range p.Lines {
		if !slices.Contains(before, line) {
			news = append(news, line)
		}
	}
	if len(news) > 0 || before == nil {
		l.say(p.Ask + ":")
		l.sayAll(news)
	}
}

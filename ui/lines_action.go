package ui

import (
	"slices"
	"strconv"
	"strings"

	"github.com/charmbracelet/bubbles/key"

	"certdesk/ui/kit"
)

// command carries out a line of the prompt.
func (l *lineDesk) command(line string) {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	top := l.app.top()
	switch number, err := strconv.Atoi(line); {
	case err == nil && l.movable():
		l.choose(number)
	case line == "":
		l.empty(top)
	case line == "?", line == "help", line == ":":
		l.explain(top)
	case line == "m", line == "more":
		l.moreRows(top)
	case strings.HasPrefix(line, "/") && works(top, keys.Filter):
		l.filter(strings.TrimSpace(line[1:]))
	case isBack(line):
		l.back(top)
	default:
		l.act(top, word, rest)
	}
}

// movable says whether the screen has rows to choose from.
func (l *lineDesk) movable() bool {
	_, ok := l.app.top().(rowed)
	return ok || works(l.app.top(), keys.Home)
}

// works says whether a key does something on a screen now.
func works(s screen, b key.Binding) bool {
	return slices.ContainsFunc(s.Keys(), func(k key.Binding) bool { return isOne(k, b) })
}

// empty is an empty line: a list is printed again, a page is left.
func (l *lineDesk) empty(top screen) {
	if _, ok := top.(rowed); ok && top == l.app.frames[0].screen {
		l.listed = 0
		return
	}
	l.back(top)
}

func (l *lineDesk) back(top screen) {
	if way := wayOut(top); way != nil {
		l.press(*way)
	}
}

func (l *lineDesk) moreRows(top screen) {
	s, ok := top.(rowed)
	switch {
	case ok && l.upTo < len(l.rows):
		l.more(s)
	default:
		l.say("There is no more.")
	}
}

// filter types words into the screen's filter; none clear it.
func (l *lineDesk) filter(words string) {
	l.press(kit.Press(keys.Filter), kit.PressKey("ctrl+u"))
	if words == "" {
		l.press(kit.PressKey("esc"))
		return
	}
	l.spell(words)
	l.press(kit.PressKey("enter"))
}

// act presses the key of an action, on another row where its number follows.
func (l *lineDesk) act(top screen, word, rest string) {
	name, problem := keyCalled(top.Keys(), word)
	if problem != "" {
		l.say(problem)
		return
	}
	if rest != "" {
		n, err := strconv.Atoi(rest)
		if err != nil || !l.movable() {
			l.say("What follows an action is the number of a row, as in details 3.")
			return
		}
		if !l.choose(n) {
			return
		}
	}
	l.press(kit.PressKey(name))
}

// keyCalled is the key that a word names: the key itself, or one of the action of that word or beginning so.
func keyCalled(list []key.Binding, word string) (name, problem string) {
	if word == "space" {
		word = " "
	}
	var begins []key.Binding
	for _, b := range list {
		if slices.Contains(b.Keys(), word) {
			return word, ""
		}
		switch first := firstWord(b); {
		case first == strings.ToLower(word):
			return b.Keys()[0], ""
		case strings.HasPrefix(first, strings.ToLower(word)):
			begins = append(begins, b)
		}
	}
	switch len(begins) {
	case 0:
		return "", "Nothing here is called " + strconv.Quote(kit.Printable(word)) + ". ? lists what can be done, /words finds rows."
	case 1:
		return begins[0].Keys()[0], ""
	}
	return "", "Several actions are called so: " + strings.Join(words(begins), ", ") + "."
}

func firstWord(b key.Binding) string {
	first, _, _ := strings.Cut(strings.ToLower(b.Help().Desc), " ")
	return strings.TrimSuffix(first, ":")
}

func words(list []key.Binding) []string {
	var out []string
	for _, b := range list {
		word, _ := kit.Meaning(b)
		out = append(out, word)
	}
	return out
}

// explain lists what can be answered here.
func (l *lineDesk) explain(top screen) {
	if l.movable() {
		l.say("A number selects a row. m prints more rows, an empty line the list again.")
	} else {
		l.say("An empty line leaves this page.")
	}
	if works(top, keys.Filter) {
		l.say("/words shows the rows that have these words, / alone shows all: words, !word, status:expired, svc:smtp.")
	}
	l.say("An action is called by its word or its key. The number of a row may follow, as in details 3:")
	for _, b := range verbsOf(top.Keys()) {
		word, more := kit.Meaning(b)
		text := "  " + word + ", " + b.Keys()[0]
		if more != "" {
			text += ": " + more
		}
		l.say(text)
	}
}

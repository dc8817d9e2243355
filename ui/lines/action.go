package lines

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// command carries out a line of the prompt.
func (l *lineDesk) command(line string) {
	word, rest, _ := strings.Cut(line, " ")
	rest = strings.TrimSpace(rest)
	top := l.app.Top()
	switch number, err := strconv.Atoi(line); {
	case err == nil && l.movable():
		l.choose(number)
	case line == "":
		l.empty(top)
	case line == "?", line == "help", line == ":":
		l.explain(top)
	case line == "m", line == "more":
		l.moreRows(top)
	case strings.HasPrefix(line, "/") && works(top, screen.Keys.Filter, screen.Keys.Sift):
		l.filter(strings.TrimSpace(line[1:]))
	case isBack(line):
		l.back(top)
	case len(l.called(line)) > 0:
		l.find(line)
	case namedWhole(offers(top), line), namedWhole(screen.AllVerbs(), line):
		l.act(top, line, "")
	default:
		l.act(top, word, rest)
	}
}

// namedWhole says whether a line is the name of an action that is called by more than one word, such as mark all.
func namedWhole(list []kit.Verb, line string) bool {
	return slices.ContainsFunc(list, func(v kit.Verb) bool {
		return strings.Contains(v.Word, " ") && strings.EqualFold(v.Word, line)
	})
}

// movable says whether the screen has rows to choose from.
func (l *lineDesk) movable() bool {
	_, ok := l.app.Top().(screen.Rowed)
	return ok || works(l.app.Top(), screen.Keys.Home)
}

// offers are the verbs that mean something here. A terminal's clipboard is reached by an escape, which lines have none
// of: what can be copied stands in them. What has no key is pressed in the header, which lines have not: words filter.
func offers(s screen.Screen) []kit.Verb {
	return slices.DeleteFunc(slices.Clone(s.Verbs()), func(v kit.Verb) bool {
		return v.Is(screen.Keys.Copy) || len(v.Keys) == 0
	})
}

// works says whether one of these verbs can be done on a screen now.
func works(s screen.Screen, verbs ...kit.Verb) bool {
	return slices.ContainsFunc(offers(s), func(v kit.Verb) bool { return v.Is(verbs...) })
}

// empty is an empty line: a list is printed again, a page is left.
func (l *lineDesk) empty(top screen.Screen) {
	if _, ok := top.(screen.Rowed); ok && l.app.Depth() == 1 {
		l.listed = 0
		return
	}
	l.back(top)
}

func (l *lineDesk) back(top screen.Screen) {
	if way := wayOut(top); way != nil {
		l.press(*way)
	}
}

func (l *lineDesk) moreRows(top screen.Screen) {
	s, ok := top.(screen.Rowed)
	switch {
	case ok && l.upTo < len(l.rows):
		l.more(s)
	case len(l.rest) > 0:
		l.sayPage(l.rest)
	default:
		l.say("There is no more.")
	}
}

// filter types a text into the screen's filter; none clears it.
func (l *lineDesk) filter(text string) {
	l.press(kit.PressKey("/"), kit.PressKey("ctrl+u"))
	if text == "" {
		l.press(kit.PressKey("esc"))
		return
	}
	l.press(kit.Letters(text)...)
	l.press(kit.PressKey("enter"))
	if problem := l.app.Rows().Problem; problem != "" && l.app.Depth() == 1 {
		l.say(words.SentenceCase(problem))
	}
}

// act presses the key of an action, on another row where one is named behind it.
func (l *lineDesk) act(top screen.Screen, word, rest string) {
	verb, problem := verbCalled(offers(top), word)
	if problem == "" && meansAnother(verb, word) { // remove, where only removed can be done now
		problem = declined(top, word)
	}
	switch {
	case problem != "" && rest != "" && declined(top, word) != "": // it may be for the row that is named
		if l.find(rest) {
			l.act(l.app.Top(), word, "")
		}
		return
	case problem != "":
		l.say(cmp.Or(declined(top, word), problem))
		return
	case rest != "" && verb.Is(screen.Keys.Sort):
		l.press(kit.Press(verb))
		l.act(l.app.Top(), rest, "")
		return
	case rest != "" && works(top, screen.Keys.Unmark) &&
		verb.Is(screen.Keys.Export, screen.Keys.Renew, screen.Keys.Remove):
		l.say("Rows are marked, and this acts on all of them: leave the row out, or clear marks first.")
		return
	case rest != "" && !l.find(rest):
		return
	}
	l.situated = "" // what an action leaves is said, though it be what was said before
	l.press(kit.Press(verb))
}

// meansAnother says whether a word is the whole name of another action than the one it was taken for.
func meansAnother(taken kit.Verb, word string) bool {
	return slices.ContainsFunc(screen.AllVerbs(), func(v kit.Verb) bool {
		return strings.EqualFold(v.Word, word) && !taken.Is(v)
	}) && !strings.EqualFold(taken.Word, word)
}

// declined says why what a word names cannot be done on a screen now; "" for a word that names nothing.
func declined(top screen.Screen, word string) string {
	verb, unknown := verbCalled(screen.AllVerbs(), word)
	if unknown != "" {
		return ""
	}
	if verb.Is(screen.Keys.Copy) {
		return "Lines are copied by whoever reads them: details prints all there is."
	}
	if r, ok := top.(screen.Reasoner); ok && r.WhyNot(verb) != "" {
		return words.Stop(r.WhyNot(verb))
	}
	return strconv.Quote(verb.Word) + " is not for this page, or not for now. ? lists what can be done."
}

// find selects the row that an answer means: by its number, or by its name where only one has it.
func (l *lineDesk) find(answer string) bool {
	if n, err := strconv.Atoi(answer); err == nil && l.movable() {
		return l.choose(n)
	}
	switch found := l.called(answer); len(found) {
	case 0:
		l.say("No row is called " + strconv.Quote(kit.Printable(answer)) +
			". What follows an action is the number or the name of a row.")
	case 1:
		return l.choose(found[0])
	default:
		l.say(fmt.Sprintf("%d rows are called so: answer with the number of one.", len(found)))
	}
	return false
}

// called are the numbers of the rows of a name.
func (l *lineDesk) called(name string) (found []int) {
	s, ok := l.app.Top().(screen.Rowed)
	if !ok {
		return nil
	}
	for i, id := range l.rows {
		if strings.EqualFold(s.Name(id), name) {
			found = append(found, i+1)
		}
	}
	return found
}

// verbCalled is the verb that a word names: by its key, on which it then is, by its word, or by how that begins.
func verbCalled(list []kit.Verb, word string) (verb kit.Verb, problem string) {
	if word == "space" {
		word = " "
	}
	var begins []kit.Verb
	for _, v := range list {
		if slices.Contains(v.Keys, word) {
			return v.On(word), ""
		}
		first, _, _ := strings.Cut(strings.ToLower(v.Word), " ")
		switch {
		case first == strings.ToLower(word), strings.EqualFold(v.Word, word):
			return v, ""
		case strings.HasPrefix(first, strings.ToLower(word)):
			begins = append(begins, v)
		}
	}
	switch len(begins) {
	case 0:
		return verb, "Nothing here is called " + strconv.Quote(kit.Printable(word)) +
			". ? lists what can be done, /words finds rows."
	case 1:
		return begins[0], ""
	}
	var names []string
	for _, v := range begins {
		names = append(names, v.Word)
	}
	return verb, "Several actions are called so: " + strings.Join(names, ", ") + "."
}

// explain lists what can be answered here.
func (l *lineDesk) explain(top screen.Screen) {
	if _, ok := top.(screen.Rowed); ok {
		l.say("A row's number or name selects it. m prints more rows, an empty line the list again.")
	} else if l.movable() {
		l.say("A row's number selects it. An empty line leaves this page.")
	} else {
		l.say("An empty line leaves this page.")
	}
	if works(top, screen.Keys.Filter, screen.Keys.Sift) {
		l.say("/words shows the rows that have these words, / alone shows all.")
	}
	l.say("An action is called by its word or its key. A row's number or name may follow, as in details 3:")
	for _, v := range screen.VerbsOf(offers(top)) {
		text := "  " + v.Word
		if name := spokenKey(v); name != "" {
			text += ", " + name
		}
		if v.More != "" {
			text += ": " + v.More
		}
		l.say(text)
	}
}

// spokenKey is how a verb's key is answered; "" for a digit, which is the number of a row.
func spokenKey(v kit.Verb) string {
	name := v.Keys[0]
	if _, err := strconv.Atoi(name); err == nil {
		return ""
	}
	if name == " " {
		return "space"
	}
	return name
}

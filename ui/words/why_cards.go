package words

import (
	"cmp"
	"slices"
	"strings"

	"certdesk/certstore/answering"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
)

// Card is a part of an answer: a few lines below a title.
type Card struct {
	Title string
	Lines []CardLine
}

// CardLine is a line of a card; Sign says that it is good, doubtful or bad, and none that it only tells.
type CardLine struct {
	Signed bool
	Level  Level
	Text   string
}

// Cards are an answer below its verdict, what to tell the caller first; the next step stands above them.
func (y Why) Cards() []Card {
	list := []Card{
		{"Tell the caller", told(y.Tell())},
		{"What the words mean", told(y.Means())},
		{"Which certificate has the name", told(y.covered())},
		{"Where Outlook and phones look, one after the other", y.steps(answering.Way.Discovers)},
		{"What is served there", y.grouped(answering.ByHost, answering.ByService)},
		{"Web access and Outlook Anywhere", y.grouped(answering.ByWeb, answering.ByAnywhere)},
		{"Mail programs", y.grouped(answering.ByReading, answering.BySending)},
		{"Mail from other servers", y.steps(isOneOf(answering.ByMX, answering.ByPolicy))},
		{"What clients say", y.clientWords()},
		{"Is it ours?", told(y.ours())},
	}
	return slices.DeleteFunc(list, func(c Card) bool { return len(c.Lines) == 0 })
}

func told(texts ...string) (list []CardLine) {
	for _, text := range NotEmpty(texts...) {
		list = append(list, CardLine{Text: text})
	}
	return list
}

func isOneOf(ways ...answering.Way) func(answering.Way) bool {
	return func(w answering.Way) bool { return slices.Contains(ways, w) }
}

// covered says which certificate has the name that was asked for.
func (y Why) covered() string {
	name := y.Host
	if name == "" && y.Domain != "" {
		name = "autodiscover." + y.Domain
	}
	name = kit.Printable(names.Shown(name))
	switch len(y.Covers) {
	case 0:
		if name == "" {
			return ""
		}
		return "No certificate here has " + name + "."
	case 1:
		return y.covers(0) + "."
	}
	return y.covers(0) + ", and " + Count(len(y.Covers)-1, "other") + "."
}

func (y Why) covers(i int) string {
	e := y.Covers[i]
	if e.NotAfter.IsZero() {
		return Label(e) + " will: it waits for the CA's answer"
	}
	if y.Now.After(e.NotAfter) {
		return Label(e) + ", which ended on " + Day(e.NotAfter, y.Now)
	}
	return Label(e) + ", " + e.Verdict.Word + ", until " + Day(e.NotAfter, y.Now) + " (" + LifeWords(e, y.Now) + ")"
}

// ways are what a place is called in a list of steps.
var ways = map[answering.Way]string{answering.ByRedirect: "redirect", answering.BySRV: "SRV record",
	answering.ByMX: "MX", answering.ByPolicy: "MTA-STS"}

// steps are places a line each.
func (y Why) steps(which func(answering.Way) bool) (list []CardLine) {
	for _, p := range y.Answer.Places {
		if !which(p.Way) {
			continue
		}
		line := CardLine{Text: spot(p) + ": " + y.came(p)}
		if name := ways[p.Way]; name != "" && p.Way != answering.BySRV || name != "" && p.Outcome != answering.Absent {
			line.Text = name + " " + line.Text
		}
		line.Signed, line.Level = y.sign(p)
		list = append(list, line)
	}
	return list
}

// sign is how good a place is; a step that leads nowhere is neither good nor bad.
func (y Why) sign(p answering.Place) (signed bool, level Level) {
	faults := p.Faults(y.Now)
	switch {
	case p.Passed:
		return false, Fine
	case slices.ContainsFunc(faults, func(f answering.Fault) bool { return f.Grave || f.Symptom == answering.NotMeant }):
		return true, Bad
	case len(faults) > 0, p.Outcome == answering.Loops, p.Outcome == answering.Skipped:
		return true, Doubtful
	case p.Outcome == answering.NoOne && isOneOf(answering.ByMX, answering.ByHost, answering.ByService)(p.Way):
		return true, Bad
	case p.Served():
		return true, Fine
	}
	return false, Fine
}

// came is what came of a step: what clients mind, or what is there.
func (y Why) came(p answering.Place) string {
	var parts []string
	for _, f := range p.Faults(y.Now) {
		parts = append(parts, kit.Printable(f.Text))
	}
	if len(parts) == 0 && p.Served() {
		parts = append(parts, "right certificate, until "+Day(answerOf(p).Report.Leaf.NotAfter, y.Now))
	}
	if p.Text != "" && (len(parts) == 0 || p.Outcome == answering.Other || p.Outcome == answering.Elsew) {
		parts = append(parts, kit.Printable(p.Text))
	}
	if p.Passed {
		parts = append(parts, "not reached")
	}
	if p.STS == "enforce" && p.Way == answering.ByMX {
		parts = append(parts, "others must check it (MTA-STS)")
	}
	return Stop(strings.Join(parts, "; "))
}

// grouped are ports, in one line where they serve the same.
func (y Why) grouped(which ...answering.Way) (list []CardLine) {
	type group struct {
		at   []string
		line CardLine
	}
	var groups []*group
	for _, p := range y.Answer.Places {
		if !slices.Contains(which, p.Way) {
			continue
		}
		line := CardLine{Text: y.serves(p)}
		line.Signed, line.Level = y.sign(p)
		i := slices.IndexFunc(groups, func(g *group) bool { return g.line == line })
		if i < 0 {
			i, groups = len(groups), append(groups, &group{line: line})
		}
		if at := spot(p); !slices.Contains(groups[i].at, at) {
			groups[i].at = append(groups[i].at, at)
		}
	}
	for _, g := range groups {
		g.line.Text = strings.Join(g.at, ", ") + ": " + g.line.Text
		list = append(list, g.line)
	}
	return list
}

// serves is what a port serves and what clients mind in it.
func (y Why) serves(p answering.Place) string {
	a := answerOf(p)
	if !a.Report.Served() {
		return Stop(cmp.Or(kit.Printable(p.Text), "nobody answers"))
	}
	parts := []string{servedName(a)}
	if a.Report.DateFault == "" {
		parts[0] += ", until " + Day(a.Report.Leaf.NotAfter, y.Now)
	}
	for _, f := range p.Faults(y.Now) {
		if f.Symptom != answering.NotMeant {
			parts = append(parts, kit.Printable(f.Text))
		} else if a.Meant.ID != 0 {
			parts = append(parts, "it should be "+Title(a.Meant))
		}
	}
	return Stop(strings.Join(parts, "; "))
}

// clientWords are what clients say about what is wrong, where their own words are known.
func (y Why) clientWords() (list []CardLine) {
	if y.Cause == nil || !y.Cause.Grave || y.Words != "" { // who asked in their words knows them
		return nil
	}
	for _, w := range answering.Says(y.Cause.Symptom) {
		said := w.Words
		if strings.Contains(said, "_") { // a code, which is written so
			said = strings.ToUpper(said)
		}
		list = append(list, CardLine{Text: SentenceCase(string(w.Client)) + ": \"" + said + "\""})
	}
	return list
}

// ours says whether what decided the answer is in the store.
func (y Why) ours() string {
	if y.At == nil {
		return ""
	}
	return OursSentence(answerOf(*y.At))
}

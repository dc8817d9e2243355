package request

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/domains"
	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// namesForm is page 2: the names line, what else to include, the way to the worksheet, and the list of all names
// that follow.
type namesForm struct {
	s     *wizardScreen
	page  *wizardPage
	line  *form.Adder
	sheet *form.Door
	ticks *form.Ticks

	chosen   int // names that are on
	accepted *form.Switch
	split    *form.Switch
}

func namesPage(s *wizardScreen) *wizardPage {
	f := &namesForm{s: s}
	a := s.draft.answers
	f.line = form.NewAdder("Typed", "Add a name", f.add).
		With("Type or paste names, IP or e-mail addresses; enter adds them.", "webmail.example.org")
	f.line.SetValue(s.draft.typing)
	f.sheet = form.NewDoor("Worksheet", "By service", "worksheet          ",
		"For whoever knows which name serves what, inside and out.",
		func() tea.Cmd { return s.openSheet() })
	f.ticks = form.NewTicks("Off", "Names",
		"Space switches; c makes the common name; K, J move; del takes out.", "none yet").
		On(f.toggle, f.mark, f.drop, form.KeyMark).Moving(f.move)
	if s.d.Evidence != nil {
		f.ticks.Opening(func(t form.Tick) tea.Cmd { return s.openWhy(t.Key) })
	}
	include := includeSwitches(a, s.env)
	f.accepted = include[0]
	f.split = form.NewSwitch("Split", "Too many", "several requests   ", "", a.Split).
		With("One after another, all made at once, each with a key and a file of its own.", nil)
	fields := []form.Field{f.line}
	for _, sw := range append(slices.Clone(include), f.split) {
		fields = append(fields, sw)
	}
	f.page = &wizardPage{
		question: "Which names will clients use?",
		form: form.New(append(fields, f.sheet, f.ticks)...).
			Hide(func(id string) bool { return id == "Split" && !s.draft.answers.CanSplit(f.chosen) }),
		about:   namesAbout,
		save:    func(a *wizard.Answers) { f.save(a, include) },
		refresh: f.refresh,
	}
	f.refresh()
	return f.page
}

// namesAbout shows at the list what is said of the list; what was mistyped stands below the line.
func namesAbout(f wizard.Finding) string {
	if f.Field == "CommonName" || f.Field == "Typed" && f.Severity != trust.Error {
		return "Off"
	}
	return f.Field
}

func includeSwitches(a wizard.Answers, env wizard.Env) []*form.Switch {
	server, short := note(env.ServerFQDN, "not known"), note(env.NetBIOSName, "not known")
	return []*form.Switch{
		form.NewSwitch("IncludeAcceptedDomains", "Include", "accepted domains   ", acceptedNote(env),
			a.IncludeAcceptedDomains).
			With("Every domain this organisation accepts mail for, once.", nil),
		form.NewSwitch("IncludeAutodiscover", "", "autodiscover names ", "autodiscover.<domain>", a.IncludeAutodiscover).
			With("Outlook and phones ask it how to set themselves up.", nil),
		form.NewSwitch("IncludeServerFQDN", "", "server's full name ", server, a.IncludeServerFQDN).
			With("Other servers may use it; public CAs refuse internal ones.", nil),
		form.NewSwitch("IncludeServerNetBIOSName", "", "server's short name", short, a.IncludeServerNetBIOSName).
			With("For an internal CA only: public ones want a dot in a name.", nil),
	}
}

func note(text, none string) string {
	if text == "" {
		return none
	}
	return kit.Printable(text)
}

func acceptedNote(env wizard.Env) string {
	list := domains.Names(env.AcceptedDomains)
	none := "none configured"
	switch {
	case env.DomainsAwaited:
		none = "being read"
	case len(env.DomainRemarks) > 0:
		none = "none could be read"
	}
	return note(words.Few(list, mostShown), none)
}

// mostShown are the domains that stand beside their switch.
const mostShown = 20

func (f *namesForm) save(a *wizard.Answers, include []*form.Switch) {
	a.IncludeAcceptedDomains = include[0].On()
	a.IncludeAutodiscover = include[1].On()
	a.IncludeServerFQDN = include[2].On()
	a.IncludeServerNetBIOSName = include[3].On()
	a.Split = f.split.On()
	f.s.draft.typing = f.line.Value()
}

// add takes typed or pasted text: names go into the answers, the rest stays in the line.
func (f *namesForm) add(text string) (rest, problem string) {
	a := &f.s.draft.answers
	words := names.Split(text)
	typed := names.Split(a.Typed)
	var refused []string
	for _, word := range words {
		name, err := names.Normalize(word)
		if err != nil {
			refused = append(refused, word)
			problem = cmp.Or(problem, whatToType(err))
			continue
		}
		if !slices.ContainsFunc(typed, func(t string) bool { return sameName(t, name) }) {
			typed = append(typed, word)
		}
		*a = a.SwitchedOn(name.Value)
	}
	a.Typed = strings.Join(typed, ", ")
	f.refresh()
	return strings.Join(refused, " "), countRefused(len(refused), len(words), problem)
}

func sameName(typed string, name names.Name) bool {
	n, err := names.Normalize(typed)
	return err == nil && n == name
}

// whatToType is an error as a field says it: the sentence, and what to do.
func whatToType(err error) string {
	e := fail.Of(err)
	if e.Hint == "" {
		return e.Text
	}
	return e.Text + ": " + e.Hint
}

func countRefused(refused, all int, problem string) string {
	if refused == 0 || all == 1 {
		return problem
	}
	return strconv.Itoa(refused) + " of " + strconv.Itoa(all) +
		printable.Agree(refused, " is no name and stays", " are no names and stay") + " in the line: " + problem
}

// refresh makes the list from the answers.
func (f *namesForm) refresh() {
	var items []form.Tick
	list := wizard.Expand(f.s.draft.answers, f.s.env)
	chosen := wizard.Chosen(list)
	f.chosen = len(chosen)
	f.split.SetNote(wizard.SplitText(chosen))
	for _, c := range list {
		items = append(items, form.Tick{
			Key: c.Name.Value, Text: kit.Printable(names.Shown(c.Name.Value)), Note: f.s.beside(c),
			On: c.On, Marked: c.CommonName, Loose: c.ByHand,
		})
	}
	f.ticks.SetItems(items)
	f.sheet.SetNote(sheetNote(f.s.draft.answers))
	f.accepted.SetNote(acceptedNote(f.s.env))
}

// reasons are why a name is there; of the common name that it is the common name comes first.
func reasons(c wizard.Candidate) []string {
	const common = "common name"
	if c.CommonName && !slices.Contains(c.Reasons, common) {
		return append([]string{common}, c.Reasons...)
	}
	return c.Reasons
}

func (f *namesForm) toggle(t form.Tick) {
	a := &f.s.draft.answers
	switch {
	case t.Marked:
		f.page.notice = "the common name is always in: c makes another name it"
	case t.On:
		*a = a.SwitchedOff(t.Key)
	default:
		*a = a.SwitchedOn(t.Key)
	}
}

func (f *namesForm) mark(t form.Tick) {
	f.s.draft.answers = f.s.draft.answers.Crowned(t.Key)
}

func (f *namesForm) drop(t form.Tick) {
	f.s.draft.answers = f.s.draft.answers.Without(t.Key)
}

func (f *namesForm) move(t form.Tick, by int) {
	a, moved := f.s.draft.answers.Moved(f.s.env, t.Key, by)
	switch f.s.draft.answers = a; {
	case moved:
	case t.Marked:
		f.page.notice = "the common name is always first: c puts another there"
	case by < 0:
		f.page.notice = "only the common name is above it: c makes this the one"
	}
}

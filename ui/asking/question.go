package asking

import (
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore/fail"
	"certdesk/certstore/names"
	"certdesk/certstore/probe"
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
	"certdesk/ui/theme"
	"certdesk/ui/words"
)

// askLine is a line that enter asks: who typed it wants to know, not to go on to the next field.
type askLine struct {
	*form.Text
	ask  func() tea.Cmd
	word string // what enter does
}

func (f *askLine) Takes(k tea.KeyMsg) bool { return !k.Paste && kit.Pressed(k, form.KeyEnter) }
func (f *askLine) Verbs() []kit.Verb       { return []kit.Verb{form.KeyEnter.Called(f.word)} }

func (f *askLine) Update(msg tea.Msg) tea.Cmd {
	if k, ok := msg.(tea.KeyMsg); ok && f.Takes(k) {
		return f.ask()
	}
	return f.Text.Update(msg)
}

const (
	hintPort = "Such as mail.example.org:993, or smtp://mail.example.org:10025."
	hintName = "The name that the client asks for (SNI); needed where the host is an address."
)

func (s *askScreen) makeForm() {
	s.port = &askLine{form.NewText("port", "Port", "").With(hintPort, "host:port"), s.ask, "ask it"}
	if len(s.offers) > 0 {
		s.port.With(hintPort+" Left empty, the first below is asked.", s.offers[0].url)
	}
	s.port.SetCheck(func() string {
		_, problem := s.question()
		return problem
	})
	s.which = form.NewChoice("which", "Or one of", "",
		s.options()...).With("Ports of its services, and its names at their usual ports.", s.take)
	s.speaks = form.NewPick("speaks", "Protocol", "", protocols()).Coded("its scheme")
	s.name = form.NewText("name", "Name", "").With(hintName, "the host").Checked(checkName)
	s.form = form.New(s.port, s.which, s.speaks, s.name,
		form.NewButton("do", "Ask it", "Asks as a client does. Nothing is changed.")).
		Titled(func() string { return question }).Leading("ask it").Hide(s.hides).Below(func(st theme.Styles,
		w int) []string {
		return words.ProblemLines(st, s.err, w)
	})
	s.suggest()
}

func (s *askScreen) hides(id string) bool {
	switch id {
	case "which":
		return len(s.offers) == 0
	case "speaks":
		return strings.Contains(s.port.Value(), "://")
	}
	return false
}

// options are what was typed, and the ports that are offered.
func (s *askScreen) options() []form.Option {
	list := []form.Option{{Text: "what is typed above"}}
	for _, o := range s.offers {
		list = append(list, form.Option{Value: o.url, Text: kit.Printable(o.url), Note: o.note})
	}
	return list
}

// take puts a port that is offered where a person types.
func (s *askScreen) take(url string) {
	if s.offered(s.port.Value()) == (offer{}) {
		s.own = s.port.Value()
	}
	o := s.offered(url)
	if o.url == "" {
		o.url = s.own
	}
	s.port.SetValue(o.url)
	s.name.SetValue(o.name)
}

// offered is the offer of that port, or none.
func (s *askScreen) offered(url string) offer {
	for _, o := range s.offers {
		if o.url == url {
			return o
		}
	}
	return offer{}
}

func protocols() (list []form.Option) {
	for _, p := range words.Protocols {
		list = append(list, form.Option{Value: string(p.Scheme), Text: p.Words()})
	}
	return list
}

// suggest says which protocol will be spoken where nobody chooses one.
func (s *askScreen) suggest() {
	if s.form.Field().ID() == "speaks" {
		return
	}
	guess := "that of the port"
	if t, err := probe.ParseTarget(s.typed()); err == nil {
		guess += ": " + words.ProtocolOf(t.Scheme).Words()
	}
	s.speaks.With("Type smtp, imaps, https ... or leave it to the port's number.", guess)
}

// typed is the port that is meant: that of the line, else the first that is offered.
func (s *askScreen) typed() string {
	text := strings.TrimSpace(s.port.Value())
	if text == "" && len(s.offers) > 0 {
		return s.offers[0].url
	}
	return text
}

// question is what is to be asked, or what to type instead.
func (s *askScreen) question() (r probe.Request, problem string) {
	text, name := s.typed(), strings.TrimSpace(s.name.Value())
	if text == "" {
		return r, "type the host and its port, such as mail.example.org:993"
	}
	if scheme := s.speaks.Value(); scheme != "" && !strings.Contains(text, "://") {
		text = scheme + "://" + text
	}
	target, err := probe.ParseTarget(text)
	if err != nil {
		f := fail.Of(err)
		return r, kit.Printable(f.Text) + ": " + f.Hint
	}
	if name == "" && s.port.Value() == "" && len(s.offers) > 0 {
		name = s.offers[0].name
	}
	if name != "" {
		n, err := names.Normalize(name)
		if err != nil {
			return r, checkName(name)
		}
		name = n.Value
	}
	return probe.Request{Target: target, Name: name}, ""
}

// checkName says what to type in place of a name that no client can ask for.
func checkName(text string) string {
	n, err := names.Normalize(strings.TrimSpace(text))
	if strings.TrimSpace(text) != "" && (err != nil || n.Kind != names.DNS || strings.HasPrefix(n.Value, "*")) {
		return "type a host name, such as mail.example.org, or leave it empty"
	}
	return ""
}

package details

import (
	"context"
	"fmt"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/sheet"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// copyScreen is the menu of what can be sent to the terminal's clipboard, and then what was sent. Whether it arrived
// nobody can know: short texts stand on the screen too, long ones lie in a file that is named.
type copyScreen struct {
	d     *screen.Desk
	entry certstore.Entry
	items []copyItem
	at    int
	sent  *sentMsg // nil while the menu is open
}

var _ screen.Floating = (*copyScreen)(nil)

// copyItem is one thing that can be copied.
type copyItem struct {
	verb kit.Verb
	text func(certstore.Details, wizard.Env) string
	// where it lies in the store; nil: the text is short and made of what the list knows
	file func(certstore.Details) string
}

// copyItems are all of them; a private key is never among them.
var copyItems = []copyItem{
	{kit.NewVerb("copy-pem", "PEM", "p").About("the certificate as text"),
		func(d certstore.Details, _ wizard.Env) string { return string(d.PEM) },
		func(d certstore.Details) string { return fileNamed(d, d.Entry.SHA256+".pem") }},
	{kit.NewVerb("copy-request", "request", "r").About("as sent to the CA"),
		func(d certstore.Details, _ wizard.Env) string { return string(d.RequestPEM) },
		func(d certstore.Details) string { return fileNamed(d, d.Entry.Request+".req") }},
	{kit.NewVerb("copy-thumbprint", "thumbprint", "t"),
		func(d certstore.Details, _ wizard.Env) string { return d.Entry.Thumbprint }, nil},
	{kit.NewVerb("copy-names", "names", "n"),
		func(d certstore.Details, _ wizard.Env) string { return strings.Join(d.Entry.Names, "\n") }, nil},
	{kit.NewVerb("copy-subject", "subject", "s"),
		func(d certstore.Details, _ wizard.Env) string { return d.Entry.Subject }, nil},
	{kit.NewVerb("copy-command", "command", "c"),
		func(d certstore.Details, env wizard.Env) string { return wizard.EntryCommand(d.Entry, env) }, nil},
	{kit.NewVerb("copy-exchange", "Exchange", "x"),
		func(d certstore.Details, env wizard.Env) string { return env.Exchange.Get(d.Entry.Thumbprint) }, nil},
}

// fileNamed is the one of an entry's files with that name.
func fileNamed(d certstore.Details, name string) string {
	for _, file := range d.Files {
		if strings.HasSuffix(file, "/"+name) {
			return file
		}
	}
	return ""
}

// sentMsg is what became of a copy.
type sentMsg struct {
	item copyItem
	text string
	file string
	err  error
}

// rowVerbs send the rows of the table, in the formats that are of use in a clipboard.
var rowVerbs = []kit.Verb{kit.NewVerb("copy-csv", "CSV", "v"), kit.NewVerb("copy-markdown", "Markdown", "m"),
	kit.NewVerb("copy-json", "JSON", "j")}

// rowItems are the rows of the table in each of these; none where there are no rows.
func rowItems(shown screen.Shown, now time.Time) (items []copyItem) {
	if len(shown.IDs) == 0 {
		return nil
	}
	for _, verb := range rowVerbs {
		format, _ := sheet.ByName(strings.TrimPrefix(string(verb.ID), "copy-"))
		items = append(items, copyItem{verb: verb.About(shown.Words()), text: func(certstore.Details, wizard.Env) string {
			text, _ := format.Write(sheet.Rows{Entries: shown.List(), Now: now}) // into memory
			return string(text)
		}})
	}
	return items
}

// NewCopy is the menu of what can be copied of an entry, and of the rows of the table that it stands in, if any.
func NewCopy(d *screen.Desk, e certstore.Entry, rows screen.Shown) screen.Screen {
	s := &copyScreen{d: d, entry: e}
	lacks := map[kit.VerbID]bool{"copy-pem": e.Kind != certstore.Certificate, "copy-request": e.Request == "",
		"copy-names": len(e.Names) == 0, "copy-subject": e.Subject == "",
		"copy-exchange": e.Kind != certstore.Certificate}
	for _, item := range copyItems {
		if !lacks[item.verb.ID] {
			s.items = append(s.items, item)
		}
	}
	s.items = append(s.items, rowItems(rows, d.Now())...)
	return s
}

func (s *copyScreen) Init() tea.Cmd { return nil }

func (s *copyScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	switch msg := msg.(type) {
	case sentMsg:
		s.sent = &msg
	case tea.KeyMsg:
		return s, s.key(msg)
	}
	return s, nil
}

func (s *copyScreen) key(msg tea.KeyMsg) tea.Cmd {
	cmd, done := kit.Do(s.Verbs(), msg)
	switch {
	case done, s.sent != nil:
	case kit.Pressed(msg, screen.Keys.Up):
		s.at = max(0, s.at-1)
	case kit.Pressed(msg, screen.Keys.Down):
		s.at = min(len(s.items)-1, s.at+1)
	}
	return cmd
}

// copy sends one thing to the terminal.
func (s *copyScreen) copy(item copyItem) tea.Cmd {
	store, clip, e, env := s.d.Store, s.d.Clip, s.entry, s.d.Env
	return s.d.Run(func(ctx context.Context) tea.Msg {
		details := certstore.Details{Entry: e}
		if item.file == nil {
			text := item.text(details, env)
			return sentMsg{item: item, text: text, err: clip.Send(text)}
		}
		details, err := store.Show(ctx, e.ID)
		if err != nil {
			return sentMsg{item: item, err: err}
		}
		text, file := item.text(details, env), item.file(details)
		if text == "" {
			return sentMsg{item: item, err: fail.New(fail.NotFound, "H shows what is missing in the store",
				"it cannot be read from the store")}
		}
		return sentMsg{item: item, text: text, file: file, err: clip.Send(text)}
	})
}

// Box is the menu, or what was sent.
func (s *copyScreen) Box(w, h int) string {
	st, inner := s.d.Styles, min(w-8, 84)
	if s.sent != nil {
		return kit.Box(st, s.heading(), s.sentLines(inner, h-4), inner)
	}
	lines := []string{""}
	for i, item := range s.items {
		mark := "  "
		if i == s.at {
			mark = st.Accent.Render(st.Glyphs.Cursor) + " "
		}
		line := mark + st.Key.Render(item.verb.Shown) + " " + kit.Pad(item.verb.Word, 10) + "  " +
			st.Muted.Render(s.preview(item))
		lines = append(lines, kit.VerbZone(item.verb, kit.Cut(line, inner, st.Glyphs.Ellipsis)))
	}
	return kit.Box(st, "Copy of "+words.Title(s.entry), append(lines, ""), inner)
}

// preview is what a line of the menu would send, or what it is.
func (s *copyScreen) preview(item copyItem) string {
	if item.verb.More != "" {
		return item.verb.More
	}
	first, _, several := strings.Cut(item.text(certstore.Details{Entry: s.entry}, s.d.Env), "\n")
	if several {
		return fmt.Sprintf("%s, and %d more", kit.Printable(first), len(s.entry.Names)-1)
	}
	return kit.Printable(first)
}

func (s *copyScreen) heading() string {
	word := s.sent.item.verb.Word
	were := " was"
	if strings.HasSuffix(word, "names") {
		were = " were"
	}
	if s.sent.err != nil {
		return "The " + word + were + " not sent"
	}
	return "The " + word + were + " sent to the terminal"
}

// sentLines say what to do now, show what is short and name the file of what is not.
func (s *copyScreen) sentLines(w, h int) []string {
	st := s.d.Styles
	var lines []string
	if s.sent.err != nil {
		problem, hint := words.Failure(s.sent.err)
		if hint == "" {
			hint = s.otherWay()
		}
		lines = append(kit.Wrap(words.Stop(problem), w), kit.Wrap(words.SentenceCase(hint), w)...)
	} else {
		lines = kit.Wrap("Paste it where you need it. If nothing is pasted, your terminal ignores this: "+s.otherWay(), w)
	}
	if s.sent.file != "" {
		lines = append(append(lines, ""), kit.Wrap(kit.Printable(s.sent.file), w)...)
	} else if s.sent.text != "" {
		lines = append(append(lines, ""), shownText(s.sent.text, w, max(1, h-len(lines)-5))...)
	}
	if s.d.Clip.Tmux && s.sent.err == nil {
		lines = append(append(lines, ""), kit.Wrap("In tmux it comes through with: set -g set-clipboard on", w)...)
	}
	return append(lines, "", kit.PadLeft(kit.VerbZone(screen.Keys.Close, st.Accent.Render(st.Glyphs.Cursor)+
		st.Selected.Render("[ Close ]")), w))
}

func (s *copyScreen) otherWay() string {
	switch {
	case s.sent.file != "":
		return "take it from this file."
	case s.sent.item.verb.Is(rowVerbs...):
		return "w in the table writes it to a file."
	}
	return "select it here."
}

// shownText is a text of several lines in at most h lines.
func shownText(text string, w, h int) []string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		lines = append(lines, kit.Wrap(kit.Printable(line), w)...)
	}
	if len(lines) > h {
		rest := len(lines) - h + 1
		lines = append(lines[:h-1], fmt.Sprintf("and %d more lines", rest))
	}
	return lines
}

func (s *copyScreen) View(w, h int) string { return kit.Overlay("", s.Box(w, h), w, h) }

// Verbs are those of the menu, then the one that closes.
func (s *copyScreen) Verbs() []kit.Verb {
	if s.sent != nil {
		return []kit.Verb{screen.Keys.Close}
	}
	copied := func(item copyItem) func() tea.Cmd { return func() tea.Cmd { return s.copy(item) } }
	list := []kit.Verb{screen.Keys.Choose.Does(copied(s.items[s.at])), screen.Keys.Leave}
	for _, item := range s.items {
		list = append(list, item.verb.Does(copied(item)))
	}
	return append(list, screen.Keys.Pick)
}

func (s *copyScreen) Typing() bool  { return false }
func (s *copyScreen) Title() string { return "" }

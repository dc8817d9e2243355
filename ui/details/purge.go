package details

import (
	"context"
	"fmt"
	"strings"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// purgeDigits is how many digits, the last of the thumbprint, a person types to destroy something.
const purgeDigits = 6

// purgeScreen is the dialog that purges one entry. It first learns from the store what would go, then names it, starts
// on Cancel, and destroys nothing before the digits are typed.
type purgeScreen struct {
	screen.Dialog
	entry certstore.Entry
	purge func(files int) tea.Cmd // as the screen that asked: the dialog has gone by then
}

var (
	_ screen.Floating   = (*purgeScreen)(nil)
	_ screen.Questioner = (*purgeScreen)(nil)
)

// DoomMsg is what would go.
type DoomMsg struct {
	Doom certstore.Doom
	err  error
}

// AskPurge asks before an entry is destroyed; purge is what the asking screen does on a yes.
func AskPurge(d *screen.Desk, e certstore.Entry, purge func(files int) tea.Cmd) screen.Screen {
	q := kit.Dialog{Title: "Purge " + words.Title(e) + "?", Lines: []string{"Looking at what would be destroyed ..."},
		Buttons: []string{"Cancel"}, Danger: true}
	return &purgeScreen{Dialog: screen.Dialog{D: d, Question: q, Effects: []func() tea.Cmd{nil}}, entry: e, purge: purge}
}

func (s *purgeScreen) Init() tea.Cmd {
	store, id := s.D.Store, s.entry.ID
	if store == nil {
		return s.Dialog.Init()
	}
	look := s.D.Run(func(ctx context.Context) tea.Msg {
		doom, err := store.WouldPurge(ctx, []int64{id})
		return DoomMsg{doom, err}
	})
	return tea.Batch(s.Dialog.Init(), look)
}

func (s *purgeScreen) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	if msg, ok := msg.(DoomMsg); ok {
		return s, s.named(msg)
	}
	_, cmd := s.Dialog.Update(msg)
	return s, cmd
}

// named puts the question, or says why there is none. What was typed before it could be read does not answer it.
func (s *purgeScreen) named(msg DoomMsg) tea.Cmd {
	if msg.err != nil {
		problem, hint := words.Failure(msg.err)
		s.Question = kit.Dialog{Title: words.Title(s.entry) + " cannot be purged",
			Lines: []string{words.Stop(problem), strings.TrimSpace(hint)}, Buttons: []string{"Close"}}
		return s.Dialog.Init()
	}
	word := s.entry.Thumbprint[max(0, len(s.entry.Thumbprint)-purgeDigits):]
	s.Question = kit.Dialog{Title: "Purge " + words.Title(s.entry) + " for good?", Lines: doomLines(s.entry, msg.Doom),
		Buttons: []string{"Cancel", "Destroy"}, Word: word, Danger: true}
	files := len(msg.Doom.Files)
	s.Effects = []func() tea.Cmd{nil, func() tea.Cmd { return s.purge(files) }}
	return s.Dialog.Init()
}

// doomLines name what is destroyed, and what stays.
func doomLines(e certstore.Entry, doom certstore.Doom) []string {
	lines := []string{fmt.Sprintf("%s, %s.", words.SubjectOrName(e), words.NamesCount(e))}
	switch n := len(doom.Files); {
	case n == 0:
		lines = append(lines, "No file is destroyed: other entries need them all. The entry itself is forgotten.")
	case doom.Key:
		lines = append(lines, fmt.Sprintf("This destroys %s, its private key among them. Nothing brings them back but a "+
			"backup.", words.Count(n, "file")))
	default:
		lines = append(lines, fmt.Sprintf("This destroys %s. Nothing brings them back but a backup.", words.Count(n, "file")))
	}
	switch {
	case len(doom.Heirs) > 0:
		lines = append(lines, "Its private key stays: "+heirs(doom.Heirs)+" has the same one.")
	case !doom.Key:
		lines = append(lines, "No private key is among them.")
	case e.Kind == certstore.PendingReq:
		lines = append(lines, "The CA's answer to this request can never be used then.")
	}
	if len(doom.Copies) > 0 {
		lines = append(lines, "What services were given goes too: "+strings.Join(doom.Copies, ", ")+".")
	}
	return append(lines, "Thumbprint "+kit.Printable(e.Thumbprint))
}

func heirs(list []certstore.Entry) string {
	name := words.Title(list[0])
	if !list[0].Removed.IsZero() {
		name += " (removed too)"
	}
	if n := len(list) - 1; n > 0 {
		name = fmt.Sprintf("%s, like %d more,", name, n)
	}
	return name
}

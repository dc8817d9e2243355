package enabling

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
	"certdesk/ui/words"
)

// AskAdopt says what will be read; adopt takes it in on a yes.
func AskAdopt(d *screen.Desk, e certstore.Entry, adopt func([]enabling.Stranger) tea.Cmd) screen.Screen {
	found := words.Strangers(d.Survey, e)
	lines := []string{words.SubjectOrName(e) + ", " + words.NamesCount(e) + ".",
		"Issued by " + words.Issuer(e) + ", valid until " + words.Day(e.NotAfter, d.Now()) + " (" +
			words.LifeWords(e, d.Now()) + ")."}
	for i, x := range found {
		if i == 0 || keyFileOf(x) != keyFileOf(found[i-1]) {
			lines = append(lines, servedFrom(found[i:])+", with the key in "+kit.Printable(keyFileOf(x))+".")
		}
	}
	lines = append(lines, "Certificate, chain and key are copied into the store. The service itself is not changed.")
	q := kit.Dialog{Title: "Take " + words.Title(e) + " into the store?", Lines: lines,
		Buttons: []string{"Take it in", "Cancel"}}
	return screen.Ask(q, func() tea.Cmd { return adopt(found) }, nil)(d)
}

// servedFrom names the services that serve it with the key file of the first.
func servedFrom(list []enabling.Stranger) string {
	text, n := "", 0
	for _, x := range list {
		if keyFileOf(x) == keyFileOf(list[0]) {
			if n++; n > 1 {
				text += ", "
			}
			text += certstore.ServiceTitle(x.Service)
		}
	}
	if n == 1 {
		return text + " serves it"
	}
	return text + " serve it"
}

func keyFileOf(x enabling.Stranger) string {
	if x.Files.Key == "" {
		return "no file that is known"
	}
	return x.Files.Key
}

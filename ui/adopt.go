package ui

import (
	"context"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// adoptedMsg says what came of taking in what services serve.
type adoptedMsg struct {
	entry certstore.Entry
	err   error
}

// askAdopt says what will be read, and takes it in on a yes.
func askAdopt(d *desk, e certstore.Entry) screen {
	found := d.strangers(e)
	lines := []string{subjectOrName(e) + ", " + namesCount(e) + ".",
		"Issued by " + Issuer(e) + ", valid until " + day(e.NotAfter, d.Now()) + " (" + lifeWords(e, d.Now()) + ")."}
	for i, x := range found {
		if i == 0 || keyFileOf(x) != keyFileOf(found[i-1]) {
			lines = append(lines, servedFrom(found[i:])+", with the key in "+kit.Printable(keyFileOf(x))+".")
		}
	}
	lines = append(lines, "Certificate, chain and key are copied into the store. Nothing of the service is changed.")
	q := kit.Dialog{Title: "Take " + title(e) + " into the store?", Lines: lines, Buttons: []string{"Take it in", "Cancel"}}
	return ask(d, q, func() tea.Cmd { return d.adopt(found) }, nil)
}

// servedFrom names the services that serve it with the key file of the first.
func servedFrom(list []certstore.Stranger) string {
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

func keyFileOf(x certstore.Stranger) string {
	if x.Files.Key == "" {
		return "no file that is known"
	}
	return x.Files.Key
}

// adopt runs as the screen that asked: the table, or the ports.
func (d *desk) adopt(found []certstore.Stranger) tea.Cmd {
	store := d.Store
	return d.run(func(ctx context.Context) tea.Msg {
		var msg adoptedMsg
		for _, x := range found {
			if msg.entry, msg.err = store.Adopt(ctx, x); msg.err != nil {
				break
			}
		}
		return msg
	})
}

// adopted goes to the new row, or says why there is none.
func adopted(d *desk, msg adoptedMsg) tea.Cmd {
	if msg.err != nil {
		return d.push(sayFailed(d, "It was not taken in", msg.err))
	}
	said := title(msg.entry) + " is in the store now, with its key; it is in use for " + msg.entry.Services.String() + "."
	return tea.Batch(askPorts, func() tea.Msg { return selectMsg{id: msg.entry.ID, said: said} })
}

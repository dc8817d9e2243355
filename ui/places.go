package ui

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
)

// place is where a verb leads: one of the types below. The app alone makes screens of them, so that no screen knows how
// another is made.
type place any

type (
	toDetails   struct{ entry certstore.Entry }
	toCopy      struct{ entry certstore.Entry }
	toRemove    struct{ entry certstore.Entry }
	toRemoveAll struct{ list []certstore.Entry }
	toPurge     struct {
		entry certstore.Entry
		purge func(files int) tea.Cmd // once it is confirmed, as the screen that asked
	}

	toNew       struct{} // a form for a new certificate
	toRenewal   struct{ entry certstore.Entry }
	toRenewAll  struct{ list []certstore.Entry }
	toImport    struct{}
	toExport    struct{ entry certstore.Entry }
	toExportAll struct{ list []certstore.Entry }

	toEnable struct{ entry certstore.Entry }
	toSettle struct{ change certstore.Unfinished } // what died half-way
	toAdopt  struct{ entry certstore.Entry }
	toPorts  struct{}

	toHistory struct{}
	toRemoved struct{ id int64 } // the cursor is on that entry; 0: on the latest
	toDoctor  struct{}
)

// open opens a place above this screen, as push does.
func (d *desk) open(p place) tea.Cmd { return d.push(d.screenOf(p)) }

// replace puts a place where this screen is.
func (d *desk) replace(p place) (screen, tea.Cmd) { return become(d.screenOf(p)) }

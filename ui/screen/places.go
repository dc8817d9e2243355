package screen

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
)

// Place is where a verb leads: one of the types below. The app alone makes screens of them, so that no screen knows how
// another is made.
type Place any

// The places.
type (
	ToDetails   struct{ Entry certstore.Entry }
	ToCopy      struct{ Entry certstore.Entry }
	ToRevoke    struct{ Entry certstore.Entry } // by the CA that it was ordered from
	ToRename    struct{ Entry certstore.Entry }
	ToRemove    struct{ Entry certstore.Entry }
	ToRemoveAll struct{ List []certstore.Entry }
	ToPurge     struct {
		Entry certstore.Entry
		Purge func(files int) tea.Cmd // once it is confirmed, as the screen that asked
	}

	ToCompare     struct{ Old, New certstore.Entry }
	ToCompareWith struct{ Entry certstore.Entry } // one is chosen first

	ToNew       struct{}                        // a form for a new certificate
	ToOrder     struct{ Entry certstore.Entry } // of a request that a CA is to answer: shown, and gone on with
	ToRenewal   struct{ Entry certstore.Entry }
	ToRenewAll  struct{ List []certstore.Entry }
	ToImport    struct{}
	ToExport    struct{ Entry certstore.Entry }
	ToExportAll struct{ List []certstore.Entry }
	ToRows      struct{ Rows Shown } // what the table shows, to a file for another program

	ToEnable struct{ Entry certstore.Entry }
	ToSettle struct{ Change certstore.Unfinished } // what died half-way
	ToAdopt  struct {
		Entry certstore.Entry
		Adopt func(found []enabling.Stranger) tea.Cmd // once it is confirmed, as the screen that asked
	}
	ToPorts   struct{}
	ToAskPort struct{ Entry certstore.Entry } // its ports are offered; the id 0: those of all services

	ToWhy struct{ Entry certstore.Entry } // a caller's question; an empty one is about it, if its id is not 0

	ToHistory struct{}
	ToRemoved struct{ ID int64 } // the cursor is on that entry; 0: on the latest
	ToDoctor  struct{}

	ToSettings struct{}
)

// Open opens a place above this screen, as Push does.
func (d *Desk) Open(p Place) tea.Cmd { return d.Push(At(p)) }

// At makes the screen of a place.
func At(p Place) Make { return func(d *Desk) Screen { return d.ScreenOf(d, p) } }

// Replace puts a place where this screen is.
func (d *Desk) Replace(p Place) (Screen, tea.Cmd) { return Become(At(p)(d)) }

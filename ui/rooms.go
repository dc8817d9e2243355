package ui

import (
	"fmt"

	"certdesk/ui/asking"
	"certdesk/ui/details"
	"certdesk/ui/enabling"
	"certdesk/ui/exporting"
	"certdesk/ui/importing"
	"certdesk/ui/records"
	"certdesk/ui/request"
	"certdesk/ui/screen"
	"certdesk/ui/settings"
)

// screenOf makes the screen of a place.
func (a *App) screenOf(d *screen.Desk, p screen.Place) screen.Screen {
	switch p := p.(type) {
	case screen.ToDetails:
		return details.New(d, p.Entry)
	case screen.ToCopy:
		return details.NewCopy(d, p.Entry, a.shown())
	case screen.ToRename:
		return details.AskRename(d, p.Entry)
	case screen.ToRevoke:
		return details.NewRevoke(d, p.Entry)
	case screen.ToCompare:
		return details.NewCompare(d, p.Old, p.New)
	case screen.ToCompareWith:
		return details.NewCompareWith(d, p.Entry)
	case screen.ToRemove:
		return details.AskRemove(d, p.Entry)
	case screen.ToRemoveAll:
		return details.AskRemoveAll(d, p.List)
	case screen.ToPurge:
		return details.AskPurge(d, p.Entry, p.Purge)
	case screen.ToHistory:
		return records.NewHistory(d)
	case screen.ToRemoved:
		return records.NewRemoved(d, p.ID)
	case screen.ToDoctor:
		return records.NewDoctor(d)
	case screen.ToSettings:
		return settings.New(d)
	}
	return a.workOf(d, p)
}

// shown are the rows that the table shows, where it is the table that a place is opened from.
func (a *App) shown() screen.Shown {
	if a.Depth() > 1 {
		return screen.Shown{}
	}
	return a.rows.Shown()
}

// workOf makes the screen of a place where something is made, brought in or out, or put to use.
func (a *App) workOf(d *screen.Desk, p screen.Place) screen.Screen {
	switch p := p.(type) {
	case screen.ToNew:
		return request.Open(d, a.forms)
	case screen.ToOrder:
		return request.NewOrder(d, a.forms, p.Entry)
	case screen.ToRenewal:
		return request.NewRenewal(d, a.forms, p.Entry)
	case screen.ToRenewAll:
		return request.NewRenewAll(d, p.List)
	case screen.ToImport:
		return importing.Open(d, a.imports)
	case screen.ToExport:
		return exporting.New(d, p.Entry)
	case screen.ToExportAll:
		return exporting.NewAll(d, p.List)
	case screen.ToRows:
		return exporting.NewRows(d, p.Rows)
	case screen.ToEnable:
		return enabling.New(d, p.Entry)
	case screen.ToSettle:
		return enabling.AskSettle(d, p.Change)
	case screen.ToAdopt:
		return enabling.AskAdopt(d, p.Entry, p.Adopt)
	case screen.ToAskPort:
		return asking.New(d, p.Entry)
	case screen.ToWhy:
		return asking.NewWhy(d, p.Entry)
	case screen.ToPorts:
		return enabling.NewPorts(d)
	}
	panic(fmt.Sprintf("no screen is made of %T", p))
}

package ui

import "fmt"

// screenOf makes the screen of a place.
func (a *app) screenOf(p place) screen {
	d := a.d
	switch p := p.(type) {
	case toDetails:
		return newDetails(d, p.entry)
	case toCopy:
		return newCopy(d, p.entry)
	case toRemove:
		return askRemove(d, p.entry)
	case toRemoveAll:
		return askRemoveAll(d, p.list)
	case toPurge:
		return askPurge(d, p.entry, p.purge)
	case toHistory:
		return newHistory(d)
	case toRemoved:
		return newRemoved(d, p.id)
	case toDoctor:
		return newDoctor(d)
	}
	return a.workOf(p)
}

// workOf makes the screen of a place where something is made, brought in or out, or put to use.
func (a *app) workOf(p place) screen {
	d := a.d
	switch p := p.(type) {
	case toNew:
		return openForm(d, a.forms)
	case toRenewal:
		return newRenewal(d, a.forms, p.entry)
	case toRenewAll:
		return newRenewAll(d, p.list)
	case toImport:
		return openImport(d, a.imports)
	case toExport:
		return newExport(d, p.entry)
	case toExportAll:
		return newExportAll(d, p.list)
	case toEnable:
		return newEnable(d, p.entry)
	case toSettle:
		return askSettle(d, p.change)
	case toAdopt:
		return askAdopt(d, p.entry)
	case toPorts:
		return newPorts(d)
	}
	panic(fmt.Sprintf("no screen is made of %T", p))
}

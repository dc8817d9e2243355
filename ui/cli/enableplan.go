package cli

import (
	"fmt"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/cli/plain"
	"certdesk/ui/words"
)

// outline is the plan's short form, told before it is carried out.
func (a *app) outline(p enabling.Plan) {
	a.note("enabling %s for %s", a.life(p.Entry), strings.Join(planTitles(p), ", "))
	for _, w := range p.Warnings {
		a.note("  warning: %s", w)
	}
	for _, sp := range p.Services {
		a.note("%s: %s", certstore.ServiceTitle(sp.Service), words.Planned(sp, mostPaths))
		for _, w := range slices.Concat(sp.Drops, sp.Warnings) {
			a.note("  warning: %s", w)
		}
		for _, l := range few(plain.LeftLines(sp.Slots(a.io.Now()))) {
			a.note("  not changed: %s", l)
		}
	}
}

// few are the first of some lines, and how many there are more.
func few(lines []string) []string {
	const most = 5
	if len(lines) <= most+1 {
		return lines
	}
	return append(lines[:most:most], fmt.Sprintf("%d more, which --print shows", len(lines)-most))
}

func planTitles(p enabling.Plan) (titles []string) {
	for _, sp := range p.Services {
		titles = append(titles, certstore.ServiceTitle(sp.Service))
	}
	return titles
}

// mostPaths is how many paths of a change are named in one line.
const mostPaths = 2

// life is a certificate with its end.
func (a *app) life(e certstore.Entry) string { return words.Life(e, a.io.Now()) }

package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// The ports are asked behind everybody's back: at the start, a minute after the last time ended, and when somebody
// wants to know. No list and no key waits for them.

// surveyEvery is how long after one survey the next begins.
const surveyEvery = time.Minute

type (
	// surveyedMsg is what the ports serve, and the changes that died half-way; it comes to the app.
	surveyedMsg struct {
		survey     *enabling.Survey // nil where there is no port to ask
		unfinished []certstore.Unfinished
		err        error
	}
	SurveyDueMsg struct{} // it is time for the next one
)

// survey asks all services and ports there are.
func (a *App) survey() tea.Cmd { return a.surveyBy((*certstore.Store).Survey) }

// surveyAgain asks all ports, and those services whose configuration has changed.
func (a *App) surveyAgain() tea.Cmd {
	a.live.due = false
	return a.surveyBy((*certstore.Store).SurveyAgain)
}

// surveyBy asks, unless that is under way, and looks whether a change died half-way.
func (a *App) surveyBy(ask func(*certstore.Store, context.Context) (enabling.Survey, error)) tea.Cmd {
	if a.d.Store == nil || a.d.Surveying {
		return nil
	}
	a.d.Surveying = true
	store, ports := a.d.Store, a.d.AsksPorts()
	return a.d.Behind(func(ctx context.Context) tea.Msg {
		msg := surveyedMsg{}
		if ports {
			v, err := ask(store, ctx)
			msg.survey, msg.err = &v, err
		}
		msg.unfinished, _ = store.Unfinished(ctx)
		return msg
	})
}

// surveyed keeps what is known now, and lists anew where that says something else than before: what a port serves
// changes what is said of a row.
func (a *App) surveyed(msg surveyedMsg) tea.Cmd {
	a.d.Surveying = false
	before := saidOf(a.d.Survey, a.d.Dead)
	if msg.err == nil {
		a.d.Survey, a.d.Dead = msg.survey, msg.unfinished
	}
	next := a.nextSurvey()
	if msg.survey == nil && len(msg.unfinished) == 0 {
		return next
	}
	if saidOf(a.d.Survey, a.d.Dead) != before {
		next = tea.Batch(a.Relist(), next)
	}
	return tea.Batch(a.toAll(screen.PortsMsg{}), next)
}

// nextSurvey sees to the next survey, of which one is due at a time.
func (a *App) nextSurvey() tea.Cmd {
	if a.live.due {
		return nil
	}
	a.live.due = true
	return a.d.After(surveyEvery, SurveyDueMsg{})
}

// saidOf is all that a list takes from a survey, and from the changes that died half-way.
func saidOf(v *enabling.Survey, dead []certstore.Unfinished) string {
	var b strings.Builder
	for _, u := range dead {
		fmt.Fprintln(&b, u.Service)
	}
	if v == nil {
		return b.String()
	}
	for _, p := range v.Ports {
		fmt.Fprintln(&b, p.Listen, p.Name, p.Bound, p.Expected, p.Report.SHA256, p.Good(), p.Trouble(v.At))
	}
	for _, x := range v.Strangers {
		fmt.Fprintln(&b, x.Service, x.Entry.SHA256)
	}
	return b.String()
}

// portsCount is "ports 7/8" for the header, "" while nothing is known or there is none.
func (a *App) portsCount() string {
	v := a.d.Survey
	if v == nil || len(v.Ports) == 0 {
		return ""
	}
	style, good := &a.d.Styles.Good, v.Right()
	if good < len(v.Ports) {
		style = &a.d.Styles.Bad
	}
	return style.Render("ports " + strconv.Itoa(good) + "/" + strconv.Itoa(len(v.Ports)))
}

// deadBanner tells of a change whose process died.
func deadBanner(d *screen.Desk) string {
	if len(d.Dead) == 0 {
		return ""
	}
	text := "a change of " + kit.Printable(certstore.ServiceTitle(d.Dead[0].Service)) + " died half-way: "
	if d.ReadOnly {
		return text + "somebody who may write this store can settle it"
	}
	return text + "e finishes it or puts it back"
}

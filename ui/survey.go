package ui

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/ui/kit"
)

// The ports are asked behind everybody's back: at the start, a minute after the last time ended, and when somebody
// wants to know. No list and no key waits for them.

// surveyEvery is how long after one survey the next begins.
const surveyEvery = time.Minute

type (
	// surveyedMsg is what the ports serve, and the changes that died half-way; it comes to the app.
	surveyedMsg struct {
		survey     *certstore.Survey // nil where there is no port to ask
		unfinished []certstore.Unfinished
		err        error
	}
	surveyDueMsg struct{} // it is time for the next one
	askPortsMsg  struct{} // somebody wants to know now
	portsMsg     struct{} // tells every screen that desk.survey is new
)

func askPorts() tea.Msg { return askPortsMsg{} }

// asksPorts says whether there may be ports to ask.
func (d *desk) asksPorts() bool { return d.Store != nil && d.Store.HasServices() }

// survey asks all services and ports there are.
func (a *app) survey() tea.Cmd { return a.surveyBy((*certstore.Store).Survey) }

// surveyAgain asks all ports, and those services whose configuration has changed.
func (a *app) surveyAgain() tea.Cmd { return a.surveyBy((*certstore.Store).SurveyAgain) }

// surveyBy asks, unless that is under way, and looks whether a change died half-way.
func (a *app) surveyBy(ask func(*certstore.Store, context.Context) (certstore.Survey, error)) tea.Cmd {
	if a.d.Store == nil || a.d.surveying {
		return nil
	}
	a.d.surveying = true
	store, ports := a.d.Store, a.d.asksPorts()
	a.d.owner = appOwner
	return a.d.behind(func(ctx context.Context) tea.Msg {
		msg := surveyedMsg{}
		if ports {
			v, err := ask(store, ctx)
			msg.survey, msg.err = &v, err
		}
		msg.unfinished, _ = store.Unfinished(ctx)
		return msg
	})
}

// surveyed keeps what is known now, and lists anew where that says something else than before: what a port serves changes
// what is said of a row.
func (a *app) surveyed(msg surveyedMsg) tea.Cmd {
	a.d.surveying = false
	before := saidOf(a.d.survey, a.d.dead)
	if msg.err == nil {
		a.d.survey, a.d.dead = msg.survey, msg.unfinished
	}
	next := a.again(surveyEvery, surveyDueMsg{})
	if msg.survey == nil && len(msg.unfinished) == 0 {
		return next
	}
	if saidOf(a.d.survey, a.d.dead) != before {
		next = tea.Batch(a.relist(), next)
	}
	return tea.Batch(a.toAll(portsMsg{}), next)
}

// saidOf is all that a list takes from a survey, and from the changes that died half-way.
func saidOf(v *certstore.Survey, dead []certstore.Unfinished) string {
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
func (a *app) portsCount() string {
	v := a.d.survey
	if v == nil || len(v.Ports) == 0 {
		return ""
	}
	style, good := &a.d.styles.Good, v.Right()
	if good < len(v.Ports) {
		style = &a.d.styles.Bad
	}
	return style.Render("ports " + strconv.Itoa(good) + "/" + strconv.Itoa(len(v.Ports)))
}

// deadBanner tells of a change whose process died.
func (d *desk) deadBanner() string {
	if len(d.dead) == 0 {
		return ""
	}
	text := "a change of " + kit.Printable(certstore.ServiceTitle(d.dead[0].Service)) + " died half-way: "
	if d.readOnly {
		return text + "somebody who may write this store can settle it"
	}
	return text + "e finishes it or puts it back"
}

package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// known are the live entries, as a port's answer finds them.
func (s *session) known(ctx context.Context) (plain.Known, error) {
	entries, err := s.store.List(ctx, false)
	return plain.Knows(entries, s.now()), err
}

// glance is how long a list waits for ports: nobody is kept from it by one that is silent.
const glance = time.Second

// judged are entries as the ports let them look, where one of them is bound to a service: "old one served". Where not
// all of them answered within a glance that is told, and those that did not say nothing of an entry.
func (s *session) judged(ctx context.Context, entries []certstore.Entry) (seen []certstore.Entry, late bool) {
	if !s.store.HasServices() || !slices.ContainsFunc(entries, func(e certstore.Entry) bool { return e.Services != 0 }) {
		return entries, false
	}
	v, silent := s.surveyed(ctx, glance)
	seen = slices.Clone(entries)
	for i := range seen {
		v.Judge(&seen[i])
	}
	return seen, len(silent) > 0
}

// surveyed is what the ports serve that answer within a time, and which did not.
func (s *session) surveyed(ctx context.Context, patience time.Duration) (v enabling.Survey, silent []string) {
	ctx, stop := context.WithTimeout(ctx, patience)
	defer stop()
	v, err := s.store.Survey(ctx)
	if err != nil {
		v, silent = v.Answered()
	}
	return v, silent
}

// beside are entries as the ports let them look, and what these serve that is no entry, as the desk lists them.
func (s *session) beside(ctx context.Context, entries []certstore.Entry) (seen []certstore.Entry, late bool) {
	if !s.store.HasServices() {
		return entries, false
	}
	v, silent := s.surveyed(ctx, glance)
	return words.SeenBy(&v, slices.Clone(entries)), len(silent) > 0
}

// testServices asks every port of every service, or those of some entries, and tells what each serves.
func (a *app) testServices(ctx context.Context, s *session, thumbprints []string) error {
	entries, err := s.find(ctx, thumbprints, false)
	switch {
	case fail.Is(err, fail.Usage):
		return fail.New(fail.Usage, "to ask a port give HOST:PORT, as in `certdesk test mail.example.org:25`", "%w", err)
	case err != nil:
		return err
	}
	if console.IsTerminal(a.io.Err) {
		a.note("asking the ports of all services ...")
	}
	if err := s.askCA(ctx, false, ids(entries)...); err != nil {
		return err
	}
	v, err := s.store.Survey(ctx)
	if err != nil {
		return err
	}
	ports := v.Ports
	if len(entries) > 0 {
		ports = portsOf(v, entries)
	}
	if a.flags.json {
		err = a.printJSON(append(wire.ServicePortsOf(ports, a.io.Now()), unasked(v, entries)...))
	} else {
		err = a.tellSurvey(ctx, s, v, ports, len(entries) == 0)
	}
	return orElse(err, surveyError(v, ports, entries))
}

// portsOf are the ports of some entries, once each, in the order of the survey.
func portsOf(v enabling.Survey, entries []certstore.Entry) (ports []enabling.Port) {
	for _, p := range v.Ports {
		if slices.ContainsFunc(entries, func(e certstore.Entry) bool {
			return len((enabling.Survey{Ports: []enabling.Port{p}}).Of(e)) > 0
		}) {
			ports = append(ports, p)
		}
	}
	return ports
}

func (a *app) tellSurvey(ctx context.Context, s *session, v enabling.Survey, ports []enabling.Port, all bool) error {
	known, err := s.known(ctx)
	if err != nil {
		return err
	}
	if len(ports) > 0 {
		a.print("%s", plain.ServicePorts(ports, known, a.width(), known.PortLines))
	}
	if !all {
		return nil
	}
	a.print("%s", plain.Section("Not in the store", plain.Strangers(v.Strangers, s.now())))
	for _, t := range v.Notes {
		a.note("note: %s", t)
	}
	for _, t := range v.Troubles {
		a.note("warning: %s", t)
	}
	return nil
}

func countRight(ports []enabling.Port) (n int) {
	for _, p := range ports {
		if p.Right() {
			n++
		}
	}
	return n
}

// surveyError is the error for ports at which clients do not get what they should, or that could not be looked at: all,
// or those of some entries.
func surveyError(v enabling.Survey, ports []enabling.Port, entries []certstore.Entry) error {
	bad, trouble := len(ports)-countRight(ports), strings.Join(troublesOf(v, entries), "; ")
	switch {
	case bad > 0:
		text := "not what clients should be served"
		if (enabling.Survey{Ports: ports}).Lapse() {
			text = "a restart would end what is served"
		}
		if trouble != "" {
			text += "; " + trouble
		}
		return fail.New(fail.Failed, "", "%d of %s: %s", bad, words.Count(len(ports), "handshake"), text)
	case trouble != "":
		return fail.New(fail.Failed, "", "%s", trouble)
	case len(entries) > 0 && len(ports) == 0:
		return fail.New(fail.NotFound, "`certdesk enable` gives it to a service",
			"no service is bound to %s, and none serves it", words.Label(entries[0]))
	case len(ports) == 0 && len(v.Notes) == 0:
		return fail.New(fail.NotFound, "add a [[service]] for each daemon to the configuration; `certdesk test HOST:PORT` "+
			"asks any port",
			"no service is configured, and none with TLS was found on this host")
	}
	return nil
}

// troublesOf are the troubles of a survey, or those that concern some entries.
func troublesOf(v enabling.Survey, entries []certstore.Entry) (list []string) {
	if len(entries) == 0 {
		return v.Troubles
	}
	for _, e := range entries {
		for _, text := range v.TroublesOf(e) {
			if !slices.Contains(list, text) {
				list = append(list, text)
			}
		}
	}
	return list
}

// unasked is what scripts are told of what has no port to ask. Where entries are named, what concerns them.
func unasked(v enabling.Survey, entries []certstore.Entry) []wire.Port {
	if len(entries) > 0 {
		return wire.NotAsked(troublesOf(v, entries), nil)
	}
	return wire.NotAsked(v.Troubles, v.Notes)
}

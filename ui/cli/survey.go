package cli

import (
	"context"
	"slices"
	"strings"
	"time"

	"certdesk/certstore"
	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/probe"
	"certdesk/certstore/trust"
	"certdesk/ui/cli/console"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
)

// known finds live entries by what a port says of them.
type known struct {
	byID  map[int64]certstore.Entry
	bySum map[string]certstore.Entry
	now   time.Time
}

func (s *session) known(ctx context.Context) (known, error) {
	k := known{map[int64]certstore.Entry{}, map[string]certstore.Entry{}, s.now()}
	entries, err := s.store.List(ctx, false)
	for _, e := range entries {
		k.byID[e.ID], k.bySum[e.SHA256] = e, e
	}
	return k, err
}

// glance is how long a list waits for ports: nobody is kept from it by one that is silent.
const glance = time.Second

// judged are entries as the ports let them look, where one of them is bound to a service: "old one served". Where not
// all of them answered within a glance that is told, and those that did not say nothing of an entry.
func (s *session) judged(ctx context.Context, entries []certstore.Entry) (seen []certstore.Entry, late bool) {
	if !s.store.HasServices() || !slices.ContainsFunc(entries, func(e certstore.Entry) bool { return e.Services != 0 }) {
		return entries, false
	}
	ctx, stop := context.WithTimeout(ctx, glance)
	defer stop()
	v, err := s.store.Survey(ctx)
	if err != nil {
		v.Ports = slices.DeleteFunc(v.Ports, func(p enabling.Port) bool { return p.Report.Result == probe.NoAnswer })
	}
	seen = slices.Clone(entries)
	for i := range seen {
		v.Judge(&seen[i])
	}
	return seen, err != nil
}

// found adds to what is found of an entry that a port should serve it and does not.
func (s *session) found(ctx context.Context, e certstore.Entry) certstore.Entry {
	one, _ := s.judged(ctx, []certstore.Entry{e})
	if seen := one[0]; seen.Verdict.Status == enabling.NotServed {
		e.Verdict.Findings = append(slices.Clone(e.Verdict.Findings),
			trust.Finding{Code: "not-served", Severity: trust.Error, Text: seen.Verdict.Word + ": " + seen.Verdict.Reason})
	}
	return e
}

// testServices asks every port of every service, or those of some entries, and tells what each serves.
func (a *app) testServices(ctx context.Context, s *session, thumbprints []string) error {
	entries, err := s.find(ctx, thumbprints, false)
	if err != nil {
		return err
	}
	if console.IsTerminal(a.io.Err) {
		a.note("asking the ports of all services ...")
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
		if slices.ContainsFunc(entries, func(e certstore.Entry) bool { return len((enabling.Survey{Ports: []enabling.Port{p}}).Of(e)) > 0 }) {
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
		a.printAsked(ports, known, known.portLines)
	}
	if !all {
		return nil
	}
	a.section("Not in the store", a.strangerLines(v.Strangers))
	for _, t := range v.Notes {
		a.note("note: %s", t)
	}
	for _, t := range v.Troubles {
		a.note("warning: %s", t)
	}
	return nil
}

// strangerLines name each certificate that is served and that the store lacks, who serves it, and the command that
// takes it in.
func (a *app) strangerLines(list []enabling.Stranger) (lines []string) {
	told := map[string]bool{}
	for _, x := range list {
		if told[x.Entry.SHA256] {
			continue
		}
		told[x.Entry.SHA256] = true
		same := slices.DeleteFunc(slices.Clone(list), func(y enabling.Stranger) bool { return y.Entry.SHA256 != x.Entry.SHA256 })
		lines = append(lines, a.life(x.Entry))
		for _, y := range same {
			lines = append(lines, "    served by "+certstore.ServiceTitle(y.Service)+" at "+strings.Join(y.Listen(), ", "))
		}
		lines = append(lines, "    "+howToAdopt(same))
	}
	return lines
}

func howToAdopt(same []enabling.Stranger) string {
	i := slices.IndexFunc(same, func(x enabling.Stranger) bool { return x.Files.Key != "" })
	if i < 0 {
		return "certdesk cannot tell which file holds its key: import the certificate and its key from their files"
	}
	return "`certdesk import --served " + words.Short(same[i].Entry) + "` takes it in, with its key from " + same[i].Files.Key
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
		return fail.New(fail.NotFound, "`certdesk enable` gives it to a service", "no service is bound to %s, and none serves it", words.Label(entries[0]))
	case len(ports) == 0 && len(v.Notes) == 0:
		return fail.New(fail.NotFound, "add a [[service]] for each daemon to the configuration; `certdesk test HOST:PORT` asks any port",
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

// portLines is what is to be said below a port: what is wrong there, and what puts it right.
func (k known) portLines(p enabling.Port) []string {
	if p.Good() && p.DiskFault() == "" {
		return faultLines(p)
	}
	return append(k.remedy(p), faultLines(p)...)
}

// faultLines is what is wrong with what a port serves.
func faultLines(p enabling.Port) (lines []string) {
	r := p.Report
	if !r.Served() {
		return slices.Concat(lines, r.Faults(), r.Notes)
	}
	if p.Good() && p.Bound != 0 && p.OnDisk != "" && p.OnDisk != p.Expected {
		lines = append(lines, "somebody changed its configuration: after the next reload it serves what is in "+p.Files.Cert)
	}
	lines = append(lines, r.NameFault, r.DateFault)
	if r.Result == probe.Unknown {
		lines = append(lines, r.Text)
	}
	if r.Chain.Verdict == probe.Broken || r.Chain.Verdict == probe.Incomplete {
		lines = append(lines, r.Chain.Text)
	}
	return words.NotEmpty(slices.Concat(lines, []string{r.StapleFault, r.UsageFault, r.Chain.Expired}, r.Notes)...)
}

// remedy says in words why a port serves another certificate than it should, and what puts that right.
func (k known) remedy(p enabling.Port) []string {
	var expected *certstore.Entry
	if e, ok := k.bySum[p.Expected]; ok {
		expected = &e
	}
	advice := p.Advice(expected)
	why := advice.Why
	if p.Report.Result == probe.Old || p.Report.Result == probe.Another {
		why = strings.TrimSuffix("it "+p.Trouble(k.now)+": "+why, ": ") // the reason stands behind what is so
	}
	return words.NotEmpty(why, advice.Do)
}

// unasked is what scripts are told of what has no port to ask. Where entries are named, what concerns them.
func unasked(v enabling.Survey, entries []certstore.Entry) []wire.Port {
	if len(entries) > 0 {
		return wire.NotAsked(troublesOf(v, entries), nil)
	}
	return wire.NotAsked(v.Troubles, v.Notes)
}

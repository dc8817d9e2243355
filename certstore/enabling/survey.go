package enabling

import (
	"context"
	"slices"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/probe"
)

// Survey is what all services of this host serve at a moment.
type Survey struct {
	At        time.Time
	Ports     []Port
	Strangers []Stranger
	Troubles  []string // sentences: services that could not be looked at
	Notes     []string // sentences: services that do not run, or that this user may not look at; no fault of theirs

	about map[string][]int64 // by trouble, the entries that are bound where it is; none for all
}

// Right counts the ports at which clients are served well.
func (v Survey) Right() (n int) {
	for _, p := range v.Ports {
		if p.Right() {
			n++
		}
	}
	return n
}

// Of gives the ports that an entry is bound to, or that serve it.
func (v Survey) Of(e ledger.Entry) (list []Port) {
	for _, p := range v.Ports {
		if p.Bound == e.ID && e.ID != 0 || p.Report.SHA256 == e.SHA256 || p.Expected == e.SHA256 {
			list = append(list, p)
		}
	}
	return list
}

// TroublesOf gives the troubles that may keep clients from an entry: of services it is bound to, or of all.
func (v Survey) TroublesOf(e ledger.Entry) (list []string) {
	for _, text := range v.Troubles {
		if bound, partial := v.about[text]; !partial || slices.Contains(bound, e.ID) {
			list = append(list, text)
		}
	}
	return list
}

// Answered is a survey that was broken off without the ports that had no time to answer, and where these listen: one
// that was refused was told so at once.
func (v Survey) Answered() (answered Survey, silent []string) {
	answered = v
	answered.Ports = slices.DeleteFunc(slices.Clone(v.Ports), func(p Port) bool {
		late := p.Report.Result == probe.NoAnswer && p.Report.Refuser == ""
		if late {
			silent = once(silent, p.Listen)
		}
		return late
	})
	return answered, silent
}

// trouble adds a sentence about some entries, or about all.
func (v *Survey) trouble(text string, entries ...int64) {
	v.Troubles = once(v.Troubles, text)
	if len(entries) > 0 {
		v.about[text] = append(v.about[text], entries...)
	}
}

// Lapse says whether that is all that is wrong at ports that are not right.
func (v Survey) Lapse() bool {
	return !slices.ContainsFunc(v.Ports, func(p Port) bool { return !p.Right() && !p.Lapses() })
}

// Survey looks at every service of the configuration, or that is found here, and at what was bound to others, and asks
// each port what it serves. It changes nothing and takes about as long as the slowest port, a deadline at most.
func (ds *Daemons) Survey(ctx context.Context) (Survey, error) {
	ds.looks.Forget()
	return ds.SurveyAgain(ctx)
}

// SurveyAgain is Survey for somebody who asks every minute: a configuration is read again where something has changed,
// and after ten minutes. The ports are asked each time.
func (ds *Daemons) SurveyAgain(ctx context.Context) (Survey, error) {
	if err := ds.store.Read(ctx, func(View) {}); err != nil {
		return Survey{}, err
	}
	v := Survey{At: ds.host.Now(), about: map[string][]int64{}}
	looks, errs := ds.lookAtAll(ctx)
	for _, err := range errs {
		v.trouble(fail.Sentence(err), 0)
	}
	for _, l := range looks {
		ds.tellOf(&v, l)
	}
	if problem := ds.host.Roots.Problem(); problem != "" {
		v.trouble(problem)
	}
	var ports []Port
	for _, l := range looks {
		ports = append(ports, ds.expected(l)...)
	}
	v.Ports = ds.ask(ctx, append(ports, ds.elsewhere(looks)...))
	v.Strangers = ds.strangers(v.Ports)
	return v, ctx.Err()
}

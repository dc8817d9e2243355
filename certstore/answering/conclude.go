package answering

import (
	"cmp"
	"slices"
)

// conclude finds what it is: of all faults the one that the caller's client told of, where his client goes first.
func (a *Answer) conclude(w World) {
	type seen struct {
		fault Fault
		place *Place
		rank  int
	}
	var all []seen
	for i := range a.Places {
		p := &a.Places[i]
		for _, f := range p.Faults(w.Now) {
			all = append(all, seen{f, p, a.rank(f, *p)})
		}
	}
	slices.SortStableFunc(all, func(x, y seen) int { return cmp.Compare(x.rank, y.rank) })
	switch {
	case !a.Located() && (len(all) == 0 || !a.tells(all[0].fault)):
		a.Verdict = Unknown // words alone accuse what they fit, and clear nothing
	case len(all) > 0 && (all[0].fault.Grave && !all[0].place.Passed || all[0].fault.Symptom == NotMeant ||
		all[0].fault.Symptom == a.Symptom):
		a.Verdict, a.Cause, a.At = Certificate, &all[0].fault, all[0].place
	case a.best() != nil:
		a.Verdict, a.At = Fine, a.best()
	case len(a.Places) > 0:
		a.Verdict, a.At = Nobody, &a.Places[0]
	default:
		a.Verdict = Unknown
	}
}

// tells says whether the words of the question can be about a fault.
func (a *Answer) tells(f Fault) bool {
	return f.Symptom == a.Symptom || a.Symptom == Unnamed && f.Grave
}

// best is the place that speaks for what is served: where a client finds what it looks for, else the first that it
// comes to; nil where no certificate was seen.
func (a *Answer) best() (best *Place) {
	far := 0
	for i := range a.Places {
		p := &a.Places[i]
		rank := a.rank(Fault{Symptom: a.Symptom, Grave: true}, *p)
		if p.Outcome != Found && p.Way.Discovers() {
			rank += 40
		}
		if p.Served() && (best == nil || rank < far) {
			best, far = p, rank
		}
	}
	return best
}

// rank is how far a fault is from being the one that was asked about.
func (a *Answer) rank(f Fault, p Place) (far int) {
	if !f.Grave {
		far += 100
	}
	if p.Passed {
		far += 50
	}
	if a.Symptom != "" && a.Symptom != Unnamed && f.Symptom != a.Symptom {
		far += 20
	}
	if !goes(a.Client, p.Way) {
		far += 10
	}
	return far
}

// goes says whether a client comes to a place that way; one that is not known may come to any.
func goes(c Client, w Way) bool {
	if w == ByHost || w == ByService {
		return true
	}
	switch c {
	case Outlook, Phone:
		return w.Discovers() || w == ByWeb || w == ByAnywhere || w == ByReading || w == BySending
	case Thunderbird:
		return w == ByReading || w == BySending
	case Gmail:
		return w == ByReading || w == BySending || w == ByMX
	case Browser:
		return w == ByWeb
	case Server:
		return w == ByMX || w == ByPolicy
	}
	return true
}

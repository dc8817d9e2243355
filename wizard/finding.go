package wizard

import (
	"errors"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Finding is one remark on the answers. An error blocks Next; Text says what to type instead.
type Finding struct {
	Step     Step
	Field    string // the field of Answers it is about, such as "Typed"
	Severity trust.Severity
	Code     fail.Code // a stable word: of an error fail's, of a remark its own
	Text     string    // a sentence, and what to do: for one line below a field
	Hint     string    // what to do alone
	sentence string
}

// Err is an error finding as the error a command gives: the sentence, and the hint apart.
func (f Finding) Err() error {
	return &fail.Error{Code: f.Code, Text: f.sentence, Hint: f.Hint}
}

// Plain is a finding as JSON and the command line tell it.
func (f Finding) Plain() trust.Finding {
	return trust.Finding{Code: string(f.Code), Severity: f.Severity, Text: printable.Text(f.Text)}
}

// RenewedAlready is the remark on the renewal of what another took the place of: it is allowed.
func RenewedAlready(sentence string) Finding {
	r := &remarks{step: StepPurpose}
	r.warn("FriendlyName", "renewed-already", sentence, "enable that one, unless another is needed")
	return r.others[0]
}

// Findings are the remarks on one page, errors first. The review page repeats those of all pages.
func Findings(a Answers, env Env, s Step) []Finding {
	if s == StepReview || s == StepMaking {
		return All(a, env)
	}
	r := &remarks{step: s}
	switch s {
	case StepPurpose:
		r.purpose(a, env)
	case StepNames:
		r.names(a, env)
	case StepSubject:
		r.subject(a)
	case StepKey:
		r.key(a)
	case StepFile:
		r.file(a)
	}
	return append(r.errors, r.others...)
}

// All are the remarks on every page these answers lead through, in the order of the pages.
func All(a Answers, env Env) []Finding {
	var all []Finding
	for _, s := range Steps(a) {
		if s < StepReview {
			all = append(all, Findings(a, env, s)...)
		}
	}
	return all
}

// FirstError is the first finding that blocks, if any does.
func FirstError(list []Finding) (Finding, bool) {
	for _, f := range list {
		if f.Severity == trust.Error {
			return f, true
		}
	}
	return Finding{}, false
}

// remarks collects the findings of one page.
type remarks struct {
	step           Step
	errors, others []Finding
}

// refuse takes over an error of a room below; nil adds nothing.
func (r *remarks) refuse(field string, err error) {
	if err == nil {
		return
	}
	e := &fail.Error{Code: fail.Usage, Text: err.Error()}
	errors.As(err, &e)
	r.errors = append(r.errors, r.finding(field, e.Code, trust.Error, e.Text, e.Hint))
}

func (r *remarks) warn(field string, code fail.Code, sentence, hint string) {
	r.others = append(r.others, r.finding(field, code, trust.Warning, sentence, hint))
}

func (r *remarks) inform(field string, code fail.Code, sentence, hint string) {
	r.others = append(r.others, r.finding(field, code, trust.Info, sentence, hint))
}

func (r *remarks) finding(field string, code fail.Code, s trust.Severity, sentence, hint string) Finding {
	text := sentence
	if hint != "" {
		text += ": " + hint
	}
	return Finding{Step: r.step, Field: field, Severity: s, Code: code, Text: text, Hint: hint, sentence: sentence}
}

package wizard

import "slices"

// Step is a page of the form.
type Step int

// The pages, in order.
const (
	StepPurpose Step = iota
	StepNames
	StepSubject
	StepKey
	StepServices
	StepFile
	StepReview
	StepMaking
)

var titles = [...]string{"Purpose", "Names", "Subject", "Key", "Services", "File", "Review", "Making it"}

// Title is the page's heading.
func (s Step) Title() string { return titles[s] }

// Steps are the pages these answers lead through: a self-signed certificate has no file. Nor has what is ordered, and
// of its subject the CA takes the names alone.
func Steps(a Answers) []Step {
	all := []Step{StepPurpose, StepNames, StepSubject, StepKey, StepServices, StepFile, StepReview, StepMaking}
	return slices.DeleteFunc(all, func(s Step) bool {
		return s == StepFile && (a.SelfSigned || a.CA != "") || s == StepSubject && a.CA != ""
	})
}

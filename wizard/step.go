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

// Steps are the pages these answers lead through: a self-signed certificate has no file.
func Steps(a Answers) []Step {
	all := []Step{StepPurpose, StepNames, StepSubject, StepKey, StepServices, StepFile, StepReview, StepMaking}
	if a.SelfSigned {
		return slices.Delete(all, int(StepFile), int(StepFile)+1)
	}
	return all
}

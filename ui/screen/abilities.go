package screen

import (
	"certdesk/ui/kit"
	"certdesk/ui/kit/form"
)

// What a screen may be able to do beside what every screen can. Who drives screens asks for it; each screen says beside
// its type what it can, so that the compiler holds it.

// Asking is a screen that shows a form: what it asks, the form, nil while there is none, and what went wrong before.
type Asking interface {
	InLines() (question string, form *form.Form, problem error)
}

// Questioner is a dialog: a screen that asks one question.
type Questioner interface{ Asked() kit.Dialog }

// Remarking is a screen that says of what it shows, or of what is selected there, what is wrong and what to do next.
type Remarking interface{ Remark() (what, next string) }

// Rowed is a screen of rows, one of them selected.
type Rowed interface {
	Remarking
	IDs() []int64           // of the rows in their order; nil while there is no list to show
	At() int                // the place of the selected one
	Spoken(id int64) string // a row in words, what matters first
	Name(id int64) string   // what a row is called
}

// Doer is a screen that can say what a person is waiting for.
type Doer interface{ Doing() string }

// Stepper is a screen whose work has steps that are worth a line each; it gives those that ended since it was asked
// last.
type Stepper interface{ Happened() []string }

// Explaining is a screen that knows what a person is at.
type Explaining interface{ Topic() Topic }

// Paged is a screen that is one text, as long as it is in w cells.
type Paged interface{ Lines(w int) []string }

// Topic is what a person is at: a field of a form, or the filter.
type Topic struct {
	Name  string
	Lines []string
}

// Interruptible is a screen that itself says what becomes of what was cancelled; false where there is nothing to say.
type Interruptible interface{ Interrupted() bool }

// Floating is a screen drawn as a box above the one below it.
type Floating interface {
	Box(w, h int) string
}

// ReadWidth is the width of a text that is read in lines: what wraps lines is whoever shows them.
const ReadWidth = 1 << 16

package ui

import "certdesk/ui/kit"

// What a screen may be able to do beside what every screen can. Who drives screens asks for it; each screen says beside
// its type what it can, so that the compiler holds it.

// asking is a screen that shows a form: what it asks, the form, nil while there is none, and what went wrong before.
type asking interface {
	inLines() (question string, form *kit.Form, problem error)
}

// questioner is a dialog: a screen that asks one question.
type questioner interface{ asked() kit.Dialog }

// rowed is a screen of rows, one of them selected.
type rowed interface {
	ids() []int64                // of the rows in their order; nil while there is no list to show
	at() int                     // the place of the selected one
	spoken(id int64) string      // a row in words, what matters first
	name(id int64) string        // what a row is called
	remark() (what, next string) // of the selected row, or of the list
}

// doer is a screen that can say what a person is waiting for.
type doer interface{ doing() string }

// stepper is a screen whose work has steps that are worth a line each; it gives those that ended since it was asked last.
type stepper interface{ happened() []string }

// explaining is a screen that knows what a person is at.
type explaining interface{ topic() topic }

// paged is a screen that is one text, as long as it is in w cells.
type paged interface{ lines(w int) []string }

// topic is what a person is at: a field of a form, or the filter.
type topic struct {
	name  string
	lines []string
}

// interruptible is a screen that itself says what becomes of what was cancelled; false where there is nothing to say.
type interruptible interface{ interrupted() bool }

// floating is a screen drawn as a box above the one below it.
type floating interface {
	Box(w, h int) string
}

// readWidth is the width of a text that is read in lines: what wraps lines is whoever shows them.
const readWidth = 1 << 16

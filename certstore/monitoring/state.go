package monitoring

import "slices"

// State is what a monitoring system makes of an answer. Its number is the exit status of a plugin.
type State int

// The states, by the Monitoring Plugins Development Guidelines.
const (
	OK State = iota
	Warning
	Critical
	Unknown
)

// String is the word that a plugin begins with.
func (s State) String() string { return [...]string{"OK", "WARNING", "CRITICAL", "UNKNOWN"}[s] }

// worst lists the states by what hides the others: an alarm stays one where something else could not be looked at.
var worst = []State{Critical, Warning, Unknown, OK}

func byState(a, b Item) int { return slices.Index(worst, a.State) - slices.Index(worst, b.State) }

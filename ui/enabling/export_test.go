package enabling

import (
	"certdesk/certstore/enabling"
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

type EnableScreen = enableScreen

func MakeOutcomesMsg(outcomes []enabling.Outcome) outcomesMsg {
	return outcomesMsg{outcomes: outcomes}
}

func MakeStepMsg(step enabling.Progress, more bool) stepMsg {
	return stepMsg{step: step, more: more}
}

var ServicePlanLines = servicePlanLines

func (s *enableScreen) Busy() *screen.Busy { return &s.busy }

func (s *enableScreen) SetSteps(v []enabling.Progress) { s.steps = v }

func (s *enableScreen) Steps() []enabling.Progress { return s.steps }

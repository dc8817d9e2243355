package enabling

import (
	"certdesk/certstore"
	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

type EnableScreen = enableScreen

func MakeOutcomesMsg(outcomes []certstore.Outcome) outcomesMsg {
	return outcomesMsg{outcomes: outcomes}
}

func MakeStepMsg(step certstore.EnableStep, more bool) stepMsg {
	return stepMsg{step: step, more: more}
}

var ServicePlanLines = servicePlanLines

func (s *enableScreen) Busy() *screen.Busy { return &s.busy }

func (s *enableScreen) SetSteps(v []certstore.EnableStep) { s.steps = v }

func (s *enableScreen) Steps() []certstore.EnableStep { return s.steps }

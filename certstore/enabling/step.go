package enabling

import "certdesk/certstore/services"

// Progress is something that Enable does to a service.
type Progress struct {
	Service services.Instance
	Step    Step
	Done    bool   // it ended; else it begins
	Err     error  // why it failed
	Ports   []Port // of Proof and ProofBack: what the ports serve so far
}

// Step names what is done to a service.
type Step string

// The steps, in their order. The last two follow a failure.
const (
	StepRecord    Step = "record it in the journal"
	StepApply     Step = "put the files and point the configuration at them"
	StepCheck     Step = "the daemon's own check"
	StepReload    Step = "reload"
	StepProof     Step = "ask every port"
	StepSettle    Step = "record how it was left"
	StepRollback  Step = "put back what was there"
	StepProofBack Step = "ask every port for the old certificate"
)

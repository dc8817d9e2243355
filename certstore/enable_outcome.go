package certstore

import "certdesk/certstore/services"

// EnableStep is something that Enable does to a service.
type EnableStep struct {
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

// State says how a service was left.
type State string

// The states.
const (
	Enabled    State = "enabled"     // proven by handshakes on every port
	Unchanged  State = "unchanged"   // it was so already, proven
	Unproven   State = "unproven"    // switched; nobody asked the ports, or nothing listens yet
	LeftAlone  State = "left alone"  // refused before anything was touched
	RolledBack State = "rolled back" // the proof or a step failed; the old certificate is back, proven where it was served
	Doubtful   State = "doubtful"    // it could not be put back whole: a person has to look
)

// Outcome is what became of one service.
type Outcome struct {
	Service services.Instance
	State   State
	Err     error    // why it is not enabled, or why the proof could not be recorded
	Ports   []Port   // the proof; where it was rolled back, what is served again
	Failed  []Port   // where it was rolled back, what the ports had served instead
	Trouble []string // what the daemon's log said meanwhile
	Kept    string   // why older files were not removed; "" where they were, or there were none
}

// Fine says whether the service serves what was asked for.
func (o Outcome) Fine() bool {
	return o.Err == nil && (o.State == Enabled || o.State == Unchanged || o.State == Unproven)
}

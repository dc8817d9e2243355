package ordering

// Progress is something that is done for an order.
type Progress struct {
	Step  Step
	Name  string // of Try and Prove: the name that is proven
	Trial bool   // at the directory for trying
	Done  bool   // it ended; else it begins
	Err   error  // why it failed
}

// Step names what is done.
type Step string

// The steps, in their order.
const (
	StepAccount  Step = "the account at the authority"
	StepRequest  Step = "make the key and the request"
	StepOrder    Step = "order it"
	StepPresent  Step = "put the proofs of the names out"
	StepTry      Step = "look at a proof as the authority will"
	StepProve    Step = "have the authority prove a name"
	StepFinalise Step = "send the request and wait for the certificate"
	StepFetch    Step = "fetch the certificate and its chain, and keep them"
)

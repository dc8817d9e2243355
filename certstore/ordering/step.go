package ordering

// Progress is something that is done for an order.
type Progress struct {
	ID    int64 // of the request, once there is one
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
	StepAccount  Step = "the account at the CA"
	StepRequest  Step = "make the key and the request"
	StepOrder    Step = "order it"
	StepPresent  Step = "put the proofs of the names out"
	StepTry      Step = "look at a proof as the CA will"
	StepProve    Step = "have the CA prove a name"
	StepFinalise Step = "send the request and wait for the certificate"
	StepFetch    Step = "fetch the certificate and its chain, and keep them"
)

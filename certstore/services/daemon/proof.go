package daemon

// Proof is one handshake that a switch must bring about.
type Proof struct {
	URL  string `json:"url"`  // scheme://host:port
	Name string `json:"name"` // to ask for; "" for none
}

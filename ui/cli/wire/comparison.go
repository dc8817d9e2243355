package wire

import (
	"certdesk/certstore"
	"certdesk/certstore/ledger"
	"certdesk/ui/words"
)

// Comparison is what tells two entries apart.
type Comparison struct {
	Old          Entry    `json:"old"`
	New          Entry    `json:"new"`
	Losses       []Loss   `json:"losses"` // the worst first
	LostNames    []string `json:"lostNames"`
	NewNames     []string `json:"newNames"`
	LostServices []string `json:"lostServices"`
	SameKey      bool     `json:"sameKey"`
	SameIssuer   bool     `json:"sameIssuer"`
	SameChain    bool     `json:"sameChain"`
}

// Loss is one kind of what would be lost with the new one.
type Loss struct {
	Code ledger.Loss `json:"code"`
	Text string      `json:"text"`
}

// ComparisonOf is a comparison as `certdesk compare` prints it.
func ComparisonOf(c certstore.Comparison) Comparison {
	loss := func(l ledger.Loss) Loss { return Loss{l, words.Loss(c, l)} }
	return Comparison{Old: EntryOf(c.Old), New: EntryOf(c.New), Losses: each(c.Losses, loss),
		LostNames: append([]string{}, c.Lost...), NewNames: append([]string{}, c.Gained...),
		LostServices: c.Services.Names(), SameKey: c.SameKey, SameIssuer: c.SameIssuer, SameChain: c.SameChain}
}

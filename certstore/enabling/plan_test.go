package enabling

import (
	"bytes"
	"testing"

	"certdesk/certstore/services"
)

// A plan holds private keys until it is let go.
func TestADiscardedPlanHoldsNoKey(t *testing.T) {
	secrets := [][]byte{[]byte("its own"), []byte("of what stays"), []byte("in a file")}
	sp := ServicePlan{pair: services.Pair{Key: secrets[0]}, also: []services.Pair{{Key: secrets[1]}}}
	sp.Plan.Files = []services.File{{Secret: true, Data: secrets[2]}}
	Plan{Services: []ServicePlan{sp}}.Discard()
	for _, secret := range secrets {
		if len(bytes.Trim(secret, "\x00")) != 0 {
			t.Errorf("%q is still in the plan", secret)
		}
	}
}

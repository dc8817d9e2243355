package formats

import (
	"context"

	"certdesk/certstore/fail"
)

// maxIterations is how many steps of PBKDF2 all key derivations of one Decode may take together: some seconds at most.
const maxIterations = 5_000_000

// maxWork is the same in blocks that SHA-256 takes: a step of PBKDF2 costs two, one of PKCS#12's own derivation one.
const maxWork = 2 * maxIterations

// maxScrypt is the memory one scrypt derivation may ask for, in bytes.
const maxScrypt = 64 << 20

// budget is what is left of maxWork. Every count of a structure is charged before the first of it is derived.
type budget struct{ left int64 }

func (b *budget) spend(n int64) error {
	if n < 0 || n > b.left {
		return tooMuch("such a file is made to stall its reader; have it exported again with fewer iterations",
			"the file asks for more than %d password iterations", maxIterations)
	}
	b.left -= n
	return nil
}

// cost is iterations times what each costs, without overflow.
func cost(iterations, each int64) int64 {
	if iterations > maxWork {
		return maxWork + 1
	}
	return iterations * each
}

// canceled is asked now and then within a derivation, which is all that takes long.
func canceled(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return fail.New(fail.Canceled, "", "reading was stopped: %w", ctx.Err())
}

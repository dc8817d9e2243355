package health

import (
	"context"

	"certdesk/certstore/disk"
	"certdesk/certstore/judging"
	"certdesk/certstore/ledger"
	"certdesk/certstore/objects"
	"certdesk/certstore/trust"
)

// Store is what is examined. Nothing may change it meanwhile.
type Store struct {
	Dir      *disk.Dir
	FS       disk.FS
	Readers  string // the group that may read all but keys
	Objects  objects.Files
	Chains   judging.Chains
	State    *ledger.State
	Bad      []ledger.BadLine // the lines that could not be read
	Unpurged string           // why a purge that died could not be finished, or ""

	Authorities map[string]bool // the ACME authorities of the configuration, by name
	Untold      []string        // sentences: who could not be told what he is to be told
}

// Examine looks at everything once.
func (s Store) Examine(ctx context.Context) (r Report, err error) {
	s.checkJournal(&r)
	torn := s.checkEnd(&r)
	s.checkNext(&r)
	s.checkExports(&r)
	s.checkEntries(ctx, &r)
	s.checkChains(ctx, &r)
	s.checkRenewals(&r)
	s.checkAhead(ctx, &r)
	for _, text := range s.Untold {
		r.Add("not-told", trust.Warning, "%s", text)
	}
	top, err := s.Dir.List(disk.Top)
	if err != nil || len(top) == 0 {
		return r, ctx.Err() // none yet, or not for this user
	}
	access, err := s.checkAccess(&r, top)
	if err != nil {
		return r, err
	}
	s.checkObjects(ctx, &r, access)
	s.checkTop(&r, top, torn)
	return r, ctx.Err()
}

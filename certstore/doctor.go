package certstore

import (
	"context"

	"certdesk/certstore/health"
	"certdesk/certstore/trust"
)

// Doctor checks every line of the journal and every object's bytes, mode and owner. With repair it first names
// damaged lines and lists objects that no line names; it only ever adds, and deletes nothing.
func (s *Store) Doctor(ctx context.Context, repair bool) (health.Report, error) {
	r := health.Report{Findings: []trust.Finding{}}
	if repair {
		if err := s.repair(ctx, &r); err != nil {
			return r, err
		}
		if err := s.Publish(ctx); err != nil && ctx.Err() != nil {
			return r, err // else what is still due is among the findings, with its reason
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.examine(ctx)
	if err == nil && (found.Has("missing") || found.Has("unlisted") || found.Has("torn-tail")) {
		found, err = s.examine(ctx) // a writer may have passed: the journal knows by now
	}
	if err != nil {
		return r, err
	}
	s.examineDirectory(&found)
	r.Findings = append(r.Findings, found.Findings...)
	r.OK = true
	for _, f := range r.Findings {
		r.OK = r.OK && f.Severity == trust.Info
	}
	return r, nil
}

// examine looks at everything once. The caller holds s.mu.
func (s *Store) examine(ctx context.Context) (health.Report, error) {
	if err := s.refresh(ctx); err != nil {
		return health.Report{}, err
	}
	authorities := map[string]bool{}
	for _, ca := range s.o.Authorities {
		authorities[ca.Name] = true
	}
	return health.Store{Authorities: authorities, Untold: s.untold(),
		Dir: s.dir, FS: s.o.FS, Readers: s.o.Readers, Objects: s.objects,
		Chains: s.chains(), State: s.state, Bad: s.bad, Unpurged: s.unpurged}.Examine(ctx)
}

package certstore

import (
	"context"
	"slices"
	"strings"

	"certdesk/certstore/enabling"
	"certdesk/certstore/fail"
	"certdesk/certstore/health"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Publish does what is due in the directory: a certificate that services have is put there, one of ours that was removed
// or has a successor there is taken out. It follows from the journal alone, so that what a directory that was down has
// missed is done by whoever comes next. Errors: of the directory, once, or of the store; the journal says what is due.
func (s *Store) Publish(ctx context.Context) error {
	if s.o.Publish.URL == "" {
		return nil
	}
	if err := s.ready(ctx, "publish"); err != nil {
		return err
	}
	for _, gone := range []bool{false, true} { // the new one is there before the old one goes
		due, err := s.dueThere(ctx)
		if err != nil {
			return err
		}
		for _, d := range due {
			if d.Gone != gone {
				continue
			}
			if err := s.publish(ctx, d); err != nil {
				return err
			}
		}
	}
	return nil
}

// publishEnabled publishes what was enabled, and says with it why that has to wait.
func (s *Store) publishEnabled(ctx context.Context, list []enabling.Outcome) {
	i := slices.IndexFunc(list, enabling.Outcome.Fine)
	if i < 0 {
		return
	}
	if err := s.Publish(ctx); err != nil {
		list[i].Unpublished = notYet(err)
	}
}

// notYet says what is still to be done in a directory.
func notYet(err error) string {
	return "it is not done yet in the directory, `certdesk doctor --repair` and the next renewal run do it: " +
		fail.Of(err).Text
}

// dueThere is what is due in the directory of the configuration.
func (s *Store) dueThere(ctx context.Context) ([]ledger.Published, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.refresh(ctx); err != nil {
		return nil, err
	}
	here := s.place()
	return slices.DeleteFunc(s.duePublications(), func(d ledger.Published) bool { return d.Directory != here }), nil
}

// place is the directory of the configuration as the journal knows it.
func (s *Store) place() ledger.Directory {
	p := s.o.Publish
	return ledger.Directory{URL: p.URL, Entry: p.Entry, Kind: p.Kind()}
}

// duePublications is what is due in any directory. The caller holds s.mu.
func (s *Store) duePublications() (due []ledger.Published) {
	here := s.place()
	served := map[string]bool{} // sums of what services have now
	for id := range s.state.InUse {
		if r := s.state.ByID[id]; r != nil && r.Removed.IsZero() && r.Kind == ledger.Certificate {
			served[r.SHA256] = true
		}
	}
	there := map[ledger.Directory]bool{} // directories that hold one of these
	for _, p := range s.state.Published {
		there[p.Directory] = there[p.Directory] || served[p.SHA256]
	}
	for sum := range served {
		d := ledger.Published{Directory: here, SHA256: sum}
		if here.URL != "" && !slices.Contains(s.state.Published, d) {
			due = append(due, d)
		}
	}
	for _, p := range s.state.Published {
		r := s.state.Certificate(p.SHA256)
		if r == nil || !r.Removed.IsZero() || !served[p.SHA256] && there[p.Directory] {
			p.Gone = true
			due = append(due, p)
		}
	}
	slices.SortFunc(due, func(x, y ledger.Published) int { return strings.Compare(x.SHA256, y.SHA256) })
	return due
}

// publish does one thing that is due, and writes down that it is done, or why not: the same reason once.
func (s *Store) publish(ctx context.Context, d ledger.Published) error {
	var der []byte
	if !d.Gone {
		cert, err := s.objects.Certificate(d.SHA256)
		if err != nil {
			return err
		}
		der = cert.Raw
	}
	why := s.o.Publish.Set(ctx, der, func(sum string) bool {
		return d.Gone && sum == d.SHA256 || !d.Gone && s.outdated(d, sum)
	})
	if why != nil {
		d.Why = fail.Of(why).Text
	}
	_, err := s.write(context.WithoutCancel(ctx), func() (change, error) {
		if slices.Contains(s.state.Unpublished, d) {
			return change{}, nil
		}
		return change{op: ledger.OpPublish, data: ledger.Data{IDs: s.idsOfSum(d.SHA256), Published: &d}}, nil
	})
	if why != nil {
		return why
	}
	return err
}

// outdated says whether a value beside a new one is one of ours that no service has: where an attribute takes one value
// it goes in the same step.
func (s *Store) outdated(d ledger.Published, sum string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	old := d
	if old.SHA256 = sum; !slices.Contains(s.state.Published, old) {
		return false
	}
	r := s.state.Certificate(sum)
	return r == nil || !r.Removed.IsZero() || s.state.InUse[r.ID] == 0
}

// idsOfSum are the entries of an object. The caller holds s.mu.
func (s *Store) idsOfSum(sum string) (ids []int64) {
	for _, r := range s.state.Index.Sums[sum] {
		ids = append(ids, r.ID)
	}
	return ids
}

// examineDirectory says what is due in directories. The caller holds s.mu.
func (s *Store) examineDirectory(r *health.Report) {
	here := s.place()
	for _, d := range s.duePublications() {
		who := "a certificate that is no longer here"
		if row := s.state.Certificate(d.SHA256); row != nil {
			who = printable.Text(ledger.Label(&row.Entry))
		}
		text, code := who+" is not published yet in "+d.String(), "directory-due"
		if d.Gone {
			text, code = who+" is still published in "+d.String(), "directory-left-behind"
		}
		for _, u := range s.state.Unpublished {
			if u.Directory == d.Directory && u.SHA256 == d.SHA256 && u.Gone == d.Gone {
				text += ": " + printable.Text(u.Why)
			}
		}
		if d.Directory != here {
			r.Add(code, trust.Warning, "%s, which the configuration names no more: take it out there by hand", text)
			continue
		}
		r.Add(code, trust.Warning, "%s", text)
	}
}

// published are the directories that hold a certificate, as far as the journal knows.
func (s *Store) published(sum string) (list []string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.state.Published {
		if p.SHA256 == sum {
			list = append(list, p.String())
		}
	}
	return list
}

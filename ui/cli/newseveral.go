package cli

import (
	"context"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/issuing"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/wire"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// newSeveral makes the requests that the names are split into, all in one go. Without files they are on standard output
// one after the other.
func (a *app) newSeveral(ctx context.Context, s *session, list []issuing.Request, findings []wizard.Finding) error {
	a.warn(findings)
	made, err := s.store.NewAll(ctx, list)
	if err != nil && !fail.Is(err, fail.KeptPending) {
		return err
	}
	if a.flags.json {
		if e := a.printJSON(familyOf(made, findings)); e != nil {
			return e
		}
		return err
	}
	for i, m := range made {
		a.note("made the request %s, thumbprint %s; its key is in the store", words.Label(m.Entry), m.Entry.Thumbprint)
		switch {
		case m.Path != "":
			a.note("the request is in %s", printable.Text(m.Path))
		case list[i].Path == "":
			if err := a.writeRequest(list[i], m); err != nil {
				return err
			}
		}
	}
	a.note("next: send them to your CA, then certdesk import ANSWER...")
	return err
}

// familyOf is a family as scripts are told of it.
func familyOf(made []issuing.Made, findings []wizard.Finding) wire.Results {
	var all certstore.Results
	for _, m := range made {
		all.Done = append(all.Done, m.Entry)
	}
	out := wire.ResultsOf(all)
	for i, m := range made {
		out.Done[i].Path = printable.Text(m.Path)
		out.Done[i].Findings = append(out.Done[i].Findings, wire.FindingsOf(findings)...)
	}
	return out
}

package cli

import (
	"context"
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/importing"
	"certdesk/certstore/printable"
	"certdesk/ui/cli/plain"
	"certdesk/ui/cli/wire"
)

// importSeveral imports what the files hold of several certificates. What is refused stops nothing: each has its own
// result. Where nothing was imported the first refusal is the command's; else the command has failed, since a refused
// one changes nothing.
func (a *app) importSeveral(ctx context.Context, s *session, groups []importing.Group) error {
	out := wire.ResultsOf(certstore.Results{})
	var refused []error
	told := map[string]bool{} // a note of many entries is told once
	for i, got := range a.importGroups(ctx, s, groups) {
		if got.Err != nil {
			refused = append(refused, fromFiles(groups[i], got.Err))
			out.Refused = append(out.Refused, wire.Refusal{Thumbprint: got.Found.Leaf.Thumbprint,
				Error: wire.ErrorOf(got.Err), Files: groups[i].From})
			continue
		}
		done := wire.EntryOf(got.Entry)
		done.Notes, done.Gaps = printable.Texts(importNotes(got.Found)), wire.Gaps(got.Found.Gaps)
		out.Done = append(out.Done, done)
		if !a.flags.json {
			for _, text := range importNotes(got.Found) {
				if !told[text] {
					a.note("note: %s", text)
				}
				told[text] = true
			}
			a.tellFindings(got.Entry)
			a.print("%s; %s\n", importSentence(got.Entry, got.Found), printable.Text(plain.Status(got.Entry)))
		}
	}
	if a.flags.json {
		if err := a.printJSON(out); err != nil {
			return err
		}
	}
	if len(groups) > 1 && groups[0].Wanted != nil && s.configured(*groups[0].Wanted) != 0 {
		a.note("several certificates cannot all be enabled for one service: `certdesk enable` says which one is")
	}
	if len(refused) == 0 {
		return nil
	}
	for _, err := range refused[1:] {
		a.note("certdesk: %s", sentence(err))
	}
	if len(out.Done) == 0 {
		return refused[0]
	}
	return fail.New(fail.Failed, fail.Of(refused[0]).Hint, "%d of %d %s not imported: %w", len(refused), len(groups),
		printable.Agree(len(refused), "was", "were"), refused[0])
}

// importGroups imports those of the groups that can be, together, and gives what became of each.
func (a *app) importGroups(ctx context.Context, s *session, groups []importing.Group) []certstore.Imported {
	results := make([]certstore.Imported, len(groups))
	var chosen []importing.Group
	var of []int
	for i, g := range groups {
		err := a.mayImport(ctx, &g)
		results[i] = certstore.Imported{Found: g.Found, Err: err}
		if err == nil {
			chosen, of = append(chosen, g), append(of, i)
		}
	}
	s.store.ImportAll(ctx, chosen, func(i int, done certstore.Imported) { results[of[i]] = done })
	return results
}

// fromFiles names the files in an error that does not do so itself.
func fromFiles(g importing.Group, err error) error {
	if strings.Contains(sentence(err), g.From[0]) {
		return err
	}
	return fmt.Errorf("%s: %w", strings.Join(g.From, ", "), err)
}

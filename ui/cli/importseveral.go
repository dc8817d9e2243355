package cli

import (
	"context"
	"fmt"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// importSeveral imports what the files hold of several certificates. What is refused stops nothing: each has its own
// result. Where nothing was imported the first refusal is the command's; else the command has failed, since a refused
// one changes nothing.
func (a *app) importSeveral(ctx context.Context, s *session, groups []certstore.Group) error {
	out := resultsJSON(certstore.Results{})
	var refused []error
	for _, g := range groups {
		e, found, err := a.importGroup(ctx, s, g)
		if err != nil {
			refused = append(refused, fromFiles(g, err))
			out.Refused = append(out.Refused, jsonRefusal{found.Leaf.Thumbprint, errorJSON(err), g.From})
			continue
		}
		out.Done = append(out.Done, entryJSON(e))
		if !a.flags.json {
			for _, text := range found.CompletedWords() {
				a.note("note: %s", text)
			}
			a.print("%s; %s\n", importSentence(e, found), printable.Text(statusText(e)))
		}
	}
	if a.flags.json {
		if err := a.printJSON(out); err != nil {
			return err
		}
	}
	if len(groups) > 1 && groups[0].Request.Wanted != nil && s.configured(*groups[0].Request.Wanted) != 0 {
		a.note("several certificates cannot all be enabled for one service: `certdesk enable` says which one is")
	}
	if len(refused) == 0 {
		return nil
	}
	for _, err := range refused[1:] {
		a.note("certdesk: %s", errorJSON(err).Message)
	}
	if len(out.Done) == 0 {
		return refused[0]
	}
	return fail.New(fail.Failed, fail.Of(refused[0]).Hint, "%d of %d were not imported: %w", len(refused), len(groups), refused[0])
}

// fromFiles names the files in an error that does not do so itself.
func fromFiles(g certstore.Group, err error) error {
	if strings.Contains(errorJSON(err).Message, g.From[0]) {
		return err
	}
	return fmt.Errorf("%s: %w", strings.Join(g.From, ", "), err)
}

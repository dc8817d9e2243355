package cli

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"certdesk/ui"
)

// openDesk is certdesk without a command: the desk, or how to use certdesk where none can be drawn.
func (a *app) openDesk(cmd *cobra.Command, _ []string) error {
	if a.flags.json {
		return usage(cmd, "--json needs a command")
	}
	in, isIn := a.io.In.(*os.File)
	out, isOut := a.io.Out.(*os.File)
	if !isIn || !isOut || !isTerminal(in) || !isTerminal(out) {
		fmt.Fprint(a.io.Err, cmd.UsageString())
		return errUsageShown
	}
	progress := &ui.Progress{}
	s, err := a.openReporting(cmd.Context(), progress.Report)
	if err != nil {
		return err
	}
	defer s.close()
	if a.flags.accessible {
		return a.plainDesk(cmd.Context(), s)
	}
	return a.io.Desk(cmd.Context(), ui.Config{Store: s.store, Env: s.env(), Server: s.server, Role: s.role,
		StoreNote: s.note, Filters: s.namedFilters(), Demo: a.flags.demo, Theme: a.flags.theme, Now: s.now, In: in, Out: out,
		Progress: progress})
}

// namedFilters are the filters that the configuration keeps, as the desk takes them.
func (s *session) namedFilters() []ui.NamedFilter {
	var list []ui.NamedFilter
	for _, f := range s.filters {
		list = append(list, ui.NamedFilter{Name: f.Name, Text: f.Show})
	}
	return list
}

// plainDesk stands in for the desk where a full screen does not read well: the list, and what acts on it.
func (a *app) plainDesk(ctx context.Context, s *session) error {
	entries, err := s.store.List(ctx, false)
	if err != nil {
		return err
	}
	if len(entries) == 0 {
		a.print("%s\n", s.nothing(0, false))
	} else {
		a.printTable(worstFirst(entries), 0, false)
	}
	a.print("\n%s", plainHelp)
	return nil
}

const plainHelp = `certdesk new       makes a request or a self-signed certificate
certdesk import    takes a CA's answer, or a certificate with its key
certdesk show      tells all of one certificate, by its thumbprint
certdesk export    writes one to a file
certdesk renew     renews one with the same names
certdesk remove    removes some; certdesk restore takes that back
certdesk --help    lists every command
`

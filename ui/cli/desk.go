package cli

import (
	"cmp"
	"fmt"
	"os"

	"github.com/spf13/cobra"

	"certdesk/certstore/config"
	"certdesk/certstore/fail"
	"certdesk/ui/cli/console"
	"certdesk/ui/screen"
)

// openDesk is certdesk without a command: the desk, in lines where that is asked for, or how to use certdesk where
// none can be drawn.
func (a *app) openDesk(cmd *cobra.Command, _ []string) error {
	if a.flags.json {
		return usage(cmd, "--json needs a command")
	}
	in, isIn := a.io.In.(*os.File)
	out, isOut := a.io.Out.(*os.File)
	onTerminal := isIn && isOut && console.IsTerminal(in) && console.IsTerminal(out)
	if !onTerminal && !a.flags.accessible {
		fmt.Fprint(a.io.Err, cmd.UsageString())
		return shown(fail.Usage.Exit())
	}
	progress := &screen.Progress{}
	s, err := a.openWatched(cmd.Context(), progress.Report)
	if err != nil {
		return err
	}
	defer s.close()
	if a.flags.accessible || a.dumb() {
		return a.inLines(cmd.Context(), s)
	}
	c := a.deskConfig(s)
	c.In, c.Out, c.Progress, c.Asks = in, out, progress, true
	return a.io.Desk(cmd.Context(), c)
}

// deskConfig is what a desk needs of a session.
func (a *app) deskConfig(s *session) screen.Config {
	c := screen.Config{Store: s.store, Env: s.env(), Server: s.server, Role: s.role, StoreNote: s.note,
		Filters: s.namedFilters(), Demo: a.flags.demo, NoMouse: a.flags.noMouse, Theme: a.themeOf(s),
		ThemeSaid: a.flags.theme != "", Now: s.now, Settings: s.file, Reopen: a.reopening(s)}
	if s.sources.Elsewhere() {
		c.Domains = s.listing
	}
	a.withEvidence(&c, s)
	return c
}

// themeOf is what the flag says, else the configuration.
func (a *app) themeOf(s *session) string { return cmp.Or(a.flags.theme, s.theme, "auto") }

// reopening opens the session anew for a desk whose configuration was changed.
func (a *app) reopening(s *session) func(config.Config) (screen.Config, error) {
	if s.reopen == nil {
		return nil
	}
	return func(c config.Config) (screen.Config, error) {
		next, err := s.reopen(c)
		if err != nil {
			return screen.Config{}, err
		}
		return a.deskConfig(next), nil
	}
}

// namedFilters are the filters that the configuration keeps, as the desk takes them.
func (s *session) namedFilters() []screen.NamedFilter {
	var list []screen.NamedFilter
	for _, f := range s.filters {
		list = append(list, screen.NamedFilter{Name: f.Name, Text: f.Show})
	}
	return list
}

// dumb says that the terminal can show lines alone. Nobody chose that: without a terminal it means nothing.
func (a *app) dumb() bool { return a.io.Getenv("TERM") == "dumb" }

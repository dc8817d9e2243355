package cli

import (
	"context"
	"runtime/debug"
	"slices"
	"strings"

	"certdesk/certstore"
	"certdesk/certstore/fail"
	"certdesk/certstore/monitoring"
	"certdesk/ui/cli/wire"
	"certdesk/ui/sheet"
)

// writing is how and where rows are written.
type writing struct {
	format, path string
	force        bool
}

// The formats that are no matter of a file alone: one is for people, and of one more is looked at than the entries.
const (
	tableFormat   = "table"
	metricsFormat = "prometheus"
)

// listFormats are how rows can be written.
func listFormats() []string { return append([]string{tableFormat}, sheet.Names()...) }

// checked is writing as --format says, and as JSON where --json asks for it. Errors: Usage.
func (w writing) checked(asJSON bool, f filter) (writing, error) {
	if asJSON && w.format == tableFormat {
		w.format = "json"
	}
	switch {
	case !slices.Contains(listFormats(), w.format):
		return w, filterError("%q is no format: use %s", w.format, strings.Join(listFormats(), ", "))
	case asJSON && w.format != "json":
		return w, filterError("give --json or --format %s, not both", w.format)
	case w.format == metricsFormat && f.removed:
		return w, filterError("nobody measures what is removed: leave out --removed, or --format %s", w.format)
	case w.path != "" && w.format == tableFormat:
		return w, filterError("--path takes another --format than the table: %s", strings.Join(sheet.Names(), ", "))
	case w.path != "" && f.domainName != "":
		return w, filterError("--path takes no --domain-name: `--filter covers:%s` lists the same", f.domainName)
	case w.path == "" && w.force:
		return w, filterError("--force is for the file at --path")
	}
	return w, nil
}

// writeRows writes rows for another program.
func (a *app) writeRows(s *session, l listing) error {
	format, _ := sheet.ByName(l.format)
	text, err := format.Write(sheet.Rows{Entries: l.entries, Removed: l.filter.removed, Now: s.now(), Beside: l.seen})
	switch {
	case err != nil:
		return err
	case l.path != "":
		return s.store.Write(l.path, text, format.Mode, l.force)
	}
	_, err = a.out.Write(text)
	return err
}

// measured looks at all that is told as figures beside entries: what the ports serve, what renews itself and how that
// goes, how the store is. A store that is not there is no empty one: somebody may have named the wrong one, and the
// figures of the right one stay.
func (s *session) measured(ctx context.Context, entries []certstore.Entry, l *listing) ([]certstore.Entry, error) {
	if none := s.noStore(); none != "" {
		return nil, fail.New(fail.NotFound, "name the right one with --store", "nothing to measure: %s", none)
	}
	seen, err := s.health(ctx)
	if err != nil {
		return nil, err
	}
	build, _ := debug.ReadBuildInfo()
	l.seen = sheet.Beside{Renewals: seen.Renewals, Troubles: len(seen.Store), Version: wire.VersionOf(build).Version}
	if !s.store.HasServices() {
		return entries, nil
	}
	ctx, stop := context.WithTimeout(ctx, portsPatience(checkPatience))
	defer stop()
	l.seen.Survey, _ = s.store.Survey(ctx) // a port that has not answered by then is none that matches
	for i := range entries {
		l.seen.Survey.Judge(&entries[i])
	}
	return entries, nil
}

// health is what is known beside the entries without asking anybody: renewals, and what is wrong with the store.
func (s *session) health(ctx context.Context) (seen monitoring.Sight, err error) {
	if banner := s.store.Banner(); banner != "" {
		seen.Store = append(seen.Store, "the store: "+banner)
	}
	if seen.Renewals, err = s.store.Renewals(ctx); err != nil {
		return seen, err
	}
	waiting, err := s.store.Unfinished(ctx)
	for _, u := range waiting {
		seen.Store = append(seen.Store, u.Text()+": "+settleHint)
	}
	return seen, err
}

package certstore

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// Report is what Doctor found. OK means that no finding is a warning or an error.
type Report struct {
	OK       bool            `json:"ok"`
	Findings []trust.Finding `json:"findings"`
}

func (r *Report) add(code string, severity trust.Severity, format string, args ...any) {
	r.Findings = append(r.Findings, trust.Finding{Code: code, Severity: severity, Text: fmt.Sprintf(format, args...)})
}

// Doctor checks every line of the journal and every object's bytes, mode and owner. With repair it first names
// damaged lines and lists objects that no line names; it only ever adds, and deletes nothing.
func (s *Store) Doctor(ctx context.Context, repair bool) (Report, error) {
	r := Report{Findings: []trust.Finding{}}
	if repair {
		if err := s.repair(ctx, &r); err != nil {
			return r, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.examine(ctx)
	if err == nil && (found.has("missing") || found.has("unlisted") || found.has("torn-tail")) {
		found, err = s.examine(ctx) // a writer may have passed: the journal knows by now
	}
	if err != nil {
		return r, err
	}
	r.Findings = append(r.Findings, found.Findings...)
	r.OK = true
	for _, f := range r.Findings {
		r.OK = r.OK && f.Severity == trust.Info
	}
	return r, nil
}

// examine looks at everything once.
func (s *Store) examine(ctx context.Context) (r Report, err error) {
	if err := s.refresh(ctx); err != nil {
		return r, err
	}
	s.checkJournal(&r)
	torn := s.checkEnd(&r)
	s.checkNext(&r)
	s.checkExports(&r)
	s.checkEntries(ctx, &r)
	s.checkChains(ctx, &r)
	top, err := s.dir.List(disk.Top)
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

func (r *Report) has(code string) bool {
	return slices.ContainsFunc(r.Findings, func(f trust.Finding) bool { return f.Code == code })
}

func (s *Store) checkJournal(r *Report) {
	for _, b := range s.bad {
		if b.Tail {
			continue // told with the journal's end
		}
		r.add("bad-line", trust.Error, "%s; nothing is written until `certdesk doctor --repair` has recorded it", badLineSentence(b))
	}
	if b := s.dir.Banner(); b != "" && len(s.openBad()) == 0 {
		r.add("journal", trust.Warning, "%s", b)
	}
	for _, p := range s.state.Problems {
		r.add("unknown-line", trust.Error, "%s", p)
	}
	for _, o := range s.state.Unfinished {
		r.add("unfinished-purge", trust.Info, "a purge has not deleted %s yet: the next change deletes it", printablePath(s.dir.Path(o.Kind, o.Name)))
	}
	if s.unpurged != "" {
		r.add("unpurged", trust.Warning, "%s", s.unpurged)
	}
	if p := s.roots.Problem(); p != "" {
		r.add("roots", trust.Warning, "%s", p)
	}
}

// checkEnd tells of what the next writer moves aside, and of what was moved and may have been a committed line.
func (s *Store) checkEnd(r *Report) (torn []string) {
	loose, err := s.dir.Loose()
	if err != nil {
		r.add("not-looked-at", trust.Info, "%s", sentenceOf(err))
	}
	if loose.Tail > 0 {
		r.add("torn-tail", trust.Warning, "the journal ends in %s that no line holds: "+
			"the next change, or `certdesk doctor --repair`, moves that aside into a file torn-…", printable.Count(loose.Tail, "byte"))
	}
	for _, name := range loose.Torn {
		r.add("torn-unnamed", trust.Warning, "%s was moved aside from the end of the journal, and may be a record that was already confirmed: "+
			"nothing is purged until `certdesk doctor --repair` has recorded it and listed the entries that it may concern", printable.Text(name))
	}
	return loose.Torn
}

// checkEntries looks at every object an entry refers to, once each, until ctx ends.
func (s *Store) checkEntries(ctx context.Context, r *Report) {
	seen := map[ledger.Object]bool{}
	for _, row := range s.state.Rows {
		for _, o := range row.Objects() {
			if seen[o] || ctx.Err() != nil {
				continue
			}
			seen[o] = true
			if err := s.objects.Check(o); err != nil {
				reportObject(r, row, err)
			}
		}
	}
}

func reportObject(r *Report, row *ledger.Row, err error) {
	switch {
	case errors.Is(err, fs.ErrPermission) || fail.Is(err, fail.NotPermitted):
		return // said once for the folder, by checkObjects
	case errors.Is(err, fs.ErrNotExist):
		r.add("missing", trust.Error, "%s: a file is missing: %s", row.FriendlyName, sentenceOf(err))
	default:
		r.add("damaged", trust.Error, "%s: %s", row.FriendlyName, sentenceOf(err))
	}
}

// checkObjects looks at every file of the three folders: modes, owners, and what no entry refers to.
func (s *Store) checkObjects(ctx context.Context, r *Report, access accessCheck) {
	used := s.state.Refers(nil)
	for _, o := range s.state.Unfinished {
		used[o] = true // told already
	}
	for _, kind := range []ledger.ObjectKind{ledger.Keys, ledger.Certs, ledger.Requests} {
		list, err := s.dir.List(kind)
		if err != nil {
			r.add("not-looked-at", trust.Info, "%s", sentenceOf(err))
			continue
		}
		left := leftNames(list)
		for _, o := range list {
			if ctx.Err() != nil {
				return
			}
			s.checkFile(r, o, used, access)
			reportLinks(r, o, left[inodeOf(o)])
		}
	}
}

// inode tells files from names of the same file.
type inode struct{ device, number uint64 }

func inodeOf(o disk.Object) inode { return inode{o.Device, o.Inode} }

// leftNames counts the temporaries that each file is known by: a writer that died between link and unlink leaves one.
func leftNames(list []disk.Object) map[inode]uint64 {
	left := map[inode]uint64{}
	for _, o := range list {
		if o.Class == disk.ClassTemporary {
			left[inodeOf(o)]++
		}
	}
	return left
}

// reportLinks names an object's other names: those that dead writers left, and those that somebody made elsewhere.
func reportLinks(r *Report, o disk.Object, left uint64) {
	switch where := fileOf(o); {
	case o.Class != disk.ClassObject:
	case o.Links > 1+left:
		r.add("links", trust.Warning, "%s has %d hard links: somebody made the others, and a purge does not destroy them", where, o.Links)
	case left > 0:
		r.add("links", trust.Info, "%s has a second hard link, left by a process that died; a purge destroys both", where)
	}
}

func fileOf(o disk.Object) string { return printable.Text(string(o.Kind) + "/" + o.Name) }

func (s *Store) checkFile(r *Report, o disk.Object, used map[ledger.Object]bool, access accessCheck) {
	where := fileOf(o)
	switch {
	case o.Class == disk.ClassTemporary:
		r.add("temporary", trust.Info, "%s was left by a process that died, or is in use by one that still runs", where)
		return
	case o.Class != disk.ClassObject:
		r.add("stranger", trust.Warning, "%s is not one of certdesk's files", where)
		return
	}
	access.object(o)
	if !used[ledger.Object{Kind: o.Kind, Name: o.Name}] {
		s.reportUnused(r, o, where)
	}
}

func (s *Store) reportUnused(r *Report, o disk.Object, where string) {
	if o.Kind == ledger.Keys {
		s.reportUnusedKey(r, o, where)
		return
	}
	if _, err := s.objects.Orphan(ledger.Object{Kind: o.Kind, Name: o.Name}, nil); err == nil {
		r.add("unlisted", trust.Warning, "%s and its key are here, and no line of the journal names them: "+
			"`certdesk doctor --repair` lists them", where)
		return
	}
	r.add("unreferenced", trust.Info, "%s is named by no line of the journal, left by an operation that failed; nothing deletes it", where)
}

// reportUnusedKey tells what a key without an entry is for: an object that no line of the journal names may need it.
func (s *Store) reportUnusedKey(r *Report, o disk.Object, where string) {
	list, err := s.unlisted()
	for _, public := range list {
		spki, unread := s.objects.SPKI(public)
		if unread == nil && spki == o.Name {
			r.add("unreferenced-key", trust.Info, "%s is the private key of %s", where, printable.Text(string(public.Kind)+"/"+public.Name))
			return
		}
	}
	if err != nil {
		return // said where the folder could not be listed
	}
	r.add("unreferenced-key", trust.Info, "%s is a private key that no entry refers to, left by an operation that failed; nothing deletes it", where)
}

func (s *Store) checkTop(r *Report, list []disk.Object, told []string) {
	store := s.dir.Real() // not a link that leads to it: a link's own mode means nothing
	info, err := s.o.FS.Stat(store)
	if err == nil && s.o.Readers == "" && info.Mode.Perm()&0o050 != 0 {
		r.add("readers", trust.Info, "a group may read the store (mode %04o), and the configuration names no readers: `chmod -R g= %s` closes it",
			info.Mode.Perm(), printablePath(store))
	}
	for _, o := range list {
		switch {
		case o.Class == disk.ClassTorn && !slices.Contains(told, o.Name):
			r.add("torn", trust.Info, "%s holds the torn end of the journal that a writer moved aside", printable.Text(o.Name))
		case o.Class == disk.ClassStranger:
			r.add("stranger", trust.Warning, "%s is not one of certdesk's files", printable.Text(o.Name))
		}
	}
}

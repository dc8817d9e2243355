package health

import (
	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

func (s Store) checkJournal(r *Report) {
	damaged := false
	for _, b := range s.Bad {
		if b.Tail {
			continue // told with the journal's end
		}
		damaged = true
		r.Add("bad-line", trust.Error, "%s; nothing is written until `certdesk doctor --repair` has recorded it", b.Text())
	}
	if b := s.Dir.Banner(); b != "" && !damaged {
		r.Add("journal", trust.Warning, "%s", b)
	}
	for _, p := range s.State.Problems {
		r.Add("unknown-line", trust.Error, "%s", p)
	}
	for _, o := range s.State.Unfinished {
		r.Add("unfinished-purge", trust.Info, "a purge has not deleted %s yet: the next change deletes it",
			printable.Text(s.Dir.Path(o.Kind, o.Name)))
	}
	if s.Unpurged != "" {
		r.Add("unpurged", trust.Warning, "%s", s.Unpurged)
	}
	if p := s.Chains.Roots.Problem(); p != "" {
		r.Add("roots", trust.Warning, "%s", p)
	}
}

// checkEnd tells of what the next writer moves aside, and of what was moved and may have been a committed line.
func (s Store) checkEnd(r *Report) (torn []string) {
	loose, err := s.Dir.Loose()
	if err != nil {
		r.Add("not-looked-at", trust.Info, "%s", fail.Sentence(err))
	}
	if loose.Tail > 0 {
		r.Add("torn-tail", trust.Warning, "the journal ends in %s that no line holds: "+
			"the next change, or `certdesk doctor --repair`, moves that aside into a file torn-…",
			printable.Count(loose.Tail, "byte"))
	}
	for _, name := range loose.Torn {
		r.Add("torn-unnamed", trust.Warning,
			"%s was moved aside from the end of the journal, and may be a record that was already confirmed: "+
				"nothing is purged until `certdesk doctor --repair` has recorded it and listed the entries that it may concern",
			printable.Text(name))
	}
	return loose.Torn
}

// checkNext says what would stop the next writer.
func (s Store) checkNext(r *Report) {
	if why := s.Dir.Obstacle(); why != nil {
		text := "the next change would fail: " + fail.Sentence(why)
		if hint := fail.Of(why).Hint; hint != "" {
			text += ": " + hint
		}
		r.Add("next-change", trust.Warning, "%s", text)
	}
}

// checkExports tells of what dead exports left that is still there.
func (s Store) checkExports(r *Report) {
	if len(s.State.OpenExports) == 0 || s.Dir.ExportHolder() != "" {
		return
	}
	for _, l := range s.State.OpenExports {
		here, err := disk.Remains(s.FS, l.Left)
		if err != nil {
			r.Add("left-export", trust.Warning, "%s: %s", l.Text(), fail.Sentence(err))
		} else if here {
			r.Add("left-export", trust.Warning, "%s: the next change, or `certdesk doctor --repair`, deletes it", l.Text())
		}
	}
}

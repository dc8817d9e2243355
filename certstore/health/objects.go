package health

import (
	"context"
	"slices"

	"certdesk/certstore/disk"
	"certdesk/certstore/fail"
	"certdesk/certstore/ledger"
	"certdesk/certstore/printable"
	"certdesk/certstore/trust"
)

// checkObjects looks at every file of the three folders: modes, owners, and what no entry refers to.
func (s Store) checkObjects(ctx context.Context, r *Report, access accessCheck) {
	used := s.State.Refers(nil)
	for _, o := range s.State.Unfinished {
		used[o] = true // told already
	}
	for _, kind := range []ledger.ObjectKind{ledger.Keys, ledger.Certs, ledger.Requests} {
		list, err := s.Dir.List(kind)
		if err != nil {
			r.Add("not-looked-at", trust.Info, "%s", fail.Sentence(err))
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
		r.Add("links", trust.Warning, "%s has %d hard links: somebody made the others, and a purge does not destroy them",
			where, o.Links)
	case left > 0:
		r.Add("links", trust.Info, "%s has a second hard link, left by a process that died; a purge destroys both", where)
	}
}

func fileOf(o disk.Object) string { return printable.Text(string(o.Kind) + "/" + o.Name) }

func (s Store) checkFile(r *Report, o disk.Object, used map[ledger.Object]bool, access accessCheck) {
	where := fileOf(o)
	switch {
	case o.Class == disk.ClassTemporary:
		r.Add("temporary", trust.Info, "%s was left by a process that died, or is in use by one that still runs", where)
		return
	case o.Class != disk.ClassObject:
		r.Add("stranger", trust.Warning, "%s is not one of certdesk's files", where)
		return
	}
	access.object(o)
	if !used[ledger.Object{Kind: o.Kind, Name: o.Name}] {
		s.reportUnused(r, o, where)
	}
}

func (s Store) reportUnused(r *Report, o disk.Object, where string) {
	if o.Kind == ledger.Keys {
		s.reportUnusedKey(r, o, where)
		return
	}
	if _, err := s.Objects.Orphan(ledger.Object{Kind: o.Kind, Name: o.Name}, nil); err == nil {
		r.Add("unlisted", trust.Warning, "%s and its key are here, and no line of the journal names them: "+
			"`certdesk doctor --repair` lists them", where)
		return
	}
	r.Add("unreferenced", trust.Info,
		"%s is named by no line of the journal, left by an operation that failed; nothing deletes it", where)
}

// reportUnusedKey tells what a key without an entry is for: an object that no line of the journal names may need it.
func (s Store) reportUnusedKey(r *Report, o disk.Object, where string) {
	list, err := s.Objects.Unlisted(s.State)
	for _, public := range list {
		spki, unread := s.Objects.SPKI(public)
		if unread == nil && spki == o.Name {
			r.Add("unreferenced-key", trust.Info, "%s is the private key of %s", where,
				printable.Text(string(public.Kind)+"/"+public.Name))
			return
		}
	}
	if err != nil {
		return // said where the folder could not be listed
	}
	r.Add("unreferenced-key", trust.Info,
		"%s is a private key that no entry refers to, left by an operation that failed; nothing deletes it", where)
}

func (s Store) checkTop(r *Report, list []disk.Object, told []string) {
	store := s.Dir.Real() // not a link that leads to it: a link's own mode means nothing
	info, err := s.FS.Stat(store)
	if err == nil && s.Readers == "" && info.Mode.Perm()&0o050 != 0 {
		r.Add("readers", trust.Info,
			"a group may read the store (mode %04o), and the configuration names no readers: `chmod -R g= %s` closes it",
			info.Mode.Perm(), printable.Text(store))
	}
	for _, o := range list {
		switch {
		case o.Class == disk.ClassTorn && !slices.Contains(told, o.Name):
			r.Add("torn", trust.Info, "%s holds the torn end of the journal that a writer moved aside", printable.Text(o.Name))
		case o.Class == disk.ClassStranger:
			r.Add("stranger", trust.Warning, "%s is not one of certdesk's files", printable.Text(o.Name))
		}
	}
}

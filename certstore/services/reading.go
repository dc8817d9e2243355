package services

import (
	"context"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// driver is what each daemon does its own way.
type driver interface {
	// config is the configuration the daemon is started with when nobody says another.
	config(Host) string
	// read finds out what is effective.
	read(context.Context, Host, Instance) (*reading, error)
}

// reading is a configuration as it was read.
type reading struct {
	State
	pidFile  string        // of the daemon that was started with it
	programs []string      // the names it may have
	always   bool          // it counts as running: there is no pid file to tell
	pause    time.Duration // between two reloads
	check    step
	reload   step
	start    step
	builds   []build // what commands make of files that an edit may change
	// edit points sites at files of the new version.
	edit func(sites []Site, files []versionFiles) (edited, error)

	// What a driver gives where it can.
	sitesOf   func(texts map[string]string) ([]Site, error) // the sites, in their order, once these texts stand in the files
	keeps     func(Installed) bool                          // whether files of others can stay named beside ours; nil: all can
	unsayable string                                        // what a path cannot have that the configuration names
	alike     bool                                          // an edit gives all its sites the same files
	blank     bool                                          // nothing is installed yet: its own check has nothing to look at
}

// step is a command a driver gives; no argv means there is nothing to run.
type step struct{ argv, env []string }

func (s step) String() string { return strings.Join(append(slices.Clone(s.env), s.argv...), " ") }

// versionFiles are the names the files of one pair have in the new version. Those that an edit names are written.
type versionFiles struct {
	cert, key, combined string
}

// edited is what a driver wants changed.
type edited struct {
	was      map[string]string // configuration files as they were read
	texts    map[string]string // those that change
	links    map[string]string // links, themselves replaced: path to target
	pairs    []Installed       // what the sites name of the new version afterwards; what stays beside it is in each site
	also     []string          // files to write that no pair names
	shares   []Site            // not meant, and changed with those that are
	builds   []build           // what has to be made anew of the texts that change
	warnings []string
}

// madeOf says whether a file is made out of this text.
func (e edited) madeOf(text string) bool {
	for _, b := range e.builds {
		if b.source == text {
			return true
		}
	}
	return false
}

// build is a file that a command makes out of others, as postmap makes the index of a table out of its text and the
// keys it names. A plan changes it as it changes files: how it was is kept, and put back by a roll-back, since made
// again it may come out different: what it was made of may have been changed since.
type build struct {
	path   string // what is made; it holds keys
	source string // the text it is made of
	step   step
	fails  string // what the command says where it ends well and has not made all
}

// State is what a daemon is configured to serve.
type State struct {
	Driver   string
	Version  string // of the daemon, if it says
	Running  bool
	Hidden   bool // whether it runs this user may not see
	Sites    []Site
	Log      string   // the file it logs to; "" if that is not known
	Unit     string   // what systemd calls it where its configuration is the default one: its log may be there alone
	Warnings []string // sentences: what may surprise
	Aside    []string // sentences: parts that certdesk cannot follow, and leaves alone
	Named    []string // every file the configuration names, whatever for: none of them may be deleted
}

// foreseen reads what an edit would make of the configuration before a byte of it is written: no site may lose its
// certificate, and those that are meant have to get theirs. A driver joins in by giving sitesOf.
func (r *reading) foreseen(meant []Site, e edited) error {
	if r.sitesOf == nil {
		return nil
	}
	after, err := r.sitesOf(e.texts)
	if err != nil {
		return err
	}
	for i, was := range r.Sites {
		where := printable.Text(was.Where)
		chosen := slices.IndexFunc(meant, func(m Site) bool { return m.index == was.index })
		switch {
		case i >= len(after), len(was.Pairs) > 0 && len(after[i].Pairs) == 0:
			return fail.New(fail.Unfit, "change it there by hand", "the change would leave %s without a certificate", where)
		case chosen >= 0 && !slices.Equal(after[i].Pairs, append(slices.Clone(e.pairs), meant[chosen].beside...)):
			return fail.New(fail.Unfit, "change it there by hand", "the change would not reach %s", where)
		}
	}
	return nil
}

// sayable refuses paths that a daemon would read otherwise than they are.
func (r *reading) sayable(driver string, files []versionFiles) error {
	for _, f := range files {
		if strings.ContainsAny(f.cert, r.unsayable+"\n\r") {
			return fail.New(fail.InvalidConfig, "choose another install directory",
				"the configuration of %s cannot hold a path like %s", driver, printable.Text(f.cert))
		}
	}
	return nil
}

package daemon

import (
	"context"
	"slices"
	"strings"
	"time"

	"certdesk/certstore/fail"
	"certdesk/certstore/printable"
)

// Driver is what each daemon does its own way.
type Driver interface {
	// Read finds out what is effective.
	Read(context.Context, Host, Instance) (*Reading, error)
}

// Reading is a configuration as it was read.
type Reading struct {
	State
	PidFile  string        // of the daemon that was started with it
	Programs []string      // the names it may have
	Always   bool          // it counts as running: there is no pid file to tell
	Pause    time.Duration // between two reloads
	Check    Step
	Reload   Step
	Start    Step
	Builds   []Build // what commands make of files that an edit may change
	// Edit points sites at files of the new version.
	Edit func(sites []Site, files []Files) (Edited, error)

	// What a driver gives where it can.
	// the sites, in their order, once these texts stand in the files
	SitesOf func(texts map[string]string) ([]Site, error)
	// whether files of others can stay named beside ours; nil: all can
	Keeps     func(Installed) bool
	Unsayable string // what a path cannot have that the configuration names
	Alike     bool   // an edit gives all its sites the same files
	// nothing is installed yet: its own check has nothing to look at
	Blank bool
}

// Step is a command a driver gives; no argv means there is nothing to run.
type Step struct{ Argv, Env []string }

func (s Step) String() string { return strings.Join(append(slices.Clone(s.Env), s.Argv...), " ") }

// Files are the names the files of one pair have in the new version. Those that an edit names are written.
type Files struct {
	Cert, Key, Combined string
}

// Edited is what a driver wants changed.
type Edited struct {
	Was      map[string]string // configuration files as they were read
	Texts    map[string]string // those that change
	Links    map[string]string // links, themselves replaced: path to target
	Pairs    []Installed       // what the sites name of the new version afterwards; what stays beside it is in each site
	Also     []string          // files to write that no pair names
	Shares   []Site            // not meant, and changed with those that are
	Builds   []Build           // what has to be made anew of the texts that change
	Warnings []string
}

// MadeOf says whether a file is made out of this text.
func (e Edited) MadeOf(text string) bool {
	for _, b := range e.Builds {
		if b.Source == text {
			return true
		}
	}
	return false
}

// Build is a file that a command makes out of others, as postmap makes the index of a table out of its text and the
// keys it names. A plan changes it as it changes files: how it was is kept, and put back by a roll-back, since made
// again it may come out different: what it was made of may have been changed since.
type Build struct {
	Path   string // what is made; it holds keys
	Source string // the text it is made of
	Step   Step
	Fails  string // what the command says where it ends well and has not made all
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

// Foreseen reads what an edit would make of the configuration before a byte of it is written: no site may lose its
// certificate, and those that are meant have to get theirs. A driver joins in by giving SitesOf.
func (r *Reading) Foreseen(meant []Site, e Edited) error {
	if r.SitesOf == nil {
		return nil
	}
	after, err := r.SitesOf(e.Texts)
	if err != nil {
		return err
	}
	for i, was := range r.Sites {
		where := printable.Text(was.Where)
		chosen := slices.IndexFunc(meant, func(m Site) bool { return m.Index == was.Index })
		switch {
		case i >= len(after), len(was.Pairs) > 0 && len(after[i].Pairs) == 0:
			return fail.New(fail.Unfit, "change it there by hand", "the change would leave %s without a certificate", where)
		case chosen >= 0 && !slices.Equal(after[i].Pairs, append(slices.Clone(e.Pairs), meant[chosen].Beside...)):
			return fail.New(fail.Unfit, "change it there by hand", "the change would not reach %s", where)
		}
	}
	return nil
}

// Sayable refuses paths that a daemon would read otherwise than they are.
func (r *Reading) Sayable(driver string, files []Files) error {
	for _, f := range files {
		if strings.ContainsAny(f.Cert, r.Unsayable+"\n\r") {
			return fail.New(fail.InvalidConfig, "choose another install directory",
				"the configuration of %s cannot hold a path like %s", driver, printable.Text(f.Cert))
		}
	}
	return nil
}

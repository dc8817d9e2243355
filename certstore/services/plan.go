package services

import (
	"io/fs"
	"strings"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"certdesk/certstore/services/daemon"
)

// File is a file that a plan adds.
type File struct {
	Path   string
	Mode   fs.FileMode
	Owner  string // user:group
	Secret bool   // it holds a private key
	Data   []byte // never shown where Secret

	uid, gid int
}

// Content is what is at a path.
type Content struct {
	Kind string      `json:"kind"` // absent, file, link or built
	Data []byte      `json:"data,omitempty"`
	Mode fs.FileMode `json:"mode,omitempty"`
	UID  int         `json:"uid"`
	GID  int         `json:"gid"`
	Link string      `json:"link,omitempty"` // a link's target
}

// The kinds of Content.
const (
	Absent  = "absent"
	Regular = "file"
	Link    = "link"
	Built   = "built" // what a command makes of it, known when it has run
)

// Change replaces what is at a path. Path is the file itself: links on the way to it are followed.
type Change struct {
	Path   string  `json:"path"`
	Before Content `json:"before"`
	After  Content `json:"after"`
}

// Switch is what a plan changes and how to undo it, so that another process can finish or roll back.
type Switch struct {
	Wish     Wish                 `json:"wish"`
	Instance daemon.Instance      `json:"instance"`
	Version  string               `json:"version"`         // the new directory, or the one in use where Nothing
	Pairs    []daemon.Installed   `json:"pairs"`           // of the new version, first at each place
	Stays    [][]daemon.Installed `json:"stays,omitempty"` // what may follow them there, where anything does
	Changes  []Change             `json:"changes"`
	Prove    []daemon.Proof       `json:"prove"`
	Wait     time.Duration        `json:"wait,omitempty"`    // of the ports to prove, the longest
	Proxied  []string             `json:"proxied,omitempty"` // URLs of ports that are asked as a proxy asks
	Running  bool                 `json:"running"`           // the daemon ran when the plan was made
	Log      string               `json:"log"`               // the file it logs to
}

// Plan is all that Apply will do; making one touches nothing.
type Plan struct {
	Switch
	Nothing  bool          // all is as it should be already
	Files    []File        // in the new directory
	Commands []string      // check and reload, as one would type them
	Slots    []Taken       // what is changed, slot by slot; Prove has the handshakes of all
	Left     []daemon.Site // on the daemon and not changed, each with its reason in Fixed
	Missed   []Missed      // of those: where clients that want the certificate's names may go on getting the old one
	Beside   []Beside      // with keys of other types, in files of others: they stay
	Drops    []Beside      // and those that cannot
	Aside    []string      // sentences: parts of the configuration that cannot be followed and are left alone
	Warnings []string      // sentences
	Mends    bool          // the daemon's own check fails before the change, perhaps of the files that it replaces
}

// Diff is the difference of the configuration as a unified diff, for people. A file that is not text is only named,
// and so is one that holds a private key, wherever in it: a screen, a log and a ticket are no places for one.
func (p Plan) Diff() string {
	var b strings.Builder
	for _, c := range p.Changes {
		b.WriteString(c.Diff())
	}
	return b.String()
}

// Diff is the unified diff of one change; a link is shown as its target.
// What a command makes is named alone: it may hold keys.
func (c Change) Diff() string {
	isNew := c.Before.Kind == Absent
	switch {
	case c.After.Kind == Built:
		return heading(c.Path, isNew) + "(made anew by its command: not shown)\n"
	case daemon.HoldsSecret(c.Before.Data), daemon.HoldsSecret(c.After.Data):
		return heading(c.Path, isNew) + "(holds a private key: not shown)\n"
	case daemon.NotText(c.Before.Data), daemon.NotText(c.After.Data):
		return heading(c.Path, isNew) + "(is no text: not shown)\n"
	}
	return udiff.Unified(oldLabel(c.Path, isNew), c.Path, c.Before.text(), c.After.text())
}

// heading names the file of a difference that is not shown.
func heading(path string, isNew bool) string {
	return "--- " + oldLabel(path, isNew) + "\n+++ " + path + "\n"
}

// oldLabel is what the program patch takes for a file that did not exist.
func oldLabel(path string, isNew bool) string {
	if isNew {
		return "/dev/null"
	}
	return path
}

func (c Content) text() string {
	switch c.Kind {
	case Regular:
		return string(c.Data)
	case Link:
		return "-> " + c.Link + "\n"
	}
	return ""
}

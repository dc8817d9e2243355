// Package screen is what every screen of the desk is given: the desk that all share, its keys, places, verbs and
// questions, lists with a filter, and batches.
//
// Its promise: whatever takes time runs in a command whose answer comes to the screen that asked, or to nobody once
// that screen was left; a screen opens another by naming a place and never knows how it is made.
package screen

import (
	"context"
	"os"
	"time"

	tea "github.com/charmbracelet/bubbletea"

	"certdesk/certstore"
	"certdesk/certstore/answering"
	"certdesk/certstore/config"
	"certdesk/certstore/domains"
	"certdesk/certstore/evidence"
	"certdesk/certstore/names"
	"certdesk/ui/kit"
	"certdesk/ui/words"
	"certdesk/wizard"
)

// Config is what a desk needs; nothing in it is global.
type Config struct {
	Store     *certstore.Store
	Env       wizard.Env    // server names, accepted domains
	Server    string        // this server's name, for the header
	Role      string        // hub, edge, both or ""
	StoreNote string        // the store's path where it is not the default one, else ""
	Demo      bool          // the header says DEMO
	NoMouse   bool          // the terminal keeps the mouse, to select text with
	Theme     string        // auto, light, dark or mono; "" is auto
	Filters   []NamedFilter // that the configuration keeps, in its order
	Progress  *Progress     // of reading a large store: its Report is the store's Options.Progress; may be nil
	Now       func() time.Time
	In, Out   *os.File // the terminal; nil: standard input and output

	Settings  string // the configuration file as it was named; "" for the usual one
	ThemeSaid bool   // Theme is what a flag says, whatever the configuration does

	// Domains asks the sources of accepted domains that are not in the configuration itself; nil: there is none.
	Domains func(ctx context.Context) domains.Listing

	// Evidence is what DNS says of a name; nil: it is not asked. Asks says that it is asked of every name that is in a
	// form; else of one that a person wants to know of.
	Evidence func(ctx context.Context, w evidence.World, n names.Name) evidence.Result
	Asks     bool
	// Hosts are those that DNS names for mail domains; nil: it is not asked
	Hosts func(ctx context.Context, domains []string) []evidence.Host

	// Answers goes to where a question leads; nil: only what is known already is told.
	Answers func(ctx context.Context, w answering.World, q answering.Question) (answering.Answer, error)

	// Reopen gives the desk as it is with another configuration, its store opened anew; nil: there is none to change.
	Reopen func(c config.Config) (Config, error)
}

// Screen is one page of the desk. A screen never blocks and never touches the store but from a tea.Cmd.
type Screen interface {
	Init() tea.Cmd
	Update(msg tea.Msg) (Screen, tea.Cmd)
	View(w, h int) string // exactly w×h cells; pure
	Verbs() []kit.Verb    // what works here now, most used first: footer and help derive from it
	Typing() bool         // true: letters belong to a field, global letter keys are off
	Title() string        // shown in the header: "New certificate · 2 of 8"
}

// The messages by which screens navigate; the app alone handles them.
type (
	PopMsg    struct{}              // one step back
	NoticeMsg struct{ Text string } // one line for the footer, gone with the next key
	SelectMsg struct {              // back to the table, cursor on this entry
		ID   int64
		Said string // stands below the table until the next key; "": what is to be said of the row
	}
)

// RelistMsg asks the app to read the list again, without waiting until the journal is seen to have changed.
type RelistMsg struct{}

// ReopenedMsg closes the screen on top and has the desk go on with a changed configuration. It tells every screen.
type ReopenedMsg struct {
	Config Config
	Said   string // in the footer
}

// QuitMsg asks to end the desk; the app asks back where a form would be lost.
type QuitMsg struct{}

// EntriesMsg tells every screen that desk.entries is a new list.
type EntriesMsg struct{}

// Pop leaves this screen.
func Pop() tea.Msg { return PopMsg{} }

// ToRow goes back to the table, onto the row of an entry.
func ToRow(id int64) func() tea.Cmd {
	return func() tea.Cmd { return func() tea.Msg { return SelectMsg{ID: id} } }
}

func quit() tea.Msg { return QuitMsg{} }

// Notice says something in the footer, until the next key.
func Notice(text string) tea.Cmd { return func() tea.Msg { return NoticeMsg{words.InDesk(text)} } }

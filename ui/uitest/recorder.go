package uitest

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/kit"
	"certdesk/ui/screen"
)

// Recorder is a screen that records what reaches it.
type Recorder struct {
	D     *screen.Desk // its handle, once it is open
	got   []tea.Msg
	Types bool // letters are its own
}

// Open opens it.
func (p *Recorder) Open(d *screen.Desk) screen.Screen { p.D = d; return p }

func (p *Recorder) Init() tea.Cmd { return nil }

func (p *Recorder) Update(msg tea.Msg) (screen.Screen, tea.Cmd) {
	p.got = append(p.got, msg)
	return p, nil
}

func (p *Recorder) View(w, h int) string { return kit.Fit("recorder", w, h) }

func (p *Recorder) Verbs() []kit.Verb { return nil }

func (p *Recorder) Typing() bool { return p.Types }

func (p *Recorder) Title() string { return "Probe" }

// Last is the latest message.
func (p *Recorder) Last() tea.Msg { return p.got[len(p.got)-1] }

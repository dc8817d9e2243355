package lines

import (
	tea "github.com/charmbracelet/bubbletea"

	"certdesk/ui/screen"
)

// What the tests of this room look at from outside.

var Broken = broken

type LineDesk = lineDesk

var NewLineDesk = newLineDesk

func (l *lineDesk) D() *screen.Desk { return l.d }

func (l *lineDesk) IO() IO { return l.io }

func (l *lineDesk) Run() { l.run() }

func (l *lineDesk) Send(msg tea.Msg) { l.send(msg) }

func (l *lineDesk) SetIO(v IO) { l.io = v }

func (l *lineDesk) Top() screen.Screen { return l.app.Top() }

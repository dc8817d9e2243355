package screen

import tea "github.com/charmbracelet/bubbletea"

// AskingPorts is what a person waits for while the ports are asked.
const AskingPorts = "asking every port what it serves"

// AskPorts has every port asked now.
func AskPorts() tea.Msg { return AskPortsMsg{} }

// AsksPorts says whether there may be ports to ask.
func (d *Desk) AsksPorts() bool { return d.Store != nil && d.Store.HasServices() }

type (
	AskPortsMsg struct{} // somebody wants to know now what the ports serve
	PortsMsg    struct{} // tells every screen that Desk.Survey is new
)

package ui

import tea "github.com/charmbracelet/bubbletea"

const askingPorts = "asking every port what it serves"

func askPorts() tea.Msg { return askPortsMsg{} }

// asksPorts says whether there may be ports to ask.
func (d *desk) asksPorts() bool { return d.Store != nil && d.Store.HasServices() }

type (
	askPortsMsg struct{} // somebody wants to know now what the ports serve
	portsMsg    struct{} // tells every screen that desk.survey is new
)

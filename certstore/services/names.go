package services

import "certdesk/certstore/services/daemon"

// What a caller gives and gets is called here as it is in daemon, so that none but the drivers has to know that room.
type (
	Host      = daemon.Host
	Instance  = daemon.Instance
	Listener  = daemon.Listener
	Site      = daemon.Site
	Installed = daemon.Installed
	Outage    = daemon.Outage
	Proof     = daemon.Proof
	State     = daemon.State
	Memory    = daemon.Memory
)

// DefaultSlot is the slot of clients that ask for no other site's name.
const DefaultSlot = daemon.DefaultSlot

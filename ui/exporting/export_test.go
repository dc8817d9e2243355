package exporting

import (
	"certdesk/certstore"
	"certdesk/ui/kit"
)

// What the tests of this room look at from outside.

type ExportScreen = exportScreen

var ReceiverOf = receiverOf

var ReceiverOptions = receiverOptions

func (p *exportPassword) Again() *kit.Password { return p.again }

func (p *exportPassword) Pass() *kit.Password { return p.pass }

func (s *exportScreen) Secret() *exportPassword { return s.secret }

func (r receiver) Format() certstore.ExportFormat { return r.format }
